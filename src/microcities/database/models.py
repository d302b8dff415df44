"""What the machinery notes of itself: backups, restores, checks, failed work. No person is in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UpkeepKind(models.TextChoices):
    """What was done."""

    BACKUP = "backup", _("backup")
    RESTORE = "restore", _("restore into this installation")
    TRIAL = "trial", _("restore tried elsewhere")
    CHECK_TRAIL = "check_trail", _("check of the trail")
    CHECK_EVIDENCE = "check_evidence", _("check of the figures")
    CHECK_REPORTS = "check_reports", _("check of approved reports")
    RETENTION = "retention", _("count of what retention says is due")
    JOB = "job", _("failed background work")
    KEY = "key", _("key of personal codes in use")


class Upkeep(models.Model):
    """One thing that the operator watches: what, when, whether it ended well, and facts about it.

    `facts` hold numbers, names of files without folders, and names of errors; never what a record says.
    """

    trail_exempt = "notes of the machinery about itself, each written once and never changed"

    kind = models.CharField(_("what"), max_length=16, choices=UpkeepKind)
    at = models.DateTimeField(_("when"), db_default=models.functions.Now())
    good = models.BooleanField(_("ended well"))
    facts = models.JSONField(_("facts"), default=dict)

    class Meta:
        db_table = "upkeep"
        verbose_name = _("note of upkeep")
        verbose_name_plural = _("notes of upkeep")
        indexes = [models.Index(fields=["kind", "-at"], name="upkeep_latest")]
        constraints = [models.CheckConstraint(condition=models.Q(kind__in=UpkeepKind.values), name="upkeep_kind_known")]

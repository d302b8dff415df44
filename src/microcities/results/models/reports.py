"""Reporting periods, reports, and what approval froze: figures, their rows, and the sample drawn to verify them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City, Partner, Programme
from microcities.results.models.indicators import Indicator, Observation
from microcities.results.queries import ReportQuerySet

NOW = models.functions.Now()


class Period(models.Model):
    """A reporting period of a programme. A locked period takes no new report but restatements."""

    privacy = NoPersonalData("dates")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="periods")
    code = models.SlugField(_("code"), max_length=20)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    locked = models.BooleanField(_("locked"), default=False)

    class Meta:
        verbose_name = _("reporting period")
        verbose_name_plural = _("reporting periods")
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="period_code_once"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="period_dates"),
        ]

    def __str__(self) -> str:
        return self.code


class ReportState(models.TextChoices):
    """Where a report stands."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    RETURNED = "returned", _("returned")
    APPROVED = "approved", _("approved")


class Report(models.Model):
    """One partner's report, or the whole programme's (`partner` is None), on a period; restated as a new version."""

    privacy = NoPersonalData("figures and the account numbers of those who answer for them")

    period = models.ForeignKey(Period, models.PROTECT, related_name="reports")
    partner = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="reports", verbose_name=_("partner")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=12, choices=ReportState, default=ReportState.DRAFT)
    restates = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="restated_by", verbose_name=_("restates")
    )
    reason = models.TextField(_("reason of the restatement"), blank=True)
    note = models.TextField(_("note"), blank=True)
    returned_because = models.TextField(_("why it was returned"), blank=True)
    drafted_by_id = models.BigIntegerField()
    drafted_at = models.DateTimeField(db_default=NOW)
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_at = models.DateTimeField(null=True)
    rows_hash = models.CharField(_("fingerprint of its rows"), max_length=64, blank=True)
    # Over what was counted and who paid when the rows were frozen: unless it changes, only changed evidence can differ.
    counted_by = models.CharField(max_length=64, blank=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "partner", "version"], nulls_distinct=False, name="report_version_once"
            ),
            models.UniqueConstraint(
                fields=["period", "partner"], nulls_distinct=False, condition=~Q(state=ReportState.APPROVED),
                name="report_one_open",
            ),
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_state_known"),
            models.CheckConstraint(
                condition=Q(restates__isnull=True, version=1)
                | Q(restates__isnull=False, version__gt=1) & ~Q(reason=""),
                name="report_restated_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=ReportState.APPROVED)
                | Q(approved_by_id__isnull=False, approved_at__isnull=False) & ~Q(rows_hash=""),
                name="report_approved_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(approved_by_id__isnull=True) | ~Q(approved_by_id=F("submitted_by_id")),
                name="report_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state=ReportState.DRAFT) | Q(submitted_by_id__isnull=False, submitted_at__isnull=False),
                name="report_submitted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        whose = str(self.partner) if self.partner is not None else gettext("whole programme")
        return f"{self.period}, {whose}" + (f" ({self.version})" if self.version > 1 else "")


class FrozenFigure(models.Model):
    """A reported value as approved. `rows_hash` is SHA-256 over the hashes of its rows in their order."""

    privacy = NoPersonalData("counts")

    report = models.ForeignKey(Report, models.PROTECT, related_name="figures")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="frozen")
    city = models.ForeignKey(City, models.PROTECT, null=True, verbose_name=_("city"))
    state = models.CharField(_("state"), max_length=16)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField(_("numerator"), max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(_("denominator"), max_digits=20, decimal_places=4, null=True)
    records = models.BigIntegerField(_("records"), default=0)
    confirmed = models.BigIntegerField(_("confirmed records"), default=0)
    observation = models.ForeignKey(Observation, models.PROTECT, null=True, related_name="frozen")
    rows_hash = models.CharField(_("fingerprint of its rows"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("frozen figure")
        verbose_name_plural = _("frozen figures")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator", "city"], nulls_distinct=False, name="frozen_figure_once"
            ),
            models.CheckConstraint(
                condition=Q(state="counted", value__isnull=False) | ~Q(state="counted") & Q(value__isnull=True),
                name="frozen_figure_value_or_nothing",
            ),
        ]


class FrozenRow(models.Model):
    """An evidence row as it stood when the report was approved; numbers only, and nobody can change it."""

    privacy = NoPersonalData("numbers that point to a person and identify nobody once that person is erased")
    trail_exempt = "append-only by trigger; its hash is part of the figure's, and that is traced and sealed"

    report = models.ForeignKey(Report, models.PROTECT, related_name="rows")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="frozen_rows")
    in_denominator = models.BooleanField(default=False)
    source = models.CharField(max_length=40)
    measure = models.CharField(max_length=60)
    record_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    fact_on = models.DateField()
    city_id = models.BigIntegerField()
    partner_id = models.BigIntegerField()
    funding_ids = ArrayField(models.BigIntegerField())
    quantity = models.DecimalField(max_digits=14, decimal_places=4)
    proof = models.CharField(max_length=16)
    verification = models.CharField(max_length=12)
    sex = models.CharField(max_length=8)
    age = models.SmallIntegerField(null=True)
    row_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["report", "indicator", "in_denominator", "source", "record_id"], name="frozen_row_once"
            ),
        ]
        indexes = [models.Index(fields=["record_id", "report"], name="frozen_row_of_record")]


class VerificationSample(models.Model):
    """Records of one reported figure, drawn by a seed nobody chose, to be checked; results are added one by one."""

    privacy = NoPersonalData("record numbers")

    report = models.ForeignKey(Report, models.PROTECT, related_name="samples")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="samples")
    seed = models.BigIntegerField(_("seed"))
    method = models.CharField(_("method"), max_length=12)
    population = models.PositiveIntegerField(_("records in the figure"))
    size = models.PositiveIntegerField(_("records drawn"))
    unit_ids = ArrayField(models.CharField(max_length=60), verbose_name=_("drawn"))
    decision_id = models.UUIDField(_("decision file"))
    drawn_by_id = models.BigIntegerField()
    drawn_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name = _("verification sample")
        verbose_name_plural = _("verification samples")
        constraints = [
            models.UniqueConstraint(fields=["report", "indicator"], name="sample_once"),
            models.CheckConstraint(condition=Q(size__gte=1, size__lte=F("population")), name="sample_size"),
        ]


class SampleCheck(models.Model):
    """What the check of one drawn record found."""

    privacy = NoPersonalData("record numbers and findings about them")

    sample = models.ForeignKey(VerificationSample, models.PROTECT, related_name="checks")
    unit_id = models.CharField(_("record"), max_length=60)
    in_order = models.BooleanField(_("in order"))
    finding = models.TextField(_("finding"), blank=True)
    checked_by_id = models.BigIntegerField()
    checked_at = models.DateTimeField(db_default=NOW)

    class Meta:
        verbose_name = _("check of a drawn record")
        constraints = [
            models.UniqueConstraint(fields=["sample", "unit_id"], name="sample_check_once"),
            models.CheckConstraint(condition=Q(in_order=True) | ~Q(finding=""), name="sample_fault_described"),
        ]

"""Actions, changes, looks and seals. None has a foreign key out of the trail: history outlives what it tells of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from microcities.trail.queries import ChangeQuerySet, LookQuerySet

NOW = models.functions.Now()


class Action(models.Model):
    """One verb that somebody carried out: one transaction, one line."""

    at = models.DateTimeField(_("at"), db_default=NOW)
    verb = models.CharField(_("action"), max_length=80)
    actor_id = models.BigIntegerField(_("account"), null=True)
    system = models.CharField(_("system part"), max_length=80, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    request_id = models.UUIDField(null=True)
    part_of_id = models.BigIntegerField(null=True)
    entry_hash = models.BinaryField(editable=False, db_default=b"")

    class Meta:
        indexes = [models.Index(fields=["actor_id", "at"])]


class Operation(models.TextChoices):
    """What happened to the row."""

    INSERT = "I", _("created")
    UPDATE = "U", _("changed")
    DELETE = "D", _("deleted")
    BASELINE = "B", _("taken over after a change of the table")
    TRUNCATE = "T", _("table emptied")


class Change(models.Model):
    """One row as a trigger saw it change. `old` holds the former values of the changed columns only.

    `digest` is SHA-256 over `salt` and the row's new content; `old_digest` the same over `old`. Forgetting a person
    blanks `old` and `salt`; the digests stay, so the chain still verifies and nothing can be guessed back.
    """

    at = models.DateTimeField(_("at"), db_default=NOW)
    action_id = models.BigIntegerField(null=True)
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=1, choices=Operation.choices)
    old = models.JSONField(null=True)
    salt = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)
    old_digest = models.BinaryField(null=True)
    entry_hash = models.BinaryField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["table_name", "row_id"]), models.Index(fields=["action_id"])]


class Look(models.Model):
    """Somebody opened the record of a person whose record is protected (a minor's)."""

    at = models.DateTimeField(_("at"), db_default=NOW)
    person_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True)
    reason = models.CharField(_("reason"), max_length=200)
    what = models.CharField(_("what was shown"), max_length=200, blank=True)
    request_id = models.UUIDField(null=True)
    address = models.CharField(max_length=200, blank=True)
    entry_hash = models.BinaryField(editable=False, db_default=b"")

    objects = LookQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["person_id", "at"])]


class Seal(models.Model):
    """One link of the chain over one stream: SHA-256 of the link before and of all entries since."""

    at = models.DateTimeField(db_default=NOW)
    stream = models.CharField(max_length=8)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    entries = models.IntegerField()
    previous_hash = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["stream", "first_id"], name="trail_seal_one_per_start"),
            models.CheckConstraint(condition=models.Q(last_id__gte=models.F("first_id")), name="trail_seal_range"),
        ]


class TracedTable(models.Model):
    """The columns a traced table had when its rows were last digested."""

    table_name = models.CharField(primary_key=True, max_length=63)
    signature = models.CharField(max_length=32)

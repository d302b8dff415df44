"""Lists that partners bring: the file's life from upload to application or undoing, and its rows while they matter."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.participation.models.activities import Activity
from microcities.participation.queries import ListImportQuerySet, ListRowQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.programme.models import FundingSource
from microcities.spreadsheets.told import in_this_language

ROW = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.DELETE_ROW}


class ListState(models.TextChoices):
    """How far a list has come."""

    UPLOADED = "uploaded", _("columns to be matched")
    CHECKING = "checking", _("being compared")
    CHECKED = "checked", _("compared, to be looked at")
    APPLYING = "applying", _("being applied")
    APPLIED = "applied", _("applied whole")
    UNDOING = "undoing", _("being undone")
    UNDONE = "undone", _("undone")
    DISCARDED = "discarded", _("discarded")
    FAILED = "failed", _("could not be read")


class ListImport(models.Model):
    """One list: who brought it, for which activity, how its columns were read, what came of it."""

    privacy = NoPersonalData("about a file; its rows are ListRow, and the file itself is deleted once it is read")

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="lists", verbose_name=_("brought by")
    )
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="lists", verbose_name=_("activity"))
    funding_source = models.ForeignKey(
        FundingSource, models.PROTECT, null=True, blank=True, related_name="lists",
        verbose_name=_("paid from, where the list does not say"),
    )
    file = models.FileField(_("file"), upload_to="lists/", blank=True)
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    header = models.JSONField(_("headings"), default=list)
    signature = models.CharField(max_length=64)
    # {field: place of its column, from 0}, as microcities.participation.lists.columns names the fields.
    mapping = models.JSONField(_("columns"), default=dict)
    state = models.CharField(_("state"), max_length=12, choices=ListState, default=ListState.UPLOADED)
    failure = models.TextField(_("what went wrong"), blank=True)
    outcomes = models.JSONField(_("rows by outcome"), default=dict)
    # Over the whole comparison: applied only when a fresh comparison says the same.
    digest = models.CharField(max_length=64, blank=True)
    # Over the data that the comparison rests on; empty when it changed while comparing.
    fingerprint = models.CharField(max_length=200, blank=True)
    is_stale = models.BooleanField(_("data changed since it was compared"), default=False)
    uploaded_by_id = models.BigIntegerField()
    uploaded_at = models.DateTimeField(_("brought"), db_default=models.functions.Now())
    checked_at = models.DateTimeField(_("compared"), null=True)
    applied_by_id = models.BigIntegerField(null=True)
    applied_at = models.DateTimeField(_("applied whole on"), null=True)
    action_id = models.BigIntegerField(null=True)  # the trail's line of the application
    undone_by_id = models.BigIntegerField(null=True)
    undo_reason = models.TextField(_("why it was undone"), blank=True)
    undone_at = models.DateTimeField(_("undone"), null=True)

    objects = ListImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of participants")
        verbose_name_plural = _("lists of participants")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ListState.values), name="list_state_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["applied", "undoing", "undone"])
                | Q(applied_by_id__isnull=False, applied_at__isnull=False, action_id__isnull=False),
                name="list_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="undone")
                | (Q(undone_by_id__isnull=False, undone_at__gte=F("applied_at")) & ~Q(undo_reason="")),
                name="list_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["uploaded", "checking", "failed"]) | Q(file=""), name="list_file_is_forgotten"
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def failure_here(self) -> str:
        """What went wrong, in the reader's language."""
        return in_this_language(self.failure)

    @property
    def rows_total(self) -> int:
        """Rows of the list, blank ones not counted; 0 before it was compared."""
        return sum(self.outcomes.values())

    @property
    def refused(self) -> int:
        """Rows that cannot be used as they are."""
        return int(self.outcomes.get(RowOutcome.REFUSED, 0))


class RowOutcome(models.TextChoices):
    """What a row would do."""

    NEW = "new", _("new person")
    CANDIDATE = "candidate", _("new person, perhaps known already")
    KNOWN = "known", _("known person, new record")
    CHANGED = "changed", _("changes a record")
    UNCHANGED = "unchanged", _("already there")
    REFUSED = "refused", _("refused")


class ListRow(models.Model):
    """One row of a list: what it says, what it would do, and why it is refused.

    values: {field: text}, days as 2021-10-31 and numbers with a point.
    problems: [{column, letter, field, value, code}]. candidates: [{key, score, reasons}].
    changes: {"person" | "registration" | "participation": {field: [before, after]}}.
    first_number: the first row of this list that tells of the same new person.
    """

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "of_list", "number", "outcome", "person", "participation_id", "first_number", "registers"),
    )
    trail_exempt = "a working copy of the partner's list; the records that it makes or changes are traced"

    of_list = models.ForeignKey(ListImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=RowOutcome)
    values = personal(models.JSONField(_("what the row says"), default=dict), **ROW)  # type: ignore[arg-type]
    code_hash = personal(
        models.BinaryField(_("hash of the personal code"), null=True, editable=False),
        **ROW, in_export=False,  # type: ignore[arg-type]
    )
    problems = personal(models.JSONField(_("problems"), default=list), **ROW)  # type: ignore[arg-type]
    changes = personal(models.JSONField(_("changes"), default=dict), **ROW)  # type: ignore[arg-type]
    candidates = personal(
        models.JSONField(_("persons it may be"), default=list), **ROW, in_export=False  # type: ignore[arg-type]
    )
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="list_rows")
    participation_id = models.BigIntegerField(null=True)
    first_number = models.PositiveIntegerField(null=True)
    registers = models.BooleanField(default=False)

    objects = ListRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of a list")
        verbose_name_plural = _("rows of lists")
        constraints = [models.UniqueConstraint(fields=["of_list", "number"], name="list_row_once")]


class ColumnMapping(models.Model):
    """How an organisation's headings are read: matched once by a person, remembered for every list that has the same."""

    privacy = NoPersonalData("headings of columns")

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="column_mappings")
    signature = models.CharField(max_length=64)
    header = models.JSONField(default=list)
    mapping = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("matching of columns")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "signature"], name="column_mapping_once"),
        ]

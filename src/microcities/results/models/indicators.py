"""Indicators with their targets and outside observations: what the programme promised, and how it is counted."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import City, Partner, Programme
from microcities.results.queries import IndicatorQuerySet, ObservationQuerySet, TargetQuerySet

NOW = models.functions.Now()


def _in_language(latvian: str, english: str) -> str:
    return latvian if (get_language() or "lv").startswith("lv") or not english else english


class Direction(models.TextChoices):
    """Which way is better."""

    UP = "up", _("more is better")
    DOWN = "down", _("less is better")


class Counting(models.TextChoices):
    """How the value comes about."""

    DISTINCT_PEOPLE = "distinct_people", _("distinct people, each once")
    DISTINCT_ORGANISATIONS = "distinct_organisations", _("distinct organisations, each once")
    EVENTS = "events", _("distinct events")
    RECORDS = "records", _("records")
    SUM = "sum", _("sum of the records' quantities")
    FTE = "fte", _("full-time equivalents: hours worked by the hours of a full-time year")
    SHARE = "share", _("share: numerator by denominator, both counted")
    OBSERVED = "observed", _("an outside figure with its source, confirmed by a second person")
    RANK = "rank", _("a place in a ranking, from its publisher")
    YES_NO = "yes_no", _("yes or no, with its source")


OUTSIDE = (Counting.OBSERVED, Counting.RANK, Counting.YES_NO)
# Counts to which events are added one by one, so that a forecast from their rate makes sense.
COUNTABLE = (Counting.DISTINCT_PEOPLE, Counting.DISTINCT_ORGANISATIONS, Counting.EVENTS, Counting.RECORDS)


class OverTime(models.TextChoices):
    """How values of several periods become one."""

    CUMULATIVE = "cumulative", _("from the start, nobody and nothing twice")
    LATEST = "latest", _("the latest value stands")
    SUM = "sum", _("the values of the periods are added")
    NOT_ADDITIVE = "not_additive", _("values of periods are not put together")


class OverCities(models.TextChoices):
    """How values of several cities become one."""

    DISTINCT = "distinct", _("nobody and nothing twice, whatever the city")
    SUM = "sum", _("the values of the cities are added")
    POOLED = "pooled", _("numerators and denominators are added, never percentages")
    WORST = "worst", _("the less good of the cities' values stands")
    NOT_ADDITIVE = "not_additive", _("values of cities are not put together")


class ExposureUnit(models.TextChoices):
    """In what the passing of the programme is measured for a forecast."""

    MONTHS = "months", _("months")
    SEASONS = "seasons", _("seasons")
    SCHOOL_YEARS = "school_years", _("school years")
    CALLS = "calls", _("calls")


class EmptyMeans(models.TextChoices):
    """What it means when there is no record at all."""

    NOT_REPORTED = "not_reported", _("nobody has reported; a zero must be reported as such")
    ZERO = "zero", _("zero, because the platform itself records every case")


class Indicator(models.Model):
    """One promised result. `measures` and `denominator_measures` are codes that services offer as evidence.

    `seasons` lists {"name", "name_en", "starts_on", "ends_on"} where work comes in bursts; it is empty for months.
    """

    privacy = NoPersonalData("definitions")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="indicators")
    code = models.SlugField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    definition = models.TextField(_("definition"))
    definition_en = models.TextField(_("definition in English"))
    unit = models.CharField(_("unit"), max_length=60)
    unit_en = models.CharField(_("unit in English"), max_length=60)
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.UP)
    counting = models.CharField(_("how it is counted"), max_length=24, choices=Counting)
    measures = ArrayField(
        models.CharField(max_length=60), verbose_name=_("what is counted"), default=list, blank=True
    )
    denominator_measures = ArrayField(
        models.CharField(max_length=60), verbose_name=_("out of what"), default=list, blank=True
    )
    source_service = models.SlugField(_("service that knows"), max_length=40)
    empty_means = models.CharField(
        _("no record means"), max_length=16, choices=EmptyMeans, default=EmptyMeans.NOT_REPORTED
    )
    over_time = models.CharField(_("across time"), max_length=16, choices=OverTime)
    over_cities = models.CharField(_("across cities"), max_length=16, choices=OverCities)
    counts_from = models.DateField(_("counts from"), null=True, blank=True)
    baseline_value = models.DecimalField(
        _("baseline"), max_digits=16, decimal_places=4, null=True, blank=True
    )
    baseline_on = models.DateField(_("baseline of"), null=True, blank=True)
    baseline_source = models.CharField(_("source of the baseline"), max_length=300, blank=True)
    exposure_unit = models.CharField(
        _("time is counted in"), max_length=16, choices=ExposureUnit, default=ExposureUnit.MONTHS
    )
    seasons = models.JSONField(_("seasons"), default=list, blank=True)
    common_codes = ArrayField(
        models.CharField(max_length=10), verbose_name=_("EU common codes"), default=list, blank=True
    )
    responsible = models.ForeignKey(
        Partner, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("responsible partner")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    is_public = models.BooleanField(_("public"), default=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["programme", "code"], name="indicator_code_once"),
            models.CheckConstraint(condition=Q(direction__in=Direction.values), name="indicator_direction"),
            models.CheckConstraint(condition=Q(counting__in=Counting.values), name="indicator_counting"),
            models.CheckConstraint(condition=Q(over_time__in=OverTime.values), name="indicator_over_time"),
            models.CheckConstraint(condition=Q(over_cities__in=OverCities.values), name="indicator_over_cities"),
            models.CheckConstraint(
                condition=Q(counting__in=[*OUTSIDE], measures__len=0)
                | ~Q(counting__in=[*OUTSIDE]) & ~Q(measures__len=0)
                | Q(counting=Counting.SHARE),
                name="indicator_counted_or_observed",
            ),
            models.CheckConstraint(
                condition=Q(denominator_measures__len=0) | Q(counting=Counting.SHARE), name="indicator_denominator"
            ),
            models.CheckConstraint(
                condition=Q(baseline_value__isnull=True) | Q(baseline_on__isnull=False) & ~Q(baseline_source=""),
                name="indicator_baseline_has_source",
            ),
        ]

    def __str__(self) -> str:
        return _in_language(self.name, self.name_en)

    @property
    def definition_here(self) -> str:
        """The definition in the reader's language."""
        return _in_language(self.definition, self.definition_en)

    @property
    def unit_here(self) -> str:
        """The unit in the reader's language."""
        return _in_language(self.unit, self.unit_en)

    @property
    def is_outside(self) -> bool:
        """True when nothing on the platform is counted: the value is observed."""
        return not self.measures

    @property
    def is_share(self) -> bool:
        """True when the value is a share of one with numerator and denominator."""
        return self.counting == Counting.SHARE

    @property
    def is_countable(self) -> bool:
        """True when a forecast from the rate of events makes sense."""
        return self.counting in COUNTABLE

    def begins_on(self, programme: Programme) -> date:
        """First day on which anything could have counted."""
        return self.counts_from or programme.starts_on


class Target(models.Model):
    """A promised value by a day. Decided targets stay as they are; a revision is a new row with its reason.

    `value` None means "more than the baseline": the promise named a direction and no number.
    """

    privacy = NoPersonalData("promises of a programme")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets")
    due_on = models.DateField(_("due"))
    value = models.DecimalField(_("target"), max_digits=16, decimal_places=4, null=True, blank=True)
    decided_on = models.DateField(_("decided"))
    reason = models.TextField(_("reason of the revision"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="superseded_by", verbose_name=_("replaces")
    )
    decided_by_id = models.BigIntegerField(null=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        constraints = [
            models.UniqueConstraint(
                fields=["indicator"], condition=Q(supersedes__isnull=True), name="target_one_first"
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="target_revision_has_reason"
            ),
            models.CheckConstraint(condition=~Q(source=""), name="target_has_source"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.due_on}"


class Observation(models.Model):
    """An outside figure as its source gives it, recorded by one person and confirmed by another.

    Either `value`, or `numerator` and `denominator` for a share. A place without a city is the whole programme's.
    """

    privacy = NoPersonalData("published or official figures")

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="observations")
    city = models.ForeignKey(City, models.PROTECT, null=True, blank=True, verbose_name=_("city"))
    on = models.DateField(_("of the day"))
    value = models.DecimalField(_("value"), max_digits=16, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(_("numerator"), max_digits=16, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(_("denominator"), max_digits=16, decimal_places=4, null=True, blank=True)
    document_title = models.CharField(_("source document"), max_length=300)
    document_on = models.DateField(_("date of the document"), null=True, blank=True)
    url = models.URLField(_("address of the document"), blank=True)
    file = models.FileField(_("document"), upload_to="observations", blank=True)
    note = models.TextField(_("note"), blank=True)
    recorded_by_id = models.BigIntegerField()
    recorded_at = models.DateTimeField(db_default=NOW)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    rejected_by_id = models.BigIntegerField(null=True)
    rejected_at = models.DateTimeField(null=True)

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside figure")
        verbose_name_plural = _("outside figures")
        constraints = [
            models.CheckConstraint(
                condition=Q(value__isnull=False, numerator__isnull=True, denominator__isnull=True)
                | Q(value__isnull=True, numerator__isnull=False, denominator__gt=0),
                name="observation_value_or_share",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by_id__isnull=True, confirmed_at__isnull=True)
                | Q(~Q(confirmed_by_id=F("recorded_by_id")), confirmed_by_id__isnull=False, confirmed_at__isnull=False),
                name="observation_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(rejected_at__isnull=True) | Q(rejected_by_id__isnull=False), name="observation_rejected_by"
            ),
            models.CheckConstraint(condition=~Q(document_title=""), name="observation_has_document"),
            models.UniqueConstraint(
                fields=["indicator", "city", "on"], nulls_distinct=False,
                condition=Q(confirmed_at__isnull=False, rejected_at__isnull=True), name="observation_one_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.on}"

    @property
    def parts(self) -> tuple[Any, Any]:
        """Numerator and denominator; a plain value is its own numerator over 1."""
        return (self.numerator, self.denominator) if self.value is None else (self.value, 1)

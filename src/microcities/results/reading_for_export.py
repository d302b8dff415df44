"""What files and the API need beyond the pages' reading: parts as values, rows in order, reports as figures, their seal."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from microcities.evidence.models import EvidenceRow
from microcities.evidence.queries import ANY
from microcities.people.models import Organisation, Person
from microcities.programme.models import City, FundingSource, Programme
from microcities.programme.rulebook.values import FundingScheme, Visibility
from microcities.programme.territories import Level as CodeLevel
from microcities.programme.territories import NoTerritoryCodeError, UnknownPlaceError, territory_code
from microcities.results.breakdown import break_down
from microcities.results.computing import own_funding
from microcities.results.counts import Scope
from microcities.results.figures import Figure, State, Value, forecast_of, target_on
from microcities.results.models import (
    Counting,
    FrozenFigure,
    FrozenRow,
    Indicator,
    Observation,
    Publication,
    PublishedLine,
    Report,
    ReportState,
    Target,
)
from microcities.results.reading import Level, Overview, Question, Reader, hide_small, read_cities, read_overview
from microcities.results.rows import evidence_rows
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.trail.looks import note_looks
from microcities.trail.models import Change, Seal

MAJORITY = 18


# --- parts of a figure ---


@dataclass(frozen=True)
class Part:
    """One number of a breakdown: dimension city, sex, age, sex_age (key `sex/band`) or incomplete (sex or age unknown).

    `value` None is explained by `state`, and by `withheld` where it is suppressed.
    """

    dimension: str
    key: str
    value: Decimal | None
    state: State
    withheld: str = ""


def parts_of_all(
    programme: Programme, reader: Reader, question: Question, found: Overview, *, only: Indicator | None = None
) -> dict[int, list[Part]]:
    """The breakdown of every indicator, or of one, by its number, as the reader may see it."""
    if only is not None:
        found = replace(found, figures=tuple(each for each in found.figures if each.indicator.pk == only.pk))
    if not reader.counts_now(question):
        return _published_parts(programme, question, found)
    parts: dict[int, list[Part]] = {figure.indicator.pk: [] for figure in found.figures}
    if question.city is None:
        for city, figures in read_cities(programme, reader, question, only=only).items():
            for figure in figures:
                parts[figure.indicator.pk].append(Part("city", city.slug, figure.value, figure.state, figure.withheld))
    for figure in found.figures:
        parts[figure.indicator.pk] += people_parts(figure, programme, reader, question)
    return parts


def people_parts(figure: Figure, programme: Programme, reader: Reader, question: Question) -> list[Part]:
    """By sex and age; a partner gets the parts of its own records only. Empty for what is not people."""
    if figure.indicator.counting != Counting.DISTINCT_PEOPLE or figure.state != State.COUNTED:
        return []
    found = break_down(figure.indicator, programme, scope_of_question(programme, reader, question))
    sums: list[tuple[str, Mapping[str, Decimal]]] = [
        ("sex", found.by(lambda cell: cell.sex, complete_only=True)),
        ("age", found.by(lambda cell: cell.age_band, complete_only=True)),
        ("sex_age", found.by(lambda cell: f"{cell.sex}/{cell.age_band}", complete_only=True)),
    ]
    keys = {
        "sex": found.known_sexes,
        "age": found.known_bands,
        "sex_age": [f"{sex}/{band}" for sex in found.known_sexes for band in found.known_bands],
    }
    parts = [
        Part(name, key, values.get(key, Decimal(0)), State.COUNTED) for name, values in sums for key in keys[name]
    ]
    return [*parts, Part("incomplete", "", found.incomplete, State.COUNTED)]


def scope_of_question(programme: Programme, reader: Reader, question: Question) -> Scope:
    """The question as counting understands it, narrowed to the rows the reader may open."""
    funding = own_funding(programme) if question.funding is None else question.funding
    city = question.city.pk if question.city else ANY
    return Scope(question.as_of, question.recorded_at, city, funding, reader.partners)


def _published_parts(programme: Programme, question: Question, found: Overview) -> dict[int, list[Part]]:
    parts: dict[int, list[Part]] = {figure.indicator.pk: [] for figure in found.figures}
    if found.publication is None or question.city is not None:
        return parts
    slugs = {str(city.pk): city.slug for city in programme.cities.in_latvian_order()}
    lines = PublishedLine.objects.filter(publication=found.publication, indicator__in=list(parts))
    for line in lines.exclude(dimension="total").order_by("pk"):
        key = slugs.get(line.key, line.key) if line.dimension == "city" else line.key
        parts[line.indicator_id].append(Part(line.dimension, key, line.value, State(line.state), line.withheld))
    return parts


# --- the rows behind a figure ---


@dataclass
class Names:
    """Names and codes that rows point to, read once."""

    cities: dict[int, City]
    partners: dict[int, Organisation]
    payers: dict[int, FundingSource]
    _codes: dict[tuple[int, date, CodeLevel], str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Names":
        """Read all cities, partners and payers; three queries."""
        partners = Organisation.objects.filter(partnerships__isnull=False).distinct()
        return cls(City.objects.in_bulk(), {each.pk: each for each in partners}, FundingSource.objects.in_bulk())

    def code(self, city_id: int, on: date, level: CodeLevel) -> str:
        """The city's code valid on that day; empty where none is on record."""
        key = (city_id, on, level)
        if key not in self._codes:
            self._codes[key] = city_code(self.cities.get(city_id), on, level)
        return self._codes[key]


def city_code(city: City | None, on: date, level: CodeLevel) -> str:
    """The local unit ("lau") or region ("nuts3") of a city on a day; empty where none is on record."""
    if city is None:
        return ""
    try:
        return territory_code(city.place, on, level).code
    except (UnknownPlaceError, NoTerritoryCodeError, NoRuleInForceError):
        return ""


def ordered_rows(
    indicator: Indicator, programme: Programme, reader: Reader, question: Question, *, in_denominator: bool = False
) -> "QuerySet[EvidenceRow, Any]":
    """The rows this reader may open, oldest fact first; `place` 1 is the first row of its subject among them."""
    rows = evidence_rows(indicator, programme, question, reader.partners, in_denominator=in_denominator)
    place = Window(RowNumber(), partition_by=[F("subject_kind"), F("subject_id")], order_by=[F("fact_on"), F("pk")])
    return rows.annotate(place=place).order_by("fact_on", "pk")


def following(rows: "QuerySet[EvidenceRow]", day: date, number: int) -> "QuerySet[EvidenceRow]":
    """Those rows, ordered by fact and number, that come after a row."""
    return rows.filter(fact_on__gte=day).filter(Q(fact_on__gt=day) | Q(pk__gt=number))


def first_rows(rows: "QuerySet[EvidenceRow]", shown: Iterable[EvidenceRow]) -> set[int]:
    """Which of the shown rows are the first of their subject among all `rows`; one query over these subjects."""
    subjects = Q(pk__in=[])
    by_kind: dict[str, set[int]] = {}
    for row in shown:
        by_kind.setdefault(row.subject_kind, set()).add(row.subject_id)
    for kind, numbers in by_kind.items():
        subjects |= Q(subject_kind=kind, subject_id__in=numbers)
    firsts = rows.filter(subjects).order_by("subject_kind", "subject_id", "fact_on", "pk")
    return set(firsts.distinct("subject_kind", "subject_id").values_list("pk", flat=True))


def note_minors(rows: "QuerySet[Any]", what: str) -> None:
    """Write into the trail that the present reader takes these minors' records along; one query."""
    people = rows.filter(subject_kind="person").order_by().values("subject_id")
    minors = Person.objects.filter(pk__in=people).under_age(MAJORITY, timezone.localdate())
    note_looks(minors.values_list("pk", flat=True), reason="results.export", what=what)


# --- reports ---


def report_figures(report: Report, reader: Reader) -> dict[City | None, list[Figure]]:
    """The figures of an approved report as frozen, for the whole (None) and each city, as this reader may see them."""
    programme = report.period.programme
    frozen = list(FrozenFigure.objects.filter(report=report).select_related("indicator", "observation", "city"))
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(indicator__in={each.indicator_id for each in frozen}):
        targets.setdefault(target.indicator_id, []).append(target)
    found: dict[City | None, list[Figure]] = {None: [], **{city: [] for city in programme.cities.in_latvian_order()}}
    for each in sorted(frozen, key=lambda each: (each.indicator.order, each.indicator_id)):
        figure = _frozen_as_figure(each, report, targets.get(each.indicator_id, []))
        is_others = reader.level == Level.OWN and report.partner is None
        found[each.city].append(hide_small(figure) if is_others else figure)
    return found


def frozen_in_order(report: Report, reader: Reader) -> "QuerySet[FrozenRow, Any]":
    """The frozen rows of a report that this reader may open; `place` 1 is the first of its subject in its figure."""
    rows = FrozenRow.objects.filter(report=report)
    if reader.partners is not None:
        rows = rows.filter(partner_id__in=reader.partners)
    figure = [F("indicator"), F("in_denominator"), F("subject_kind"), F("subject_id")]
    place = Window(RowNumber(), partition_by=figure, order_by=[F("fact_on"), F("pk")])
    return rows.annotate(place=place).order_by("indicator__order", "in_denominator", "fact_on", "pk")


def _frozen_as_figure(frozen: FrozenFigure, report: Report, targets: list[Target]) -> Figure:
    programme, as_of, indicator = report.period.programme, report.period.ends_on, frozen.indicator
    whole = frozen.city is None and report.partner is None
    target = target_on(targets, as_of) if whole else None
    found = Value(
        State(frozen.state), frozen.value, frozen.numerator, frozen.denominator, frozen.records, frozen.confirmed,
        frozen.observation,
    )
    return Figure(
        indicator, as_of, found, indicator.begins_on(programme), frozen.city, target=target,
        recorded_at=report.approved_at, forecast=forecast_of(indicator, programme, frozen.value, target, as_of),
    )


@dataclass(frozen=True)
class Restatement:
    """A value that a later version of a report changed, with the reason."""

    version: int
    approved_at: datetime | None
    reason: str
    before: Figure
    after: Figure


def restatements(report: Report, reader: Reader) -> list[Restatement]:
    """All that changed from version to version up to this one, in the whole and in each city, oldest first."""
    versions = list(
        Report.objects.filter(
            period=report.period, partner=report.partner, version__lte=report.version, state=ReportState.APPROVED
        ).select_related("period__programme", "partner").order_by("version")
    )
    found: list[Restatement] = []
    before: dict[tuple[int, int | None], Figure] = {}
    for version in versions:
        after = {
            (figure.indicator.pk, city.pk if city else None): figure
            for city, figures in report_figures(version, reader).items() for figure in figures
        }
        found += [
            Restatement(version.version, version.approved_at, version.reason, before[key], figure)
            for key, figure in after.items()
            if key in before and (before[key].value, before[key].state) != (figure.value, figure.state)
        ]
        before = after
    return found


@dataclass(frozen=True)
class SealOfReport:
    """The link of the trail's hash chain in which a report's approval lies; None while the next sealing is awaited."""

    change_id: int | None
    seal_id: int | None
    hash: str


def seal_of(report: Report) -> SealOfReport:
    """Where the approval of a report is sealed."""
    change = Change.objects.filter(table_name=Report._meta.db_table, row_id=str(report.pk)).order_by("-pk").first()
    if change is None:
        return SealOfReport(None, None, "")
    seal = Seal.objects.filter(stream="change", first_id__lte=change.pk, last_id__gte=change.pk).first()
    return SealOfReport(change.pk, seal.pk if seal else None, bytes(seal.hash).hex() if seal else "")


# --- other things said in exports ---


def shown_observations(
    indicator: Indicator, reader: Reader, as_of: date, publication: Publication | None
) -> "QuerySet[Observation]":
    """Confirmed outside figures, newest first; the public sees those that stood behind a publication."""
    rows = Observation.objects.filter(indicator=indicator).confirmed().up_to(as_of).select_related("city")
    if not reader.sees_detail:
        known = publication.published_at if publication else None
        rows = rows.filter(confirmed_at__lte=known) if known else rows.none()
    return rows.order_by(F("on").desc(), "-pk")


def published_observations(programme: Programme, found: Overview) -> dict[int, list[Observation]]:
    """The newest outside figure of each city behind what was published, by indicator; one query."""
    if found.publication is None:
        return {}
    rows = Observation.objects.filter(indicator__programme=programme).confirmed().up_to(found.as_of)
    rows = rows.filter(confirmed_at__lte=found.publication.published_at)
    by_indicator: dict[int, list[Observation]] = {}
    for row in rows.order_by("indicator", "city", "-on", "-pk").distinct("indicator", "city"):
        by_indicator.setdefault(row.indicator_id, []).append(row)
    return by_indicator


def funding_scheme(programme: Programme) -> FundingScheme:
    """The visibility texts of the scheme that pays: that of the programme's first day, by its fund."""
    schemes = rule(Visibility, on=programme.starts_on, territory="EU").values.schemes
    fund = programme.fund.lower().rstrip("+")
    return next((scheme for scheme in schemes if scheme.code.startswith(f"{fund}-")), schemes[0])


def figures_with_cities(
    programme: Programme, reader: Reader, question: Question
) -> tuple[Overview, Sequence[Figure]]:
    """The overview, and its figures followed by those of each city."""
    found = read_overview(programme, reader, question)
    if question.city is not None:
        return found, found.figures
    cities = read_cities(programme, reader, question)
    return found, [*found.figures, *(figure for figures in cities.values() for figure in figures)]

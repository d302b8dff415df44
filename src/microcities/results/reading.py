"""What each reader may be told: the public what was published, partners that and their own records as counted now, the
programme's team and the auditor everything (docs/decisions/0007). Pages, files and the API all read here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from microcities.people.roles import Permission
from microcities.programme.models import City, Programme
from microcities.results.computing import compute_by_city, compute_figures
from microcities.results.figures import Figure, State, TrendPoint, Value, forecast_of, target_on
from microcities.results.models import Counting, Indicator, Publication, PublishedLine, Target, Withheld
from microcities.results.publishing import disclosure_rule


class Level(StrEnum):
    """How much a reader may see."""

    PUBLIC = "public"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Reader:
    """Who reads. `organisation_ids` are the partners whose rows a reader of level `own` may open and count."""

    level: Level
    organisation_ids: tuple[int, ...] = ()

    @property
    def partners(self) -> tuple[int, ...] | None:
        """The partners whose rows may be opened; None is all of them."""
        return None if self.level == Level.ALL else self.organisation_ids

    @property
    def sees_detail(self) -> bool:
        return self.level != Level.PUBLIC

    def counts_now(self, question: "Question") -> bool:
        """True when the answer is counted from the records as they are; otherwise it is what was published."""
        return self.level == Level.ALL or (self.level == Level.OWN and question.own)


PUBLIC = Reader(Level.PUBLIC)


def reader_of(account: Any) -> Reader:
    """The reader an account is; without an account, or without the permission, the public."""
    if not account.is_authenticated or not account.may(Permission.SEE_RESULTS_DETAIL):
        return PUBLIC
    if account.may(Permission.SEE_ALL_PEOPLE):
        return Reader(Level.ALL)
    return Reader(Level.OWN, tuple(account.organisation_ids(Permission.SEE_RESULTS_DETAIL)))


@dataclass(frozen=True)
class Question:
    """What is asked: facts up to a day, as recorded at a moment, in a city, paid by. None is now, any, the programme.

    `funding` empty is whoever paid. `own`: a partner asks of the own organisation's records; others' say nothing to it.
    """

    as_of: date
    recorded_at: datetime | None = None
    city: City | None = None
    funding: tuple[int, ...] | None = None
    own: bool = False


@dataclass(frozen=True)
class Overview:
    """All figures; those that were published with their publication (None while nothing has been published).

    `own` says that they are one organisation's, not the programme's.
    """

    figures: tuple[Figure, ...]
    as_of: date
    publication: Publication | None = None
    is_live: bool = True
    own: bool = False


def read_overview(
    programme: Programme, reader: Reader, question: Question, *, only: Indicator | None = None, with_forecast: bool = True
) -> Overview:
    """The figures of all indicators, or of `only` one, as this reader may see them."""
    if not reader.counts_now(question):
        return read_published(programme, question, only=only)
    figures = compute_figures(
        programme, as_of=question.as_of, recorded_at=question.recorded_at, city=question.city,
        funding=question.funding, partners=reader.partners, only=only, with_forecast=with_forecast,
    )
    if reader.level == Level.OWN:
        figures = _with_published_outside(figures, read_published(programme, question, only=only).figures)
    return Overview(tuple(figures), question.as_of, own=reader.level == Level.OWN)


def _with_published_outside(own: Sequence[Figure], published: Sequence[Figure]) -> list[Figure]:
    """An organisation has no outside figures of its own: the programme's published ones stand in their place."""
    shown = {figure.indicator.pk: figure for figure in published}
    return [
        shown.get(each.indicator.pk, replace(each, found=Value(State.NOT_PUBLISHED), trend=()))
        if each.indicator.is_outside else each
        for each in own
    ]


def read_cities(
    programme: Programme, reader: Reader, question: Question, *, only: Indicator | None = None
) -> dict[City, list[Figure]]:
    """The figures of each city, in Latvian order and in the order of the overview."""
    if not reader.counts_now(question):
        return _published_cities(programme, question, only)
    found = compute_by_city(
        programme, as_of=question.as_of, recorded_at=question.recorded_at, funding=question.funding,
        partners=reader.partners, only=only,
    )
    if reader.level == Level.OWN:
        published = _published_cities(programme, question, only)
        return {city: _with_published_outside(figures, published.get(city, [])) for city, figures in found.items()}
    return found


def tells_of_few(indicator: Indicator, value: Decimal, day: date) -> bool:
    """True for a count of people that the rule of the day withholds."""
    return indicator.counting == Counting.DISTINCT_PEOPLE and disclosure_rule(day).withholds_count(int(value))


def hide_small(figure: Figure) -> Figure:
    """The figure, withheld when it tells of few people: nobody learns of another partner's people by counting."""
    if figure.value is None or not tells_of_few(figure.indicator, figure.value, figure.as_of):
        return figure
    return replace(figure, found=Value(State.SUPPRESSED), trend=(), forecast=None, withheld=Withheld.SMALL.value)


# --- what was published ---


def _public_indicators(programme: Programme, only: Indicator | None) -> list[Indicator]:
    found = Indicator.objects.of(programme).open_to_the_public()
    return list(found if only is None else found.filter(pk=only.pk))


def read_published(programme: Programme, question: Question, *, only: Indicator | None = None) -> Overview:
    """The figures of the newest publication up to the day asked for; five queries."""
    indicators = _public_indicators(programme, only)
    publication = Publication.objects.standing_on(programme, question.as_of)
    as_of = publication.as_of if publication else question.as_of
    dimension = ("city", str(question.city.pk)) if question.city else ("total", "")
    series = _series(indicators, question.as_of, dimension)
    targets: dict[int, list[Target]] = {}
    for target in Target.objects.filter(indicator__in=[each.pk for each in indicators]):
        targets.setdefault(target.indicator_id, []).append(target)
    figures = [
        _published_figure(
            indicator, programme, publication, series.get(indicator.pk, []), as_of, question.city,
            target_on(targets.get(indicator.pk, []), as_of),
        )
        for indicator in indicators
    ]
    return Overview(tuple(figures), as_of, publication, is_live=False)


def _series(indicators: Sequence[Indicator], as_of: date, dimension: tuple[str, str]) -> dict[int, list[PublishedLine]]:
    rows = PublishedLine.objects.filter(
        indicator__in=[each.pk for each in indicators], publication__as_of__lte=as_of,
        dimension=dimension[0], key=dimension[1],
    ).select_related("publication").order_by("publication__as_of", "publication_id")
    found: dict[int, list[PublishedLine]] = {}
    for row in rows:
        found.setdefault(row.indicator_id, []).append(row)
    return found


def _published_figure(
    indicator: Indicator,
    programme: Programme,
    publication: Publication | None,
    lines: Sequence[PublishedLine],
    as_of: date,
    city: City | None,
    target: Target | None,
) -> Figure:
    line = lines[-1] if lines and publication and lines[-1].publication_id == publication.pk else None
    found = Value(State.NOT_PUBLISHED)
    if line is not None:
        found = Value(State(line.state), line.value, line.numerator, line.denominator, line.records)
    trend = tuple(TrendPoint(each.publication.as_of, each.value) for each in lines if each.value is not None)
    forecast = forecast_of(indicator, programme, found.value, target, as_of) if city is None else None
    return Figure(
        indicator, as_of, found, indicator.begins_on(programme), city, target=None if city else target, trend=trend,
        forecast=forecast, withheld=line.withheld if line else "",
    )


def _published_cities(
    programme: Programme, question: Question, only: Indicator | None
) -> dict[City, list[Figure]]:
    indicators = _public_indicators(programme, only)
    publication = Publication.objects.standing_on(programme, question.as_of)
    as_of = publication.as_of if publication else question.as_of
    lines: dict[tuple[int, str], list[PublishedLine]] = {}
    if publication is not None:
        for line in publication.lines.filter(dimension="city").select_related("publication"):
            lines[line.indicator_id, line.key] = [line]
    return {
        city: [
            _published_figure(
                each, programme, publication, lines.get((each.pk, str(city.pk)), []), as_of, city, None
            )
            for each in indicators
        ]
        for city in programme.cities.in_latvian_order()
    }


@dataclass(frozen=True)
class PublishedPart:
    """One published number of a breakdown; `value` None is withheld for the reason `withheld`."""

    key: str
    value: Decimal | None
    withheld: str


def read_published_parts(indicator: Indicator, publication: Publication | None) -> dict[str, list[PublishedPart]]:
    """The published breakdown of an indicator by dimension: city, sex, age, sex_age (key `sex/band`)."""
    found: dict[str, list[PublishedPart]] = {}
    if publication is not None:
        for line in PublishedLine.objects.filter(publication=publication, indicator=indicator).order_by("pk"):
            found.setdefault(line.dimension, []).append(PublishedPart(line.key, line.value, line.withheld))
    return found

"""Computes a programme's figures from the evidence, for any day, moment, city and payer, in a handful of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from microcities.evidence.queries import ANY
from microcities.evidence.registry import REGISTRY
from microcities.programme.models import City, FundingSource, Programme
from microcities.results.counts import NOTHING, Count, Counts, Scope, count_indicators, total
from microcities.results.figures import Figure, State, TrendPoint, Value, forecast_of, target_on
from microcities.results.models import Counting, EmptyMeans, Indicator, Observation, Report, ReportState, Target
from microcities.results.observed import observations_of, observed_trend, observed_value
from microcities.results.rulebook.values import FullTimeYear
from microcities.rulebooks.registry import rule


@dataclass
class Board:
    """Everything about a programme that figures need, read once."""

    programme: Programme
    scope: Scope
    indicators: list[Indicator]
    cities: list[City]
    targets: dict[int, list[Target]] = field(default_factory=dict)
    observations: dict[int, list[Observation]] = field(default_factory=dict)
    reported: frozenset[int] = frozenset()  # cities whose partners have reported; 0 when the whole programme has

    @property
    def city(self) -> City | None:
        return next((city for city in self.cities if city.pk == self.scope.city_id), None)


def own_funding(programme: Programme) -> tuple[int, ...]:
    """The programme's own funding sources: what its figures count unless somebody asks for all."""
    return tuple(FundingSource.objects.filter(programme=programme).order_by("pk").values_list("pk", flat=True))


def load_board(
    programme: Programme, scope: Scope, *, public_only: bool = False, only: Indicator | None = None
) -> Board:
    """Read indicators, targets, observations, cities and who has reported; five queries. `only`: of one indicator."""
    indicators = Indicator.objects.of(programme).select_related("programme")
    if public_only:
        indicators = indicators.open_to_the_public()
    if only is not None:
        indicators = indicators.filter(pk=only.pk)
    board = Board(programme, scope, list(indicators), list(programme.cities.in_latvian_order()))
    for target in Target.objects.filter(indicator__in=[each.pk for each in board.indicators]):
        board.targets.setdefault(target.indicator_id, []).append(target)
    outside = [indicator for indicator in board.indicators if indicator.is_outside]
    board.observations = observations_of(outside, scope.as_of, scope.recorded_at)
    board.reported = _reported(programme, scope.as_of, scope.recorded_at)
    return board


def _reported(programme: Programme, as_of: date, recorded_at: datetime | None) -> frozenset[int]:
    rows = Report.objects.filter(
        period__programme=programme, period__starts_on__lte=as_of,
        state__in=(ReportState.SUBMITTED, ReportState.APPROVED),
    )
    if recorded_at is not None:
        rows = rows.filter(submitted_at__lte=recorded_at)
    return frozenset(city_id or ANY for city_id in rows.values_list("partner__city_id", flat=True).distinct())


def compute_figures(
    programme: Programme,
    *,
    as_of: date,
    recorded_at: datetime | None = None,
    city: City | None = None,
    funding: Sequence[int] | None = None,
    partners: Sequence[int] | None = None,
    public_only: bool = False,
    only: Indicator | None = None,
    with_forecast: bool = True,
) -> list[Figure]:
    """The figures of all indicators in their order.

    `recorded_at` None is what is known now. `funding` None is the programme's own sources, empty is whoever paid.
    `partners` are organisations whose records alone count, `only` the one indicator that is wanted. About eight queries,
    however many indicators.
    """
    scope = Scope(
        as_of, recorded_at, city.pk if city else ANY,
        own_funding(programme) if funding is None else tuple(funding),
        None if partners is None else tuple(partners),
    )
    board = load_board(programme, scope, public_only=public_only, only=only)
    counts = count_indicators(board.indicators, scope)
    return [figure_of(indicator, board, counts, with_forecast=with_forecast) for indicator in board.indicators]


def compute_by_city(
    programme: Programme,
    *,
    as_of: date,
    recorded_at: datetime | None = None,
    funding: Sequence[int] | None = None,
    partners: Sequence[int] | None = None,
    public_only: bool = False,
    only: Indicator | None = None,
) -> dict[City, list[Figure]]:
    """The figures of every city in Latvian order, without trend and forecast; as many queries as for the whole."""
    scope = Scope(
        as_of, recorded_at, ANY, own_funding(programme) if funding is None else tuple(funding),
        None if partners is None else tuple(partners),
    )
    board = load_board(programme, scope, public_only=public_only, only=only)
    counts = count_indicators(board.indicators, scope, "city")
    return {city: [_city_figure(each, board, counts, city) for each in board.indicators] for city in board.cities}


def _city_figure(indicator: Indicator, board: Board, counts: Counts, city: City) -> Figure:
    scope = board.scope
    if indicator.is_outside:
        found = outside_value(indicator, board, board.observations.get(indicator.pk, []), city.pk)
    else:
        above, below = (counts.get((indicator.pk, side), {}).get(city.pk, NOTHING) for side in (False, True))
        found = counted_value(indicator, board, above, below, city.pk)
    return Figure(
        indicator, scope.as_of, found, indicator.begins_on(board.programme), city, scope.funding_ids, scope.recorded_at
    )


def figure_of(indicator: Indicator, board: Board, counts: Counts, *, with_forecast: bool = True) -> Figure:
    """One figure out of what was read for all."""
    scope = board.scope
    rows = board.observations.get(indicator.pk, [])
    above, below = counts.get((indicator.pk, False), {}), counts.get((indicator.pk, True), {})
    target = target_on(board.targets.get(indicator.pk, []), scope.as_of)
    city_id = board.city.pk if board.city else None
    if indicator.is_outside:
        found = outside_value(indicator, board, rows, city_id)
        trend = observed_trend(indicator, rows, board.cities, city_id=city_id)
    else:
        found = counted_value(indicator, board, total(above), total(below), scope.city_id)
        trend = _trend(indicator, board, above, below) if found.state == State.COUNTED else ()
    forecast = None
    is_whole = board.city is None and scope.partner_ids is None  # targets are promised for the whole programme
    if with_forecast and is_whole:
        forecast = forecast_of(indicator, board.programme, found.value, target, scope.as_of)
    return Figure(
        indicator, scope.as_of, found, indicator.begins_on(board.programme), board.city, scope.funding_ids,
        scope.recorded_at, target if is_whole else None, trend, forecast,
    )


def outside_value(indicator: Indicator, board: Board, rows: Sequence[Observation], city_id: int | None) -> Value:
    """The observed value, or the nothing that stands for it."""
    if board.scope.as_of < indicator.begins_on(board.programme):
        return Value(State.NOT_BEGUN)
    return observed_value(indicator, rows, board.cities, on=board.scope.as_of, city_id=city_id)


def counted_value(indicator: Indicator, board: Board, above: Count, below: Count, city_id: int) -> Value:
    """The counted value, or the nothing that stands for it."""
    if not is_served(indicator):
        return Value(State.NO_SERVICE)
    if board.scope.as_of < indicator.begins_on(board.programme):
        return Value(State.NOT_BEGUN)
    known = indicator.empty_means == EmptyMeans.ZERO or board.reported & {ANY, city_id}
    if not above.records and not below.records and not known:
        return Value(State.NOT_REPORTED)
    if indicator.is_share:
        return _share(above, below)
    amounts: Mapping[str, Any] = {
        Counting.RECORDS: above.records, Counting.SUM: above.quantity, Counting.FTE: above.quantity,
    }
    value = Decimal(amounts.get(indicator.counting, above.subjects))
    if indicator.counting == Counting.FTE:
        value /= rule(FullTimeYear, on=board.scope.as_of, territory="EU").values.hours
    return Value(State.COUNTED, value, records=above.records, confirmed=above.confirmed)


def is_served(indicator: Indicator) -> bool:
    """True when a service in operation offers anything the indicator counts."""
    return any(REGISTRY.source_of(measure) for measure in (*indicator.measures, *indicator.denominator_measures))


def _share(above: Count, below: Count) -> Value:
    parts = (Decimal(above.subjects), Decimal(below.subjects))
    if not below.subjects:
        return Value(State.UNDEFINED, None, *parts)
    return Value(State.COUNTED, parts[0] / parts[1], *parts, above.records, above.confirmed)


def _trend(
    indicator: Indicator, board: Board, above: Mapping[date, Count], below: Mapping[date, Count]
) -> tuple[TrendPoint, ...]:
    """The cumulative value at the end of each quarter, the last one at the day asked for."""
    points, so_far, out_of = [], NOTHING, NOTHING
    first = min((*above, *below), default=board.scope.as_of)
    for quarter in _quarters(min(first, indicator.begins_on(board.programme)), board.scope.as_of):
        so_far += above.get(quarter, NOTHING)
        out_of += below.get(quarter, NOTHING)
        found = counted_value(indicator, board, so_far, out_of, board.scope.city_id)
        value = Decimal(0) if found.state == State.NOT_REPORTED else found.value
        points.append(TrendPoint(min(_quarter_end(quarter), board.scope.as_of), value))
    return tuple(points)


def _quarters(first: date, last: date) -> list[date]:
    """First days of the quarters from that of `first` to that of `last`; the calendar may end with the last one."""
    numbers = range(first.year * 4 + (first.month - 1) // 3, last.year * 4 + (last.month - 1) // 3 + 1)
    return [date(number // 4, number % 4 * 3 + 1, 1) for number in numbers]


def _quarter_end(start: date) -> date:
    """The last day of the quarter that begins on `start`; in every year the calendar knows, 9999 too."""
    month = start.month + 2
    return date(start.year, month, 30 if month in (6, 9) else 31)

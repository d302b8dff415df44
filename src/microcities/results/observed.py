"""The value of an indicator that is observed, not counted: the latest confirmed figure, over cities by rule."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q

from microcities.programme.models import City
from microcities.results.figures import State, TrendPoint, Value
from microcities.results.models import Direction, Indicator, Observation, OverCities


def observations_of(
    indicators: Iterable[Indicator], as_of: date, recorded_at: datetime | None
) -> dict[int, list[Observation]]:
    """Confirmed observations by indicator, oldest first, as they stood at a moment (None is now)."""
    rows = Observation.objects.filter(indicator__in=[each.pk for each in indicators], on__lte=as_of)
    if recorded_at is None:
        rows = rows.confirmed()
    else:
        rows = rows.filter(confirmed_at__lte=recorded_at).filter(
            Q(rejected_at__isnull=True) | Q(rejected_at__gt=recorded_at)
        )
    found: dict[int, list[Observation]] = {}
    for row in rows.order_by("on", "pk"):
        found.setdefault(row.indicator_id, []).append(row)
    return found


def observed_value(
    indicator: Indicator, rows: Sequence[Observation], cities: Sequence[City], *, on: date, city_id: int | None = None
) -> Value:
    """The value on a day: of one city, or of the programme by the indicator's rule across cities.

    A sum, a pooled share and a worst place need every city; the cities that are missing are named instead of guessed.
    """
    latest = {row.city_id: row for row in rows if row.on <= on}  # rows are oldest first: the last one stays
    if city_id is not None or None in latest:
        row = latest.get(city_id)
        return _of_rows(indicator, [row]) if row is not None else Value(State.NOT_REPORTED)
    if not latest:
        return Value(State.NOT_REPORTED)
    missing = tuple(str(city) for city in cities if city.pk not in latest)
    if missing:
        return Value(State.NOT_REPORTED, missing_cities=missing)
    if indicator.over_cities == OverCities.NOT_ADDITIVE:
        return Value(State.PER_CITY)
    return _of_rows(indicator, [latest[city.pk] for city in cities])


def one_value(row: Observation) -> Decimal:
    """The value of a single observation; a share as a part of one."""
    return Decimal(row.parts[0]) / Decimal(row.parts[1])


def _of_rows(indicator: Indicator, rows: Sequence[Observation]) -> Value:
    """Put the rows of several cities together; one row is itself."""
    single = rows[0] if len(rows) == 1 else None
    if indicator.is_share:
        above = sum((Decimal(row.parts[0]) for row in rows), Decimal(0))
        below = sum((Decimal(row.parts[1]) for row in rows), Decimal(0))
        if not below:
            return Value(State.UNDEFINED, numerator=above, denominator=below)
        return Value(State.COUNTED, above / below, above, below, len(rows), len(rows), single)
    values = [one_value(row) for row in rows]
    if indicator.over_cities == OverCities.WORST:
        value = max(values) if indicator.direction == Direction.DOWN else min(values)
    else:
        value = sum(values, Decimal(0))
    return Value(State.COUNTED, value, records=len(rows), confirmed=len(rows), observation=single)


def observed_trend(
    indicator: Indicator, rows: Sequence[Observation], cities: Sequence[City], *, city_id: int | None = None
) -> tuple[TrendPoint, ...]:
    """The value on each day of which there is a figure."""
    days = sorted({row.on for row in rows})
    points = ((day, observed_value(indicator, rows, cities, on=day, city_id=city_id)) for day in days)
    return tuple(TrendPoint(day, found.value) for day, found in points if found.value is not None)

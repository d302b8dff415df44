"""Counts of all indicators in a handful of queries: from the tally where it can answer, else from the rows.

The tally knows distinct subjects of one measure, for one funding source or any, for one partner or any. As soon as an
indicator has two measures, a programme two funding sources, or a reader two partners, subjects must be counted from the
rows, or somebody would count twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db import connection
from django.db.models import DateField, F, Sum
from django.db.models.functions import Trunc

from microcities.evidence.models import Tally
from microcities.evidence.queries import ANY
from microcities.results.models import Indicator

Grouping = Literal["quarter", "city", "partner"]
Key = tuple[int, bool]  # indicator number, whether it is the denominator
Counts = dict[Key, dict[Any, "Count"]]


@dataclass(frozen=True)
class Scope:
    """What is counted: facts up to a day, as recorded at a moment (None is now), in a city, paid by, of partners.

    `funding_ids` empty is whoever paid; `partner_ids` None is every partner. `city_id` 0 is any city.
    """

    as_of: date
    recorded_at: datetime | None = None
    city_id: int = ANY
    funding_ids: tuple[int, ...] = ()
    partner_ids: tuple[int, ...] | None = None

    @property
    def is_tallied(self) -> bool:
        """One funding source or any, one partner or any: then nobody counts twice in the tally."""
        return len(self.funding_ids) <= 1 and (self.partner_ids is None or len(self.partner_ids) == 1)

    @property
    def funding_id(self) -> int:
        """The one funding source of a tallied scope, or any."""
        return self.funding_ids[0] if self.funding_ids else ANY

    @property
    def partner_id(self) -> int:
        """The one partner of a tallied scope, or any."""
        return self.partner_ids[0] if self.partner_ids else ANY

    def in_city(self, city_id: int) -> "Scope":
        """The same in one city."""
        return replace(self, city_id=city_id)


@dataclass(frozen=True)
class Count:
    """Distinct subjects, records, confirmed records and the sum of quantities."""

    subjects: int = 0
    records: int = 0
    confirmed: int = 0
    quantity: Decimal = Decimal(0)

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.subjects + other.subjects,
            self.records + other.records,
            self.confirmed + other.confirmed,
            self.quantity + other.quantity,
        )


NOTHING = Count()


def total(counts: Mapping[Any, Count]) -> Count:
    """The sum over groups; right for quarters, wrong for cities and partners, whose subjects may be the same."""
    whole = NOTHING
    for count in counts.values():
        whole += count
    return whole


def count_indicators(indicators: Iterable[Indicator], scope: Scope, by: Grouping = "quarter") -> Counts:
    """Counts of each indicator that counts something, by quarter of the first fact, by city or by partner.

    At most two queries, however many indicators there are. A subject belongs to the quarter in which it first counted.
    """
    from_tally: dict[str, list[Key]] = {}
    from_rows: list[tuple[Key, list[str]]] = []
    for indicator in indicators:
        for in_denominator, measures in ((False, indicator.measures), (True, indicator.denominator_measures)):
            key = (indicator.pk, in_denominator)
            if len(measures) == 1 and scope.is_tallied:
                from_tally.setdefault(measures[0], []).append(key)
            elif measures:
                from_rows.append((key, measures))
    found: Counts = {}
    if from_tally:
        _read_tally(from_tally, scope, by, found)
    if from_rows:
        _read_rows(from_rows, scope, by, found)
    return found


def _read_tally(wanted: Mapping[str, list[Key]], scope: Scope, by: Grouping, found: Counts) -> None:
    rows = Tally.objects.filter(measure__in=list(wanted), fact_on__lte=scope.as_of, funding_id=scope.funding_id)
    each_city, each_partner = by == "city" and scope.city_id == ANY, by == "partner" and scope.partner_id == ANY
    rows = rows.exclude(city_id=ANY) if each_city else rows.filter(city_id=scope.city_id)
    rows = rows.exclude(partner_id=ANY) if each_partner else rows.filter(partner_id=scope.partner_id)
    if scope.recorded_at is not None:
        rows = rows.filter(known_at__lte=scope.recorded_at)
    group = Trunc("fact_on", "quarter", output_field=DateField()) if by == "quarter" else F(f"{by}_id")
    grouped = rows.annotate(group=group).values("measure", "group")
    sums = {name: Sum(name) for name in ("subjects", "records", "confirmed", "quantity")}
    for row in grouped.order_by().annotate(**sums):
        count = Count(row["subjects"], row["records"], row["confirmed"], row["quantity"])
        for key in wanted[row["measure"]]:
            if count != NOTHING:
                found.setdefault(key, {})[row["group"]] = count


GROUPS: dict[Grouping, tuple[str, str]] = {
    "quarter": ("0::bigint", "date_trunc('quarter', {})::date"),
    "city": ("city_id", "grouped"),
    "partner": ("partner_id", "grouped"),
}


def rows_condition(scope: Scope, alias: str = "r") -> tuple[str, list[Any]]:
    """SQL condition and parameters that keep the evidence rows of a scope."""
    parts, values = [f"{alias}.fact_on <= %s"], [scope.as_of]  # type: list[str], list[Any]
    if scope.recorded_at is None:
        parts.append(f"{alias}.known_to IS NULL")
    else:
        parts.append(f"{alias}.known_from <= %s AND ({alias}.known_to IS NULL OR {alias}.known_to > %s)")
        values += [scope.recorded_at, scope.recorded_at]
    if scope.city_id != ANY:
        parts.append(f"{alias}.city_id = %s")
        values.append(scope.city_id)
    if scope.funding_ids:
        parts.append(f"{alias}.funding_ids && %s::bigint[]")
        values.append(list(scope.funding_ids))
    if scope.partner_ids is not None:
        parts.append(f"{alias}.partner_id = ANY(%s)")
        values.append(list(scope.partner_ids))
    return " AND ".join(parts), values


def _read_rows(wanted: list[tuple[Key, list[str]]], scope: Scope, by: Grouping, found: Counts) -> None:
    group, shown = GROUPS[by]
    condition, values = rows_condition(scope)
    pairs = [(key, measure) for key, measures in wanted for measure in measures]
    # A record stands once in an indicator, whichever of its measures it came by; its earliest fact is the one kept.
    # The database keeps one row of a record in a measure, so a single measure needs no sorting.
    several = any(len(measures) > 1 for _key, measures in wanted)
    once = "DISTINCT ON (w.indicator_id, w.in_denominator, r.source, r.record_id)" if several else ""
    earliest = "ORDER BY w.indicator_id, w.in_denominator, r.source, r.record_id, r.fact_on, r.id" if several else ""
    query = f"""
        WITH wanted AS (
            SELECT * FROM unnest(%s::bigint[], %s::bool[], %s::text[]) AS w (indicator_id, in_denominator, measure)
        ), records AS (
            SELECT {once}
                   w.indicator_id, w.in_denominator, r.subject_kind, r.subject_id, r.fact_on, r.verification,
                   r.quantity, {group} AS grouped
            FROM wanted AS w JOIN evidence_row AS r ON r.measure = w.measure
            WHERE {condition} {earliest}
        ), firsts AS (
            SELECT indicator_id, in_denominator, grouped, min(fact_on) AS first_on
            FROM records GROUP BY 1, 2, 3, subject_kind, subject_id
        )
        SELECT indicator_id, in_denominator, grp, sum(subjects), sum(records), sum(confirmed), sum(quantity) FROM (
            SELECT indicator_id, in_denominator, {shown.format("first_on")} AS grp, count(*) AS subjects,
                   0 AS records, 0 AS confirmed, 0 AS quantity FROM firsts GROUP BY 1, 2, 3
            UNION ALL
            SELECT indicator_id, in_denominator, {shown.format("fact_on")}, 0, count(*),
                   count(*) FILTER (WHERE verification = 'confirmed'), sum(quantity) FROM records GROUP BY 1, 2, 3
        ) AS both_counts GROUP BY 1, 2, 3
    """  # noqa: S608 - constants of this module
    with connection.cursor() as cursor:
        arrays: list[Any] = [list(column) for column in zip(*((*key, measure) for key, measure in pairs), strict=True)]
        cursor.execute(query, [*arrays, *values])
        for indicator_id, in_denominator, grp, subjects, records, confirmed, quantity in cursor.fetchall():
            found.setdefault((indicator_id, in_denominator), {})[grp] = Count(
                int(subjects), int(records), int(confirmed), quantity
            )

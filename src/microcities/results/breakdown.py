"""Breaks a figure down by city, partner, service, sex and age band so that the parts always add up to the figure.

Each subject stands where it first counted. The grand total counts everybody; breakdowns by sex and age take only
subjects of whom both are known, and say how many are left out (rule of the European Social Fund).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from microcities.evidence.models import PartTally
from microcities.evidence.registry import REGISTRY
from microcities.programme.models import Programme
from microcities.results.counts import Scope, rows_condition
from microcities.results.models import Counting, Indicator
from microcities.results.remembering import remembered
from microcities.results.rulebook.values import UNKNOWN, Disaggregation, FullTimeYear
from microcities.rulebooks.registry import rule

BY_SUBJECT = (Counting.DISTINCT_PEOPLE, Counting.DISTINCT_ORGANISATIONS, Counting.EVENTS)


@dataclass(frozen=True)
class Cell:
    """What counts in one place of the breakdown. Sex and band are both `unknown` where either is not known."""

    city_id: int
    partner_id: int
    service: str
    sex: str
    age_band: str
    amount: Decimal

    @property
    def complete(self) -> bool:
        """True when sex and age are known."""
        return self.sex != UNKNOWN


@dataclass(frozen=True)
class Breakdown:
    """All cells of a figure; every total is their sum."""

    cells: tuple[Cell, ...]
    scheme: Disaggregation

    @property
    def total(self) -> Decimal:
        """Everybody and everything."""
        return _sum(self.cells)

    @property
    def incomplete(self) -> Decimal:
        """Those of whom sex or age is not known."""
        return _sum(cell for cell in self.cells if not cell.complete)

    def by(self, name: Callable[[Cell], Any], *, complete_only: bool = False) -> dict[Any, Decimal]:
        """Sums by whatever `name` says of a cell."""
        found: dict[Any, Decimal] = {}
        for cell in self.cells:
            if cell.complete or not complete_only:
                found[name(cell)] = found.get(name(cell), Decimal(0)) + cell.amount
        return found

    @property
    def known_sexes(self) -> list[str]:
        return [sex.code for sex in self.scheme.sexes if sex.code != UNKNOWN]

    @property
    def known_bands(self) -> list[str]:
        return [band.code for band in self.scheme.age_bands if band.code != UNKNOWN]


def _sum(cells: Iterable[Cell]) -> Decimal:
    return sum((cell.amount for cell in cells), Decimal(0))


def scheme_of(programme: Programme) -> Disaggregation:
    """Age bands and sexes: the version of the programme's first day, kept throughout for one unbroken series."""
    return rule(Disaggregation, on=programme.starts_on, territory="EU").values


def break_down(indicator: Indicator, programme: Programme, scope: Scope) -> Breakdown:
    """The cells of a counted indicator (of a share: its numerator); at most one query over the rows while they are the same.

    Where the tally of parts can answer it does: subjects of one measure as they are now.
    """
    scheme = scheme_of(programme)
    if _counts_subjects(indicator) and len(indicator.measures) == 1 and scope.is_tallied and scope.recorded_at is None:
        return _from_tally(indicator, scheme, scope)
    key = (indicator.pk, indicator.counting, tuple(indicator.measures), programme.starts_on, scope)
    return remembered("breakdown", key, lambda: _from_rows(indicator, scheme, scope))


def _counts_subjects(indicator: Indicator) -> bool:
    return indicator.counting in (*BY_SUBJECT, Counting.SHARE)


def _from_tally(indicator: Indicator, scheme: Disaggregation, scope: Scope) -> Breakdown:
    placed = PartTally.objects.places(
        indicator.measures[0], as_of=scope.as_of, funding_id=scope.funding_id, city_id=scope.city_id,
        partner_id=scope.partner_id,
    )
    source = REGISTRY.source_of(indicator.measures[0])
    service = source.name if source else ""  # one measure is offered by one service
    rows = (
        (row["at_city_id"], row["at_partner_id"], service, row["sex"], row["age"], row["count"])
        for row in placed
    )
    return Breakdown(tuple(_cells(rows, scheme, Decimal(1))), scheme)


def _from_rows(indicator: Indicator, scheme: Disaggregation, scope: Scope) -> Breakdown:
    condition, values = rows_condition(scope)
    by_subject = _counts_subjects(indicator)
    distinct = "subject_kind, subject_id" if by_subject else "source, record_id"
    amount = "sum(quantity)" if indicator.counting in (Counting.SUM, Counting.FTE) else "count(*)"
    query = f"""
        WITH picked AS (
            SELECT DISTINCT ON ({distinct}) city_id, partner_id, source, sex, age, quantity
            FROM evidence_row AS r WHERE r.measure = ANY(%s) AND {condition}
            ORDER BY {distinct}, fact_on, id
        )
        SELECT city_id, partner_id, source, sex, age, {amount} FROM picked GROUP BY 1, 2, 3, 4, 5
    """  # noqa: S608 - constants of this module
    with connection.cursor() as cursor:
        cursor.execute(query, [list(indicator.measures), *values])
        rows = cursor.fetchall()
    per = Decimal(1)
    if indicator.counting == Counting.FTE:
        per = Decimal(rule(FullTimeYear, on=scope.as_of, territory="EU").values.hours)
    return Breakdown(tuple(_cells(rows, scheme, per)), scheme)


def _cells(rows: Iterable[tuple[Any, ...]], scheme: Disaggregation, per: Decimal) -> Iterable[Cell]:
    sexes = {sex.code for sex in scheme.sexes}
    sums: dict[tuple[int, int, str, str, str], Decimal] = {}
    for city_id, partner_id, service, sex, age, amount in rows:
        band = scheme.age_band(age)
        known = sex in sexes and sex != UNKNOWN and band != UNKNOWN
        key = (city_id, partner_id, service, *((sex, band) if known else (UNKNOWN, UNKNOWN)))
        sums[key] = sums.get(key, Decimal(0)) + Decimal(amount) / per
    return [Cell(*key, amount) for key, amount in sorted(sums.items())]

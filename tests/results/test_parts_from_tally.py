"""Figures and parts read from the tally are exactly those counted from the rows."""

from dataclasses import dataclass
from datetime import date

import pytest

from microcities.results.breakdown import _from_rows, _from_tally, scheme_of
from microcities.results.counts import Counts, Grouping, Key, Scope, _read_rows, _read_tally
from microcities.results.models import Indicator
from tests.evidence.test_evidence_parts import busy_world
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
MEASURE = "summerjobs.pupils"


@dataclass(frozen=True)
class Names:
    """The scopes that are tried: everything, and one of each."""

    funding: tuple[tuple[int, ...], ...]
    cities: tuple[int, ...]
    partners: tuple[tuple[int, ...] | None, ...]

    def scopes(self) -> list[Scope]:
        return [
            Scope(day, None, city, funding, partners)
            for day in (date(2019, 6, 5), date(2019, 6, 9), date(2021, 10, 31))
            for city in self.cities for funding in self.funding for partners in self.partners
        ]


@pytest.fixture(params=range(3))
def names(world: World, request: pytest.FixtureRequest) -> Names:
    busy_world(world, request.param)
    return Names(
        ((), (world.erdf.pk,), (world.city_budget.pk,)), (0, world.ventspils.pk, world.valmiera.pk),
        (None, (world.ventspils_partner.pk,), (world.valmiera_partner.pk,)),
    )


def counted(scope: Scope, by: Grouping) -> tuple[Counts, Counts]:
    """The same by tally and by rows."""
    key: Key = (1, False)
    by_tally: Counts = {}
    by_rows: Counts = {}
    _read_tally({MEASURE: [key]}, scope, by, by_tally)
    _read_rows([(key, [MEASURE])], scope, by, by_rows)
    return by_tally, by_rows


def test_counts_are_the_same(names: Names) -> None:
    for scope in names.scopes():
        for by in ("quarter", "city", "partner"):
            by_tally, by_rows = counted(scope, by)
            assert by_tally == by_rows, (scope, by)


def test_parts_are_the_same(names: Names, world: World, indicators: dict[str, Indicator]) -> None:
    indicator, scheme = indicators["summer-jobs"], scheme_of(world.programme)
    assert indicator.measures == [MEASURE]
    for scope in names.scopes():
        assert _from_tally(indicator, scheme, scope) == _from_rows(indicator, scheme, scope), scope


@pytest.mark.parametrize(
    ("funding", "partners", "tallied"),
    [((), None, True), ((1,), (2,), True), ((1, 2), None, False), ((), (1, 2), False), ((), (), False)],
)
def test_two_of_a_kind_are_counted_from_rows(
    funding: tuple[int, ...], partners: tuple[int, ...] | None, tallied: bool
) -> None:
    assert Scope(date(2021, 10, 31), funding_ids=funding, partner_ids=partners).is_tallied is tallied

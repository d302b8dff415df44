"""What cannot be: days at the end of the calendar, shares above one, places below the first, small shares in public."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from microcities.access.answers import RefusedError
from microcities.results.actions.indicators import record_observation, revise_target
from microcities.results.computing import _quarter_end, _quarters, compute_figures
from microcities.results.models import Counting, Indicator, PublishedLine
from microcities.results.publishing import publish_figures
from tests import factories
from tests.world import World

DAY = date(2020, 2, 1)


@given(st.dates(), st.integers(0, 40))
def test_quarters_are_whole_in_every_year_of_the_calendar(first: date, more: int) -> None:
    last = min(date.max, first + timedelta(days=90 * more)) if (date.max - first).days >= 90 * more else date.max
    found = _quarters(first, last)
    assert found[0] <= first <= _quarter_end(found[0])
    assert found[-1] <= last <= _quarter_end(found[-1])
    for one, following in pairwise(found):
        assert _quarter_end(one) + timedelta(days=1) == following


@pytest.mark.django_db
@pytest.mark.usefixtures("indicators")
def test_figures_of_the_last_day_there_is(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    figures = {each.indicator.code: each for each in compute_figures(world.programme, as_of=date.max)}
    assert (figures["summer-jobs"].value, figures["summer-jobs"].trend[-1].on) == (1, date.max)


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("code", "values", "reason"),
    [
        ("fdi-place", {"value": Decimal(0)}, "whole number from 1"),
        ("fdi-place", {"value": Decimal("2.5")}, "whole number from 1"),
        ("students", {"value": None}, "missing or below zero"),
        ("international-students", {"value": Decimal("0.05")}, "numerator and its denominator"),
        ("international-students", {"numerator": Decimal(9), "denominator": Decimal(8)}, "between 0 and the denominator"),
        ("summer-jobs", {"value": Decimal(66)}, "Nobody types its total"),
    ],
)
def test_outside_figure_that_cannot_be_is_refused(
    world: World, indicators: dict[str, Indicator], code: str, values: dict[str, Decimal | None], reason: str
) -> None:
    with pytest.raises(RefusedError, match=reason):
        record_observation(
            actor=world.marta, indicator=indicators[code], on=DAY, document_title="x", url="https://example.org/", **values
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_outside_figure_of_a_day_to_come_is_refused(world: World, indicators: dict[str, Indicator]) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(RefusedError, match="has not come yet"):
        record_observation(
            actor=world.marta, indicator=indicators["fdi-place"], on=tomorrow, document_title="x",
            url="https://example.org/", value=Decimal(3),
        )


@pytest.mark.django_db
@pytest.mark.usefixtures("english")
def test_share_above_one_is_no_target(world: World, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(RefusedError, match="at most 1"):
        revise_target(
            actor=world.marta, indicator=indicators["international-students"], value=Decimal(9), due_on=DAY,
            decided_on=DAY, reason="typed as per cent", source="minutes",
        )


@pytest.mark.django_db
@pytest.mark.parametrize(("completed", "shown"), [(3, False), (8, True), (18, False)])
def test_share_of_people_is_published_only_where_no_part_of_it_is_few(
    world: World, indicators: dict[str, Indicator], completed: int, shown: bool
) -> None:
    """Completed among twenty who started: neither the three who did nor the two who did not may be told."""
    Indicator.objects.filter(pk=indicators["reskilled"].pk).update(
        counting=Counting.SHARE, denominator_measures=["reskilling.started"]
    )
    for number in range(20):
        person = factories.make_person(f"K{number}", "Koks", birth_on=date(1985, 1, 1), sex="male")
        done = {"completed_on": date(2019, 6, 1)} if number < completed else {}
        factories.take_part(world.course, person, world.erdf, **done)
    publication = publish_figures(actor=world.marta, programme=world.programme, as_of=date(2019, 12, 31))
    line = PublishedLine.objects.get(publication=publication, indicator=indicators["reskilled"], dimension="total")
    assert (line.value is not None) == shown
    assert (line.numerator, line.withheld) == ((8, "") if shown else (None, "small"))

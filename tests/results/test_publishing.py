"""Publication: small counts, deducible counts and telling differences are withheld with the reason."""

from datetime import date

import pytest

from microcities.access.answers import RefusedError
from microcities.participation.models import Participation, ParticipationFunding
from microcities.people.models import Person
from microcities.results.disclosure_gate import Earlier, decide, lines_of
from microcities.results.models import Indicator, PublishedLine, Withheld
from microcities.results.publishing import disclosure_rule, publish_figures
from tests.world import World

pytestmark = pytest.mark.usefixtures("english")
RULE = disclosure_rule(date(2020, 1, 1))
SPACE = [(city, sex, "all") for city in (1, 2) for sex in ("female", "male")]


def cells(*counts: int) -> dict[tuple[int, str, str], int]:
    return dict(zip(SPACE, counts, strict=True))


def shown(found: dict[tuple[str, str], Withheld | None]) -> set[tuple[str, str]]:
    return {key for key, reason in found.items() if reason is None}


def test_gate_publishes_what_gives_nobody_away() -> None:
    found = decide(cells(30, 40, 50, 60), SPACE, [], RULE)
    assert set(found.values()) == {None}


def test_gate_withholds_a_small_city_and_what_would_give_it_away() -> None:
    """Total and the other city together would tell the small one."""
    found = decide(cells(2, 1, 50, 60), SPACE, [], RULE)
    assert found["city", "1"] is Withheld.SMALL
    assert ("total", "") not in shown(found) or ("city", "2") not in shown(found)


def test_gate_withholds_a_total_that_grew_by_two() -> None:
    first = cells(30, 40, 50, 60)
    earlier = Earlier(first, {line.key: line.value for line in lines_of(first, SPACE)})
    found = decide(cells(31, 41, 50, 60), SPACE, [earlier], RULE)
    assert found["total", ""] is Withheld.DIFFERENCE
    assert found["city", "1"] is Withheld.DIFFERENCE
    assert found["city", "2"] is None


def test_gate_passes_growth_that_is_large_everywhere() -> None:
    first = cells(30, 40, 50, 60)
    earlier = Earlier(first, {line.key: line.value for line in lines_of(first, SPACE)})
    assert set(decide(cells(45, 55, 65, 75), SPACE, [earlier], RULE).values()) == {None}


def take_part(world: World, sexes: str) -> None:
    """One pupil for each letter: f or m, aged 15, in the summer of 2019, paid by the programme."""
    people = Person.objects.bulk_create(
        Person(given_name="P", family_name="Liepa", birth_on=date(2004, 1, 1), sex={"f": "female", "m": "male"}[sex])
        for sex in sexes
    )
    records = Participation.objects.bulk_create(
        Participation(activity=world.summer, person=person, started_on=date(2019, 6, 3)) for person in people
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=world.erdf) for record in records
    )


def lines(publication: object, code: str) -> dict[str, tuple[int | None, str]]:
    rows = PublishedLine.objects.filter(publication=publication, indicator__code=code)
    return {f"{row.dimension} {row.key}".strip(): (row.value, row.withheld) for row in rows}


@pytest.mark.django_db
def test_publication_withholds_the_second_of_two_close_totals(world: World, indicators: dict[str, Indicator]) -> None:
    take_part(world, "f" * 20 + "m" * 20)
    first = publish_figures(actor=world.marta, programme=world.programme, as_of=date(2019, 8, 31))
    found = lines(first, "summer-jobs")
    assert found["total"] == (40, "")
    assert (found["sex female"], found["sex male"]) == ((20, ""), (20, ""))
    take_part(world, "fm")
    second = publish_figures(actor=world.marta, programme=world.programme, as_of=date(2019, 12, 31))
    assert lines(second, "summer-jobs")["total"] == (None, "difference")
    take_part(world, "f" * 10 + "m" * 10)
    third = publish_figures(actor=world.marta, programme=world.programme, as_of=date(2020, 12, 31))
    assert lines(third, "summer-jobs")["total"] == (62, "")
    assert lines(third, "jobs-created")["total"] == (None, "")


@pytest.mark.django_db
def test_publication_is_the_managers_and_goes_forward_in_time(world: World, indicators: dict[str, Indicator]) -> None:
    with pytest.raises(RefusedError):
        publish_figures(actor=world.ventis, programme=world.programme, as_of=date(2020, 1, 1))
    publish_figures(actor=world.marta, programme=world.programme, as_of=date(2020, 1, 1))
    with pytest.raises(RefusedError, match="later day"):
        publish_figures(actor=world.marta, programme=world.programme, as_of=date(2019, 12, 31))

"""Where subjects stand and what each partner counts, kept by the tally, are what the rows say."""

import random
from datetime import date, timedelta

import pytest
from tests import factories
from tests.world import World

from microcities.evidence.checking import check_evidence
from microcities.evidence.models import PartTally, Tally
from microcities.participation.models import Activity, Participation
from microcities.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
END = date(2021, 10, 31)


def busy_world(world: World, seed: int) -> None:
    """Persons who take part with two partners in two cities, corrected, merged, rejected and deleted at random."""
    draw = random.Random(seed)
    activities = [
        factories.make_activity(world.programme, partner, city, code=f"busy-{number}", kind="summer_job")
        for number, (partner, city) in enumerate(
            (partner, city) for partner in (world.ventspils_partner, world.valmiera_partner)
            for city in (world.ventspils, world.valmiera)
        )
    ]
    people = [
        factories.make_person(f"P{n}", "Liepa", sex=draw.choice(["female", "male", "unknown"]),
                              birth_on=draw.choice([None, date(2003, 5, draw.randint(1, 28))]))
        for n in range(8)
    ]
    for _ in range(25):
        take_part_at_random(world, draw, activities, people)
    for _ in range(12):
        change_at_random(draw, activities, people)


def take_part_at_random(world: World, draw: random.Random, activities: list[Activity], people: list[Person]) -> None:
    sources = draw.sample([world.erdf, world.city_budget], draw.randint(0, 2))
    day = date(2019, 6, 3) + timedelta(days=draw.randint(0, 12))
    activity, person = draw.choice(activities), draw.choice(people)
    if not Participation.objects.filter(activity=activity, person=person, started_on=day).exists():
        factories.take_part(activity, person, *sources, started_on=day)


def change_at_random(draw: random.Random, activities: list[Activity], people: list[Person]) -> None:
    record = draw.choice(list(Participation.objects.order_by("pk")))
    person, other = draw.sample(people, 2)
    changes = (
        lambda: Participation.objects.filter(pk=record.pk).update(started_on=date(2019, 6, 1) - timedelta(days=record.pk % 40)),
        lambda: Participation.objects.filter(pk=record.pk).update(
            verification="rejected", verified_by_id=1, verified_at="2020-01-01T00:00Z"),
        lambda: record.delete(),
        lambda: Person.objects.filter(pk=person.pk).update(sex=draw.choice(["female", "male"])),
        lambda: Person.objects.filter(pk=person.pk).update(merged_into=other),
        lambda: Activity.objects.filter(pk=draw.choice(activities).pk).update(city=draw.choice(activities).city),
    )
    draw.choice(changes)()


@pytest.mark.parametrize("seed", range(4))
def test_parts_and_partners_follow_every_change(world: World, seed: int) -> None:
    busy_world(world, seed)
    assert check_evidence() == []


def test_a_subject_stands_at_its_first_record(world: World) -> None:
    other = factories.make_activity(world.programme, world.ventspils_partner, world.ventspils, code="other")
    Person.objects.filter(pk=world.peteris.pk).update(sex="male", birth_on=date(2003, 6, 10))
    factories.take_part(world.summer, world.peteris, world.erdf, started_on=date(2019, 6, 20))
    factories.take_part(other, world.peteris, world.city_budget, started_on=date(2019, 6, 3))

    def places(**scope: int) -> list[tuple[object, ...]]:
        found = PartTally.objects.places("summerjobs.pupils", as_of=END, **scope)
        return list(found.values_list("at_city_id", "at_partner_id", "sex", "age", "count"))

    at_first = (world.ventspils.pk, world.ventspils_partner.pk, "male", 15, 1)
    at_second = (world.valmiera.pk, world.valmiera_partner.pk, "male", 16, 1)
    assert places() == [at_first]
    assert places(funding_id=world.erdf.pk) == [at_second]
    assert places(city_id=world.valmiera.pk) == [at_second]
    assert places(partner_id=world.valmiera_partner.pk) == [at_second]
    assert places(city_id=world.ventspils.pk, partner_id=world.valmiera_partner.pk) == []


def test_check_finds_a_changed_part(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    PartTally.objects.filter(partner_id=0, city_id=0, funding_id=0).update(sex="other")
    assert [drift.measure for drift in check_evidence()] == ["summerjobs.pupils"] * 2


def test_check_finds_a_changed_count_of_a_partner(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    Tally.objects.filter(partner_id=world.valmiera_partner.pk, city_id=0, funding_id=0, subjects=1).update(subjects=2)
    assert [drift.words for drift in check_evidence()] == [
        "2019-06-03: 2 subjects kept, 1 counted; 1 records kept, 1 counted"
    ]

"""What is put back is what was built: the same rows in every table, and the rules of the database hold afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from microcities.people.models import Person
from microcities.results.models import Indicator
from microcities.trail.models import Change
from tests.remembered import remembered, rows_of_all_tables
from tests.world import World, build_world

pytestmark = pytest.mark.django_db
_seen: list[object] = []


@pytest.mark.parametrize("time", [1, 2, 3])
def test_each_test_finds_the_same_rows(world: World, time: int) -> None:
    """The first of these builds, unless a test before did; the others are given what was built."""
    _seen.append({key: sorted(rows) for key, rows in rows_of_all_tables().items()})
    assert all(each == _seen[0] for each in _seen)
    assert Person.objects.get(pk=world.peteris.pk) == world.peteris
    assert Change.objects.filter(table_name="people_person").count() == Person.objects.count()


def test_answer_is_a_copy_and_what_a_test_does_to_it_is_forgotten(world: World) -> None:
    world.peteris.given_name = "Jānis"
    world.peteris.save()
    with transaction.atomic():
        assert Person.objects.get(pk=world.peteris.pk).given_name == "Jānis"


def test_triggers_watch_again_afterwards(world: World) -> None:
    before = Change.objects.count()
    Person.objects.create(given_name="Anna", family_name="Ozola")
    assert Change.objects.count() == before + 1
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM trail_change")


def test_other_rows_in_the_tables_make_it_build_really(db: None) -> None:
    Person.objects.create(given_name="Anna", family_name="Ozola")
    world = remembered("world", build_world)
    assert Person.objects.count() == 3
    assert Indicator.objects.count() == 0
    assert world.peteris.given_name == "Pēteris"


def test_second_time_nothing_is_built(db: None) -> None:
    with transaction.atomic():
        built = remembered("one person", lambda: Person.objects.create(given_name="Anna", family_name="Ozola"))
        transaction.set_rollback(True)
    assert Person.objects.count() == 0
    again = remembered("one person", lambda: pytest.fail("built once more"))
    assert (again.pk, Person.objects.get().given_name) == (built.pk, "Anna")
    assert Change.objects.filter(table_name="people_person", row_id=str(built.pk)).count() == 1

"""Two lists with the same person, applied by two workers at the same moment, make one person."""

import threading
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection, connections

from microcities.participation.actions import work
from microcities.participation.actions.lists import request_application
from microcities.participation.models import ListImport, ListState, Participation
from microcities.people.models import Person
from tests.participation.lists import compared, csv_file
from tests.participation.test_list_import import CODE, LIGA
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
HEADER = ("Vārds", "Uzvārds", "Dzimšanas datums", "E-pasts", "Sācis")


@pytest.fixture
def two_lists(transactional_db: None) -> tuple[World, list[ListImport]]:
    """The same person in two partners' lists, both compared and ready to be applied."""
    world = build_world()
    course = ("2019-03-04" if place == 4 else cell for place, cell in enumerate(LIGA))
    brought = [
        (world.valda, compared(world.valda, world.summer, csv_file([LIGA]))),
        (world.ventis, compared(world.ventis, world.course, csv_file([tuple(course)]))),
    ]
    for account, the_list in brought:
        assert the_list.outcomes == {"new": 1}
        request_application(actor=account, the_list=the_list)
    return world, [the_list for _account, the_list in brought]


def at_once(world: World, lists: list[ListImport], monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Apply both lists in parallel, each held at the moment before it writes until the other is there or shut out."""
    barrier, errors = threading.Barrier(2, timeout=2), []
    write_plan = work.write_plan

    def held(*args: Any) -> None:
        with suppress(threading.BrokenBarrierError):  # the other one waits for our lock: that is what it is for
            barrier.wait()
        write_plan(*args)

    def run(account: Any, number: int) -> None:
        try:
            work.apply_list(actor=account, list_id=number)
        except BaseException as error:
            errors.append(error)
        finally:
            connections.close_all()

    monkeypatch.setattr(work, "write_plan", held)
    threads = [
        threading.Thread(target=run, args=(account, the_list.pk))
        for account, the_list in zip((world.valda, world.ventis), lists, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return errors


def test_race_of_two_lists_makes_one_person(
    two_lists: tuple[World, list[ListImport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, lists = two_lists
    assert at_once(world, lists, monkeypatch) == []
    assert Person.objects.filter(given_name="Līga").count() == 1
    states = sorted(ListImport.objects.values_list("state", "is_stale"))
    # The second found the person known meanwhile, so it was compared again instead of applied.
    assert states == [(ListState.APPLIED, False), (ListState.CHECKED, True)]
    assert Participation.objects.count() == 1
    second = ListImport.objects.get(is_stale=True)
    assert second.outcomes == {"known": 1}


def test_race_of_two_workers_on_one_list_applies_it_once(
    two_lists: tuple[World, list[ListImport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, (the_list, _other) = two_lists
    assert at_once(world, [the_list, the_list], monkeypatch) == []
    the_list.refresh_from_db()
    assert (the_list.state, the_list.is_stale) == (ListState.APPLIED, False)
    assert (Person.objects.filter(given_name="Līga").count(), Participation.objects.count()) == (1, 1)


def test_race_of_the_same_list_brought_twice_makes_each_record_once(
    two_lists: tuple[World, list[ListImport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, (first, _other) = two_lists
    again = compared(world.valda, world.summer, csv_file([LIGA]))
    request_application(actor=world.valda, the_list=again)
    assert at_once(world, [first, again], monkeypatch) == []
    found = ListImport.objects.filter(pk__in=[first.pk, again.pk])
    assert sorted(found.values_list("state", flat=True)) == [ListState.APPLIED, ListState.CHECKED]
    assert found.get(state=ListState.CHECKED).outcomes == {"unchanged": 1}
    assert (Person.objects.filter(given_name="Līga").count(), Participation.objects.count()) == (1, 1)


def test_race_without_the_lock_makes_two_persons(
    two_lists: tuple[World, list[ListImport]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The test above would notice: without the lock both lists make the person."""
    world, lists = two_lists
    monkeypatch.setattr(work, "lock_matching", lambda: None)
    assert at_once(world, lists, monkeypatch) == []
    assert Person.objects.filter(given_name="Līga").count() == 2


def test_race_without_the_lock_is_stopped_by_the_unique_code(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a personal code is known, the database itself keeps the person single; the loser is compared again."""
    world = build_world()
    header = ("Personas kods", *HEADER)
    other = (CODE, *LIGA[:4], "2019-03-04")
    lists = [
        compared(world.valda, world.summer, csv_file([(CODE, *LIGA)], header)),
        compared(world.ventis, world.course, csv_file([other], header)),
    ]
    for account, the_list in zip((world.valda, world.ventis), lists, strict=True):
        request_application(actor=account, the_list=the_list)
    monkeypatch.setattr(work, "lock_matching", lambda: None)
    assert at_once(world, lists, monkeypatch) == []
    assert Person.objects.filter(given_name="Līga").count() == 1
    assert sorted(ListImport.objects.values_list("state", flat=True)) == ["applied", "checked"]
    assert connection.in_atomic_block is False

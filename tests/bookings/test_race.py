"""Rushes on one slot over real connections, and the same rush with the guard taken away, which has to be noticed."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from microcities.bookings.actions import BusyError, book, exchange_bookings, move_booking
from microcities.bookings.models import Allocation, Booking, Resource
from tests.bookings.conftest import DESK, hour, make_resource
from tests.rushing import CLIENTS, overlapping_pairs, rush

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
@pytest.fixture
def no_constraint() -> Iterator[None]:
    """The table without its exclusion constraint, put back afterwards."""
    constraint = next(each for each in Allocation._meta.constraints if each.name == "allocation_once")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Allocation, constraint)
    yield
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE bookings_allocation")
    with connection.schema_editor() as editor:
        editor.add_constraint(Allocation, constraint)


def grab(resource: Resource) -> Callable[[int, int], object]:
    """Everybody wants an hour that begins 0, 15 or 30 minutes into the round's slot; all three meet one another."""
    return lambda client, each: book(
        actor=DESK, kind="event", wanted=[hour(resource, 2 * each + client % 3 * 0.25)]
    )


def test_rush_on_one_slot_gives_it_to_one_and_a_plain_refusal_to_the_others() -> None:
    room = make_resource("Zāle")
    assert rush(grab(room), 15) == {"done": 15, "BusyError": 15 * (CLIENTS - 1)}
    assert (Allocation.objects.live().count(), overlapping_pairs(), Booking.objects.count()) == (15, 0, 15)


def test_rush_without_the_constraint_is_noticed(no_constraint: None) -> None:
    room = make_resource("Zāle")
    assert rush(grab(room), 3)["done"] > 3
    assert overlapping_pairs() > 0


def test_rush_of_compound_bookings_gives_whole_ones_only() -> None:
    rooms = [make_resource(f"Telpa {number}") for number in range(4)]

    def three_of_four(client: int, each: int) -> object:
        wanted = [hour(room, 2 * each) for room in random.sample(rooms, 3)]
        return book(actor=DESK, kind="event", wanted=wanted)

    assert rush(three_of_four, 15) == {"done": 15, "BusyError": 15 * (CLIENTS - 1)}
    assert (Allocation.objects.live().count(), overlapping_pairs()) == (45, 0)


def test_movers_exchangers_and_bookers_at_once_neither_wait_in_a_circle_nor_overlap() -> None:
    rooms = [make_resource(f"Telpa {number}") for number in range(2)]
    held = [
        book(actor=DESK, kind="event", wanted=[hour(rooms[number % 2], 2 * (number // 2))]) for number in range(CLIENTS)
    ]

    def shuffle(client: int, each: int) -> object:
        choice = random.random()
        spot = hour(random.choice(rooms), 2 * random.randrange(6))
        if choice < 0.3:
            return book(actor=DESK, kind="event", wanted=[spot, hour(rooms[0], 2 * random.randrange(6) + 1)])
        if choice < 0.7:
            return move_booking(actor=DESK, booking=held[client], wanted=[spot])
        return exchange_bookings(actor=DESK, first=held[client], second=held[(client + 1) % CLIENTS])

    outcomes = rush(shuffle, 12)
    assert set(outcomes) <= {"done", "BusyError"}
    assert overlapping_pairs() == 0
    for booking in Booking.objects.prefetch_related("allocations"):
        times = [row for row in booking.allocations.all() if row.released_at is None]
        assert min(row.starts_at for row in times) == booking.starts_at
        assert max(row.ends_at for row in times) == booking.ends_at
        assert booking.ends_at - booking.starts_at >= timedelta(hours=1)


def test_busy_error_names_no_person() -> None:
    room = make_resource("Zāle")
    book(actor=DESK, kind="event", wanted=[hour(room)])
    with pytest.raises(BusyError) as refused:
        book(actor=DESK, kind="event", wanted=[hour(room)])
    assert set(vars(refused.value.conflicts[0])) == {"resource", "starts_at", "ends_at"}

"""A rush on a counsellor's hour over real connections: one talk, plain refusals, and never two for one pupil."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, connections

from microcities.access.answers import RefusedError
from microcities.bookings.models import Booking
from microcities.careers.actions.guidance import book_guidance, move_guidance
from microcities.careers.models import GuidanceTalk
from microcities.people.models import Account
from tests.careers.conftest import build_schools, make_bookable, make_pupil, tomorrow_at
from tests.world import build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
CLIENTS = 8


def rush(work: Callable[[int, int], object], rounds: int) -> Counter[str]:
    """Run `work(client, round)` on eight connections, all starting each round together; outcomes by name."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(CLIENTS)

    def client(number: int) -> None:
        try:
            for each in range(rounds):
                gate.wait(60)
                try:
                    work(number, each)
                    outcomes["done"] += 1
                except RefusedError:
                    outcomes["refused"] += 1
                except Exception as error:
                    outcomes[type(error).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client, args=(number,)) for number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def overlapping() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM bookings_allocation a JOIN bookings_allocation b ON a.resource_id = b.resource_id "
            "AND a.id < b.id AND a.blocked && b.blocked WHERE a.released_at IS NULL AND b.released_at IS NULL"
        )
        return int(cursor.fetchone()[0])


def test_one_hour_asked_for_by_eight_pupils_at_once_is_one_talk() -> None:
    schools = build_schools(build_world())
    rounds = 6
    pupils = [[make_pupil(schools.ventspils, f"Skolēns {each}") for each in range(rounds)] for _client in range(CLIENTS)]

    def ask(client: int, each: int) -> object:
        return book_guidance(
            actor=Account.objects.get(pk=schools.anna.pk), person=pupils[client][each], counsellor=schools.counsellor,
            starts_at=tomorrow_at(10, days=each + 1) + timedelta(minutes=15 * (client % 3)),
        )

    assert rush(ask, rounds) == {"done": rounds, "refused": rounds * (CLIENTS - 1)}
    assert (GuidanceTalk.objects.booked().count(), Booking.objects.count(), overlapping()) == (rounds, rounds, 0)


def test_one_pupil_who_asks_eight_counsellors_at_once_gets_one_talk() -> None:
    schools = build_schools(build_world())
    counsellors = [make_bookable(schools.ventspils, f"Konsultante {number}") for number in range(CLIENTS)]
    pupils = [make_pupil(schools.ventspils, f"Skolēns {number}") for number in range(4)]

    def ask(client: int, each: int) -> object:
        return book_guidance(
            actor=Account.objects.get(pk=schools.anna.pk), person=pupils[each], counsellor=counsellors[client],
            starts_at=tomorrow_at(10, days=each + 1),
        )

    assert rush(ask, 4) == {"done": 4, "refused": 4 * (CLIENTS - 1)}
    assert (GuidanceTalk.objects.booked().count(), Booking.objects.count(), overlapping()) == (4, 4, 0)


def test_moving_and_booking_at_once_neither_overlap_nor_wait_in_a_circle() -> None:
    schools = build_schools(build_world())
    pupils = [make_pupil(schools.ventspils, f"Skolēns {number}") for number in range(CLIENTS)]
    talks = [
        book_guidance(
            actor=schools.anna, person=pupil, counsellor=schools.counsellor, starts_at=tomorrow_at(9, days=number + 1)
        )
        for number, pupil in enumerate(pupils)
    ]

    def shuffle(client: int, each: int) -> object:
        return move_guidance(
            actor=Account.objects.get(pk=schools.anna.pk), talk=talks[client], counsellor=schools.counsellor,
            starts_at=tomorrow_at(9 + each % 6, days=1 + (client + each) % 3),
        )

    assert set(rush(shuffle, 8)) <= {"done", "refused"}
    assert (GuidanceTalk.objects.booked().count(), overlapping()) == (CLIENTS, 0)

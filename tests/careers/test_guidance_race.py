"""A rush on a counsellor's hour over real connections: one talk, plain refusals, and never two for one pupil."""

from datetime import timedelta

import pytest

from microcities.bookings.models import Booking
from microcities.careers.actions.guidance import book_guidance, move_guidance
from microcities.careers.models import GuidanceTalk
from microcities.people.models import Account
from tests.careers.conftest import build_schools, make_bookable, make_pupil, tomorrow_at
from tests.rushing import CLIENTS, overlapping_pairs, rush
from tests.world import build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
PLAIN = {"done", "RefusedError", "BusyError"}  # what a rush may end in; a deadlock has another name
def test_one_hour_asked_for_by_eight_pupils_at_once_is_one_talk() -> None:
    schools = build_schools(build_world())
    rounds = 6
    pupils = [[make_pupil(schools.ventspils, f"Skolēns {each}") for each in range(rounds)] for _client in range(CLIENTS)]

    def ask(client: int, each: int) -> object:
        return book_guidance(
            actor=Account.objects.get(pk=schools.anna.pk), person=pupils[client][each], counsellor=schools.counsellor,
            starts_at=tomorrow_at(10, days=each + 1) + timedelta(minutes=15 * (client % 3)),
        )

    outcomes = rush(ask, rounds)
    assert (outcomes["done"], set(outcomes) - PLAIN) == (rounds, set())
    assert (GuidanceTalk.objects.booked().count(), Booking.objects.count(), overlapping_pairs()) == (rounds, rounds, 0)


def test_one_pupil_who_asks_eight_counsellors_at_once_gets_one_talk() -> None:
    schools = build_schools(build_world())
    counsellors = [make_bookable(schools.ventspils, f"Konsultante {number}") for number in range(CLIENTS)]
    pupils = [make_pupil(schools.ventspils, f"Skolēns {number}") for number in range(4)]

    def ask(client: int, each: int) -> object:
        return book_guidance(
            actor=Account.objects.get(pk=schools.anna.pk), person=pupils[each], counsellor=counsellors[client],
            starts_at=tomorrow_at(10, days=each + 1),
        )

    outcomes = rush(ask, 4)
    assert (outcomes["done"], set(outcomes) - PLAIN) == (4, set())
    assert (GuidanceTalk.objects.booked().count(), Booking.objects.count(), overlapping_pairs()) == (4, 4, 0)


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

    assert set(rush(shuffle, 8)) - PLAIN == set()
    assert (GuidanceTalk.objects.booked().count(), overlapping_pairs()) == (CLIENTS, 0)

"""Attendance by list, by code and from a phone that was offline."""

from datetime import timedelta

import pytest
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.events.actions.attendance import Scan, check_in, sync_scans, take_attendance
from microcities.events.actions.registrations import register, remove_attendee
from microcities.events.models import Attendance, Attendee, Event
from microcities.people.models import Account
from tests.events.conftest import begin, make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(world: World) -> Event:
    """An event that began half an hour ago, with three people on two places."""
    return begin(make_event(world, capacity=2), people=3, ago=timedelta(minutes=30), hours=1)


def people(event: Event) -> list[Attendee]:
    return list(event.attendees.order_by("pk"))


def test_list_says_who_came_and_who_did_not(begun: Event, organiser: Account) -> None:
    first, second, third = people(begun)
    assert take_attendance(actor=organiser, event=begun, came=[first.pk], stayed_away=[second.pk]) == 2
    assert take_attendance(actor=organiser, event=begun, came=[first.pk], stayed_away=[second.pk]) == 0
    states = [each.attendance for each in people(begun)]
    assert states == [Attendance.ATTENDED, Attendance.NO_SHOW, Attendance.UNKNOWN]
    assert take_attendance(actor=organiser, event=begun, came=[second.pk, third.pk], stayed_away=[first.pk]) == 3
    assert [each.checked_in_at is None for each in people(begun)] == [True, False, False]


def test_list_of_another_partner_is_refused(begun: Event, world: World) -> None:
    with pytest.raises(RefusedError):
        take_attendance(actor=world.ventis, event=begun, came=[people(begun)[0].pk], stayed_away=[])


def test_person_of_another_event_is_refused(begun: Event, organiser: Account, world: World) -> None:
    other = make_event(world)
    account, person = visitor(9)
    stranger = register(actor=account, event=other, people=[person]).attendees.get()
    with pytest.raises(RefusedError):
        take_attendance(actor=organiser, event=begun, came=[stranger.pk], stayed_away=[])


def test_event_that_is_far_away_takes_no_attendance(organiser: Account, event: Event) -> None:
    with pytest.raises(RefusedError):
        take_attendance(actor=organiser, event=event, came=[], stayed_away=[])


def test_code_is_read_aloud_in_any_letters(begun: Event, organiser: Account) -> None:
    code = people(begun)[0].code
    spoken = f" {code[:4].lower()}-{code[4:]} "
    assert check_in(actor=organiser, event=begun, code=spoken).attendance == Attendance.ATTENDED
    assert check_in(actor=organiser, event=begun, code=code).attendance == Attendance.ATTENDED


def test_whoever_waits_is_not_let_in_by_a_code(begun: Event, organiser: Account) -> None:
    with pytest.raises(RefusedError):
        check_in(actor=organiser, event=begun, code=people(begun)[2].code)
    with pytest.raises(RefusedError):
        check_in(actor=organiser, event=begun, code="ZZZZZZZZ")


def test_scans_of_an_offline_phone_keep_their_own_time_and_may_be_sent_twice(begun: Event, organiser: Account) -> None:
    first, second, third = people(begun)
    scanned = timezone.now() - timedelta(minutes=20)
    scans = [
        Scan(first.code, scanned), Scan(first.code, scanned + timedelta(minutes=5)), Scan("ABCDEFGH", scanned),
        Scan(third.code, scanned), Scan(second.code, scanned - timedelta(days=3)),
    ]
    outcomes = ["checked_in", "known", "unknown", "not_confirmed", "wrong_time"]
    assert [each.outcome for each in sync_scans(actor=organiser, event=begun, scans=scans)] == outcomes
    outcomes[0] = "known"
    assert [each.outcome for each in sync_scans(actor=organiser, event=begun, scans=scans)] == outcomes
    first.refresh_from_db()
    assert (first.checked_in_at, first.check_in_way) == (scanned, "qr")


def test_earlier_scan_of_a_second_phone_stands(begun: Event, organiser: Account) -> None:
    first = people(begun)[0]
    late, early = timezone.now() - timedelta(minutes=5), timezone.now() - timedelta(minutes=25)
    for moment in (late, early):
        sync_scans(actor=organiser, event=begun, scans=[Scan(first.code, moment)])
    first.refresh_from_db()
    assert first.checked_in_at == early


def test_phone_whose_clock_runs_ahead_brings_nobody_from_the_future(begun: Event, organiser: Account) -> None:
    first = people(begun)[0]
    sync_scans(actor=organiser, event=begun, scans=[Scan(first.code, timezone.now() + timedelta(hours=2))])
    first.refresh_from_db()
    assert first.checked_in_at is not None
    assert first.checked_in_at <= timezone.now()


def test_removed_person_is_not_let_in(begun: Event, organiser: Account) -> None:
    first = people(begun)[0]
    remove_attendee(actor=organiser, attendee=first)
    (outcome,) = sync_scans(actor=organiser, event=begun, scans=[Scan(first.code, timezone.now())])
    assert outcome.outcome == "not_confirmed"

"""All or nothing, and never two at once: by the actions, and by the database when the actions are passed by."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.bookings.actions import (
    BusyError,
    approve_booking,
    book,
    cancel_booking,
    exchange_bookings,
    expire_holds,
    mark_no_show,
    move_booking,
)
from microcities.bookings.models import Allocation, Booking, BookingState, OpeningHours, Resource
from microcities.people.models import Account
from tests.bookings.conftest import DESK, START, hour, make_resource

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def live(resource: Resource) -> list[tuple[int, float]]:
    """(booking, hours after the common start) of what holds the resource."""
    rows = Allocation.objects.live().of([resource]).order_by("during")
    return [(row.booking_id, (row.starts_at - START) / timedelta(hours=1)) for row in rows]


def test_second_booking_of_a_taken_time_is_refused_and_told_when(room: Resource) -> None:
    first = book(actor=DESK, kind="event", wanted=[hour(room)])
    with pytest.raises(BusyError) as refused:
        book(actor=DESK, kind="event", wanted=[hour(room, 0.5)])
    (conflict,) = refused.value.conflicts
    assert (conflict.resource, conflict.starts_at, conflict.ends_at) == (room, START, START + timedelta(hours=1))
    assert live(room) == [(first.pk, 0)]
    assert Booking.objects.count() == 1


def test_bookings_that_touch_both_hold(room: Resource) -> None:
    for shift in (0, 1, -1):
        book(actor=DESK, kind="event", wanted=[hour(room, shift)])
    assert [shift for _, shift in live(room)] == [-1, 0, 1]


def test_compound_booking_is_whole_or_nothing(room: Resource, counsellor: Resource) -> None:
    taken = book(actor=DESK, kind="guidance", wanted=[hour(counsellor)])
    with pytest.raises(BusyError):
        book(actor=DESK, kind="event", wanted=[hour(room), hour(counsellor)])
    assert (live(room), live(counsellor)) == ([], [(taken.pk, 0)])


def test_booking_that_wants_one_resource_twice_at_once_is_refused(room: Resource) -> None:
    with pytest.raises(BusyError):
        book(actor=DESK, kind="event", wanted=[hour(room), hour(room, 0.5)])


def test_buffer_keeps_the_next_away(counsellor: Resource) -> None:
    book(actor=DESK, kind="guidance", wanted=[hour(counsellor)])
    with pytest.raises(BusyError):
        book(actor=DESK, kind="guidance", wanted=[hour(counsellor, 1)])
    book(actor=DESK, kind="guidance", wanted=[hour(counsellor, 1.25)])
    with pytest.raises(BusyError):  # its own buffer would reach into the first
        book(actor=DESK, kind="guidance", wanted=[hour(counsellor, -1)])


def test_same_form_sent_twice_books_once(room: Resource, booker: Account) -> None:
    key = uuid.uuid4()
    first = book(actor=booker, kind="event", wanted=[hour(room)], key=key)
    assert book(actor=booker, kind="event", wanted=[hour(room)], key=key) == first
    with pytest.raises(RefusedError):
        book(actor=DESK, kind="event", wanted=[hour(room)], key=key)


def test_cancelled_booking_gives_its_time_back(room: Resource) -> None:
    first = book(actor=DESK, kind="event", wanted=[hour(room)])
    ended = cancel_booking(actor=DESK, booking=first, reason="slimība")
    assert (ended.state, ended.sequence, ended.cancel_reason) == (BookingState.CANCELLED, 1, "slimība")
    second = book(actor=DESK, kind="event", wanted=[hour(room)])
    assert live(room) == [(second.pk, 0)]
    with pytest.raises(RefusedError):
        cancel_booking(actor=DESK, booking=first)


def test_move_to_a_time_that_meets_the_old_one(room: Resource) -> None:
    booking = book(actor=DESK, kind="event", wanted=[hour(room)])
    moved = move_booking(actor=DESK, booking=booking, wanted=[hour(room, 0.5)])
    assert live(room) == [(booking.pk, 0.5)]
    assert (moved.starts_at, moved.sequence) == (START + timedelta(minutes=30), 1)


def test_move_to_a_taken_time_leaves_the_old_one_standing(room: Resource, counsellor: Resource) -> None:
    booking = book(actor=DESK, kind="event", wanted=[hour(room)])
    other = book(actor=DESK, kind="guidance", wanted=[hour(counsellor)])
    with pytest.raises(BusyError):
        move_booking(actor=DESK, booking=booking, wanted=[hour(room, 3), hour(counsellor)])
    booking.refresh_from_db()
    assert (live(room), live(counsellor), booking.sequence) == ([(booking.pk, 0)], [(other.pk, 0)], 0)


def test_exchange_of_two_neighbours(room: Resource) -> None:
    first = book(actor=DESK, kind="event", wanted=[hour(room)])
    second = book(actor=DESK, kind="event", wanted=[hour(room, 1, 2)])
    exchange_bookings(actor=DESK, first=first, second=second)
    assert live(room) == [(second.pk, 0), (first.pk, 1)]
    first.refresh_from_db()
    assert (first.starts_at, first.ends_at) == (START + timedelta(hours=1), START + timedelta(hours=3))


def test_pending_booking_holds_until_its_time_runs_out(room: Resource) -> None:
    until = timezone.now() + timedelta(minutes=10)
    held = book(actor=DESK, kind="event", wanted=[hour(room)], held_until=until)
    assert held.state == BookingState.PENDING
    with pytest.raises(BusyError):
        book(actor=DESK, kind="event", wanted=[hour(room)])
    assert (expire_holds(), expire_holds(now=until)) == (0, 1)
    assert live(room) == []
    with pytest.raises(RefusedError):
        approve_booking(actor=DESK, booking=held)


def test_approved_booking_no_longer_runs_out(room: Resource) -> None:
    until = timezone.now() + timedelta(minutes=10)
    held = book(actor=DESK, kind="event", wanted=[hour(room)], held_until=until)
    assert approve_booking(actor=DESK, booking=held).state == BookingState.CONFIRMED
    assert expire_holds(now=until) == 0


def test_no_show_only_after_the_start(room: Resource) -> None:
    with pytest.raises(RefusedError):
        mark_no_show(actor=DESK, booking=book(actor=DESK, kind="event", wanted=[hour(room)]))


def test_retired_resource_takes_no_booking(room: Resource) -> None:
    room.retired_on = START.date()
    with pytest.raises(RefusedError, match="Zāle"):
        book(actor=DESK, kind="event", wanted=[hour(room)])
    with pytest.raises(RefusedError):
        book(actor=DESK, kind="event", wanted=[hour(room, -24, -1)])


def refused_by_the_database(name: str, statement: str, values: list[object]) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
    assert name in str(refused.value) or name == refused.value.__cause__.diag.constraint_name  # type: ignore[union-attr]


def test_database_refuses_what_the_actions_never_do(room: Resource) -> None:
    booking = book(actor=DESK, kind="event", wanted=[hour(room)])
    hold = (
        "INSERT INTO bookings_allocation (booking_id, resource_id, during, blocked) "
        "VALUES (%s, %s, %s::tstzrange, %s::tstzrange)"
    )
    day = "[2027-03-05, 2027-03-06)"
    for name, during, blocked in (
        ("allocation_during_bounded", "empty", day),
        ("allocation_blocked_bounded", "[2027-03-05, 2027-03-06)", "[2027-03-05,)"),
        ("allocation_during_bounded", "(2027-03-05, 2027-03-06)", day),
        ("allocation_blocked_holds_during", day, "[2027-03-05, 2027-03-05 12:00)"),
        ("allocation_once", "[2027-03-01 10:00+02, 2027-03-01 10:30+02)", "[2027-03-01 10:00+02, 2027-03-01 10:30+02)"),
    ):
        refused_by_the_database(name, hold, [booking.pk, room.pk, during, blocked])
    cancel_booking(actor=DESK, booking=booking)
    refused_by_the_database("allocation_of_live_booking", hold, [booking.pk, room.pk, day, day])
    refused_by_the_database(
        "booking_ended_stays_ended", "UPDATE bookings_booking SET state = 'confirmed' WHERE id = %s", [booking.pk]
    )
    refused_by_the_database(
        "allocation_is_not_changed", "UPDATE bookings_allocation SET released_at = NULL WHERE booking_id = %s", [booking.pk]
    )


def test_opening_hours_of_one_day_do_not_overlap() -> None:
    resource = make_resource("Darbnīca")
    always = DateRange(None, None)
    OpeningHours.objects.create(resource=resource, weekday=1, opens=540, closes=720, valid=always)
    OpeningHours.objects.create(resource=resource, weekday=1, opens=720, closes=780, valid=always)
    with pytest.raises(IntegrityError, match="hours_once"):
        OpeningHours.objects.create(resource=resource, weekday=1, opens=700, closes=800, valid=always)

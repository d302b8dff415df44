"""Booking, moving, exchanging, cancelling: all of what is asked for or nothing, whatever happens at the same time.

What makes it hold is the exclusion constraint on allocations. Rows are written in one statement, in the order of their
resources, with ON CONFLICT DO NOTHING, so that a rush on one slot ends in plain refusals and never in a deadlock. Whoever only
books takes a shared lock on each resource; whoever moves takes the exclusive one, because giving back and taking in one
transaction could otherwise wait in a circle. Locks come in one order: rows of bookings by key, then resources by key.
"""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.bookings.models import LIVE, Allocation, Booking, BookingState, Resource
from microcities.people.models import Person
from microcities.trail.context import Actor, System, change

RETRIED = 3
SERIALIZATION_FAILURE, DEADLOCK_DETECTED = "40001", "40P01"
LOCK_SPACE = 7_041  # first key of our advisory locks; the second is the resource
Returned = TypeVar("Returned")

INSERT = """
    INSERT INTO bookings_allocation (booking_id, resource_id, during, blocked)
    SELECT %s, w.resource, tstzrange(w.starts, w.ends, '[)'),
           tstzrange(w.starts - make_interval(mins => r.buffer_before), w.ends + make_interval(mins => r.buffer_after), '[)')
    FROM unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) AS w (resource, starts, ends)
         JOIN bookings_resource AS r ON r.id = w.resource
    ORDER BY w.resource, w.starts
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True)
class Wanted:
    """A resource from an instant up to, and without, another."""

    resource: Resource
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Conflict:
    """What stands in the way: a resource and the time for which it is taken."""

    resource: Resource
    starts_at: datetime
    ends_at: datetime


class BusyError(RefusedError):
    """Somebody else has it; `conflicts` says what and when, without saying who."""

    def __init__(self, conflicts: Sequence[Conflict]) -> None:
        self.conflicts = tuple(conflicts)
        super().__init__(_("This time has been taken. Choose another one."))


def book(
    *,
    actor: Actor,
    kind: str,
    wanted: Sequence[Wanted],
    person: Person | None = None,
    key: uuid.UUID | None = None,
    held_until: datetime | None = None,
) -> Booking:
    """Take all of `wanted`, or raise BusyError and take nothing. Sent again with the same `key`, answers the same booking.

    `held_until` makes a pending booking, which holds its resources until that instant and needs approval.
    """
    _check(wanted)
    key = key or uuid.uuid4()
    made_by = actor.pk

    def attempt() -> Booking:
        with change("bookings.book", actor=actor):
            booking, is_new = Booking.objects.get_or_create(
                key=key,
                defaults={
                    "kind": kind, "person": person, "made_by_id": made_by, "held_until": held_until,
                    "state": BookingState.PENDING if held_until else BookingState.CONFIRMED,
                    "starts_at": min(each.starts_at for each in wanted), "ends_at": max(each.ends_at for each in wanted),
                },
            )
            if is_new:
                lock_resources((each.resource for each in wanted), shared=True)
                _allocate(booking, wanted)
            elif booking.made_by_id != made_by:
                raise RefusedError(_("This form was sent by somebody else already. Open the page anew."))
            return booking

    return _retried(attempt)


def move_booking(*, actor: Actor, booking: Booking, wanted: Sequence[Wanted], reason: str = "") -> Booking:
    """Give back what a live booking holds and take `wanted` instead; all or nothing, and the old stands when it fails."""
    _check(wanted)

    def attempt() -> Booking:
        with change("bookings.move_booking", actor=actor, reason=reason):
            fresh = _locked(booking.pk)
            held = [allocation.resource for allocation in fresh.allocations.live().select_related("resource")]
            lock_resources([*held, *(each.resource for each in wanted)])
            fresh.allocations.live().update(released_at=timezone.now())
            _allocate(fresh, wanted)
            _touch(
                fresh, starts_at=min(each.starts_at for each in wanted), ends_at=max(each.ends_at for each in wanted)
            )
            return fresh

    return _retried(attempt)


def exchange_bookings(*, actor: Actor, first: Booking, second: Booking, reason: str = "") -> None:
    """Two live bookings take each other's resources and times, in one step that nobody can come between."""

    def attempt() -> None:
        with change("bookings.exchange_bookings", actor=actor, reason=reason):
            fresh = {pk: _locked(pk) for pk in sorted({first.pk, second.pk})}
            held = {pk: list(each.allocations.live().select_related("resource")) for pk, each in fresh.items()}
            lock_resources(allocation.resource for rows in held.values() for allocation in rows)
            times = {pk: (booking.starts_at, booking.ends_at) for pk, booking in fresh.items()}
            Allocation.objects.live().filter(booking__in=held).update(released_at=timezone.now())
            for mine, other in ((first.pk, second.pk), (second.pk, first.pk)):
                _allocate(fresh[mine], [Wanted(row.resource, row.starts_at, row.ends_at) for row in held[other]])
                _touch(fresh[mine], starts_at=times[other][0], ends_at=times[other][1])

    _retried(attempt)


def approve_booking(*, actor: Actor, booking: Booking) -> Booking:
    """Confirm a pending booking whose hold has not run out."""
    with change("bookings.approve_booking", actor=actor):
        fresh = _locked(booking.pk)
        if fresh.state != BookingState.PENDING or (fresh.held_until and fresh.held_until <= timezone.now()):
            raise RefusedError(_("This booking no longer waits for approval."))
        _touch(fresh, state=BookingState.CONFIRMED, held_until=None)
        return fresh


def cancel_booking(*, actor: Actor, booking: Booking, reason: str = "") -> Booking:
    """Give everything back; what others wait for is free from this moment."""
    with change("bookings.cancel_booking", actor=actor, reason=reason):
        fresh = _locked(booking.pk)
        _touch(fresh, state=BookingState.CANCELLED, cancel_reason=reason)
        return fresh


def mark_no_show(*, actor: Actor, booking: Booking) -> Booking:
    """Nobody came: the rest of the time is free for others."""
    with change("bookings.mark_no_show", actor=actor):
        fresh = _locked(booking.pk)
        if fresh.starts_at > timezone.now():
            raise RefusedError(_("It has not begun yet."))
        _touch(fresh, state=BookingState.NO_SHOW)
        return fresh


def expire_holds(*, now: datetime | None = None) -> int:
    """Give back what pending bookings hold past their time; returns how many. Run by the worker every minute."""
    if not Booking.objects.overdue_holds(now or timezone.now()).exists():
        return 0  # without a line in the trail for every minute of the year
    with change("bookings.expire_holds", actor=System("bookings")):
        overdue = Booking.objects.overdue_holds(now or timezone.now()).select_for_update(skip_locked=True).order_by("pk")
        found = list(overdue)
        for booking in found:
            _touch(booking, state=BookingState.EXPIRED)
        return len(found)


def lock_resources(resources: Iterable[Resource], *, shared: bool = False) -> None:
    """Until the end of the transaction: what is read about these resources stays so (exclusive), or nobody moves them (shared).

    Taken in one order by everybody. Rules that count (a quota, seats at the peak) take the exclusive lock before they read.
    """
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        for pk in sorted({resource.pk for resource in resources}):
            cursor.execute(f"SELECT {function}(%s, %s)", [LOCK_SPACE, pk])


def _check(wanted: Sequence[Wanted]) -> None:
    if not wanted:
        raise ValueError("a booking wants at least one resource")
    for each in wanted:
        if each.ends_at - each.starts_at <= timedelta(0):
            raise RefusedError(_("The end has to be after the start."))
        if each.resource.retired_on and each.resource.retired_on <= timezone.localdate(each.starts_at):
            raise RefusedError(_("%(resource)s is out of use then.") % {"resource": each.resource})


def _allocate(booking: Booking, wanted: Sequence[Wanted]) -> None:
    """Write all rows in one statement; BusyError, and with it the end of the transaction, when one is refused."""
    values: list[list[Any]] = [
        [each.resource.pk for each in wanted], [each.starts_at for each in wanted], [each.ends_at for each in wanted]
    ]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [booking.pk, *values])
        if cursor.rowcount != len(wanted):
            raise BusyError(conflicts_with(wanted, apart_from=booking))


def conflicts_with(wanted: Sequence[Wanted], *, apart_from: Booking | None = None) -> list[Conflict]:
    """What of `wanted` is taken, by resource and time."""
    found = []
    for each in wanted:
        before, after = timedelta(minutes=each.resource.buffer_before), timedelta(minutes=each.resource.buffer_after)
        taken = Allocation.objects.of([each.resource]).blocking(each.starts_at - before, each.ends_at + after)
        if apart_from is not None:
            taken = taken.exclude(booking=apart_from)
        found += [Conflict(each.resource, row.starts_at, row.ends_at) for row in taken.order_by("during")]
    return found


def _locked(pk: int) -> Booking:
    """The booking's row, locked, while it is live; RefusedError otherwise."""
    fresh = Booking.objects.select_for_update().get(pk=pk)
    if fresh.state not in LIVE:
        raise RefusedError(
            _("This booking is “%(state)s”. It cannot be changed any more.") % {"state": fresh.get_state_display()}
        )
    return fresh


def _touch(booking: Booking, **values: Any) -> None:
    """Change fields, and the sequence and time that calendars watch."""
    values |= {"sequence": booking.sequence + 1, "changed_at": timezone.now()}
    for name, value in values.items():
        setattr(booking, name, value)
    booking.save(update_fields=list(values))


def _retried(attempt: Callable[[], Returned]) -> Returned:
    """Run a whole transaction again when the database gave it up for another; inside an outer one there is no again."""
    for left in reversed(range(RETRIED)):
        try:
            with transaction.atomic():
                return attempt()
        except OperationalError as error:
            state = getattr(error.__cause__, "sqlstate", None)
            if not left or connection.in_atomic_block or state not in (SERIALIZATION_FAILURE, DEADLOCK_DETECTED):
                raise
    raise AssertionError("the loop returns or raises")


"""Planning events: drafts, announcing, changing, moving and cancelling. A room is booked with the event or the event is not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from microcities.access.answers import RefusedError, require
from microcities.bookings.actions import Wanted, book, cancel_booking, move_booking
from microcities.bookings.models import BookingKind
from microcities.events.actions.registrations import lock_event, offer_freed_places, seat_anew
from microcities.events.letters import tell_cancelled, tell_changed
from microcities.events.models import Attendee, Event, EventHost, EventState, Question
from microcities.events.rules import may_change_event, may_manage
from microcities.people.models import Account, Organisation
from microcities.trail.context import Actor, change

# What people who wrote the event down have to learn; other changes leave their calendars alone.
TOLD = ("starts_at", "ends_at", "place", "room_id", "online_url", "state", "name")


def draft_event(
    *, actor: Account, hosts: Sequence[Organisation] = (), questions: Sequence[Question] = (), **values: Any
) -> Event:
    """Write an event that only its organiser sees. Raises RefusedError, or BusyError when the room is taken."""
    event = Event(**values, state=EventState.DRAFT)
    require(may_manage(actor, event))
    with change("events.draft_event", actor=actor):
        return store_event(actor, event, hosts, questions)


def store_event(
    actor: Actor, event: Event, hosts: Sequence[Organisation] = (), questions: Sequence[Question] = ()
) -> Event:
    """Write a new event with its hosts, questions and room, within the caller's action."""
    if event.room is not None:
        event.booking = book(
            actor=actor, kind=BookingKind.EVENT, wanted=[Wanted(event.room, event.starts_at, event.ends_at)]
        )
    event.save()
    EventHost.objects.bulk_create(EventHost(event=event, organisation=host) for host in hosts)
    for position, question in enumerate(questions, 1):
        question.event, question.position = event, position
    Question.objects.bulk_create(questions)
    return event


def publish_event(*, actor: Account, event: Event) -> Event:
    """Announce a draft; from now on people may register."""
    with change("events.publish_event", actor=actor):
        fresh = lock_event(event)
        require(may_change_event(actor, fresh, "publish"))
        return write_event(fresh, state=EventState.PUBLISHED, published_at=timezone.now())


def change_event(*, actor: Account, event: Event, reason: str = "", **values: Any) -> Event:
    """Change what an event says; time and room with it. Registrations stay, and freed places are offered.

    Fewer places than people is refused. Raises RefusedError, or BusyError when the room is taken at the new time.
    """
    with change("events.change_event", actor=actor, reason=reason):
        fresh, is_news = rewrite_event(actor, event, **values)
        if is_news:
            tell_changed([fresh])
        return fresh


def rewrite_event(actor: Account, event: Event, **values: Any) -> tuple[Event, bool]:
    """Change an event within the caller's action, which tells people when the second value says that it concerns them.

    Raises RefusedError, or BusyError when the room is taken at the new time.
    """
    require(may_manage(actor, event))
    fresh = lock_event(event)
    if fresh.state == EventState.CANCELLED:
        raise RefusedError(_("The event is cancelled. Plan a new one."))
    if fresh.ends_at <= timezone.now() and {"starts_at", "ends_at"} & values.keys():
        raise RefusedError(_("The event is over. Its time stays as it was."))
    moved, version = (fresh.starts_at, fresh.ends_at), fresh.sequence
    if "capacity" in values:
        _fit_into(fresh, values["capacity"])
    write_event(fresh, **values)
    _book_room(actor, fresh)
    _move_people(fresh, moved)
    offer_freed_places(fresh)
    return fresh, fresh.state == EventState.PUBLISHED and fresh.sequence != version


def cancel_event(*, actor: Account, event: Event, reason: str) -> Event:
    """Call an announced event off; the room is free again, and everybody registered is told why."""
    if not reason.strip():
        raise RefusedError(_("Say why: everybody registered reads it."))
    with change("events.cancel_event", actor=actor, reason=reason):
        fresh = call_off(actor, event, reason)
        tell_cancelled([fresh])
        return fresh


def call_off(actor: Account, event: Event, reason: str) -> Event:
    """Cancel an event and free its room within the caller's action, which tells people. Raises RefusedError."""
    fresh = lock_event(event)
    require(may_change_event(actor, fresh, "cancel"))
    write_event(fresh, state=EventState.CANCELLED, cancel_reason=reason)
    if fresh.booking is not None and fresh.booking.is_live:
        cancel_booking(actor=actor, booking=fresh.booking, reason=reason)
    return fresh


def delete_draft(*, actor: Account, event: Event) -> None:
    """Throw a draft away; nobody has seen it."""
    require(may_manage(actor, event))
    with change("events.delete_draft", actor=actor):
        fresh = lock_event(event)
        if fresh.state != EventState.DRAFT:
            raise RefusedError(_("The event has been announced. Cancel it instead, with a reason."))
        booking = fresh.booking
        fresh.delete()
        if booking is not None and booking.is_live:
            cancel_booking(actor=actor, booking=booking)


def write_event(event: Event, **values: Any) -> Event:
    """Write values into a locked event; the sequence goes up when people have to learn of it."""
    before = {name: getattr(event, name) for name in TOLD}
    for name, value in values.items():
        setattr(event, name, value)
    if any(before[name] != getattr(event, name) for name in TOLD):
        event.sequence += 1
    event.changed_at = timezone.now()
    event.save()
    return event


def _book_room(actor: Actor, event: Event) -> None:
    """Make the booking follow the event's room and time."""
    live = event.booking if event.booking is not None and event.booking.is_live else None
    if event.room is None:
        if live is not None:
            cancel_booking(actor=actor, booking=live)
        return
    wanted = [Wanted(event.room, event.starts_at, event.ends_at)]
    if live is None:
        event.booking = book(actor=actor, kind=BookingKind.EVENT, wanted=wanted)
        event.save(update_fields=["booking"])
    elif not live.allocations.live().filter(
        resource=event.room, during=TimestamptzRange(event.starts_at, event.ends_at)
    ).exists():
        move_booking(actor=actor, booking=live, wanted=wanted)


def _move_people(event: Event, before: tuple[datetime, datetime]) -> None:
    """People's times follow the event's. At a drop-in event they shift with its start and are cut to its end."""
    start, end = before
    if (event.starts_at, event.ends_at) == (start, end):
        return
    people = list(Attendee.objects.filter(event=event, cancelled_at__isnull=True))
    shift = event.starts_at - start
    for attendee in people:
        if event.is_drop_in:
            first = attendee.during.lower + shift
            last = min(attendee.during.upper + shift, event.ends_at)
            attendee.during = TimestamptzRange(min(first, last - timedelta(minutes=1)), last)
        else:
            attendee.during = TimestamptzRange(event.starts_at, event.ends_at)
    seat_anew(event, people)


def _fit_into(event: Event, capacity: int | None) -> None:
    if capacity is None:
        return
    event.capacity = capacity
    people = list(Attendee.objects.filter(event=event).coming())
    if not seat_anew(event, people):
        raise RefusedError(
            _("%(people)s people have places. Cancel some registrations first.") % {"people": len(people)}
        )

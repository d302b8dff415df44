"""Registering, waiting, offering and accepting places: in order, and never more than there are.

Everything that gives or takes a place first locks the event's row, so the line is what it says: whoever locks first is first,
nobody who comes later overtakes those who wait, and a freed place goes to the next in line. Below that the database holds an
exclusion constraint on seats, for whatever passes these actions by.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import TimestamptzRange

from microcities.access.answers import RefusedError, require
from microcities.events.engines.seating import SeatingInput, Stay, seating
from microcities.events.letters import tell_confirmed, tell_offered
from microcities.events.models import Attendee, Event, EventState, Registration, RegistrationState
from microcities.events.rules import (
    REGISTRATION_CHANGES,
    may_change_registration,
    may_register_now,
    may_remove,
    reasons_against,
)
from microcities.people.models import Account, Organisation, Person
from microcities.trail.context import System, change

LARGEST_GROUP = 200
LINE = System("waiting line")


class PeopleRefusedError(RefusedError):
    """Some of the people cannot be registered; `people` says who and why."""

    def __init__(self, people: Sequence[tuple[Person, Any]]) -> None:
        self.people = tuple(people)
        super().__init__(" ".join(str(reason) for _person, reason in people))


def register(
    *,
    actor: Account,
    event: Event,
    people: Sequence[Person],
    answers: Mapping[int, dict[str, Any]] | None = None,
    during: tuple[datetime, datetime] | None = None,
    organisation: Organisation | None = None,
    label: str = "",
    key: uuid.UUID | None = None,
) -> Registration:
    """Register one or many people as one: all get a place, or all wait in line together.

    `answers` are by person. `during` is the part of a drop-in event that is wanted. Sent again with the same `key`, answers the
    same registration. Raises PeopleRefusedError or RefusedError.
    """
    if not 1 <= len(people) <= LARGEST_GROUP:
        raise RefusedError(_("Register from 1 to %(most)s people at a time.") % {"most": LARGEST_GROUP})
    with change("events.register", actor=actor):
        locked = lock_event(event)
        key = key or uuid.uuid4()
        if known := Registration.objects.filter(key=key, made_by_id=actor.pk).first():
            return known
        require(may_register_now(locked, timezone.now()))
        span = _span(locked, during)
        if refused := [*reasons_against(actor, locked, list(people)), *_registered(locked, people)]:
            raise PeopleRefusedError(refused)
        registration = _in_line(actor, locked, key, organisation, label)
        Attendee.objects.bulk_create(
            Attendee(
                registration=registration, event=locked, person=person, during=span, answers=(answers or {}).get(person.pk, {})
            )
            for person in people
        )
        nobody_waits = not Registration.objects.filter(event=locked).in_line().exclude(pk=registration.pk).exists()
        if nobody_waits and _seat(registration):
            _set_state(registration, RegistrationState.CONFIRMED)
            tell_confirmed(registration)
        return registration


def cancel_registration(*, actor: Account, registration: Registration) -> Registration:
    """Give all places of a registration back; they are offered to the next in line."""
    return _leave(actor, registration, "cancel")


def decline_offer(*, actor: Account, registration: Registration) -> Registration:
    """Not take an offered place; it goes to the next in line."""
    return _leave(actor, registration, "decline")


def accept_offer(*, actor: Account, registration: Registration) -> Registration:
    """Take an offered place while the offer holds."""
    with change("events.accept_offer", actor=actor):
        event = lock_event(registration.event)
        fresh = _fresh(actor, registration, "accept")
        if fresh.offered_until is None or fresh.offered_until <= timezone.now():
            raise RefusedError(_("The offer has run out, and the place has gone to the next in line."))
        if event.state == EventState.CANCELLED:
            raise RefusedError(_("The event is cancelled: %(reason)s") % {"reason": event.cancel_reason})
        accepted = _set_state(fresh, RegistrationState.CONFIRMED, offered_until=None)
        tell_confirmed(accepted)
        return accepted


def remove_attendee(*, actor: Account, attendee: Attendee) -> None:
    """Take one person off a registration; the place goes to the next in line."""
    with change("events.remove_attendee", actor=actor):
        event = lock_event(attendee.event)
        registration = Registration.objects.select_related("event").get(pk=attendee.registration_id)
        require(may_remove(actor, Attendee.objects.select_related("registration__event").get(pk=attendee.pk)))
        left = registration.attendees.filter(cancelled_at__isnull=True)
        if not left.filter(pk=attendee.pk).update(cancelled_at=timezone.now(), seat=None):
            raise RefusedError(_("This person is no longer registered."))
        if not left.exists():
            _set_state(registration, RegistrationState.CANCELLED)
        offer_freed_places(event)


def lapse_offers(*, now: datetime | None = None) -> int:
    """Take back places whose offers have run out and offer them on; returns how many. Run by the worker every minute."""
    moment = now or timezone.now()
    overdue = Registration.objects.overdue_offers(moment).order_by("event_id", "pk").values_list("event_id", flat=True)
    lapsed = 0
    for event_id in sorted(set(overdue)):
        with change("events.lapse_offers", actor=LINE):
            event = lock_event(Event(pk=event_id))
            for registration in Registration.objects.filter(event=event).overdue_offers(moment):
                _give_back(registration, RegistrationState.LAPSED)
                lapsed += 1
            offer_freed_places(event)
    return lapsed


def offer_freed_places(event: Event) -> list[Registration]:
    """Offer free places to those who wait, in order, until the next in line does not fit. The event is locked by the caller.

    A group is offered places only when all of it fits; nobody behind it overtakes.
    """
    offered: list[Registration] = []
    until = _offer_end(event)
    if event.state != EventState.PUBLISHED or until is None:
        return offered
    for registration in Registration.objects.filter(event=event).in_line():
        if not _seat(registration):
            break
        _set_state(registration, RegistrationState.OFFERED, offered_until=until)
        tell_offered(registration)
        offered.append(registration)
    return offered


def seat_anew(event: Event, people: Sequence[Attendee]) -> bool:
    """Give seats anew to those of `people` who have one, by their times as they are in memory; False when they do not fit.

    The event is locked. Seats are given up first, because the database would see two on one seat on the way.
    """
    seated = [attendee for attendee in people if attendee.seat is not None]
    stays = tuple(Stay(id=each.pk, starts_at=each.during.lower, ends_at=each.during.upper) for each in seated)
    answer = seating(SeatingInput(capacity=event.capacity, wanted=stays), seed=0)
    if not answer.fits:
        return False
    Attendee.objects.filter(pk__in=[each.pk for each in seated]).update(seat=None)
    for attendee in seated:
        attendee.seat = answer.seats[attendee.pk]
    Attendee.objects.bulk_update(people, ["during", "seat"])
    return True


def lock_event(event: Event) -> Event:
    """The event's row, locked to the end of the transaction, so that places are given one registration at a time."""
    return Event.objects.select_for_update(no_key=True).get(pk=event.pk)


def _in_line(
    actor: Account, event: Event, key: uuid.UUID, organisation: Organisation | None, label: str
) -> Registration:
    """A registration at the end of the line. The event is locked."""
    registration = Registration.objects.create(
        event=event, key=key, state=RegistrationState.WAITING, place_in_line=event.next_in_line, made_by_id=actor.pk,
        organisation=organisation, label=label,
    )
    event.next_in_line += 1
    event.save(update_fields=["next_in_line"])
    return registration


def _offer_end(event: Event) -> datetime | None:
    """Until when an offer made now holds; none when the event is about to begin or over."""
    now = timezone.now()
    latest = event.ends_at if event.is_drop_in else event.starts_at
    return min(now + timedelta(hours=event.offer_hours), latest) if now < latest else None


def _span(event: Event, during: tuple[datetime, datetime] | None) -> TimestamptzRange:
    start, end = during or (event.starts_at, event.ends_at)
    if during and not event.is_drop_in:
        raise RefusedError(_("Everybody comes to this event for its whole time."))
    if start >= end or start < event.starts_at or end > event.ends_at:
        raise RefusedError(_("Choose a time within the event's time."))
    return TimestamptzRange(start, end)


def _registered(event: Event, people: Sequence[Person]) -> list[tuple[Person, str]]:
    ids = [person.pk for person in people]
    known = Attendee.objects.filter(event=event, person__in=ids, cancelled_at__isnull=True)
    twice = {pk for pk in ids if ids.count(pk) > 1} | set(known.values_list("person_id", flat=True))
    return [
        (person, _("%(person)s is registered already.") % {"person": person}) for person in people if person.pk in twice
    ]


def _seat(registration: Registration) -> bool:
    """Give everybody on the registration a seat, or nobody. The event is locked."""
    event = registration.event
    held = Attendee.objects.filter(event=event, seat__isnull=False)
    wanted = registration.attendees.filter(cancelled_at__isnull=True)
    answer = seating(
        SeatingInput(capacity=event.capacity, held=_stays(held), wanted=_stays(wanted)), seed=0
    )
    if not answer.fits:
        return False
    if answer.repacked:
        held.filter(pk__in=answer.seats).update(seat=None)
    changed = [Attendee(pk=pk, seat=seat) for pk, seat in answer.seats.items()]
    Attendee.objects.bulk_update(changed, ["seat"])
    return True


def _stays(attendees: Any) -> tuple[Stay, ...]:
    rows = attendees.order_by("pk").values_list("pk", "during", "seat")
    return tuple(Stay(id=pk, starts_at=span.lower, ends_at=span.upper, seat=seat) for pk, span, seat in rows)


def _leave(actor: Account, registration: Registration, verb: str) -> Registration:
    with change(f"events.{verb}_registration", actor=actor):
        event = lock_event(registration.event)
        fresh = _fresh(actor, registration, verb)
        _give_back(fresh, REGISTRATION_CHANGES[verb][1])
        offer_freed_places(event)
        return fresh


def _fresh(actor: Account, registration: Registration, verb: str) -> Registration:
    """The registration as it is under the event's lock; RefusedError when the verb does not fit it or the actor."""
    fresh = Registration.objects.select_related("event").get(pk=registration.pk)
    require(may_change_registration(actor, fresh, verb))
    return fresh


def _give_back(registration: Registration, state: str) -> None:
    registration.attendees.filter(cancelled_at__isnull=True).update(seat=None, cancelled_at=timezone.now())
    _set_state(registration, state, offered_until=None)


def _set_state(registration: Registration, state: str, **values: Any) -> Registration:
    for name, value in {"state": state, "changed_at": timezone.now(), **values}.items():
        setattr(registration, name, value)
    registration.save(update_fields=["state", "changed_at", *values])
    return registration


"""Talks are offered, booked, moved, cancelled, declined, held or missed; no counsellor is booked twice for a time."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.bookings.actions import Wanted, book, cancel_booking, mark_no_show, move_booking
from microcities.bookings.models import BookingKind, Resource
from microcities.careers.counsellors import works_then
from microcities.careers.letters import tell_booked, tell_cancelled, tell_moved
from microcities.careers.models import GuidanceTalk, School
from microcities.careers.rules import may_book, may_change_talk, may_offer, within_notice
from microcities.people.models import Account, Organisation, Person
from microcities.programme.models import Programme
from microcities.trail.context import change

SHORTEST, LONGEST = 10, 240


def offer_guidance(
    *,
    actor: Account,
    organisation: Organisation,
    person: Person,
    programme: Programme | None = None,
    guardian_told: bool = False,
) -> GuidanceTalk:
    """Offer a talk today. An offer that is still open is answered instead of a second one. Raises RefusedError.

    `programme` is asked for when the organisation is no school. `guardian_told`: the parents were told how to book.
    """
    require(may_offer(actor, organisation, person))
    programme = programme or _programme_of(organisation)
    today = timezone.localdate()
    with change("careers.offer_guidance", actor=actor):
        Person.objects.select_for_update().get(pk=person.pk)  # two offers at once would both see none
        found = GuidanceTalk.objects.open().filter(person=person, organisation=organisation).first()
        found = found or GuidanceTalk(
            person=person, organisation=organisation, programme=programme, offered_on=today, offered_by_id=actor.pk
        )
        if guardian_told and found.guardian_told_on is None:
            found.guardian_told_on = today
        found.save()
        return found


def book_guidance(
    *,
    actor: Account,
    person: Person,
    counsellor: Resource,
    starts_at: datetime,
    minutes: int = 45,
    key: uuid.UUID | None = None,
    programme: Programme | None = None,
) -> GuidanceTalk:
    """Book a talk for the person; takes up an open offer where there is one. Sent again with the same `key`, books once.

    Raises RefusedError: outside the counsellor's hours, too late, taken by somebody else (BusyError), or when the person has
    a talk booked already.
    """
    require(may_book(actor, counsellor, person))
    wanted = _wanted(counsellor, starts_at, minutes)
    try:
        with transaction.atomic():
            return _book(actor, person, wanted, key or uuid.uuid4(), programme)
    except IntegrityError as error:
        raise RefusedError(_("A talk is booked already. Move that one, or cancel it first.")) from error


def _book(
    actor: Account, person: Person, wanted: Wanted, key: uuid.UUID, programme: Programme | None
) -> GuidanceTalk:
    organisation = wanted.resource.organisation
    with change("careers.book_guidance", actor=actor):
        booking = book(actor=actor, kind=BookingKind.GUIDANCE, wanted=[wanted], person=person, key=key)
        if known := GuidanceTalk.objects.filter(booking=booking).first():
            return known
        offers = GuidanceTalk.objects.open().filter(person=person, organisation=organisation).order_by("offered_on", "pk")
        talk = offers.select_for_update(of=("self",)).first() or GuidanceTalk(
            person=person, organisation=organisation, programme=programme or _programme_of(organisation)
        )
        talk.booking, talk.booked_at = booking, timezone.now()
        talk.save()
        tell_booked(talk)
        return talk


def move_guidance(
    *, actor: Account, talk: GuidanceTalk, counsellor: Resource, starts_at: datetime, minutes: int = 45
) -> GuidanceTalk:
    """Another time, perhaps with another counsellor of the organisation; the old time stands when it fails."""
    if counsellor.organisation_id != talk.organisation_id:
        raise RefusedError(_("Choose a counsellor of the same organisation, or cancel this talk and book another one."))
    wanted = _wanted(counsellor, starts_at, minutes)
    require(may_book(actor, counsellor, talk.person))
    with change("careers.move_guidance", actor=actor):
        locked = _locked(actor, talk, "move")
        locked.booking = move_booking(actor=actor, booking=_booking(locked), wanted=[wanted])
        tell_moved(locked)
        return locked


def cancel_guidance(*, actor: Account, talk: GuidanceTalk, reason: str = "") -> GuidanceTalk:
    """The time is free again; what was offered stays a fact."""
    with change("careers.cancel_guidance", actor=actor, reason=reason):
        locked = _locked(actor, talk, "cancel")
        locked.booking = cancel_booking(actor=actor, booking=_booking(locked), reason=reason)
        tell_cancelled(locked)
        return _write(locked, cancelled_at=timezone.now())


def decline_guidance(*, actor: Account, talk: GuidanceTalk) -> GuidanceTalk:
    """The person does not want the talk that was offered."""
    with change("careers.decline_guidance", actor=actor):
        return _write(_locked(actor, talk, "decline"), declined_on=timezone.localdate())


def miss_guidance(*, actor: Account, talk: GuidanceTalk) -> GuidanceTalk:
    """The person did not come to a booked talk."""
    with change("careers.miss_guidance", actor=actor):
        locked = _locked(actor, talk, "no_show")
        booking = _booking(locked)
        mark_no_show(actor=actor, booking=booking)
        return _write(locked, no_show_on=timezone.localdate(booking.starts_at))


def hold_guidance(
    *,
    actor: Account,
    talk: GuidanceTalk,
    minutes: int,
    advice: str,
    agreed: str,
    next_on: date | None = None,
    held_on: date | None = None,
    **fields: Any,
) -> GuidanceTalk:
    """The actor held the talk: on the booked day, or on `held_on` (today) when none was booked. What the person reads of it
    are advice, what was agreed and the next date; `fields` are mode and guardian_present. Raises RefusedError.
    """
    with change("careers.hold_guidance", actor=actor):
        locked = _locked(actor, talk, "hold")
        if locked.booking is not None:
            held_on = timezone.localdate(locked.booking.starts_at)
        return _hold(
            actor, locked, held_on or timezone.localdate(), minutes=minutes, advice=advice.strip(), agreed=agreed.strip(),
            next_on=next_on, no_show_on=None, **fields,
        )


def record_talk(
    *,
    actor: Account,
    organisation: Organisation,
    person: Person,
    held_on: date,
    minutes: int,
    advice: str,
    agreed: str,
    programme: Programme | None = None,
    **fields: Any,
) -> GuidanceTalk:
    """A talk that was neither offered nor booked here, as `hold_guidance`. Raises RefusedError."""
    require(may_offer(actor, organisation, person))
    talk = GuidanceTalk(person=person, organisation=organisation, programme=programme or _programme_of(organisation))
    with change("careers.record_talk", actor=actor):
        return _hold(actor, talk, held_on, minutes=minutes, advice=advice.strip(), agreed=agreed.strip(), **fields)


def _hold(actor: Account, talk: GuidanceTalk, held_on: date, **values: Any) -> GuidanceTalk:
    if actor.person is None:
        raise RefusedError(_("Enter your own name in your details first: a talk is held by a named counsellor."))
    if held_on > timezone.localdate():
        raise RefusedError(_("The talk has not been yet. Record it when it is over."))
    if not values["advice"] and not values["agreed"]:
        raise RefusedError(_("Write what you advised or what was agreed: the person reads it."))
    if not SHORTEST <= values["minutes"] <= LONGEST:
        raise RefusedError(_("A talk lasts from 10 minutes to 4 hours."))
    for name, value in {**values, "held_on": held_on, "adviser": actor.person, "noted_by_id": actor.pk}.items():
        setattr(talk, name, value)
    talk.full_clean(validate_constraints=False)
    talk.save()
    return talk


def _wanted(counsellor: Resource, starts_at: datetime, minutes: int) -> Wanted:
    if not SHORTEST <= minutes <= LONGEST:
        raise RefusedError(_("A talk lasts from 10 minutes to 4 hours."))
    require(within_notice(counsellor, starts_at, timezone.now()))
    ends_at = starts_at + timedelta(minutes=minutes)
    if not works_then(counsellor, starts_at, ends_at):
        raise RefusedError(_("The counsellor does not work at this time. Choose a free time from the list."))
    return Wanted(counsellor, starts_at, ends_at)


def _programme_of(organisation: Organisation) -> Programme:
    school = School.objects.filter(organisation=organisation).select_related("programme").first()
    if school is None:
        raise RefusedError(_("Say for which programme the talk is."))
    return school.programme


def _booking(talk: GuidanceTalk) -> Any:
    """The talk's booking; the rule has seen that there is one."""
    return talk.booking


def _locked(actor: Account, talk: GuidanceTalk, verb: str) -> GuidanceTalk:
    """The talk's row, locked, when the actor may do this with it now."""
    rows = GuidanceTalk.objects.select_for_update(of=("self",)).select_related("person", "booking")
    locked = rows.get(pk=talk.pk)
    require(may_change_talk(actor, locked, verb))
    return locked


def _write(talk: GuidanceTalk, **values: Any) -> GuidanceTalk:
    for name, value in values.items():
        setattr(talk, name, value)
    talk.save(update_fields=list(values))
    return talk

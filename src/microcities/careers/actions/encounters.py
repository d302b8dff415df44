"""Recording what pupils met, from an event's attendance or by hand, and who was there."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import (
    Encounter,
    EncounterAttendance,
    Enrolment,
    Presence,
    RecordStep,
    RecordStepKind,
    School,
)
from microcities.careers.rules import may_keep, may_record_event, may_speak_for
from microcities.events.models import Attendance, Attendee, Event
from microcities.people.models import Account, Person
from microcities.trail.context import change

CAME = {Attendance.ATTENDED: Presence.ATTENDED, Attendance.NO_SHOW: Presence.ABSENT}


def record_encounter(
    *, actor: Account, school: School, pupils: Iterable[Person] = (), attended: bool = False, **fields: Any
) -> Encounter:
    """An encounter of the school's pupils; `fields` are those of the model. `attended` says that all of them were there.

    Raises RefusedError; django's ValidationError for wrong fields.
    """
    require(may_keep(actor, school))
    if fields.keys() & {"event", "event_id"}:
        raise ValueError("record_from_event asks whether the event may be recorded")
    found = Encounter(school=school, recorded_by_id=actor.pk, **fields)
    found.full_clean()
    if attended:
        _require_past(found)
    with change("careers.record_encounter", actor=actor):
        found.save()
        _add(actor, found, [person.pk for person in pupils], Presence.ATTENDED if attended else Presence.EXPECTED)
    return found


def record_from_event(*, actor: Account, school: School, event: Event, **fields: Any) -> Encounter:
    """An encounter from an event that is over, with the attendance of those who were the school's pupils on the day.

    `fields` are those that the event does not say: kind, hours, host, the answers. Raises RefusedError, ValidationError.
    """
    require(may_record_event(actor, school, event))
    given = {"name": event.name, "held_on": timezone.localdate(event.starts_at), **fields}
    found = Encounter(school=school, event=event, recorded_by_id=actor.pk, **given)
    found.full_clean(validate_constraints=False)
    try:
        with change("careers.record_from_event", actor=actor), transaction.atomic():
            found.save()
            _take_over(actor, found)
    except IntegrityError as error:
        raise RefusedError(
            _("The event is recorded for this school, kind and host already, or an entry is wrong. Check the list.")
        ) from error
    return found


def read_attendance_again(*, actor: Account, encounter: Encounter) -> int:
    """Take over what the event's attendance says now, as after late check-ins; returns how many pupils it tells of."""
    require(may_keep(actor, encounter.school))
    if encounter.event_id is None:
        raise RefusedError(_("This encounter does not come from an event."))
    with change("careers.read_attendance_again", actor=actor):
        return _take_over(actor, encounter)


def change_encounter(*, actor: Account, encounter: Encounter, **fields: Any) -> Encounter:
    """Correct an encounter, for example its answers. School and event stay. Raises RefusedError, ValidationError."""
    require(may_keep(actor, encounter.school))
    if fields.keys() & {"school", "school_id", "event", "event_id"}:
        raise ValueError("an encounter keeps its school and event")
    with change("careers.change_encounter", actor=actor):
        locked = Encounter.objects.select_for_update().get(pk=encounter.pk)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save()
    return locked


def add_pupils(*, actor: Account, encounter: Encounter, pupils: Iterable[Person]) -> int:
    """Expect more pupils; returns how many were not on the list before. Raises RefusedError."""
    require(may_keep(actor, encounter.school))
    with change("careers.add_pupils", actor=actor):
        return _add(actor, encounter, [person.pk for person in pupils], Presence.EXPECTED)


def mark_attendance(
    *, actor: Account, encounter: Encounter, attended: Iterable[int], absent: Iterable[int] = (),
    reflected: Iterable[int] = (),
) -> int:
    """Who was there, who was not, and who thought it over afterwards: numbers of persons. Returns rows changed.

    Raises RefusedError when one of them is not on the list, or the day has not come.
    """
    require(may_keep(actor, encounter.school))
    _require_past(encounter)
    came, away, thoughtful = set(attended), set(absent), set(reflected)
    if came & away:
        raise RefusedError(_("Somebody is marked both as having been there and as absent."))
    with change("careers.mark_attendance", actor=actor):
        rows = EncounterAttendance.objects.select_for_update().filter(encounter=encounter).order_by("pk")
        known = {row.person_id: row for row in rows}
        if not came | away | thoughtful <= known.keys():
            raise RefusedError(_("Somebody marked is not on the list of this encounter. Open the list anew."))
        there = came | {number for number, row in known.items() if row.presence == Presence.ATTENDED} - away
        if not thoughtful <= there:
            raise RefusedError(_("Only somebody who was there can have thought it over."))
        return _mark(actor, known, came, away, thoughtful)


def confirm_reading(*, actor: Account, person: Person) -> RecordStep:
    """The pupil, or the guardian, has read the careers record; noted once a day. Raises RefusedError."""
    require(may_speak_for(actor, person))
    with change("careers.confirm_reading", actor=actor):
        found, _is_new = RecordStep.objects.get_or_create(
            person=person, kind=RecordStepKind.VIEWED, on=timezone.localdate()
        )
    return found


def receive_record(*, actor: Account, school: School, person: Person) -> RecordStep:
    """The school has received the record of a school that keeps none here. Raises RefusedError."""
    require(may_keep(actor, school))
    today = timezone.localdate()
    if not Enrolment.objects.on(today).at(school).filter(person=person).exists():
        raise RefusedError(_("The pupil is in no class of this school on that day."))
    with change("careers.receive_record", actor=actor):
        found, _is_new = RecordStep.objects.get_or_create(person=person, kind=RecordStepKind.RECEIVED, on=today)
    return found


def _mark(
    actor: Account, known: dict[int, EncounterAttendance], came: set[int], away: set[int], thoughtful: set[int]
) -> int:
    changed = []
    for number in came | away | thoughtful:
        row = known[number]
        before = (row.presence, row.reflection_done)
        if number in came:
            row.presence = Presence.ATTENDED
        elif number in away:
            row.presence, row.reflection_done = Presence.ABSENT, False
        row.reflection_done = row.reflection_done or number in thoughtful
        if (row.presence, row.reflection_done) != before:
            row.marked_by_id, row.marked_at = actor.pk, timezone.now()
            changed.append(row)
    return EncounterAttendance.objects.bulk_update(
        changed, ["presence", "reflection_done", "marked_by_id", "marked_at"]
    ) if changed else 0


def _add(actor: Account, encounter: Encounter, numbers: list[int], presence: Presence) -> int:
    """Only pupils of the school on the day; each once."""
    wanted = set(numbers)
    here = set(
        Enrolment.objects.on(encounter.held_on).filter(school_class__school_id=encounter.school_id, person_id__in=wanted)
        .values_list("person_id", flat=True)
    )
    if wanted - here:
        raise RefusedError(_("Somebody on the list is no pupil of the school on that day. Check the day and the list."))
    known = set(encounter.attendances.filter(person_id__in=wanted).values_list("person_id", flat=True))
    EncounterAttendance.objects.bulk_create(
        EncounterAttendance(encounter=encounter, person_id=number, presence=presence, marked_by_id=actor.pk)
        for number in sorted(wanted - known)
    )
    return len(wanted - known)


def _take_over(actor: Account, encounter: Encounter) -> int:
    """Attendance of the event, of those who were the school's pupils on the day; what was marked by hand stays if the
    event does not know."""
    pupils = Enrolment.objects.on(encounter.held_on).filter(school_class__school_id=encounter.school_id)
    rows = Attendee.objects.filter(
        event=encounter.event, cancelled_at__isnull=True, attendance__in=list(CAME),
        person_id__in=pupils.values("person_id"),
    ).values_list("person_id", "attendance")
    told = {person: CAME[Attendance(attendance)] for person, attendance in rows}
    known = set(encounter.attendances.values_list("person_id", flat=True))
    now = timezone.now()
    EncounterAttendance.objects.bulk_create(
        EncounterAttendance(encounter=encounter, person_id=number, presence=presence, marked_by_id=actor.pk, marked_at=now)
        for number, presence in sorted(told.items()) if number not in known
    )
    for presence in (Presence.ATTENDED, Presence.ABSENT):
        people = [number for number, each in told.items() if each == presence and number in known]
        values: dict[str, Any] = {"presence": presence, "marked_by_id": actor.pk, "marked_at": now}
        if presence == Presence.ABSENT:
            values["reflection_done"] = False
        encounter.attendances.filter(person_id__in=people).exclude(presence=presence).update(**values)
    return len(told)


def _require_past(encounter: Encounter) -> None:
    if encounter.held_on > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))

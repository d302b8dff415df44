"""Days of work as they were, incidents, feedback, and the end of placements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.summerjobs.actions.agreements import RELATED
from microcities.summerjobs.agreement_rules import acts_as
from microcities.summerjobs.letters import SUMMER, city_of, tell
from microcities.summerjobs.models import Absence, Feedback, Incident, Placement, PlacementState, WorkDay
from microcities.summerjobs.work_rules import (
    may_close_incident,
    may_give_feedback,
    may_note_days,
    may_report_incident,
    signed_agreement,
)
from microcities.trail.context import change
from microcities.ui.numbers import format_day

MINUTE = 60


@dataclass(frozen=True)
class DayNote:
    """One day as it was: times with the break in minutes, or no times and why the pupil was absent."""

    on: date
    came_at: time | None = None
    left_at: time | None = None
    break_minutes: int = 0
    absence: str = ""
    note: str = ""

    @property
    def span_minutes(self) -> int:
        """Minutes between coming and leaving, the break included; 0 without times."""
        if self.came_at is None or self.left_at is None:
            return 0
        span = datetime.combine(self.on, self.left_at) - datetime.combine(self.on, self.came_at)
        return int(span.total_seconds()) // MINUTE

    @property
    def worked_minutes(self) -> int:
        """Minutes of work, without the break; 0 without times."""
        return max(0, self.span_minutes - self.break_minutes)


def note_days(*, actor: Account, placement: Placement, notes: Iterable[DayNote]) -> list[WorkDay]:
    """Write down days of one placement; a day noted before is noted anew unless a claim holds it. Raises RefusedError."""
    with change("summerjobs.note_days", actor=actor):
        locked = _locked(placement)
        require(may_note_days(actor, locked))
        agreement = signed_agreement(locked)
        planned = {date.fromisoformat(each["on"]): each["minutes"] for each in agreement.terms["days"]} if agreement else {}
        return [_note(locked, each, planned.get(each.on, 0), actor) for each in notes]


def note_as_planned(*, actor: Account, placement: Placement) -> int:
    """Every agreed day up to today that is not noted yet was worked as agreed; returns how many. Raises RefusedError."""
    agreement, today = signed_agreement(placement), timezone.localdate()
    noted = set(placement.work_days.noted().values_list("on", flat=True))
    agreed = agreement.terms["days"] if agreement is not None else []
    last = placement.ended_on or placement.last_on
    notes = [
        DayNote(day, time.fromisoformat(each["from"]), time.fromisoformat(each["to"]), each["break"])
        for each in agreed if (day := date.fromisoformat(each["on"])) <= min(today, last) and day not in noted
    ]
    return len(note_days(actor=actor, placement=placement, notes=notes))


def _note(placement: Placement, note: DayNote, planned: int, actor: Account) -> WorkDay:
    _check(placement, note)
    worked = note.worked_minutes
    absent = max(0, planned - worked)
    if absent and not note.absence:
        raise RefusedError(_("%(day)s: hours are missing. Say why the pupil was absent.") % {"day": format_day(note.on)})
    found = WorkDay.objects.filter(placement=placement, on=note.on).first() or WorkDay(placement=placement, on=note.on)
    found.planned_minutes, found.worked_minutes = planned, worked
    found.came_at, found.left_at, found.break_minutes = note.came_at, note.left_at, note.break_minutes if worked else 0
    found.absent_minutes, found.absence = absent, note.absence if absent else ""
    found.note, found.supervisor = note.note.strip(), placement.post.supervisor
    found.noted_at, found.noted_by_id = timezone.now(), actor.pk
    found.save()
    return found


def _check(placement: Placement, note: DayNote) -> None:
    day, last = {"day": format_day(note.on)}, placement.ended_on or placement.last_on
    if note.on > timezone.localdate():
        raise RefusedError(_("%(day)s has not come yet.") % day)
    if not placement.first_on <= note.on <= placement.last_on:
        raise RefusedError(_("%(day)s is no day of this placement.") % day)
    if (note.came_at is None) != (note.left_at is None):
        raise RefusedError(_("%(day)s: enter both times, or neither.") % day)
    if note.came_at is not None and note.left_at is not None and note.left_at <= note.came_at:
        raise RefusedError(_("%(day)s: the pupil left before coming. Check the times.") % day)
    if note.came_at is not None and note.left_at is not None and note.span_minutes < note.break_minutes:
        raise RefusedError(_("%(day)s: the break is longer than the work. Check the times.") % day)
    if note.came_at is not None and note.on > last:
        raise RefusedError(_("%(day)s: the work had ended before. Only absence can be noted.") % day)
    if note.absence not in Absence.values:
        raise ValueError(f"no reason of absence is called {note.absence!r}")


def report_incident(
    *, actor: Account, placement: Placement, kind: str, happened_on: date, what: str, done: str = "",
    inspectorate_told_on: date | None = None,
) -> Incident:
    """Tell what happened; the city is written to at once, without the words. Raises RefusedError."""
    with change("summerjobs.report_incident", actor=actor):
        locked = _locked(placement)
        require(may_report_incident(actor, locked))
        if not locked.first_on <= happened_on <= timezone.localdate():
            raise RefusedError(_("The day lies between the first day of work and today."))
        made = Incident.objects.create(
            placement=locked, kind=kind, happened_on=happened_on, what=what.strip(), done=done.strip(),
            inspectorate_told_on=inspectorate_told_on, by_party=acts_as(actor, locked)[0], reported_at=timezone.now(),
            reported_by_id=actor.pk,
        )
        tell(
            city_of(locked.post.host.scheme.organisation_id), key=f"incident.reported:{made.pk}",
            subject=gettext_noop("Something happened at work: %(name)s"), name=str(locked.post),
            what=gettext_lazy("A pupil's work has an incident. Look at it today."), url=("days", locked.public_id),
        )
    return made


def close_incident(*, actor: Account, incident: Incident, answer: str) -> Incident:
    """The city says what it did. Raises RefusedError."""
    if not answer.strip():
        raise RefusedError(_("Say what was done. Those who work there read it."))
    with change("summerjobs.close_incident", actor=actor):
        locked = Incident.objects.select_for_update(of=("self",)).get(pk=incident.pk)
        locked.placement = _locked(locked.placement)
        require(may_close_incident(actor, locked))
        locked.answer, locked.closed_at, locked.closed_by_id = answer.strip(), timezone.now(), actor.pk
        locked.save(update_fields=["answer", "closed_at", "closed_by_id"])
    return locked


def give_feedback(*, actor: Account, placement: Placement, party: str, **said: Any) -> Feedback:
    """Scores of 1 to 5 and words; who has given feedback changes it. Raises RefusedError."""
    with change("summerjobs.give_feedback", actor=actor):
        locked = _locked(placement)
        require(may_give_feedback(actor, locked, party))
        values = said | {"given_at": timezone.now(), "given_by_id": actor.pk}
        found, _made = Feedback.objects.update_or_create(placement=locked, by_party=party, defaults=values)
    return found


def complete_worked() -> int:
    """Placements whose last day is over, with work noted, are worked to the end; returns how many. For the nightly job."""
    over = Placement.objects.filter(
        state=PlacementState.ACCEPTED, last_on__lt=timezone.localdate(), work_days__worked_minutes__gt=0
    ).distinct()
    done = 0
    for each in over.order_by("pk"):
        with change("summerjobs.complete_placement", actor=SUMMER), transaction.atomic():
            locked = Placement.objects.select_for_update().get(pk=each.pk)
            if locked.state == PlacementState.ACCEPTED:
                locked.state = PlacementState.COMPLETED
                locked.save(update_fields=["state"])
                done += 1
    return done


def _locked(placement: Placement) -> Placement:
    return Placement.objects.select_for_update(of=("self",)).select_related(*RELATED).get(pk=placement.pk)

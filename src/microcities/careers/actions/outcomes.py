"""Where pupils go, what staff learn, what the six groups say, and what else a school can show."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import (
    AdviserQualification,
    Destination,
    DestinationKind,
    FeedbackRound,
    School,
    SchoolEvidence,
    StaffTraining,
)
from microcities.careers.rules import may_keep, may_qualify, may_record_destination, may_speak_for
from microcities.careers.school_years import year_of
from microcities.people.models import Account, Person
from microcities.trail.context import change

SELF_SAID = {"pupil", "guardian"}


def record_destination(
    *, actor: Account, school: School, person: Person, kind: str, said_on: date, way: str, confirmed_by: str, **fields: Any
) -> Destination:
    """Where the pupil means to go (also said by the pupil), went, or stayed; `fields` are field_code, level, provider.

    Raises RefusedError; django's ValidationError for wrong values.
    """
    intended = kind == DestinationKind.INTENDED
    require(may_record_destination(actor, school, person, intended=intended))
    if may_speak_for(actor, person) and not may_keep(actor, school) and confirmed_by not in SELF_SAID:
        raise RefusedError(_("You say so yourself; documents are seen by the school."))
    if said_on > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))
    found = Destination(
        school=school, person=person, kind=kind, said_on=said_on, way=way, confirmed_by=confirmed_by,
        recorded_by_id=actor.pk, **fields,
    )
    return _saved(actor, "careers.record_destination", found)


def record_training(
    *, actor: Account, school: School, person: Person, held_on: date, hours: Any, topic: str
) -> StaffTraining:
    """A member of staff, known to the school, learnt about careers. Raises RefusedError, ValidationError."""
    require(may_keep(actor, school))
    if not person.registrations.filter(organisation_id=school.organisation_id).exists():
        raise RefusedError(_("This person is not known at the school. Enter the person first."))
    _require_past(held_on)
    found = StaffTraining(school=school, person=person, held_on=held_on, hours=hours, topic=topic.strip())
    return _saved(actor, "careers.record_training", found)


def record_feedback(
    *, actor: Account, school: School, group: str, held_on: date, asked: int, answered: int, findings: str = ""
) -> FeedbackRound:
    """One of the six groups was asked. Raises RefusedError, ValidationError."""
    require(may_keep(actor, school))
    _require_past(held_on)
    if answered > asked:
        raise RefusedError(_("More people answered than were asked. Check the two numbers."))
    found = FeedbackRound(
        school=school, school_year=year_of(held_on), group=group, held_on=held_on, asked=asked, answered=answered,
        findings=findings.strip(),
    )
    return _saved(actor, "careers.record_feedback", found)


def record_evidence(*, actor: Account, school: School, kind: str, from_on: date, proof: str, **fields: Any) -> SchoolEvidence:
    """What the school did for a criterion; `fields` are audience, to_on, reached, total.

    Raises RefusedError, ValidationError.
    """
    require(may_keep(actor, school))
    _require_past(from_on)
    found = SchoolEvidence(school=school, kind=kind, from_on=from_on, proof=proof.strip(), **fields)
    return _saved(actor, "careers.record_evidence", found)


def record_qualification(
    *, actor: Account, counsellor: Person, name: str, level: int, valid_from: date, valid_to: date | None = None
) -> AdviserQualification:
    """A counsellor's qualification, entered by whoever leads the staff and has seen it.

    Raises RefusedError, ValidationError.
    """
    require(may_qualify(actor, counsellor))
    found = AdviserQualification(
        person=counsellor, name=name.strip(), level=level, valid_from=valid_from, valid_to=valid_to
    )
    return _saved(actor, "careers.record_qualification", found)


def _require_past(day: date) -> None:
    if day > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))


def _saved(actor: Account, verb: str, row: Any) -> Any:
    """Check the fields, then let the database have the last word."""
    row.full_clean()
    try:
        with change(verb, actor=actor), transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise RefusedError(_("This is recorded already, or an entry does not fit. Check the list.")) from error
    return row

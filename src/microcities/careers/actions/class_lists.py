"""A class list that was compared is applied whole or not at all, and taken back while nothing rests on it."""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import IO, Any

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.class_lists.comparing import Asked, Comparison, PupilPlan, compare_rows
from microcities.careers.class_lists.dry_run import asked_of
from microcities.careers.class_lists.reading import read_class_list
from microcities.careers.models import ClassList, Enrolment, LeavingReason, School, SchoolClass
from microcities.careers.rules import may_keep
from microcities.careers.school_years import last_day
from microcities.people.matching.queries import lock_matching
from microcities.people.models import Account, MatchCandidate, Person, Registration
from microcities.trail.context import change

ONE_DAY = timedelta(days=1)


def apply_class_list(
    *,
    actor: Account,
    school: School,
    file: IO[bytes],
    file_name: str,
    digest: str,
    taken_on: date | None = None,
    is_whole_school: bool = True,
) -> ClassList:
    """Apply a list that was compared: `digest` is that of the comparison the actor has seen. All or nothing.

    Raises RefusedError when a row is refused, nothing would change, or the records have changed since.
    """
    require(may_keep(actor, school))
    asked = asked_of(school, taken_on, is_whole_school)
    rows = read_class_list(file)
    file.seek(0)
    sha256 = hashlib.sha256(file.read()).hexdigest()
    try:
        with change("careers.apply_class_list", actor=actor), transaction.atomic():
            School.objects.select_for_update().get(pk=school.pk)
            lock_matching()
            found = compare_rows(rows, asked)
            _require_applicable(found, digest)
            written = _write(found, asked)
            return ClassList.objects.create(
                school=school, school_year=asked.school_year, taken_on=asked.taken_on, file_name=file_name[:200],
                file_sha256=sha256, outcomes=found.outcomes, written=written, applied_by_id=actor.pk,
            )
    except IntegrityError as error:
        raise RefusedError(_("The records have changed since the list was compared. Compare it again.")) from error


def undo_class_list(*, actor: Account, class_list: ClassList) -> None:
    """Take back what the last applied list wrote. Raises RefusedError when it is not the last, or something rests on it."""
    require(may_keep(actor, class_list.school))
    try:
        with change("careers.undo_class_list", actor=actor), transaction.atomic():
            School.objects.select_for_update().get(pk=class_list.school_id)
            locked = ClassList.objects.select_for_update().get(pk=class_list.pk)
            later = ClassList.objects.filter(school_id=locked.school_id, undone_at__isnull=True, pk__gt=locked.pk)
            if locked.undone_at or later.exists():
                raise RefusedError(_("Only the list that was applied last can be taken back, and only once."))
            _take_back(locked.written)
            locked.undone_at = timezone.now()
            locked.save(update_fields=["undone_at"])
    except (ProtectedError, IntegrityError) as error:
        raise RefusedError(
            _("Something rests on this list already: an encounter, a talk, another class. Correct single pupils instead.")
        ) from error


def _require_applicable(found: Comparison, digest: str) -> None:
    if found.refused:
        raise RefusedError(_("Some rows are refused. Correct them in the file and bring it again: a list is applied whole."))
    if not found.changes_something:
        raise RefusedError(_("Everything in the list is there already. There is nothing to apply."))
    if found.digest != digest:
        raise RefusedError(_("The records have changed since the list was compared. Compare it again."))


# --- writing ---


def _write(found: Comparison, asked: Asked) -> dict[str, Any]:
    """Everything the comparison says; returns the numbers of rows, for taking it back."""
    written: dict[str, Any] = {}
    made = SchoolClass.objects.bulk_create(
        SchoolClass(school=asked.school, school_year=asked.school_year, name=name, stage=stage, number=number)
        for name, (stage, number) in found.new_classes.items()
    )
    classes = {each.name: each for each in asked.school.classes.of_year(asked.school_year)}
    ended = [each for each in found.leavers if each.joined_on < asked.taken_on]
    written["ended"] = [*_end(ended, asked.taken_on - ONE_DAY, LeavingReason.LEFT), *_end_moved(found.plans)]
    written["removed"] = _remove([each for each in found.leavers if each.joined_on >= asked.taken_on])
    written["corrected"] = _correct(found.plans, classes)
    written["persons"] = _add_persons(found.plans)
    written["registrations"] = _register(found.plans, asked)
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            school_class=classes[plan.row.values["class_name"]], person_id=plan.person_id, joined_on=plan.joined_on,
            left_on=last_day(asked.school_year),
        )
        for plan in found.plans if plan.outcome in {"new", "known", "moved"} and plan.person_id and plan.joined_on
    )
    written["enrolments"] = [each.pk for each in enrolments]
    written["classes"] = [each.pk for each in made]
    return written


def _end(enrolments: Sequence[Enrolment], last_on: date, reason: LeavingReason) -> list[list[Any]]:
    before = [[each.pk, each.left_on.isoformat(), each.reason] for each in enrolments]
    Enrolment.objects.filter(pk__in=[each.pk for each in enrolments]).update(left_on=last_on, reason=reason)
    return before


def _end_moved(plans: Sequence[PupilPlan]) -> list[list[Any]]:
    before: list[list[Any]] = []
    for plan in plans:
        if plan.outcome == "moved" and plan.enrolment and plan.joined_on:
            before += _end([plan.enrolment], plan.joined_on - ONE_DAY, LeavingReason.MOVED)
    return before


def _remove(enrolments: Sequence[Enrolment]) -> list[list[Any]]:
    """Pupils who never came: they were moved up at the roll-over and are not in the first list."""
    before = [
        [each.school_class_id, each.person_id, each.joined_on.isoformat(), each.left_on.isoformat(), each.reason]
        for each in enrolments
    ]
    Enrolment.objects.filter(pk__in=[each.pk for each in enrolments]).delete()
    return before


def _correct(plans: Sequence[PupilPlan], classes: dict[str, SchoolClass]) -> list[list[int]]:
    before = []
    for plan in plans:
        if plan.outcome == "corrected" and plan.enrolment:
            before.append([plan.enrolment.pk, plan.enrolment.school_class_id])
            plan.enrolment.school_class = classes[plan.row.values["class_name"]]
            plan.enrolment.save(update_fields=["school_class"])
    return before


def _add_persons(plans: Sequence[PupilPlan]) -> list[int]:
    """New persons, and the pairs of records that may be one person, for somebody to decide."""
    new = [plan for plan in plans if plan.outcome == "new"]
    people = Person.objects.bulk_create(
        Person(
            given_name=plan.row.values["given_name"], family_name=plan.row.values["family_name"],
            birth_on=plan.row.day("birth_on"), sex=plan.row.values.get("sex", "unknown"),
            email=plan.row.values.get("email", ""), code_hash=plan.row.code,
        )
        for plan in new
    )
    numbers = {}
    for plan, person in zip(new, people, strict=True):
        plan.person_id = numbers[-plan.row.number] = person.pk
    pairs = {}
    for plan in new:
        for other in plan.candidates:
            key = numbers.get(other.key, other.key)
            first, second = sorted((key, plan.person_id or 0))
            pairs[first, second] = MatchCandidate(
                first_id=first, second_id=second, score=round(other.score, 3),
                reasons=[{"field": each.field, "verdict": each.verdict} for each in other.reasons],
            )
    MatchCandidate.objects.bulk_create(pairs.values(), ignore_conflicts=True)
    return [person.pk for person in people]


def _register(plans: Sequence[PupilPlan], asked: Asked) -> list[int]:
    organisation = asked.school.organisation_id
    wanted = {plan.person_id: plan for plan in plans if plan.person_id}
    known = set(
        Registration.objects.filter(organisation_id=organisation, person_id__in=wanted).values_list("person_id", flat=True)
    )
    made = Registration.objects.bulk_create(
        Registration(
            person_id=number, organisation_id=organisation, since=plan.joined_on or asked.taken_on,
            local_reference=plan.row.values.get("local_reference", ""),
        )
        for number, plan in wanted.items() if number not in known
    )
    return [each.pk for each in made]


# --- taking back ---


def _take_back(written: dict[str, Any]) -> None:
    """In the opposite order; whatever has come to rest on a row refuses its deletion, and with it the whole."""
    gone = Enrolment.objects.filter(pk__in=written["enrolments"])
    if gone.count() != len(written["enrolments"]) or gone.exclude(reason=LeavingReason.YEAR_END).exists():
        raise RefusedError(_("Pupils of this list have moved or left since. Correct single pupils instead."))
    gone.delete()
    for number, class_number in written["corrected"]:
        Enrolment.objects.filter(pk=number).update(school_class_id=class_number)
    for number, left_on, reason in written["ended"]:
        Enrolment.objects.filter(pk=number).update(left_on=left_on, reason=reason)
    Enrolment.objects.bulk_create(
        Enrolment(school_class_id=each[0], person_id=each[1], joined_on=each[2], left_on=each[3], reason=each[4])
        for each in written["removed"]
    )
    Registration.objects.filter(pk__in=written["registrations"]).delete()
    SchoolClass.objects.filter(pk__in=written["classes"]).delete()
    Person.objects.filter(pk__in=written["persons"]).delete()

"""Pupils come, change class, go to another school, leave, and move up at the end of the year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import Enrolment, LeavingReason, RecordStep, RecordStepKind, School, SchoolClass
from microcities.careers.rules import may_enrol, may_keep
from microcities.careers.school_years import first_day, label, last_day
from microcities.people.models import Account, Person, Registration
from microcities.trail.context import change
from microcities.ui.numbers import format_day

ENDS = {LeavingReason.LEFT, LeavingReason.GRADUATED}


def enrol(
    *, actor: Account, school_class: SchoolClass, person: Person, joined_on: date | None = None
) -> Enrolment:
    """Take a person known at the school into a class, to the end of its year. Raises RefusedError.

    `joined_on` is 1 September when not given. A pupil who comes from another school here brings the record along.
    """
    require(may_enrol(actor, school_class, person))
    joined_on = joined_on or school_class.first_day
    _require_in_year(school_class, joined_on)
    with change("careers.enrol", actor=actor):
        found = _place(actor, school_class, person, joined_on)
        before = Enrolment.objects.filter(person=person, left_on__lt=joined_on).order_by("-left_on").first()
        if before is not None and before.school_class.school_id != school_class.school_id:
            RecordStep.objects.get_or_create(person=person, kind=RecordStepKind.RECEIVED, on=joined_on)
        return found


def move_to_class(*, actor: Account, enrolment: Enrolment, school_class: SchoolClass, on: date) -> Enrolment:
    """From a day on the pupil is in another class of the same school and year. Raises RefusedError."""
    here = enrolment.school_class
    require(may_keep(actor, here.school))
    if (here.school_id, here.school_year) != (school_class.school_id, school_class.school_year):
        raise RefusedError(_("Choose a class of the same school and year. For another school, hand the pupil over."))
    if here.pk == school_class.pk:
        raise RefusedError(_("The pupil is in this class already."))
    with change("careers.move_to_class", actor=actor):
        _end(enrolment, on - timedelta(days=1), LeavingReason.MOVED)
        return _place(actor, school_class, enrolment.person, on)


def hand_over(*, actor: Account, enrolment: Enrolment, to_school: School, last_on: date) -> Registration:
    """The pupil goes to another school, which from now on knows the person and can open the whole record once it enrols.

    Raises RefusedError.
    """
    require(may_keep(actor, enrolment.school_class.school))
    if enrolment.school_class.school_id == to_school.pk:
        raise RefusedError(_("Choose another school. Within the school, move the pupil to another class."))
    with change("careers.hand_over", actor=actor):
        _end(enrolment, last_on, LeavingReason.TRANSFERRED)
        known, _is_new = Registration.objects.get_or_create(
            person=enrolment.person, organisation_id=to_school.organisation_id, defaults={"since": last_on}
        )
        return known


def leave(*, actor: Account, enrolment: Enrolment, last_on: date, reason: str) -> Enrolment:
    """The pupil leaves school before the year's end, or finishes it: `reason` is left or graduated. Raises RefusedError."""
    require(may_keep(actor, enrolment.school_class.school))
    if reason not in ENDS:
        raise RefusedError(_("Say whether the pupil left school or finished it."))
    with change("careers.leave", actor=actor):
        return _end(enrolment, last_on, LeavingReason(reason))


@dataclass(frozen=True)
class RolledOver:
    """What the new school year began with: classes made, pupils who moved up, pupils who finished."""

    classes: int
    moved_up: int
    finished: int


def roll_over(
    *, actor: Account, school: School, from_year: int, names: Mapping[int, str] | None = None,
    repeating: Mapping[int, SchoolClass] | None = None,
) -> RolledOver:
    """Begin the next school year: each class moves up with the pupils who were in it to the last day.

    `names` gives names of next year's classes by number of the present class, otherwise the number in the name moves up.
    `repeating` gives, by enrolment, the class of next year of a pupil who does not move up, made beforehand. Final classes
    finish. All or nothing; a second run is refused, and so is a pupil already in a class of next year. Raises RefusedError.
    """
    require(may_keep(actor, school))
    with change("careers.roll_over", actor=actor):
        School.objects.select_for_update().get(pk=school.pk)
        classes = list(school.classes.of_year(from_year).in_order())
        if not classes:
            raise RefusedError(_("The school has no classes in %(year)s.") % {"year": label(from_year)})
        if SchoolClass.objects.filter(continues__in=classes).exists():
            raise RefusedError(_("The year %(year)s has begun already.") % {"year": label(from_year + 1)})
        following = _following_classes(classes, names or {})
        return _move_up(actor, classes, following, repeating or {})


def _following_classes(classes: list[SchoolClass], names: Mapping[int, str]) -> dict[int, SchoolClass]:
    """{class of this year: class of next year}, made now."""
    made = {}
    for each in classes:
        if each.is_final:
            continue
        following = SchoolClass(
            school_id=each.school_id, school_year=each.school_year + 1, stage=each.stage, number=each.number + 1,
            name=names.get(each.pk) or _moved_up(each.name, each.number), field_code=each.field_code,
            subjects=each.subjects, continues=each,
        )
        try:
            with transaction.atomic():
                following.save()
        except IntegrityError as error:
            raise RefusedError(
                _("“%(name)s” cannot move up: the name is taken, or there is no higher year. Mark it as the last year, or give "
                  "next year's class another name.") % {"name": each.name}
            ) from error
        made[each.pk] = following
    return made


def _moved_up(name: str, number: int) -> str:
    """ "9.a" -> "10.a"; a name that does not begin with the number stays."""
    return f"{number + 1}{name[len(str(number)):]}" if name.startswith(str(number)) else name


def _move_up(
    actor: Account, classes: list[SchoolClass], following: Mapping[int, SchoolClass], repeating: Mapping[int, SchoolClass]
) -> RolledOver:
    year = classes[0].school_year
    staying = Enrolment.objects.filter(school_class__in=classes, left_on=last_day(year)).order_by("pk")
    finishing = [each.pk for each in staying if each.school_class_id not in following and each.pk not in repeating]
    new = [
        Enrolment(
            school_class=repeating.get(each.pk) or following[each.school_class_id], person_id=each.person_id,
            joined_on=first_day(year + 1), left_on=last_day(year + 1),
        )
        for each in staying if each.pk not in finishing
    ]
    taken = Enrolment.objects.filter(person_id__in=[each.person_id for each in new]).of_year(year + 1)
    if first := taken.select_related("person").first():
        raise RefusedError(
            _("%(person)s is in a class of the new year already. End that first.") % {"person": first.person.name}
        )
    Enrolment.objects.filter(pk__in=finishing).update(reason=LeavingReason.GRADUATED)
    Enrolment.objects.bulk_create(new)
    return RolledOver(len(following), len(new), len(finishing))


def _require_in_year(school_class: SchoolClass, day: date) -> None:
    if not school_class.first_day <= day <= school_class.last_day:
        raise RefusedError(
            _("The day lies outside the school year %(year)s.") % {"year": label(school_class.school_year)}
        )


def _place(actor: Account, school_class: SchoolClass, person: Person, joined_on: date) -> Enrolment:
    """The enrolment; when the database refuses a second class, the reason says what to do."""
    _require_in_year(school_class, joined_on)
    try:
        with transaction.atomic():
            return Enrolment.objects.create(
                school_class=school_class, person=person, joined_on=joined_on, left_on=school_class.last_day
            )
    except IntegrityError as error:
        raise RefusedError(_already_somewhere(actor, school_class, person, joined_on)) from error


def _already_somewhere(actor: Account, school_class: SchoolClass, person: Person, joined_on: date) -> str:
    """Names the class when it is the actor's own school's; of another school only that there is one."""
    own = Enrolment.objects.filter(person=person).meeting(joined_on, school_class.last_day).select_related("school_class")
    for each in own:
        if may_keep(actor, each.school_class.school):
            return _(
                "%(person)s is in class %(name)s from %(first)s to %(last)s. Move the pupil from there, or enter the last day."
            ) % {
                "person": person.name, "name": each.school_class.name, "first": format_day(each.joined_on),
                "last": format_day(each.left_on),
            }
    return _(
        "%(person)s is in a class of another school on these days, and nobody is in two schools at once. Ask that school to "
        "enter the last day and hand the pupil over, or begin after it."
    ) % {"person": person.name}


def _end(enrolment: Enrolment, last_on: date, reason: LeavingReason) -> Enrolment:
    locked = Enrolment.objects.select_for_update().get(pk=enrolment.pk)
    if not locked.joined_on <= last_on <= locked.left_on:
        raise RefusedError(
            _("The last day has to lie between %(first)s and %(last)s, while the pupil is in the class.")
            % {"first": format_day(locked.joined_on), "last": format_day(locked.left_on)}
        )
    if locked.reason != LeavingReason.YEAR_END:
        raise RefusedError(_("The pupil has left this class already."))
    locked.left_on, locked.reason = last_on, reason
    locked.save(update_fields=["left_on", "reason"])
    enrolment.left_on, enrolment.reason = last_on, reason
    return locked

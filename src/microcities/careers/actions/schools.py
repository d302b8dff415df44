"""Schools, their classes, the careers programme of a year, and how criteria are read for single pupils."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import CareersProgramme, Interpretation, School, SchoolClass, Setting
from microcities.careers.rules import may_add_school, may_change_school, may_keep
from microcities.careers.school_years import last_day, year_of
from microcities.people.actions.organisations import add_organisation, change_organisation
from microcities.people.models import Account, Organisation, OrganisationKind, Person
from microcities.programme.models import City, Programme
from microcities.trail.context import change

# What a new school is among organisations.
KINDS: dict[str, str] = {
    Setting.SCHOOL: OrganisationKind.SCHOOL, Setting.SPECIAL: OrganisationKind.SCHOOL,
    Setting.TECHNIKUM: OrganisationKind.TECHNIKUM, Setting.PROVIDER: OrganisationKind.OTHER,
}


def add_school(
    *, actor: Account, organisation: Organisation, programme: Programme, city: City, setting: str
) -> School:
    """A school begins to keep its career support here. Raises RefusedError; ValidationError for a wrong setting."""
    require(may_add_school(actor, organisation, programme, city))
    if School.objects.filter(organisation=organisation).exists():
        raise RefusedError(_("This school is here already."))
    school = School(organisation=organisation, programme=programme, city=city, setting=setting)
    school.full_clean()
    with change("careers.add_school", actor=actor):
        school.save()
    return school


def add_new_school(*, actor: Account, name: str, programme: Programme, city: City, setting: str) -> School:
    """The same for a school that is not on record as an organisation yet. Raises RefusedError, ValidationError."""
    with transaction.atomic():
        organisation = add_organisation(actor=actor, name=name, kind=KINDS[setting])
        return add_school(actor=actor, organisation=organisation, programme=programme, city=city, setting=setting)


def change_school(*, actor: Account, school: School, name: str, city: City, setting: str, reason: str) -> School:
    """Correct name, city or kind; the kind decides by which framework it is read. Raises RefusedError, ValidationError."""
    require(may_change_school(actor, school))
    require(may_add_school(actor, school.organisation, school.programme, city))
    if not reason.strip():
        raise RefusedError(_("Say why. It stands beside the change in the history."))
    with change("careers.change_school", actor=actor, reason=reason):
        locked = School.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=school.pk)
        if name.strip() != locked.organisation.name:
            change_organisation(actor=actor, organisation=locked.organisation, reason=reason, name=name)
        locked.city, locked.setting = city, setting
        locked.full_clean()
        locked.save(update_fields=["city", "setting"])
    return School.objects.select_related("organisation", "city").get(pk=school.pk)


def found_class(
    *, actor: Account, school: School, school_year: int, number: int, name: str, stage: str = "grade", **fields: Any
) -> SchoolClass:
    """A class of one school year; `fields` are field_code, subjects, is_final. Raises RefusedError, ValidationError."""
    require(may_keep(actor, school))
    found = SchoolClass(
        school=school, school_year=school_year, stage=stage, number=number, name=" ".join(name.split()), **fields
    )
    found.full_clean()
    with change("careers.found_class", actor=actor):
        found.save()
    return found


def change_class(*, actor: Account, school_class: SchoolClass, **fields: Any) -> SchoolClass:
    """Change name, number, stage, field_code, subjects or is_final; school and year stay. Raises RefusedError."""
    require(may_keep(actor, school_class.school))
    if fields.keys() - {"name", "number", "stage", "field_code", "subjects", "is_final"}:
        raise ValueError("a class keeps its school and year")
    with change("careers.change_class", actor=actor):
        locked = SchoolClass.objects.select_for_update().get(pk=school_class.pk)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        locked.save(update_fields=list(fields))
    return locked


def write_programme(*, actor: Account, school: School, school_year: int, **fields: Any) -> CareersProgramme:
    """Write a year's careers programme, or change it; what is published stays published. Raises RefusedError."""
    require(may_keep(actor, school))
    if "published_on" in fields:
        raise ValueError("publish_programme publishes")
    with change("careers.write_programme", actor=actor):
        School.objects.select_for_update().get(pk=school.pk)
        found = CareersProgramme.objects.filter(school=school, school_year=school_year).first()
        found = found or CareersProgramme(school=school, school_year=school_year)
        for name, value in fields.items():
            setattr(found, name, value)
        found.full_clean()
        found.save()
    return found


def publish_programme(
    *, actor: Account, programme: CareersProgramme, address: str, published_on: date | None = None
) -> CareersProgramme:
    """The programme can be read at `address` by everybody from a day on. Raises RefusedError."""
    require(may_keep(actor, programme.school))
    day = published_on or timezone.localdate()
    if day > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A record tells what has happened."))
    with change("careers.publish_programme", actor=actor):
        locked = CareersProgramme.objects.select_for_update().get(pk=programme.pk)
        if not locked.outcomes.strip():
            raise RefusedError(_("Say first what pupils learn by the programme."))
        locked.address, locked.published_on = address, day
        locked.full_clean()
        locked.save(update_fields=["address", "published_on"])
    return locked


def interpret_criterion(
    *,
    actor: Account,
    school: School,
    person: Person,
    criterion: str,
    reading: str,
    reason: str,
    count: int = 1,
    valid_from: date | None = None,
    valid_to: date | None = None,
) -> Interpretation:
    """Say how a criterion is read for a pupil with special needs, and why; to the end of the school year if not told.

    Raises RefusedError when the school does not teach the pupil, or the criterion is read for these days already.
    """
    require(may_keep(actor, school))
    first = valid_from or timezone.localdate()
    if not reason.strip():
        raise RefusedError(_("Give the reason: it is asked for with every figure."))
    if not person.enrolments.at(school).filter(left_on__gte=first).exists():
        raise RefusedError(_("The pupil is in no class of this school on that day."))
    found = Interpretation(
        school=school, person=person, criterion=criterion, reading=reading, reason=reason.strip(), count=count,
        valid_from=first, valid_to=valid_to or last_day(year_of(first)), decided_by_id=actor.pk,
    )
    found.full_clean(validate_constraints=False)
    try:
        with change("careers.interpret_criterion", actor=actor), transaction.atomic():
            found.save()
    except IntegrityError as error:
        raise RefusedError(
            _("This criterion is read for the pupil on these days already, or its days or code are wrong. End that first.")
        ) from error
    return found


def end_interpretation(*, actor: Account, interpretation: Interpretation, last_on: date, reason: str) -> None:
    """The reading holds up to a day and no longer. Raises RefusedError."""
    require(may_keep(actor, interpretation.school))
    if not interpretation.valid_from <= last_on <= interpretation.valid_to:
        raise RefusedError(_("The last day has to lie within the days for which the reading holds."))
    with change("careers.end_interpretation", actor=actor, reason=reason):
        Interpretation.objects.filter(pk=interpretation.pk).update(valid_to=last_on)
        interpretation.valid_to = last_on

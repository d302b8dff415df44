"""What the database itself refuses, whoever writes."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from microcities.careers.models import (
    CareersProgramme,
    Encounter,
    EncounterAttendance,
    Enrolment,
    GuidanceTalk,
    Interpretation,
    SchoolClass,
    SchoolEvidence,
)
from microcities.careers.school_years import first_day, last_day
from tests.careers.conftest import YEAR, Schools, make_class, make_pupil, place

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def refused(name: str, write: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        write()
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_nobody_is_in_two_classes_at_once_even_for_one_day(schools: Schools) -> None:
    day = last_day(YEAR)
    refused("enrolment_one_class_at_a_time", lambda: place(schools.theirs, schools.pupil, joined_on=day))
    place_again = {"joined_on": first_day(YEAR + 1), "left_on": last_day(YEAR + 1)}
    assert place(make_class(schools.valmiera, school_year=YEAR + 1), schools.pupil, **place_again).pk


def test_enrolment_lies_in_the_year_of_its_class(schools: Schools) -> None:
    person = make_pupil(schools.ventspils, "Anete")
    before = first_day(YEAR) - timedelta(days=1)
    refused("enrolment_in_school_year", lambda: place(schools.nine_a, person, joined_on=before))
    refused("enrolment_in_school_year", lambda: place(schools.nine_a, person, left_on=first_day(YEAR + 1)))
    refused("enrolment_dates", lambda: place(schools.nine_a, person, joined_on=last_day(YEAR), left_on=first_day(YEAR)))


def test_class_with_pupils_keeps_its_year_and_school(schools: Schools) -> None:
    classes = SchoolClass.objects.filter(pk=schools.nine_a.pk)
    refused("class_with_pupils_keeps_year", lambda: classes.update(school_year=YEAR + 1))
    refused("class_with_pupils_keeps_year", lambda: classes.update(school=schools.valmiera))
    assert SchoolClass.objects.filter(pk=schools.nine_b.pk).update(school_year=YEAR + 1) == 1


def test_class_has_a_number_of_its_stage_and_a_name_once_a_year(schools: Schools) -> None:
    refused("class_number_fits_stage", lambda: make_class(schools.ventspils, "13.", number=13))
    refused("class_number_fits_stage", lambda: make_class(schools.ventspils, "6. kurss", stage="course", number=6))
    refused("class_name_once_a_year", lambda: make_class(schools.ventspils, "9.a"))
    refused("class_field_code", lambda: make_class(schools.ventspils, "D1", stage="course", number=1, field_code="6x"))


def test_criterion_is_read_one_way_at_a_time(schools: Schools) -> None:
    def read(**fields: Any) -> Interpretation:
        return Interpretation.objects.create(
            **{
                "school": schools.ventspils, "person": schools.pupil, "criterion": "5.1", "reading": "not_applied",
                "reason": "x", "valid_from": date(2026, 9, 1), "valid_to": date(2027, 8, 31), "decided_by_id": 1, **fields,
            }
        )

    read()
    refused("interpretation_one_at_a_time", lambda: read(reading="fewer", valid_from=date(2027, 8, 31)))
    refused("interpretation_criterion", lambda: read(criterion="5 1"))
    assert read(criterion="6.1").pk


def encounter(schools: Schools, **fields: Any) -> Encounter:
    given = {"school": schools.ventspils, "kind": "employer", "name": "Tikšanās", "held_on": timezone.localdate(), "hours": 2}
    return Encounter.objects.create(**{**given, **fields})


def test_encounter_says_what_its_kind_needs(schools: Schools) -> None:
    refused("encounter_provider_has_a_kind", lambda: encounter(schools, kind="provider"))
    refused("encounter_provider_has_a_kind", lambda: encounter(schools, provider_kind="university"))
    refused("encounter_subject_named", lambda: encounter(schools, kind="subject"))
    refused("encounter_hours", lambda: encounter(schools, hours=0))
    refused("encounter_sector", lambda: encounter(schools, sector="Z"))


def test_pupil_stands_once_on_an_encounter_and_reflects_only_after_it(schools: Schools) -> None:
    row = {"encounter": encounter(schools), "person": schools.pupil}
    refused("encounter_reflected_by_attender", lambda: EncounterAttendance.objects.create(**row, reflection_done=True))
    EncounterAttendance.objects.create(**row, presence="attended", reflection_done=True)
    refused("encounter_attendance_once", lambda: EncounterAttendance.objects.create(**row))


def test_facts_of_a_talk_do_not_contradict_one_another(schools: Schools) -> None:
    def talk(**fields: Any) -> GuidanceTalk:
        whose = {"person": schools.pupil, "organisation": schools.ventspils.organisation}
        return GuidanceTalk.objects.create(**whose, programme=schools.world.programme, **fields)

    day = timezone.localdate()
    refused("guidance_has_a_fact", talk)
    refused("guidance_declined_when_offered", lambda: talk(held_on=day, adviser=schools.anna.person, declined_on=day))
    refused("guidance_held_by_somebody", lambda: talk(held_on=day))
    refused("guidance_missed_when_booked", lambda: talk(offered_on=day, no_show_on=day))
    refused("guidance_booked_by_a_booking", lambda: talk(offered_on=day, booked_at=timezone.now()))


def test_what_a_school_shows_is_whole(schools: Schools) -> None:
    def shown(**fields: Any) -> SchoolEvidence:
        return SchoolEvidence.objects.create(school=schools.ventspils, from_on=timezone.localdate(), proof="x", **fields)

    refused("school_evidence_share_of_staff", lambda: shown(kind="staff_lmi"))
    refused("school_evidence_share_of_staff", lambda: shown(kind="staff_lmi", reached=3, total=2))
    refused("school_evidence_told_to_somebody", lambda: shown(kind="programme_told"))
    refused(
        "careers_programme_published_somewhere",
        lambda: CareersProgramme.objects.create(school=schools.ventspils, outcomes="x", published_on=timezone.localdate()),
    )
    assert Enrolment.objects.count() == 2

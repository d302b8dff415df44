"""Pages of classes, class lists, encounters, the programme and other records of a school."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from microcities.careers.models import (
    AdviserQualification,
    CareersProgramme,
    ClassList,
    Destination,
    Encounter,
    EncounterAttendance,
    Enrolment,
    FeedbackRound,
    Interpretation,
    SchoolClass,
    SchoolEvidence,
    StaffTraining,
)
from microcities.people.models import Person
from microcities.trail.models import Look
from tests import factories
from tests.careers.conftest import YEAR, Schools, attend, make_pupil, past_event, place
from tests.careers.school_pages import TODAY, at, encounter_values, meet, text

pytestmark = pytest.mark.django_db
HEADINGS = "Vārds,Uzvārds,Dzimšanas datums,Klase\n"


def csv(*rows: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("klases.csv", (HEADINGS + "\n".join(rows) + "\n").encode(), content_type="text/csv")


# --- classes and pupils ---


def test_class_is_made_and_corrected_and_a_wrong_grade_is_told_at_the_field(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    wrong = client.post(at(schools, "classes/new/"), {"stage": "grade", "number": 13, "name": "13.a"})
    assert (wrong.status_code, SchoolClass.objects.filter(name="13.a").exists()) == (422, False)
    client.post(at(schools, "classes/new/"), {"stage": "grade", "number": 8, "name": "8.a", "subjects": "math, phys, math"})
    made = SchoolClass.objects.get(name="8.a")
    assert (made.subjects, made.school_year) == (["math", "phys"], YEAR)
    client.post(f"/en/careers/classes/{made.pk}/change/", {"stage": "grade", "number": 8, "name": "8.b"})
    made.refresh_from_db()
    assert (made.name, made.subjects) == ("8.b", [])


def test_class_page_names_its_pupils_and_logs_the_look(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    assert "Jānis Bērziņš" in text(client.get(f"/en/careers/classes/{schools.nine_a.pk}/"))
    assert Look.objects.get().person_id == schools.pupil.pk
    assert client.get(f"/en/careers/classes/{schools.theirs.pk}/").status_code == 404


def test_pupil_joins_moves_and_leaves(client: Client, schools: Schools) -> None:
    person = make_pupil(schools.ventspils, "Anete")
    client.force_login(schools.anna)
    client.post(f"/en/careers/classes/{schools.nine_a.pk}/pupils/new/", {"person": person.pk})
    enrolment = Enrolment.objects.get(person=person)
    assert client.get(f"/en/careers/enrolments/{enrolment.pk}/").status_code == 200
    move = {"school_class": schools.nine_b.pk, "on": TODAY.isoformat()}
    client.post(f"/en/careers/enrolments/{enrolment.pk}/move/", move)
    moved = Enrolment.objects.get(person=person, school_class=schools.nine_b)
    assert moved.joined_on == TODAY
    early = {"reason": "left", "last_on": (TODAY - timedelta(days=1)).isoformat()}
    assert client.post(f"/en/careers/enrolments/{moved.pk}/leave/", early).status_code == 422
    client.post(f"/en/careers/enrolments/{moved.pk}/leave/", {"reason": "left", "last_on": TODAY.isoformat()})
    moved.refresh_from_db()
    assert (moved.left_on, moved.reason) == (TODAY, "left")


def test_pupil_of_another_school_is_not_moved_by_this_one(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    theirs = Enrolment.objects.get(person=schools.stranger)
    assert {client.get(f"/en/careers/enrolments/{theirs.pk}/{step}").status_code for step in ("", "move/", "leave/")} == {404}


def test_pupil_is_handed_over_and_taken_in_by_the_other_school(client: Client, schools: Schools) -> None:
    enrolment = Enrolment.objects.get(person=schools.pupil)
    client.force_login(schools.anna)
    yesterday = TODAY - timedelta(days=1)
    values = {"to_school": schools.valmiera.pk, "last_on": yesterday.isoformat()}
    client.post(f"/en/careers/enrolments/{enrolment.pk}/hand-over/", values)
    client.force_login(schools.baiba)
    joined = {"person": schools.pupil.pk, "joined_on": TODAY.isoformat()}
    client.post(f"/en/careers/classes/{schools.theirs.pk}/pupils/new/", joined)
    assert Enrolment.objects.filter(person=schools.pupil, school_class=schools.theirs).count() == 1


def test_next_year_begins_once(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    address = at(schools, f"next-year/?year={YEAR}")
    client.post(address, {f"name-{schools.nine_b.pk}": "10.x"})
    names = SchoolClass.objects.filter(school=schools.ventspils, school_year=YEAR + 1).values_list("name", flat=True)
    assert sorted(names) == ["10.a", "10.x"]
    again = client.post(address)
    assert (again.status_code, "has begun already" in text(again)) == (422, True)


# --- class lists ---


def test_class_list_is_compared_applied_and_taken_back(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    rows = ("Anete,Liepa,02.03.2012,9.a", "Uldis,Ozols,05.06.2012,9.c")
    values = {"file": csv(*rows), "taken_on": TODAY.isoformat(), "is_whole_school": "on"}
    compared = client.post(at(schools, "class-lists/bring/"), values)
    shown = text(compared)
    assert all(words in shown for words in ("Anete", "new person, joins", "Jānis Bērziņš", "New classes: 9.c"))
    assert Person.objects.filter(given_name="Anete").count() == 0
    carried = {name: compared.context["form"][name].value() for name in compared.context["form"].fields}
    client.post(at(schools, "class-lists/apply/"), {**carried, "taken_on": TODAY.isoformat()})
    assert Enrolment.objects.on(TODAY).filter(person__given_name="Anete").count() == 1
    assert Enrolment.objects.get(person=schools.pupil).reason != "year_end"
    done = ClassList.objects.get()
    client.post(f"/en/careers/class-lists/{done.pk}/undo/")
    assert Enrolment.objects.filter(person__given_name="Anete").count() == 0
    assert Enrolment.objects.get(person=schools.pupil).reason == "year_end"


def test_wrong_row_is_refused_by_row_and_column_and_cannot_be_applied(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    values = {"file": csv("Anete,Liepa,31.02.2012,9.a"), "taken_on": TODAY.isoformat()}
    response = client.post(at(schools, "class-lists/bring/"), values)
    shown = text(response)
    assert all(words in shown for words in ("1 row is refused", "column C", "31.02.2012"))
    assert "Apply the list" not in shown


def test_list_without_headings_is_told_at_the_file(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    file = SimpleUploadedFile("x.csv", b"Anete,Liepa,02.03.2012,9.a\n", content_type="text/csv")
    response = client.post(at(schools, "class-lists/bring/"), {"file": file, "taken_on": TODAY.isoformat()})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_list_is_not_applied_when_something_changed_or_is_damaged(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    values = {"content": "QUJD", "file_name": "x.csv", "digest": "0" * 64, "taken_on": TODAY.isoformat()}
    assert client.post(at(schools, "class-lists/apply/"), {**values, "content": "%%%"}).status_code == 302
    assert client.post(at(schools, "class-lists/apply/"), values).status_code == 302
    assert client.post(at(schools, "class-lists/apply/"), {}).status_code == 400
    assert ClassList.objects.count() == 0


# --- encounters ---


def test_encounter_of_a_class_is_recorded_and_its_figure_moves(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    values = encounter_values(classes=[schools.nine_a.pk], attended="on", sector="c")
    client.post(at(schools, "encounters/new/"), values)
    found = Encounter.objects.get()
    assert (found.sector, found.attendances.get().presence, found.is_meaningful) == ("C", "attended", True)
    assert client.get(at(schools)).context["results"].criterion("5.1").tally["numerator"] == 1
    assert "Jānis Bērziņš" in text(client.get(f"/en/careers/encounters/{found.pk}/"))


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"kind": "provider"}, "provider_kind"), ({"kind": "subject"}, "subject"), ({"hours": "0"}, "hours"),
        ({"sector": "Z"}, "sector"), ({"held_on": "2026-02-31"}, "held_on"),
        ({"held_on": (TODAY + timedelta(days=3)).isoformat(), "attended": "on"}, "held_on"),
    ],
)
def test_wrong_encounter_is_told_at_its_field(client: Client, schools: Schools, values: dict[str, str], field: str) -> None:
    client.force_login(schools.anna)
    response = client.post(at(schools, "encounters/new/"), encounter_values(**values))
    assert (response.status_code, field in response.context["form"].errors) == (422, True)
    assert Encounter.objects.count() == 0


def test_encounter_from_an_event_takes_attendance_over_and_again(client: Client, schools: Schools) -> None:
    event = past_event(schools.ventspils)
    attend(event, schools.pupil)
    client.force_login(schools.anna)
    values = encounter_values(event=event.pk)
    del values["name"], values["held_on"]
    client.post(at(schools, "encounters/from-event/"), values)
    found = Encounter.objects.get()
    assert (found.event, found.attendances.get().person) == (event, schools.pupil)
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    attend(event, second)
    client.post(f"/en/careers/encounters/{found.pk}/again/")
    assert found.attendances.count() == 2
    twice = client.post(at(schools, "encounters/from-event/"), values)
    assert (twice.status_code, "event" in twice.context["form"].errors) == (422, True)


def test_attendance_and_reflection_are_marked(client: Client, schools: Schools) -> None:
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    found = meet(schools, kind="workplace")
    client.force_login(schools.anna)
    client.post(f"/en/careers/encounters/{found.pk}/pupils/", {"classes": [schools.nine_b.pk]})
    client.post(f"/en/careers/encounters/{found.pk}/attendance/", {
        f"presence-{schools.pupil.pk}": "attended", f"reflected-{schools.pupil.pk}": "on", f"presence-{second.pk}": "absent",
    })
    rows = EncounterAttendance.objects.values_list("person_id", "presence", "reflection_done")
    assert set(rows) == {(schools.pupil.pk, "attended", True), (second.pk, "absent", False)}


def test_reflection_of_somebody_absent_is_refused_in_words(client: Client, schools: Schools) -> None:
    found = meet(schools)
    client.force_login(schools.anna)
    values = {f"presence-{schools.pupil.pk}": "expected", f"reflected-{schools.pupil.pk}": "on"}
    response = client.post(f"/en/careers/encounters/{found.pk}/attendance/", values)
    assert (response.status_code, "can have thought it over" in text(response)) == (422, True)


def test_encounter_of_another_school_is_not_there(client: Client, schools: Schools) -> None:
    found = meet(schools)
    client.force_login(schools.baiba)
    pages = ("", "change/", "pupils/", "attendance/")
    assert {client.get(f"/en/careers/encounters/{found.pk}/{page}").status_code for page in pages} == {404}


# --- programme and other records ---


def test_programme_is_written_and_published(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    values = {"outcomes": "Zina trīs profesijas", "leader": schools.anna.person_id}
    client.post(at(schools, f"programme/write/?year={YEAR}"), values)
    publish = at(schools, f"programme/publish/?year={YEAR}")
    later = client.post(publish, {"address": "https://skola.example.org", "published_on": "2099-01-01"})
    assert (later.status_code, "published_on" in later.context["form"].errors) == (422, True)
    client.post(publish, {"address": "https://skola.example.org/karjera", "published_on": TODAY.isoformat()})
    assert CareersProgramme.objects.get().published_on == TODAY
    assert "Zina trīs profesijas" in text(client.get(at(schools, "programme/")))


def test_each_kind_of_record_is_recorded_and_listed(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    day = TODAY.isoformat()
    given: dict[str, tuple[Any, dict[str, Any], str]] = {
        "training": (StaffTraining, {"person": schools.anna.person_id, "held_on": day, "hours": "4", "topic": "Dati"}, "Dati"),
        "feedback": (FeedbackRound, {"group": "guardians", "held_on": day, "asked": 9, "answered": 4}, "parents and guardians"),
        "evidence": (SchoolEvidence, {"kind": "staff_lmi", "from_on": day, "reached": 4, "total": 9, "proof": "lapa"}, "lapa"),
        "destinations": (Destination, {"person": schools.pupil.pk, "kind": "intended", "said_on": day, "way": "study",
                                       "field_code": "06", "confirmed_by": "pupil"}, "Jānis"),
        "readings": (Interpretation, {"person": schools.pupil.pk, "criterion": "5.1", "reading": "not_applied", "count": 1,
                                      "reason": "Plāns"}, "Plāns"),
    }
    factories.register(schools.anna.person, schools.ventspils.organisation)
    for kind, (model, values, words) in given.items():
        response = client.post(at(schools, f"records/{kind}/new/"), values)
        assert (kind, response.status_code, model.objects.count()) == (kind, 302, 1)
        assert words in text(client.get(at(schools, f"records/{kind}/")))
    assert client.get(at(schools, "records/other/")).status_code == 404


@pytest.mark.parametrize(
    ("kind", "values", "field"),
    [
        ("feedback", {"group": "pupils", "held_on": TODAY.isoformat(), "asked": 3, "answered": 5}, "held_on"),
        ("evidence", {"kind": "staff_lmi", "from_on": TODAY.isoformat(), "proof": "x"}, "reached"),
        ("evidence", {"kind": "programme_told", "from_on": TODAY.isoformat(), "proof": "x"}, "audience"),
        ("evidence", {"kind": "alumni_used", "from_on": "2099-01-01", "proof": "x"}, "from_on"),
    ],
)
def test_wrong_record_is_told_at_its_field(
    client: Client, schools: Schools, kind: str, values: dict[str, Any], field: str
) -> None:
    client.force_login(schools.anna)
    response = client.post(at(schools, f"records/{kind}/new/"), values)
    assert (response.status_code, field in response.context["form"].errors) == (422, True)


def test_readings_are_not_seen_by_the_auditor_and_end_on_a_day(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    values = {"person": schools.pupil.pk, "criterion": "5.1", "reading": "not_applied", "count": 1, "reason": "Slepens plāns"}
    client.post(at(schools, "records/readings/new/"), values)
    found = Interpretation.objects.get()
    client.force_login(schools.world.aija)
    assert "Slepens" not in text(client.get(at(schools, "records/readings/")))
    client.force_login(schools.anna)
    client.post(f"/en/careers/readings/{found.pk}/end/", {"last_on": TODAY.isoformat(), "reason": "Beidzies"})
    found.refresh_from_db()
    assert found.valid_to == TODAY


def test_qualification_is_entered_by_whoever_leads_the_staff_and_not_by_oneself(client: Client, schools: Schools) -> None:
    values = {"counsellor": schools.anna.person_id, "name": "Karjeras konsultants", "level": 6, "valid_from": "2020-01-01"}
    client.force_login(schools.anna)
    assert client.post(at(schools, "records/qualifications/new/"), values).status_code == 422
    head = factories.make_account("direktore@example.org", factories.make_person("Dace", "Liepa"))
    factories.give_role(head, schools.ventspils.organisation, "partner_reporter")
    client.force_login(head)
    assert client.post(at(schools, "records/qualifications/new/"), values).status_code == 302
    assert AdviserQualification.objects.get().person == schools.anna.person

"""Pages of schools: results on a day, missing pupils by name, the heat map, the report; and who may not open them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.careers.actions.schools import interpret_criterion
from microcities.trail.models import Look
from tests.careers.conftest import Schools, make_class, make_pupil, place
from tests.careers.school_pages import TODAY, at, met, text

pytestmark = pytest.mark.django_db
PAGES = (
    "", "report.pdf", "criteria/5.1/", "pupils/", "classes/", "class-lists/", "encounters/", "programme/", "records/training/",
    "records/feedback/", "records/evidence/", "records/destinations/", "records/readings/", "records/qualifications/",
)
CHANGING = (
    "classes/new/", "next-year/", "class-lists/bring/", "encounters/new/", "encounters/from-event/", "programme/write/",
    "records/training/new/", "records/feedback/new/", "records/evidence/new/", "records/destinations/new/",
    "records/readings/new/", "records/qualifications/new/",
)


@pytest.mark.parametrize(("name", "pages", "changing"), [("anna", 200, 200), ("baiba", 404, 404), ("guardian", 403, 403)])
def test_pages_are_open_to_the_school_and_shut_to_others(
    client: Client, schools: Schools, name: str, pages: int, changing: int
) -> None:
    client.force_login(getattr(schools, name))
    assert {page: client.get(at(schools, page)).status_code for page in PAGES} == dict.fromkeys(PAGES, pages)
    assert {page: client.get(at(schools, page)).status_code for page in CHANGING} == dict.fromkeys(CHANGING, changing)


def test_auditor_reads_and_changes_nothing(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.aija)
    assert {client.get(at(schools, page)).status_code for page in PAGES} == {200}
    assert {client.get(at(schools, page)).status_code for page in CHANGING} == {403}
    assert {client.post(at(schools, page)).status_code for page in CHANGING} == {403}


def test_list_names_own_schools_only(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    shown = text(client.get("/en/careers/schools/"))
    assert ("Ventspils 1. vidusskola" in shown, "Valmieras 2. vidusskola" in shown) == (True, False)


def test_dashboard_counts_what_was_attended_and_says_so_in_words(client: Client, schools: Schools) -> None:
    place(schools.nine_b, make_pupil(schools.ventspils, "Anete"))
    client.force_login(schools.anna)
    before = client.get(at(schools)).context["results"].criterion("5.1")
    assert (before.count, before.state) == ("0 of 2", "not yet")
    met(schools)
    results = client.get(at(schools)).context["results"]
    line = results.criterion("5.1")
    assert (line.count, line.state, line.interval) == ("1 of 2", "partly", "9% – 91%")
    assert len(results.benchmarks) == 8
    assert results.pupils == 2


def test_what_helps_most_names_the_class(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    steps = client.get(at(schools)).context["steps"]
    assert steps[0].school_class == schools.nine_a
    assert steps[0].pupils == 1


def test_encounter_without_its_checklist_is_named_as_unfinished(client: Client, schools: Schools) -> None:
    found = met(schools, two_way=False)
    client.force_login(schools.anna)
    (unfinished,) = client.get(at(schools)).context["unfinished"]
    assert (unfinished.number, unfinished.closes.startswith("5.1: 1")) == (found.pk, True)


def test_comparison_names_what_changed_and_by_how_many(client: Client, schools: Schools) -> None:
    met(schools)
    client.force_login(schools.anna)
    yesterday = TODAY - timedelta(days=1)
    response = client.get(at(schools), {"earlier": yesterday.isoformat()})
    (change,) = [each for each in response.context["results"].changes if each["code"] == "5.1"]
    assert (change["before"]["numerator"], change["after"]["numerator"], change["now_met"]) == (0, 1, [str(schools.pupil.pk)])
    assert "What changed since" in text(response)
    assert client.get(at(schools)).context["results"].changes == []


def test_framework_bands_and_reading_are_chosen_and_shown(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    asked = {"version": "gatsby-2014", "profile": "compass-2018", "reading": "birthday"}
    shown = text(client.get(at(schools), asked))
    assert all(words in shown for words in ("Good Career Guidance, 2014", "Old form: 76 %", "is read as: birthday"))


@pytest.mark.parametrize("asked", [{"day": "2999-01-01"}, {"day": "x"}, {"day": "1990-01-01"}, {"version": "none"}])
def test_wrong_questions_are_told_and_answered_by_what_is_in_force(client: Client, schools: Schools, asked: Any) -> None:
    client.force_login(schools.anna)
    response = client.get(at(schools), asked)
    assert (response.status_code, bool(response.context["form"].errors)) == (400, True)
    assert response.context["results"].asked.day == TODAY


def test_technikum_before_its_framework_has_no_results(client: Client, schools: Schools) -> None:
    schools.ventspils.setting = "technikum"
    schools.ventspils.save()
    client.force_login(schools.anna)
    response = client.get(at(schools), {"day": "2016-01-01"})
    assert (response.status_code, response.context["results"]) == (200, None)
    assert client.get(at(schools, "report.pdf"), {"day": "2016-01-01"}).status_code == 404


def test_table_is_exported_with_numerator_and_denominator(client: Client, schools: Schools) -> None:
    met(schools)
    client.force_login(schools.anna)
    rows = text(client.get(at(schools), {"criteria-format": "csv"})).splitlines()
    (row,) = [row for row in rows if row.split(",")[0].strip('"').startswith("5.1 ") or "5.1 " in row[:8]]
    assert "Jānis" not in "".join(rows)
    assert "achieved" in row


def test_report_is_a_pdf_without_names(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    response = client.get(at(schools, "report.pdf"), {"earlier": (TODAY - timedelta(days=1)).isoformat()})
    assert response.content.startswith(b"%PDF-")
    assert response.headers["Content-Type"] == "application/pdf"


def test_criterion_names_who_is_lacking_what_and_the_look_is_logged(client: Client, schools: Schools) -> None:
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    met(schools, second)
    client.force_login(schools.anna)
    response = client.get(at(schools, "criteria/5.1/"))
    (missing,) = response.context["table"].page.rows
    assert (missing.person, missing.class_name, missing.lacks) == (schools.pupil, "9.a", "1 more")
    assert list(Look.objects.values_list("person_id", flat=True)) == [schools.pupil.pk]
    assert client.get(at(schools, "criteria/99.9/")).status_code == 404


def test_file_of_missing_pupils_is_logged_as_a_download(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    assert "Jānis" in text(client.get(at(schools, "criteria/5.1/"), {"missing-format": "csv"}))
    assert Look.objects.get().person_id == schools.pupil.pk


def test_record_criterion_says_what_the_school_cannot_show(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    response = client.get(at(schools, "criteria/1.1/"))
    assert "a named careers leader" in text(response)


def test_heat_map_gives_each_pupil_a_word_for_each_criterion(client: Client, schools: Schools) -> None:
    second, third = make_pupil(schools.ventspils, "Anete", "Āboliņa"), make_pupil(schools.ventspils, "Uldis", "Zvirbulis")
    place(schools.nine_a, second)
    place(schools.nine_a, third)
    met(schools)
    met(schools, second, two_way=False, name="Cita")
    interpret_criterion(
        actor=schools.anna, school=schools.ventspils, person=third, criterion="5.1", reading="not_applied", reason="Plāns"
    )
    client.force_login(schools.anna)
    response = client.get(at(schools, "pupils/"), {"class": schools.nine_a.pk})
    shown = response.context["map"]
    place_of = [line.code for line in shown.columns].index("5.1")
    assert [(row.person, row.words[place_of]) for row in shown.rows] == [
        (second, "not complete"), (schools.pupil, "met"), (third, "not asked"),
    ]
    assert Look.objects.values("person_id").distinct().count() == 3


def test_heat_map_of_a_school_without_classes_is_empty(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    response = client.get(at(schools, "pupils/"), {"day": "2016-01-01"})
    assert "No pupil is in this class on the day" in text(response)


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("page", ["", "criteria/5.1/", "pupils/"])
def test_queries_do_not_grow_with_pupils_classes_and_encounters(client: Client, schools: Schools, page: str) -> None:
    client.force_login(schools.anna)
    place(schools.nine_a, make_pupil(schools.ventspils, "Anete"))
    met(schools)
    few = queries_of(client, at(schools, page))
    for number in range(6):
        found = make_class(schools.ventspils, f"9.{'cdefgh'[number]}")
        pupils = [make_pupil(schools.ventspils, f"Bērns{number}{other}") for other in range(4)]
        for pupil in (*pupils, make_pupil(schools.ventspils, f"Cits{number}")):
            place(found, pupil)
        for pupil in (make_pupil(schools.ventspils, f"Vēl{number}"),):
            place(schools.nine_a, pupil)
        met(schools, *pupils, name=f"Tikšanās {number}", two_way=number % 2 == 0)
    assert queries_of(client, at(schools, page)) <= few


def test_former_day_shows_the_school_as_it_was(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    results = client.get(at(schools), {"day": date(2020, 1, 15).isoformat()}).context["results"]
    assert (results.pupils, results.achieved) == (0, 0)

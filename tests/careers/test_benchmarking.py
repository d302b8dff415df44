"""A school's records become the engine's input in a number of queries that does not grow, and its figures follow them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.careers.actions.encounters import mark_attendance, record_encounter
from microcities.careers.actions.guidance import offer_guidance, record_talk
from microcities.careers.actions.outcomes import record_destination, record_evidence, record_feedback
from microcities.careers.actions.schools import interpret_criterion, publish_programme, write_programme
from microcities.careers.benchmarking import CHECKED, KINDS, benchmarks_input
from microcities.careers.frameworks import checklist
from microcities.careers.models import ASKS_REFLECTION, CHECKS, AdviserQualification
from microcities.careers.school_years import first_day
from microcities.decisions.engine import run_engine
from tests.careers.conftest import YEAR, Schools, make_pupil, place

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
ALL_CHECKS = dict.fromkeys(CHECKED, True)


def figures(schools: Schools, day: date = TODAY) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each criterion at the school."""
    output = run_engine("careers.benchmarks", benchmarks_input([schools.ventspils], day)).output
    return {
        row["code"]: (row["everywhere"]["numerator"], row["everywhere"]["denominator"])
        for row in output["criteria"] if row["everywhere"]
    }


def rows(schools: Schools, kind: str) -> list[dict[str, Any]]:
    return [row for row in benchmarks_input([schools.ventspils], TODAY)["encounters"] if row["kind"] == kind]


def meet(schools: Schools, **fields: Any) -> Any:
    given = {
        "actor": schools.anna, "school": schools.ventspils, "pupils": [schools.pupil], "attended": True, "kind": "employer",
        "name": "Tikšanās", "held_on": TODAY, "hours": 2, **ALL_CHECKS,
    }
    return record_encounter(**{**given, **fields})


def test_attended_counted_encounter_moves_the_figure_and_an_incomplete_one_does_not(schools: Schools) -> None:
    place(schools.nine_b, make_pupil(schools.ventspils, "Anete"))
    assert figures(schools)["5.1"] == (0, 2)
    found = meet(schools, two_way=False)
    assert figures(schools)["5.1"] == (0, 2)
    assert rows(schools, "employer_encounter")[0]["failed_checks"].count("two_way") == 1
    meet(schools, name="Cita")
    mark_attendance(actor=schools.anna, encounter=found, attended=[schools.pupil.pk])
    for each in schools.ventspils.encounters.all():
        mark_attendance(actor=schools.anna, encounter=each, attended=[], reflected=[schools.pupil.pk])
    assert figures(schools)["5.1"] == (1, 2)


def test_pupils_who_reflected_are_a_row_apart_from_those_who_did_not(schools: Schools) -> None:
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    found = meet(schools, pupils=[schools.pupil, second], kind="workplace", hours=8)
    mark_attendance(actor=schools.anna, encounter=found, attended=[], reflected=[second.pk])
    given = {tuple(row["pupils"]): "reflection_done" in row["failed_checks"] for row in rows(schools, "workplace_experience")}
    assert given == {(str(schools.pupil.pk),): True, (str(second.pk),): False}


def test_model_asks_what_the_rulebook_of_today_asks() -> None:
    for kind, engine_kind in KINDS.items():
        asked = {*CHECKS[kind], *(["reflection_done"] if kind in ASKS_REFLECTION else [])}
        assert asked == set(checklist(engine_kind, TODAY)), kind


def test_offered_and_held_talks_are_different_facts_and_the_adviser_is_judged_on_the_day(schools: Schools) -> None:
    offer_guidance(actor=schools.anna, organisation=schools.ventspils.organisation, person=schools.pupil)
    assert (len(rows(schools, "guidance_offered")), len(rows(schools, "guidance_interview"))) == (1, 0)
    given = {"organisation": schools.ventspils.organisation, "person": schools.pupil, "minutes": 30, "agreed": ""}
    record_talk(actor=schools.anna, held_on=TODAY - timedelta(days=2), advice="Runājām", **given)
    AdviserQualification.objects.create(
        person=schools.anna.person, name="Karjeras konsultants", level=6, valid_from=TODAY - timedelta(days=1)
    )
    record_talk(actor=schools.anna, held_on=TODAY, advice="Runājām vēl", **given)
    assert [row["failed_checks"] for row in rows(schools, "guidance_interview")] == [["adviser_qualified"], []]
    assert (len(rows(schools, "guidance_offered")), len(rows(schools, "advice_recorded"))) == (3, 2)


def test_facts_after_the_day_are_not_read(schools: Schools) -> None:
    meet(schools)
    yesterday = TODAY - timedelta(days=1)
    assert benchmarks_input([schools.ventspils], yesterday)["encounters"] == []
    assert figures(schools, yesterday)["5.1"] == (0, 1)


def test_readings_plans_programme_and_feedback_come_along(schools: Schools) -> None:
    interpret_criterion(
        actor=schools.anna, school=schools.ventspils, person=schools.pupil, criterion="5.1", reading="not_applied",
        reason="Plāns",
    )
    record_destination(
        actor=schools.anna, school=schools.ventspils, person=schools.pupil, kind="intended", said_on=TODAY, way="study",
        level=6, confirmed_by="pupil",
    )
    programme = write_programme(
        actor=schools.anna, school=schools.ventspils, school_year=YEAR, outcomes="Zina trīs profesijas",
        leader=schools.anna.person, leader_trained_on=date(2019, 5, 5),
    )
    publish_programme(actor=schools.anna, programme=programme, address="https://skola.example.org/karjera")
    record_feedback(actor=schools.anna, school=schools.ventspils, group="guardians", held_on=TODAY, asked=9, answered=4)
    record_evidence(
        actor=schools.anna, school=schools.ventspils, kind="programme_told", from_on=TODAY, proof="vēstule", audience="parents"
    )
    given = benchmarks_input([schools.ventspils], TODAY)
    (pupil,) = given["pupils"]
    assert (pupil["considering_higher_education"], pupil["interpretations"][0]["effect"]) == (True, "not_applied")
    shown = {(row["kind"], row["audience"], row["starts_on"]) for row in given["records"]}
    start = first_day(YEAR).isoformat()
    assert shown == {
        ("careers_leader", "", start), ("leader_trained", "", start), ("programme_outcomes", "", start),
        *(("programme_published", each, TODAY.isoformat()) for each in ("pupils", "parents", "teachers", "employers")),
        ("feedback", "parents", TODAY.isoformat()), ("programme_told", "parents", TODAY.isoformat()),
    }
    assert figures(schools)["5.1"] == (0, 0)


def test_number_of_queries_does_not_grow_with_pupils_and_encounters(schools: Schools) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            benchmarks_input([schools.ventspils], TODAY)
        return len(captured)

    meet(schools)
    before = queries()
    pupils = [make_pupil(schools.ventspils, f"Skolēns {number}") for number in range(20)]
    for person in pupils:
        place(schools.nine_b, person)
    for number in range(5):
        meet(schools, pupils=pupils, name=f"Tikšanās {number}")
    assert queries() == before
    assert before <= 20


def test_schools_of_two_settings_are_not_read_together(schools: Schools) -> None:
    schools.valmiera.setting = "technikum"
    with pytest.raises(ValueError, match="one setting"):
        benchmarks_input([schools.ventspils, schools.valmiera], TODAY)

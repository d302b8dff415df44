"""The engine's answer about a school is given again only while no record that it was made of has changed."""

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from microcities.careers.benchmark_runs import benchmarks_of, made_of
from microcities.careers.benchmarking import benchmarks_input
from microcities.careers.models import EncounterAttendance, SchoolClass
from microcities.database.remembering import state_of
from microcities.people.models import Person
from tests.careers.conftest import Schools, make_pupil, place
from tests.careers.school_pages import TODAY, meet

pytestmark = pytest.mark.django_db


def state(schools: Schools) -> str:
    return state_of(*made_of([schools.ventspils], TODAY))


def born_later(schools: Schools) -> None:
    Person.objects.filter(pk=schools.pupil.pk).update(birth_on="2009-01-01")


def meets(schools: Schools) -> None:
    meet(schools, attended=True)


def joins(schools: Schools) -> None:
    place(SchoolClass.objects.filter(school=schools.ventspils).earliest("pk"), make_pupil(schools.ventspils, "Jauns"))


@pytest.mark.parametrize("change", [born_later, meets, joins])
def test_state_has_another_name_after_a_change(schools: Schools, change: Callable[[Schools], None]) -> None:
    before = state(schools)
    assert state(schools) == before
    change(schools)
    assert state(schools) != before


def test_state_of_a_school_stays_when_another_school_records(schools: Schools) -> None:
    before = state(schools)
    place(SchoolClass.objects.get(school=schools.valmiera), make_pupil(schools.valmiera, "Cits"))
    meet(schools, actor=schools.baiba, school=schools.valmiera, pupils=[schools.stranger], attended=True)
    assert state(schools) == before


def test_answer_is_that_of_the_engine_and_follows_the_records(schools: Schools) -> None:
    def met() -> int:
        output = benchmarks_of([schools.ventspils], TODAY)
        [found] = [each for each in output["criteria"] if each["code"] == "5.1"]
        return int(found["everywhere"]["numerator"])

    assert met() == met()
    before = met()
    made = meet(schools, attended=True)
    assert met() == before + 1
    EncounterAttendance.objects.filter(encounter=made).update(presence="absent")
    assert met() == before


def test_every_table_that_the_engine_is_given_is_one_whose_changes_are_seen(schools: Schools) -> None:
    meet(schools, attended=True)
    with CaptureQueriesContext(connection) as queries:
        benchmarks_input([schools.ventspils], TODAY)
    read = {name for query in queries for name in re.findall(r'(?:FROM|JOIN) "([a-z_]+)"', query["sql"])}
    seen = {(part.model if hasattr(part, "model") else part)._meta.db_table for part in made_of([schools.ventspils], TODAY)}
    assert read
    assert read <= seen

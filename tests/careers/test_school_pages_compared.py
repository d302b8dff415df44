"""Schools side by side, what an employer gave, My work and the search."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from microcities.careers.models import Enrolment, SchoolClass
from microcities.notices.worklist import tasks_for
from microcities.programme.search import search
from tests import factories
from tests.careers.conftest import YEAR, Schools, make_class, make_pupil, place
from tests.careers.school_pages import finish, meet, text

pytestmark = pytest.mark.django_db


# --- comparisons ---


def test_city_view_shows_every_school_and_names_nobody(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.marta)
    response = client.get("/en/careers/cities/")
    shown = text(response)
    assert ("Ventspils 1. vidusskola" in shown, "Valmieras 2. vidusskola" in shown, "Bērziņš" in shown) == (True, True, False)
    assert [line.pupils for line in response.context["table"].rows] == [1, 1]
    one = client.get("/en/careers/cities/", {"city": "ventspils"})
    assert len(one.context["table"].rows) == 1
    assert text(client.get("/en/careers/cities/", {"schools-format": "csv"})).count("vidusskola") == 2
    client.force_login(schools.pupil_account)
    assert client.get("/en/careers/cities/").status_code == 403


def test_stem_choice_gives_counts_response_and_difference(client: Client, schools: Schools) -> None:
    finish(schools, YEAR - 2, 10, 10, 10)
    finish(schools, YEAR - 1, 15, 10, 5)
    client.force_login(schools.world.marta)
    asked = {"year": YEAR - 1, "compared": YEAR - 2, "kind": "actual"}
    shown = text(client.get("/en/careers/stem/", asked))
    assert all(words in shown for words in (
        "15 of 25, 60%", "10 of 20, 50%", "25 of 30", "20 of 30", "10.0 percentage points",
    ))


def test_stem_choice_of_few_people_is_withheld(client: Client, schools: Schools) -> None:
    finish(schools, YEAR - 2, 10, 10, 10)
    finish(schools, YEAR - 1, 2, 10, 5)
    client.force_login(schools.world.marta)
    shown = text(client.get("/en/careers/stem/", {"year": YEAR - 1, "compared": YEAR - 2, "kind": "actual"}))
    assert "withheld: few people" in shown
    assert "2 of 12" not in shown


def test_stem_page_without_anybody_says_so(client: Client, schools: Schools) -> None:
    Enrolment.objects.all().delete()
    client.force_login(schools.world.marta)
    assert "Nobody has finished a stage on record yet" in text(client.get("/en/careers/stem/"))


def test_employer_sees_what_it_gave_and_no_names(client: Client, schools: Schools) -> None:
    firm = factories.make_organisation("SIA Koks")
    second = make_pupil(schools.ventspils, "Anete")
    place(schools.nine_b, second)
    meet(schools, host=firm, attended=True, pupils=[schools.pupil, second])
    meet(schools, host=firm, attended=True, name="Otrā", hours=3)
    own = factories.make_account("koks@example.org")
    factories.give_role(own, firm, "partner_reporter")
    client.force_login(own)
    assert "SIA Koks" in text(client.get("/en/careers/given/"))
    response = client.get(f"/en/careers/given/{firm.public_id}/")
    given = response.context["given"]
    assert (given.encounters, given.pupils, given.hours) == (2, 2, Decimal(7))
    assert "Bērziņš" not in text(response)
    client.force_login(schools.baiba)
    assert client.get(f"/en/careers/given/{firm.public_id}/").context["given"].encounters == 0
    client.force_login(schools.guardian)
    assert client.get(f"/en/careers/given/{firm.public_id}/").status_code == 404


# --- My work and the search ---


def details(account: Any) -> set[tuple[str, str]]:
    with translation.override("en"):
        return {(str(task.title), task.detail) for task in tasks_for(account)}


def test_my_work_asks_for_attendance_checklist_and_programme(schools: Schools) -> None:
    meet(schools, name="Bez apmeklējuma")
    meet(schools, name="Bez atbildēm", two_way=False, attended=True)
    found = details(schools.anna)
    assert ("Mark who was there", "Bez apmeklējuma") in found
    assert ("Complete the checklist, so that the encounter counts", "Bez atbildēm") in found
    assert ("Write the careers programme", f"Ventspils 1. vidusskola, {YEAR}/{YEAR + 1}") in found
    assert not any("Bez" in detail or "Ventspils" in detail for _title, detail in details(schools.baiba))


def test_my_work_asks_to_begin_the_year(schools: Schools) -> None:
    Enrolment.objects.all().delete()
    SchoolClass.objects.all().delete()
    make_class(schools.ventspils, school_year=YEAR - 1)
    assert ("Begin the school year", f"Ventspils 1. vidusskola, {YEAR}/{YEAR + 1}") in details(schools.anna)


def test_search_finds_own_schools_and_classes_only(schools: Schools) -> None:
    def found(account: Any, words: str) -> set[str]:
        return {each.title for group in search(account, words) if group.key.startswith("careers.") for each in group.found}

    assert found(schools.anna, "vidusskola") == {"Ventspils 1. vidusskola"}
    assert found(schools.baiba, "vidusskola") == {"Valmieras 2. vidusskola"}
    assert found(schools.anna, "9.b") == {"9.b"}
    assert found(schools.guardian, "vidusskola") == set()

"""Study paths on the pages: public, fitted to where a pupil is, filtered by what is asked, kept by those who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.careers.actions.studies import add_study, withdraw_study
from microcities.careers.models import StudyProgramme
from microcities.people.models import Account
from microcities.trail.models import Look
from tests.careers.conftest import Schools
from tests.careers.test_study_paths import fields

pytestmark = pytest.mark.django_db
BASE = "/en/careers/studies/"


def text(response: Any) -> str:
    return response.content.decode()


def add(schools: Schools, kind: str = "technikum", **other: Any) -> StudyProgramme:
    return add_study(actor=schools.anna, organisation=schools.ventspils.organisation, kind=kind, **fields(schools, **other))


def given(schools: Schools, **other: Any) -> dict[str, Any]:
    return {
        "organisation": schools.ventspils.organisation_id, "kind": "technikum", "name": "Elektrotehniķis", "field_code": "0713",
        "city": schools.world.ventspils.pk, "languages": ["lv"], **other,
    }


def test_kinds_are_public_in_both_languages(client: Client) -> None:
    english, latvian = text(client.get(f"{BASE}paths/")), text(client.get("/careers/studies/paths/"))
    for words in ("State gymnasium", "Certificate of basic education", "Cabinet Regulation No. 484", "to be confirmed"):
        assert words in english
    assert "usually next" not in english
    assert "Valsts ģimnāzija" in latvian


def test_pupil_reads_first_what_usually_comes_next_and_finds_everything(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    shown = text(client.get("/en/careers/mine/studies/"))
    assert "basic education (up to grade 9)" in shown
    assert shown.count("usually next") == 4
    places = [shown.index(f"<h2>{name}") for name in ("General upper-secondary school", "Work-based learning", "College")]
    assert places == sorted(places)
    assert "/en/careers/mine/studies/" in text(client.get("/en/careers/mine/"))


def test_guardian_reads_it_for_the_child_and_strangers_do_not(client: Client, schools: Schools) -> None:
    address = f"/en/careers/mine/{schools.pupil.public_id}/studies/"
    client.force_login(schools.guardian)
    assert "usually comes next for your child" in text(client.get(address))
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.own_record").count() == 1
    client.force_login(schools.baiba)
    assert client.get(address).status_code in (403, 404)


def test_list_is_empty_with_words_and_then_filters_by_kind_city_field_and_open(client: Client, schools: Schools) -> None:
    assert "No place of study has entered a programme yet" in text(client.get(BASE))
    today = timezone.localdate()
    add(schools, closes_on=today)
    add(schools, "college", name="Grāmatvede", field_code="0411", city=schools.world.valmiera, closes_on=today - timedelta(1))
    add(schools, "bachelor", name="Elektronika", field_code="0714", opens_on=today + timedelta(1))
    add(schools, "adult", name="Metināšana", field_code="0715")
    names = ("Programmēšanas", "Grāmatvede", "Elektronika", "Metināšana")

    def listed(query: str) -> list[bool]:
        shown = text(client.get(f"{BASE}?{query}"))
        return [name in shown for name in names]

    assert listed("") == [True] * 4
    assert listed("kind=college") == [False, True, False, False]
    assert listed(f"city={schools.world.valmiera.slug}") == [False, True, False, False]
    assert listed("field=07") == [False, False, True, True]
    assert listed("until=open") == [True, False, False, False]
    for words in ("open until", "closed since", "ask the place of study"):
        assert words in text(client.get(BASE))


def test_programme_page_says_what_its_kind_asks_for(client: Client, schools: Schools) -> None:
    found = add(schools, name_en="Programming technician", months=48, places=24, url="https://example.org/prog")
    shown = text(client.get(f"{BASE}{found.pk}/"))
    for words in ("Programming technician", "Ventspils 1. vidusskola", "48 months", "Basic education (grade 9 finished)",
                  "Latvian and European framework (LQF, EQF): 4 of 8", "https://example.org/prog", "0613"):
        assert words in shown
    assert "Change the programme" not in shown
    assert "Programmēšanas tehniķis" in text(client.get(f"/careers/studies/{found.pk}/"))


def test_withdrawn_programme_is_off_the_list_and_says_so_on_its_page(client: Client, schools: Schools) -> None:
    found = add(schools)
    withdraw_study(actor=schools.anna, study=found)
    assert "Programmēšanas" not in text(client.get(BASE))
    assert "not offered any more" in text(client.get(f"{BASE}{found.pk}/"))
    assert client.get(f"{BASE}{found.pk + 1}/").status_code == 404


def test_place_of_study_enters_changes_and_withdraws_on_pages(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    assert "Enter a programme" in text(client.get(BASE))
    answer = client.post(f"{BASE}new/", given(schools))
    found = StudyProgramme.objects.get()
    assert answer.headers["Location"] == f"{BASE}{found.pk}/"
    changed = {**given(schools), "name": "Mehatroniķis", "places": 12}
    assert client.post(f"{BASE}{found.pk}/change/", changed).status_code == 302
    client.post(f"{BASE}{found.pk}/offered/", {"offered": "no"})
    found.refresh_from_db()
    assert (found.name, found.places, found.withdrawn_on) == ("Mehatroniķis", 12, timezone.localdate())
    client.post(f"{BASE}{found.pk}/offered/", {"offered": "yes"})
    found.refresh_from_db()
    assert found.withdrawn_on is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"field_code": "99"}, "no such field"), ({"languages": []}, "required"), ({"kind": "zz"}, "Kind of studies"),
        ({"opens_on": "2026-05-02", "closes_on": "2026-05-01"}, "must not be before the first"),
    ],
)
def test_wrong_form_is_answered_422_and_keeps_what_was_typed(
    client: Client, schools: Schools, wrong: dict[str, Any], words: str
) -> None:
    client.force_login(schools.anna)
    answer = client.post(f"{BASE}new/", given(schools, **wrong))
    assert (answer.status_code, words in text(answer), "Elektrotehniķis" in text(answer)) == (422, True, True)
    assert StudyProgramme.objects.count() == 0


def test_programme_of_the_same_name_is_answered_422(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    client.post(f"{BASE}new/", given(schools))
    answer = client.post(f"{BASE}new/", given(schools))
    assert (answer.status_code, "of this kind and name already" in text(answer)) == (422, True)


def test_programme_does_not_come_back_beside_another_of_its_name(client: Client, schools: Schools) -> None:
    first = add(schools)
    withdraw_study(actor=schools.anna, study=first)
    add(schools)
    client.force_login(schools.anna)
    answer = client.post(f"{BASE}{first.pk}/offered/", {"offered": "yes"}, follow=True)
    assert ("of this kind and name already" in text(answer), "not offered any more" in text(answer)) == (True, True)


def test_others_do_not_enter_or_change(client: Client, schools: Schools) -> None:
    found = add(schools)

    def statuses(account: Account) -> list[int]:
        client.force_login(account)
        return [
            client.get(f"{BASE}new/").status_code, client.get(f"{BASE}{found.pk}/change/").status_code,
            client.post(f"{BASE}{found.pk}/offered/").status_code,
        ]

    assert statuses(schools.pupil_account) == [403, 403, 403]
    assert statuses(schools.baiba) == [200, 403, 403]
    assert statuses(schools.world.marta) == [200, 200, 302]


def test_search_finds_programmes_for_everybody(client: Client, schools: Schools) -> None:
    add(schools)
    shown = text(client.get("/en/search/?q=programmesanas"))
    assert "Programmēšanas tehniķis" in shown

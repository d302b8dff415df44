"""A school is added and corrected on a page, by its own staff, a city coordinator or the programme manager."""

from typing import Any

import pytest
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.careers.actions.schools import add_new_school, change_school
from microcities.careers.models import School
from microcities.people.models import Account, Organisation
from microcities.trail.models import Action
from tests import factories
from tests.careers.conftest import Schools

pytestmark = pytest.mark.django_db
NEW = "/en/careers/schools/new/"


def text(response: Any) -> str:
    return response.content.decode()


def coordinator(schools: Schools) -> Account:
    account = factories.make_account("koordinatore@example.org")
    factories.give_role(account, schools.world.valmiera_partner, "city_coordinator")
    return account


def given(schools: Schools, **fields: Any) -> dict[str, Any]:
    return {"organisation": "", "name": "", "programme": schools.world.programme.pk, "city": schools.world.valmiera.pk,
            "setting": "school", **fields}


@pytest.mark.parametrize("who", ["marta", "coordinator"])
def test_new_school_is_added_with_its_organisation_and_appears_in_the_lists(
    client: Client, schools: Schools, who: str
) -> None:
    account = schools.world.marta if who == "marta" else coordinator(schools)
    client.force_login(account)
    answer = client.post(NEW, given(schools, name=" Valmieras 5. vidusskola ", setting="special"))
    assert (answer.status_code, answer.headers.get("Location")) == (302, NEW)
    school = School.objects.get(organisation__name="Valmieras 5. vidusskola")
    assert (school.setting, school.city, school.programme, school.organisation.kind) == (
        "special", schools.world.valmiera, schools.world.programme, "school"
    )
    assert "Valmieras 5. vidusskola" in text(client.get(NEW))
    assert "Valmieras 5. vidusskola" in text(client.get("/en/careers/cities/"))
    client.force_login(schools.world.marta)
    assert "Valmieras 5. vidusskola" in text(client.get("/en/careers/schools/"))


def test_organisation_on_record_becomes_a_school_once(client: Client, schools: Schools) -> None:
    known = factories.make_organisation("Ventspils tehnikums", kind="technikum")
    client.force_login(schools.world.marta)
    assert "Ventspils tehnikums" in text(client.get(NEW))
    data = given(schools, organisation=known.pk, city=schools.world.ventspils.pk, setting="technikum")
    assert client.post(NEW, data).status_code == 302
    assert School.objects.get(organisation=known).setting == "technikum"
    assert client.post(NEW, data).status_code == 422  # it is not on the list any more
    assert School.objects.filter(organisation=known).count() == 1


def test_kind_of_school_names_the_framework_by_which_it_is_read(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.marta)
    choices = dict(client.get(NEW).context["form"].fields["setting"].choices)
    assert sorted(choices) == ["provider", "school", "special", "technikum"]
    assert choices["school"].startswith("general school: ")
    assert choices["technikum"] != choices["school"]
    assert len(choices["school"]) > len("general school: ")


@pytest.mark.parametrize("fields", [
    {}, {"name": "Ventspils 1. vidusskola"}, {"name": "Jauna skola", "setting": "university"}, {"name": "x" * 201},
])
def test_wrong_school_is_an_error_and_leaves_nothing(client: Client, schools: Schools, fields: dict[str, str]) -> None:
    before = (School.objects.count(), Organisation.objects.count())
    client.force_login(schools.world.marta)
    assert client.post(NEW, given(schools, **fields)).status_code == 422
    assert (School.objects.count(), Organisation.objects.count()) == before


def test_both_a_known_and_a_new_school_is_an_error(client: Client, schools: Schools) -> None:
    known = factories.make_organisation("Ventspils tehnikums", kind="technikum")
    client.force_login(schools.world.marta)
    answer = client.post(NEW, given(schools, organisation=known.pk, name="Cita skola"))
    assert (answer.status_code, "not both" in text(answer)) == (422, True)


def test_city_outside_the_programme_is_refused_and_no_organisation_stays(schools: Schools) -> None:
    elsewhere = factories.make_city("riga", "Rīga")
    with pytest.raises(RefusedError):
        add_new_school(
            actor=schools.world.marta, name="Rīgas skola", programme=schools.world.programme, city=elsewhere, setting="school"
        )
    assert not Organisation.objects.filter(name="Rīgas skola").exists()


def test_pages_are_shut_to_whom_the_rules_refuse(client: Client, schools: Schools) -> None:
    change = f"/en/careers/schools/{schools.valmiera.pk}/change/"
    found = {}
    for name, account in {
        "pupil": schools.pupil_account, "guardian": schools.guardian, "auditor": schools.world.aija,
        "officer": schools.world.dace, "anna": schools.anna, "baiba": schools.baiba, "marta": schools.world.marta,
    }.items():
        client.force_login(account)
        found[name] = (client.get(NEW).status_code, client.get(change).status_code)
    assert found == {
        "pupil": (403, 403), "guardian": (403, 403), "auditor": (403, 403), "officer": (403, 403),
        "anna": (200, 403), "baiba": (200, 200), "marta": (200, 200),
    }


def test_schools_own_staff_add_their_own_organisation_and_no_other(client: Client, schools: Schools) -> None:
    own = factories.make_organisation("Jaunā pamatskola", kind="school")
    other = factories.make_organisation("Svešā pamatskola", kind="school")
    factories.give_role(schools.anna, own, "career_counsellor")
    client.force_login(schools.anna)
    shown = text(client.get(NEW))
    assert ("Jaunā pamatskola" in shown, "Svešā pamatskola" in shown, "Name of a new school" in shown) == (True, False, False)
    assert client.post(NEW, given(schools, organisation=other.pk)).status_code == 422
    assert client.post(NEW, given(schools, name="Pavisam jauna")).status_code == 422
    assert client.post(NEW, given(schools, organisation=own.pk)).status_code == 302
    assert School.objects.filter(organisation=own).exists()


def test_school_is_corrected_with_a_reason_that_stays_in_the_history(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.marta)
    address = f"/en/careers/schools/{schools.ventspils.pk}/change/"
    assert "Ventspils 1. vidusskola" in text(client.get(address))
    data = {"name": "Ventspils Valsts 1. ģimnāzija", "city": schools.world.ventspils.pk, "setting": "special"}
    assert client.post(address, data).status_code == 422  # no reason
    assert client.post(address, {**data, "reason": "Skola pārdēvēta"}).headers["Location"] == NEW
    school = School.objects.get(pk=schools.ventspils.pk)
    assert (str(school), school.setting) == ("Ventspils Valsts 1. ģimnāzija", "special")
    line = Action.objects.get(verb="careers.change_school")
    assert (line.reason, line.actor_id) == ("Skola pārdēvēta", schools.world.marta.pk)


def test_correction_that_is_refused_changes_nothing(client: Client, schools: Schools) -> None:
    city_coordinator = coordinator(schools)
    client.force_login(city_coordinator)
    address = f"/en/careers/schools/{schools.ventspils.pk}/change/"
    data = {"name": "Cits nosaukums", "city": schools.world.ventspils.pk, "setting": "special", "reason": "Tā gribu"}
    answer = client.post(address, data)  # the school has staff of its own: only they and the manager rename it
    assert (answer.status_code, "staff of its own" in text(answer)) == (422, True)
    schools.ventspils.refresh_from_db()
    assert (str(schools.ventspils), schools.ventspils.setting) == ("Ventspils 1. vidusskola", "school")
    kind = {**data, "name": "Ventspils 1. vidusskola"}
    assert client.post(address, kind).status_code == 302  # the kind alone is the coordinator's to correct
    with pytest.raises(RefusedError):
        change_school(
            actor=schools.baiba, school=schools.ventspils, name="Cits", city=schools.world.ventspils, setting="school",
            reason="Sveša skola",
        )


def test_name_of_another_school_is_refused(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.marta)
    address = f"/en/careers/schools/{schools.ventspils.pk}/change/"
    data = {"name": "Valmieras 2. vidusskola", "city": schools.world.ventspils.pk, "setting": "school", "reason": "Kļūda"}
    answer = client.post(address, data)
    assert (answer.status_code, "is known already" in text(answer)) == (422, True)

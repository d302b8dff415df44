"""Pages of the exchange: each side sees its own, fills in forms, and no pupil is named to an employer."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.careers.actions.exchange import set_terms, withdraw_offer
from microcities.careers.actions.proposals import agree, answer_request, take_places
from microcities.careers.models import Encounter, EncounterOffer, EncounterRequest, ExchangeTerms, Proposal
from tests.careers.conftest import Schools
from tests.careers.exchange import TODAY, Exchange, ask, build_exchange, offer

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=10)
LATER = TODAY + timedelta(days=90)
BASE = "/en/careers/exchange/"
WHO = ("anna", "baiba", "firm_account", "other_account")


@pytest.fixture
def ground(schools: Schools) -> Exchange:
    return build_exchange(schools)


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def statuses(ground: Exchange, path: str, *, post: bool = False) -> dict[str, int]:
    """What each of the four gets, and a pupil and the auditor."""
    accounts = {name: getattr(ground, name) for name in WHO}
    accounts |= {"pupil": ground.schools.pupil_account, "aija": ground.schools.world.aija}
    found = {}
    for name, account in accounts.items():
        client = Client()
        client.force_login(account)
        found[name] = (client.post(path) if post else client.get(path)).status_code
    return found


def proposed(ground: Exchange, asked: EncounterRequest) -> Proposal:
    return answer_request(actor=ground.firm_account, request=asked, host=ground.firm, held_on=SOON, places=5)


# --- who sees what ---


def test_offers_are_seen_by_schools_and_their_own_employer(ground: Exchange) -> None:
    found = offer(ground)
    seen = {"anna": 200, "baiba": 200, "firm_account": 200, "other_account": 404, "pupil": 403, "aija": 200}
    assert statuses(ground, f"{BASE}offers/{found.pk}/") == seen
    only_schools = {"anna": 200, "baiba": 200, "firm_account": 403, "other_account": 403, "pupil": 403, "aija": 200}
    assert statuses(ground, f"{BASE}offers/") == only_schools
    keeping = {"anna": 200, "baiba": 200, "firm_account": 403, "other_account": 403, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}offers/{found.pk}/take/") == keeping
    changing = {"anna": 403, "baiba": 403, "firm_account": 200, "other_account": 404, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}offers/{found.pk}/change/") == changing
    assert Client().get(f"{BASE}offers/{found.pk}/").status_code == 302
    withdraw_offer(actor=ground.firm_account, offer=found)
    assert statuses(ground, f"{BASE}offers/{found.pk}/") == seen | {"anna": 404, "baiba": 404}


def test_requests_are_seen_by_their_school_and_employers_to_whom_they_are_put(ground: Exchange) -> None:
    to_all, to_one = ask(ground), ask(ground, host=ground.firm)
    seen = {"anna": 200, "baiba": 404, "firm_account": 200, "other_account": 200, "pupil": 403, "aija": 200}
    assert statuses(ground, f"{BASE}requests/{to_all.pk}/") == seen
    assert statuses(ground, f"{BASE}requests/{to_one.pk}/") == seen | {"other_account": 404}
    answering = {"anna": 403, "baiba": 403, "firm_account": 200, "other_account": 404, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}requests/{to_one.pk}/answer/") == answering
    lists = {"anna": 403, "baiba": 403, "firm_account": 200, "other_account": 200, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}requests/") == lists
    own = {"anna": 200, "baiba": 404, "firm_account": 403, "other_account": 403, "pupil": 403, "aija": 200}
    assert statuses(ground, f"/en/careers/schools/{ground.ventspils.pk}/exchange/") == own
    assert statuses(ground, f"/en/careers/schools/{ground.ventspils.pk}/exchange/ask/") == own | {"aija": 403}


def test_answers_are_seen_by_the_two_sides_only(ground: Exchange) -> None:
    made = proposed(ground, ask(ground))
    seen = {"anna": 200, "baiba": 404, "firm_account": 200, "other_account": 404, "pupil": 403, "aija": 200}
    assert statuses(ground, f"{BASE}proposals/{made.pk}/") == seen
    deciding = {"anna": 200, "baiba": 404, "firm_account": 403, "other_account": 404, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}proposals/{made.pk}/decline/") == deciding
    pressing = {"anna": 302, "baiba": 404, "firm_account": 403, "other_account": 403, "pupil": 403, "aija": 403}
    assert statuses(ground, f"{BASE}proposals/{made.pk}/agree/", post=True) == pressing
    assert Proposal.objects.get().state == "agreed"


def test_other_employers_answer_is_not_on_the_page_of_a_request(ground: Exchange, client: Client) -> None:
    asked = ask(ground)
    proposed(ground, asked)
    client.force_login(ground.other_account)
    assert "SIA Firma" not in text(client.get(f"{BASE}requests/{asked.pk}/"))
    client.force_login(ground.anna)
    assert "SIA Firma" in text(client.get(f"{BASE}requests/{asked.pk}/"))


def test_no_pupil_and_no_class_name_is_on_any_page_of_an_employer(ground: Exchange, client: Client) -> None:
    found, asked = offer(ground), ask(ground, school_class=ground.nine_a, pupils=5)
    taken = take_places(
        actor=ground.anna, offer=found, school=ground.ventspils, held_on=SOON, places=1, school_class=ground.nine_a
    )
    made = agree(actor=ground.anna, proposal=proposed(ground, asked))
    assert Encounter.objects.filter(attendances__person=ground.pupil).count() == 2
    client.force_login(ground.firm_account)
    pages = ("employer/", "requests/", f"offers/{found.pk}/", f"requests/{asked.pk}/", f"proposals/{taken.pk}/",
             f"proposals/{made.pk}/", "employer/?proposals-format=csv", "requests/?requests-format=csv")
    for each in pages:
        shown = text(client.get(BASE + each))
        assert [word for word in ("Jānis", "Bērziņš", "9.a") if word in shown] == [], each
    shown = text(client.get(f"{BASE}proposals/{made.pk}/"))
    assert ("grade 9" in shown, "/encounters/" in shown) == (True, False)
    assert client.get(f"/en/careers/encounters/{made.encounter_id}/").status_code == 403


# --- forms ---


def offer_values(ground: Exchange, **fields: Any) -> dict[str, Any]:
    return {
        "host": ground.firm.pk, "kind": "workplace", "way": "shadow", "name": "Diena darbnīcā", "about": "Lodē.", "places": "4",
        "outcomes": "Prot lodēt.", "sector": "c", "hours": "6", "from_on": SOON, "until_on": LATER, "mode": "in_person",
        "city": ground.ventspils.city.pk, "languages": ["lv", "en"], "youngest": "14", "oldest": "18", **fields,
    }


def test_employer_makes_changes_and_withdraws_an_offer(ground: Exchange, client: Client) -> None:
    client.force_login(ground.firm_account)
    assert client.get(f"{BASE}offers/new/").status_code == 200
    client.post(f"{BASE}offers/new/", offer_values(ground))
    found = EncounterOffer.objects.get()
    assert (found.host, found.made_by_id) == (ground.firm, ground.firm_account.pk)
    assert (found.sector, found.languages) == ("C", ["lv", "en"])
    client.post(f"{BASE}offers/{found.pk}/change/", offer_values(ground, places="9"))
    assert EncounterOffer.objects.get().places == 9
    client.post(f"{BASE}offers/{found.pk}/withdraw/")
    assert EncounterOffer.objects.get().state == "withdrawn"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"host": ""}, "host"), ({"until_on": TODAY}, "until_on"), ({"oldest": "12"}, "oldest"), ({"places": "0"}, "places"),
     ({"sector": "Z"}, "sector"), ({"languages": []}, "languages"), ({"kind": "provider"}, "kind")],
)
def test_wrong_offer_is_told_at_its_field(ground: Exchange, client: Client, wrong: dict[str, Any], field: str) -> None:
    client.force_login(ground.firm_account)
    response = client.post(f"{BASE}offers/new/", offer_values(ground, **wrong))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert EncounterOffer.objects.count() == 0


def test_offer_is_made_for_no_other_firm(ground: Exchange, client: Client) -> None:
    client.force_login(ground.other_account)
    response = client.post(f"{BASE}offers/new/", offer_values(ground))
    assert (response.status_code, EncounterOffer.objects.count()) == (422, 0)


def test_school_takes_places_and_is_told_when_there_are_too_few(ground: Exchange, client: Client) -> None:
    found = offer(ground, places=5)
    client.force_login(ground.anna)
    chosen = {"school": ground.ventspils.pk, "school_class": ground.nine_a.pk}
    values = {**chosen, "held_on": SOON, "places": "6", "purpose": "Redz"}
    response = client.post(f"{BASE}offers/{found.pk}/take/", values)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["places"])
    response = client.post(f"{BASE}offers/{found.pk}/take/", {**values, "places": "5"})
    assert (response.status_code, Encounter.objects.get().purpose_shared_with_host) == (302, True)
    assert "No place is left." in text(client.get(f"{BASE}offers/{found.pk}/"))


def request_values(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "employer", "way": "talk", "name": "Inženieris stundā", "outcomes": "Zina", "pupils": "12", "hours": "1",
        "from_on": TODAY, "until_on": LATER, "answer_by": SOON, "mode": "in_person", **fields,
    }


def test_school_asks_an_employer_answers_and_the_school_agrees(ground: Exchange, client: Client) -> None:
    client.force_login(ground.anna)
    address = f"/en/careers/schools/{ground.ventspils.pk}/exchange/ask/"
    client.post(address, request_values(school_class=ground.nine_a.pk))
    asked = EncounterRequest.objects.get()
    assert (asked.host, asked.asked_on) == (None, TODAY)
    client.force_login(ground.firm_account)
    assert asked.name in text(client.get(f"{BASE}requests/"))
    values = {"host": ground.firm.pk, "answer": "yes", "held_on": LATER + timedelta(days=1), "places": "12"}
    client.post(f"{BASE}requests/{asked.pk}/answer/", values)
    made = Proposal.objects.get()
    client.force_login(ground.anna)
    shown = text(client.get(f"{BASE}proposals/{made.pk}/"))
    assert "another day than first named" in shown
    client.post(f"{BASE}proposals/{made.pk}/agree/")
    assert Encounter.objects.get().held_on == LATER + timedelta(days=1)
    assert asked.name in text(client.get(f"/en/careers/schools/{ground.ventspils.pk}/encounters/"))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"answer_by": TODAY - timedelta(days=1)}, "answer_by"), ({"answer_by": LATER + timedelta(days=1)}, "answer_by"),
     ({"until_on": TODAY - timedelta(days=1), "answer_by": TODAY - timedelta(days=1)}, "until_on"),
     ({"kind": "subject"}, "subject"), ({"pupils": ""}, "pupils"), ({"outcomes": ""}, "outcomes")],
)
def test_wrong_request_is_told_at_its_field(ground: Exchange, client: Client, wrong: dict[str, Any], field: str) -> None:
    client.force_login(ground.anna)
    response = client.post(f"/en/careers/schools/{ground.ventspils.pk}/exchange/ask/", request_values(**wrong))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_choice_of_employers_says_how_often_each_was_asked_without_those_that_pause(
    ground: Exchange, client: Client
) -> None:
    ask(ground, host=ground.firm)
    ask(ground, actor=ground.baiba, school=ground.valmiera, host=ground.firm)
    client.force_login(ground.anna)
    address = f"/en/careers/schools/{ground.ventspils.pk}/exchange/ask/"
    shown = text(client.get(address))
    assert ("SIA Firma (asked by 2 schools this month)" in shown, "SIA Cita firma</option>" in shown) == (True, True)
    set_terms(actor=ground.other_account, organisation=ground.other_firm, cities=[], paused_until=SOON)
    assert "SIA Cita firma" not in text(client.get(address))


def test_no_is_said_with_a_reason(ground: Exchange, client: Client) -> None:
    asked = ask(ground)
    client.force_login(ground.firm_account)
    address = f"{BASE}requests/{asked.pk}/answer/"
    response = client.post(address, {"host": ground.firm.pk, "answer": "no"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["reason"])
    response = client.post(address, {"host": ground.firm.pk, "answer": "yes"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["held_on", "places"])
    client.post(address, {"host": ground.firm.pk, "answer": "no", "reason": "Ražošanas plāns"})
    assert Proposal.objects.get().reason == "Ražošanas plāns"


def test_proposal_for_another_day_is_answered_withdrawn_and_called_off_on_pages(ground: Exchange, client: Client) -> None:
    found = offer(ground)
    client.force_login(ground.anna)
    client.post(f"{BASE}offers/{found.pk}/take/", {"school": ground.ventspils.pk, "held_on": LATER, "places": "3"})
    made = Proposal.objects.get()
    page = f"{BASE}proposals/{made.pk}/"
    client.force_login(ground.firm_account)
    assert client.get(f"{page}reply/").status_code == 200
    client.post(f"{page}reply/", {"held_on": LATER, "places": "3"})
    client.post(f"{page}withdraw/")
    assert Proposal.objects.get().state == "withdrawn"
    assert client.get(f"{page}reply/").status_code == 403
    agreed = take_places(actor=ground.anna, offer=found, school=ground.ventspils, held_on=SOON, places=2)
    page = f"{BASE}proposals/{agreed.pk}/"
    assert client.post(f"{page}call-off/", {"reason": ""}).status_code == 422
    client.post(f"{page}call-off/", {"reason": "Slimība"})
    assert (Proposal.objects.get(pk=agreed.pk).state, Encounter.objects.count()) == ("called_off", 0)
    assert "Slimība" in text(client.get(page))


def test_employer_says_how_schools_may_ask(ground: Exchange, client: Client) -> None:
    client.force_login(ground.firm_account)
    address = f"{BASE}employer/{ground.firm.public_id}/"
    city = ground.ventspils.city
    client.post(address, {"cities": [city.pk], "paused_until": SOON, "sector": "j", "size": "small"})
    terms = ExchangeTerms.objects.get()
    assert (list(terms.cities.all()), terms.paused_until, terms.sector, terms.size) == ([city], SOON, "J", "small")
    client.post(address, {"sector": ""})
    terms.refresh_from_db()
    assert (list(terms.cities.all()), terms.paused_until, terms.sector) == ([], None, "")
    client.force_login(ground.other_account)
    assert client.get(address).status_code == 404


def test_own_page_shows_what_was_offered_agreed_and_given(ground: Exchange, client: Client) -> None:
    client.force_login(ground.firm_account)
    assert "You have offered nothing yet" in text(client.get(f"{BASE}employer/"))
    take_places(actor=ground.anna, offer=offer(ground), school=ground.ventspils, held_on=TODAY, places=2)
    response = client.get(f"{BASE}employer/")
    assert (response.context["given"].encounters, "Ventspils 1. vidusskola" in text(response)) == (1, True)


def test_empty_lists_say_what_to_do(ground: Exchange, client: Client) -> None:
    client.force_login(ground.anna)
    assert "No employer offers an encounter now" in text(client.get(f"{BASE}offers/"))
    assert "Your school has asked for nothing yet" in text(client.get(f"/en/careers/schools/{ground.ventspils.pk}/exchange/"))
    client.force_login(ground.firm_account)
    assert "No school asks for an encounter now" in text(client.get(f"{BASE}requests/"))


def test_offers_are_filtered_by_city_kind_and_sector(ground: Exchange, client: Client) -> None:
    offer(ground, name="Ventspils saruna", sector="J")
    offer(ground, name="Valmieras diena", kind="workplace", city=ground.valmiera.city, sector="C")
    client.force_login(ground.anna)
    filters = (
        (f"offers-city={ground.valmiera.city.pk}", "Valmieras diena"), ("offers-kind=employer", "Ventspils saruna"),
        ("offers-sector=C", "Valmieras diena"),
    )
    for asked, wanted in filters:
        shown = text(client.get(f"{BASE}offers/?{asked}"))
        assert [name for name in ("Ventspils saruna", "Valmieras diena") if name in shown] == [wanted]


def test_lists_ask_the_database_as_often_for_many_rows_as_for_few(ground: Exchange, client: Client) -> None:
    def queries(account: Any, path: str) -> int:
        client.force_login(account)
        client.get(path)
        with CaptureQueriesContext(connection) as caught:
            assert client.get(path).status_code == 200
        return len(caught)

    def fill() -> None:
        found, asked = offer(ground), ask(ground)
        take_places(actor=ground.anna, offer=found, school=ground.ventspils, held_on=SOON, places=1)
        proposed(ground, asked)

    pages = (
        (ground.anna, f"{BASE}offers/"), (ground.firm_account, f"{BASE}requests/"), (ground.firm_account, f"{BASE}employer/"),
        (ground.anna, f"/en/careers/schools/{ground.ventspils.pk}/exchange/"),
    )
    fill()
    few = [queries(*each) for each in pages]
    for _number in range(4):
        fill()
    assert [queries(*each) for each in pages] == few
    assert max(few) <= 25

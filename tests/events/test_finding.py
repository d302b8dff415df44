"""Where else events show: the search box, the home page's offers, a person's page, the history."""

from typing import Any

import pytest
from django.test import Client

from microcities.events.actions.planning import change_event
from microcities.events.actions.registrations import register
from microcities.programme.offers import offers_of
from tests.events.conftest import make_event
from tests.world import World

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize(("account", "drafts"), [("", False), ("svens", False), ("ventis", False), ("valda", True)])
def test_search_finds_what_the_account_may_see(client: Client, world: World, account: str, drafts: bool) -> None:
    make_event(world, name="Zvaigžņotā lekcija", name_en="Starry lecture")
    make_event(world, name="Zvaigžņotais uzmetums", name_en="Starry draft", state="draft")
    if account:
        client.force_login(getattr(world, account))
    shown = text(client.get("/en/search/", {"q": "zvaigz"}))
    assert ("Starry lecture" in shown, "Starry draft" in shown) == (True, drafts)


def test_programme_offers_coming_events_to_their_audience(world: World) -> None:
    event = make_event(world, programme=world.programme, audience="pupils")
    make_event(world, programme=world.programme, state="draft")
    make_event(world)
    found = [offer for offer in offers_of(world.programme) if offer.href == f"/events/{event.uid}/"]
    assert [(offer.audiences, offer.city) for offer in found] == [(frozenset({"pupil", "school"}), "Valmiera")]


def test_person_page_shows_events_to_those_who_may_see_them(client: Client, world: World) -> None:
    made = register(actor=world.valda, event=make_event(world), people=[world.peteris])
    client.force_login(world.valda)
    assert f"/en/events/registrations/{made.pk}/" in text(client.get(f"/en/persons/{world.peteris.public_id}/"))
    client.force_login(world.marta)
    seen = client.get(f"/en/persons/{world.peteris.public_id}/")
    assert (seen.status_code, f"/en/events/registrations/{made.pk}/" in text(seen)) == (200, False)


def test_history_of_an_event_is_its_organisers(client: Client, world: World) -> None:
    event = make_event(world)
    change_event(actor=world.valda, event=event, place="Bibliotēka", reason="Telpa aizņemta")
    address = f"/en/trail/events_event/{event.pk}/"
    client.force_login(world.valda)
    assert "changed an event" in text(client.get(address))
    client.force_login(world.ventis)
    assert client.get(address).status_code in {403, 404}

"""Pages of persons and double records: what each role reaches, how names are found, what is logged."""

from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.people.actions.merging import merge_persons
from microcities.people.models import MatchCandidate, Person
from microcities.trail.models import Look
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def text(response: HttpResponse) -> str:
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed is not None else response.content).decode()


def pair(world: World) -> MatchCandidate:
    one, other = factories.make_person("Anna", "Liepa"), factories.make_person("Anna", "Liepiņa")
    factories.register(one, world.valmiera_partner)
    factories.register(other, world.ventspils_partner)
    return MatchCandidate.objects.create(
        first=one, second=other, score="0.998", reasons=[{"field": "family_name", "verdict": "alike"}]
    )


@pytest.mark.parametrize(
    ("account", "peteris", "zane"),
    [("valda", True, False), ("ventis", False, True), ("marta", True, True), ("aija", True, True), ("dace", True, True)],
)
def test_persons_are_seen_by_their_partner_and_by_those_who_see_everybody(
    client: Client, world: World, account: str, peteris: bool, zane: bool
) -> None:
    """List, search, count, export, page: none tells one partner of another's people."""
    client.force_login(world.everybody()[account])
    for person, name, typed, seen in ((world.peteris, "Pēteris", "peteris ozols", peteris), (world.zane, "Zane", "zane", zane)):
        assert (name in text(client.get("/en/persons/"))) == seen
        assert (name in text(client.get("/en/persons/", {"name": typed}))) == seen
        assert (name in text(client.get("/en/persons/", {"format": "csv"}))) == seen
        assert client.get(f"/en/persons/{person.public_id}/").status_code == (200 if seen else 404)
    count = 2 if peteris and zane else 1
    assert (f"{count} row" in text(client.get("/en/persons/"))) is True


@pytest.mark.parametrize("account", ["otto", "svens", "pupil"])
def test_persons_are_closed_to_others(client: Client, world: World, account: str) -> None:
    client.force_login(world.everybody()[account])
    assert client.get("/en/persons/").status_code == 403
    assert client.get(f"/en/persons/{world.zane.public_id}/").status_code == 403
    assert client.get("/en/persons/double-records/").status_code == 403


def test_persons_are_closed_to_strangers(client: Client, world: World) -> None:
    assert client.get("/en/persons/").status_code == 302
    assert client.get(f"/en/persons/{world.zane.public_id}/").status_code == 302


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Kļaviņa", True), ("klavina", True), ("KLAVINA zane", True), ("klav", True), ("klavima", True), ("za", True),
     ("ozols", False), ("klxvxna", False)],
)
def test_persons_are_found_without_diacritics_and_with_a_slip(
    client: Client, world: World, typed: str, found: bool
) -> None:
    client.force_login(world.ventis)
    assert ("Zane Kļaviņa" in text(client.get("/en/persons/", {"name": typed}))) == found


def test_person_page_shows_what_the_partner_may_know(client: Client, world: World) -> None:
    factories.register(world.peteris, world.ventspils_partner, local_reference="P-9")
    factories.take_part(world.summer, world.peteris)
    factories.take_part(world.course, world.peteris)
    client.force_login(world.valda)
    shown = text(client.get(f"/en/persons/{world.peteris.public_id}/"))
    assert "Summer employment programme" in shown
    assert "Retraining course" not in shown
    assert "P-9" not in shown
    assert "A-1" in shown


def test_person_page_logs_looks_at_minors_only(client: Client, world: World) -> None:
    client.force_login(world.marta)
    client.get(f"/en/persons/{world.zane.public_id}/")
    assert not Look.objects.exists()
    client.get(f"/en/persons/{world.peteris.public_id}/")
    look = Look.objects.get()
    assert (look.person_id, look.actor_id, look.reason) == (world.peteris.pk, world.marta.pk, "people.person")


def test_pairs_across_partners_are_shown_to_nobody_who_sees_only_one(client: Client, world: World) -> None:
    found = pair(world)
    for account in (world.valda, world.ventis):
        client.force_login(account)
        assert "Anna" not in text(client.get("/en/persons/double-records/"))
        assert "Anna" not in text(client.get("/en/persons/double-records/", {"format": "csv"}))
        assert client.get(f"/en/persons/double-records/{found.pk}/").status_code == 404
        assert client.post(f"/en/persons/double-records/{found.pk}/", {"decision": "same"}).status_code == 404
    client.force_login(world.marta)
    assert "Anna Liepa" in text(client.get("/en/persons/double-records/"))


def test_pair_is_decided_on_its_page_and_taken_apart_again(client: Client, world: World) -> None:
    found = pair(world)
    client.force_login(world.marta)
    address = f"/en/persons/double-records/{found.pk}/"
    shown = text(client.get(address))
    assert "family name: alike, perhaps a typing error" in shown
    assert "99.8%" in shown
    empty = client.post(address, {"decision": "", "reason": ""})
    assert empty.status_code == 422
    client.post(address, {"decision": "same", "reason": "married"})
    person = text(client.get(f"/en/persons/{found.first.public_id}/"))
    assert "Put together from" in person
    merge = found.first.merges_as_kept.get()
    client.post(f"/en/persons/merges/{merge.pk}/take-apart/", {"reason": "no"})
    assert Person.objects.get(pk=found.second_id).merged_into is None


def test_merge_of_others_cannot_be_taken_apart(client: Client, world: World) -> None:
    one, other = factories.make_person(), factories.make_person()
    factories.register(one, world.ventspils_partner)
    merge = merge_persons(actor=world.marta, kept=one, absorbed=other, reason="same")
    client.force_login(world.valda)
    assert client.post(f"/en/persons/merges/{merge.pk}/take-apart/", {"reason": "x"}).status_code == 404


def test_person_pages_ask_the_same_number_of_queries_for_any_number_of_rows(client: Client, world: World) -> None:
    client.force_login(world.valda)
    counts = []
    for number in (1, 20):
        for _ in range(number):
            person = factories.make_person(birth_on=date(2004, 1, 1))
            factories.register(person, world.valmiera_partner)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/persons/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16

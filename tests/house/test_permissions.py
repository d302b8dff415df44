"""Who may open what: each rule for each role, and that no page, search or file gives away another partner's people."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client

from microcities.access.guards import signed_in
from microcities.evidence.models import EvidenceRow
from microcities.people.models import Account, Person
from microcities.privacy.models import Request
from tests import factories
from tests.house import url_map
from tests.house.test_url_map import GUARDED, OURS
from tests.house.url_map import addresses
from tests.participation.lists import applied, compared, csv_file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_errors")]
EVERYBODY = {"marta", "ventis", "valda", "aija", "dace", "otto", "svens", "pupil"}
REPORTERS = {"marta", "ventis", "valda"}
# Which people of the world each rule lets in.
ALLOWED = {
    "signed_in": EVERYBODY,
    "has_record": {"pupil"},
    "is_tied_to_a_person": {"pupil"},
    "handles_privacy": {"dace"},
    "may_add_activities": REPORTERS,
    "may_add_schools": REPORTERS,
    "may_approve_reports": {"marta"},
    "may_change_own_people": REPORTERS,
    "may_change_people": REPORTERS,
    "may_compare_schools": REPORTERS | {"aija"},
    "may_confirm_decisions": {"marta"},
    "may_confirm_records": {"marta"},
    "may_decide_matches": REPORTERS,
    "may_edit_indicators": {"marta"},
    "may_give_encounters": set(),  # people of employers
    "may_see_exchange": REPORTERS | {"aija", "dace"},
    "may_offer_posts": set(),  # people of employers
    "may_run_summer": {"marta"},  # and coordinators; of which schemes is asked for each
    "may_see_summer": {"marta", "aija", "dace"},
    "may_see_two_sides": {"marta", "aija", "dace"},
    "may_give_guidance": set(),  # counsellors alone, of whom this world has none
    "may_import_lists": REPORTERS,
    "may_invite": REPORTERS,
    "may_manage_events": REPORTERS,
    "may_open_schools": REPORTERS | {"aija", "dace"},
    "may_keep_schools": REPORTERS,
    "may_keep_studies": REPORTERS,
    "may_reach_notes": REPORTERS,
    "may_record_observations": {"marta"},
    "may_record_or_confirm": REPORTERS | {"aija"},
    "may_see_cities": REPORTERS | {"aija"},
    "may_see_decisions": {"marta", "aija"},
    "may_see_lists": REPORTERS | {"aija", "dace"},
    "may_see_operations": {"otto"},
    "may_see_organisations": REPORTERS | {"aija", "dace"},
    "may_see_people": REPORTERS | {"aija", "dace"},
    "may_see_records": EVERYBODY,  # each record then asks whose it is
    "may_see_results_detail": REPORTERS | {"aija"},
    "may_see_trail": {"marta", "aija", "dace"},
}
# Words that stand in Valmiera's records only.
SECRETS = ("Xqvorn", "Plzenka", "qwz-77", "xqvorn@example.org", "Mznork")


def test_each_rule_lets_in_exactly_these_roles(world: World) -> None:
    rules = {address.guard: address.view.access_rule for address in GUARDED}
    assert set(rules) == set(ALLOWED)
    found = {
        name: {who for who, account in world.everybody().items() if rule(account)} for name, rule in rules.items()
    }
    assert found == ALLOWED
    assert rules["signed_in"] is signed_in


@pytest.mark.parametrize("name", ["otto", "svens"])
def test_addresses_are_shut_by_page_and_by_button_for_whom_the_rule_refuses(world: World, name: str) -> None:
    client = Client()
    client.force_login(getattr(world, name))
    shut = [address for address in GUARDED if name not in ALLOWED[address.guard or ""]]
    assert len(shut) > 40
    for address in shut:
        answers = {client.generic(method, address.in_language("en")).status_code for method in ("GET", "POST")}
        assert answers <= {403, 405}, address.path
        assert 403 in answers, address.path


def test_who_reads_only_presses_no_button(world: World) -> None:
    client = Client()
    client.force_login(world.aija)
    for address in GUARDED:
        if not address.view.own_account:  # type: ignore[attr-defined]
            assert client.post(address.in_language("en")).status_code in {403, 405}, address.path


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_other_methods_reach_no_view(world: World, method: str) -> None:
    client = Client()
    client.force_login(world.marta)
    found = {address.path: client.generic(method, address.in_language("en")).status_code for address in OURS}
    assert {path: status for path, status in found.items() if status != 405} == {}


def test_method_cannot_be_overridden(world: World, client: Client) -> None:
    client.force_login(world.marta)
    for extra in ({"HTTP_X_HTTP_METHOD_OVERRIDE": "POST"}, {"HTTP_X_METHOD_OVERRIDE": "POST"}):
        assert client.get("/en/notices/read/", {"_method": "POST"}, **extra).status_code == 405  # type: ignore[arg-type]


@pytest.fixture
def planted(world: World) -> World:
    """People, records and a list of Valmiera with words that stand nowhere else, made through the real actions."""
    person = factories.make_person("Xqvorn", "Plzenka", birth_on=date(1990, 5, 5), email="xqvorn@example.org")
    factories.register(person, world.valmiera_partner, local_reference="qwz-77")
    factories.take_part(world.summer, person, world.erdf)
    account = factories.make_account("xqvorn.account@example.org", person)
    Request.objects.create(person=person, kind="erasure", asked_by_id=account.pk, due_on=date(2026, 1, 1))
    for name, act in (("Mznorka", applied), ("Mznorke", compared)):
        row = (name, "Plzenka", "02.03.1991", f"{name.lower()}@example.org", "2019-06-03")
        act(world.valda, world.summer, csv_file([row]), funding_source=world.erdf)
    assert Person.objects.filter(given_name__startswith="Mznork").count() == 1
    return world


def values(world: World) -> Iterator[dict[str, str]]:
    """What the arguments of addresses are filled with in turn: numbers, references and codes of Valmiera's rows."""
    person = Person.objects.get(given_name="Xqvorn")
    rows: list[Any] = [
        person, person.registrations.get(), person.participations.get(), Request.objects.get(person=person),
        *world.summer.lists.all(), EvidenceRow.objects.filter(partner_id=world.valmiera_partner.pk)[0],
    ]  # fmt: skip
    numbers = list(dict.fromkeys(str(row.pk) for row in rows))
    uuids = [str(getattr(row, "public_id", "")) for row in rows if getattr(row, "public_id", "")]
    words = ["people_person", "summer-2019", "participation_participation", "people_registration", "export", "csv"]
    for place in range(max(len(numbers), len(uuids))):
        yield {
            "int": numbers[place % len(numbers)], "uuid": uuids[place % len(uuids)],
            "str": words[place % len(words)], "slug": words[place % len(words)], "path": words[place % len(words)],
        }


def pages(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, str]]:
    """Every address of ours as this visitor gets it, with every filling, and the searches for the planted words."""
    paths = {address.in_language("en") for address in OURS if not address.has_arguments}
    for filling in values(world):
        monkeypatch.setattr(url_map, "MADE_UP", filling)
        paths |= {each.in_language("en") for each in addresses() if each.is_ours and each.has_arguments}
    for word in map(str.swapcase, SECRETS):  # so that what was asked for and stands in the form again is no find
        paths |= {f"/en/search/?q={word}", f"/en/persons/?name={word}", f"/en/persons/?q={word}", f"/en/lists/?q={word}"}
    for path in sorted(paths):
        response: Any = client.get(path)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        yield path, body.decode("utf-8", "replace")


def leaks(account: Account, world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    client = Client()
    client.force_login(account)
    found = {path: [word for word in SECRETS if word in text] for path, text in pages(client, world, monkeypatch)}
    return {path: words for path, words in found.items() if words}


def test_planted_words_are_seen_by_their_own_partner(planted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the tests below would prove nothing."""
    found = leaks(planted.valda, planted, monkeypatch)
    assert len(found) > 8
    assert {word for words in found.values() for word in words} == set(SECRETS)


@pytest.mark.parametrize("name", ["ventis", "pupil"])
def test_nothing_of_another_partners_people_is_on_any_page(
    planted: World, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert leaks(getattr(planted, name), planted, monkeypatch) == {}


def test_nothing_of_anybody_is_on_a_page_for_a_stranger(planted: World, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = pages(Client(), planted, monkeypatch)
    assert [path for path, text in texts if any(word in text for word in SECRETS)] == []

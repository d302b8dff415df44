"""Every address of the platform: open to a stranger only when it says so, and no page asks the database once a row."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponseBase
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests import factories
from tests.house.url_map import Address, addresses
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_errors")]
ALL = addresses()
API = "api/"
OURS = [address for address in ALL if address.is_ours and not address.path.startswith(API)]
PUBLIC = [address for address in OURS if address.guard == "public"]
GUARDED = [address for address in OURS if address.guard != "public"]
PLAIN = [address for address in OURS if not address.has_arguments]
# A page that only the link of a letter opens.
NEEDS_A_LETTER = {"people/invitation/"}
MOST_QUERIES = 60
# How many more queries a page may ask when thirty more of everything are there.
MORE_QUERIES = 3
LANGUAGES = ("lv", "en")


def drained(response: HttpResponseBase) -> HttpResponseBase:
    """Read a streamed answer to its end, so that its queries are made."""
    if response.streaming:
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return response


def test_map_is_walked_whole() -> None:
    assert len(ALL) > 120
    assert len(PUBLIC) > 15
    assert len(GUARDED) > 40
    assert [address.path for address in ALL if "<" in address.path or "(" in address.path] == []


def test_every_address_of_ours_has_a_rule_or_is_public() -> None:
    assert [address.path for address in OURS if not address.guard] == []


def statuses(client: Client, among: list[Address], language: str = "en") -> dict[str, int]:
    """The answer of each address to GET, by path; 405 of a form's target is asked again by POST."""
    found = {}
    for address in among:
        path = address.in_language(language)
        response = drained(client.get(path))
        if response.status_code == 405:
            response = drained(client.post(path))
        found[address.path] = response.status_code
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_public_pages_open_for_a_stranger(world: World, client: Client, language: str) -> None:
    pages = [address for address in PUBLIC if not address.has_arguments and address.path not in NEEDS_A_LETTER]
    assert {path: status for path, status in statuses(client, pages, language).items() if status != 200} == {}
    for address in pages:
        response = client.get(address.in_language(language))
        if address.in_languages and response.headers["Content-Type"].startswith("text/html"):
            assert f'<html lang="{language}"' in response.content.decode()


def test_public_pages_of_something_that_is_not_there_do_not_break(world: World, client: Client) -> None:
    pages = [address for address in PUBLIC if address.has_arguments or address.path in NEEDS_A_LETTER]
    found = statuses(client, pages)
    assert {path: status for path, status in found.items() if status not in {200, 302, 400, 404}} == {}


def test_guarded_addresses_send_a_stranger_to_sign_in(world: World, client: Client) -> None:
    assert {path: status for path, status in statuses(client, GUARDED).items() if status != 302} == {}
    for address in GUARDED:
        response = client.get(address.in_language("en"))
        if response.status_code != 405:
            assert response.headers["Location"].startswith("/en/accounts/login/?next=/en/"), address.path


@pytest.mark.parametrize("name", ["svens", "pupil", "otto", "ventis", "marta"])
def test_guarded_addresses_never_break(world: World, client: Client, name: str) -> None:
    client.force_login(getattr(world, name))
    found = statuses(client, GUARDED)
    assert {path: status for path, status in found.items() if status not in {200, 302, 400, 403, 404, 422}} == {}


def test_api_answers_a_stranger_with_data_or_a_problem_and_never_with_a_page(world: World, client: Client) -> None:
    operations = [address for address in ALL if address.path.startswith(API)]
    assert len(operations) > 5
    for address in operations:
        response = drained(client.get(address.in_language("en")))
        assert response.status_code in {200, 401, 404}, address.path
        assert "html" not in response.headers["Content-Type"], address.path


def grow(world: World) -> None:
    """Thirty more of what pages list."""
    today = timezone.localdate()
    for number in range(30):
        organisation = factories.make_organisation(f"Partneris {number}")
        factories.make_partner(world.programme, organisation, world.ventspils if number % 2 else world.valmiera)
        activity = factories.make_activity(
            world.programme, organisation, world.ventspils, starts_on=today, ends_on=today + timedelta(days=number)
        )
        person = factories.make_person(f"Vārds{number}", "Skaitlis", birth_on=today - timedelta(days=6000 + number))
        factories.register(person, world.ventspils_partner)
        factories.take_part(activity, person, world.erdf)
        factories.give_role(factories.make_account(f"a{number}@example.org", person), organisation, "partner_reporter")


def queries_of(ask: Callable[[], HttpResponseBase]) -> tuple[int, int]:
    cache.clear()  # what was remembered of figures is worked out anew
    with CaptureQueriesContext(connection) as asked:
        status = drained(ask()).status_code
    return status, len(asked)


@pytest.mark.parametrize("name", ["stranger", "marta", "ventis", "dace"])
def test_no_page_asks_the_database_once_a_row(world: World, name: str) -> None:
    client = Client()
    if name != "stranger":
        client.force_login(getattr(world, name))
    paths = [address.in_language("en") for address in PLAIN]
    before = {}
    for path in paths:
        drained(client.get(path))  # what is loaded on first use is not counted
        before[path] = queries_of(lambda path=path: client.get(path))  # type: ignore[misc]
    grow(world)
    after = {path: queries_of(lambda path=path: client.get(path)) for path in paths}  # type: ignore[misc]
    grown = {
        path: (before[path][1], count)
        for path, (_status, count) in after.items()
        if count > before[path][1] + MORE_QUERIES or count > MOST_QUERIES
    }
    assert grown == {}
    assert {path: status for path, (status, _count) in after.items() if status >= 500} == {}


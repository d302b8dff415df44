"""A stranger's page is remembered while nothing changes; nobody else's ever is, and every change shows at once."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from microcities.participation.models import Activity
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
PAGE = "/en/activities/"


@pytest.fixture
def world(transactional_db: None) -> World:
    cache.clear()
    return build_world()


def queries(client: Client, path: str = PAGE, **headers: str) -> int:
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path, headers=headers).status_code == 200
    return len(asked)


def is_remembered(client: Client) -> bool:
    """Whether the page is answered with one question; housekeeping of the server may change its state in between."""
    return any(queries(client) == 1 for _ in range(20))


def test_the_same_page_is_answered_with_one_question(world: World, client: Client) -> None:
    first = client.get(PAGE)
    assert is_remembered(client)
    second = client.get(PAGE)
    assert second.content == first.content
    assert dict(second.headers) == dict(first.headers)
    assert b"Retraining course" in second.content


def test_a_change_shows_at_once(world: World, client: Client) -> None:
    assert is_remembered(client)
    Activity.objects.filter(pk=world.course.pk).update(name_en="Welding course")
    assert b"Welding course" in client.get(PAGE).content


def test_address_language_and_host_are_told_apart(world: World, client: Client) -> None:
    client.get(PAGE)
    assert b"<html lang=\"lv\"" in client.get("/activities/").content
    assert b"<html lang=\"en\"" in client.get(PAGE).content
    assert queries(client, f"{PAGE}?sort=name") > 1
    assert client.get(PAGE, headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("header", ["Authorization", "HX-Request"])
def test_who_asks_otherwise_is_answered_anew(world: World, client: Client, header: str) -> None:
    client.get(PAGE)
    assert queries(client, **{header: "true"}) > 1


def test_pages_of_somebody_signed_in_are_neither_kept_nor_taken(world: World, client: Client) -> None:
    client.force_login(world.marta)
    own = client.get(PAGE)
    assert queries(client) > 1
    stranger = Client().get(PAGE)
    assert stranger.content != own.content
    assert client.get(PAGE).content != stranger.content


def test_pages_with_cookies_and_refusals_are_not_kept(world: World) -> None:
    tokens = {Client().get("/en/accounts/login/").cookies["csrftoken"].value for _ in range(2)}
    assert len(tokens) == 2
    assert [Client().get("/en/persons/").status_code for _ in range(2)] == [302, 302]
    assert [Client().get("/en/nothing-here/").status_code for _ in range(2)] == [404, 404]


def test_posting_is_never_answered_from_memory(world: World, client: Client) -> None:
    client.get(PAGE)
    assert client.post(PAGE).status_code == 405



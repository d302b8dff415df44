"""Closed by default: every address has a guard, a forgotten one is shut, and a reading request cannot write."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, path

from microcities import urls as platform
from microcities.access.answers import YES, Answer, any_of, no
from microcities.access.guards import allow, public, read_only, signed_in
from microcities.access.middleware import GUARDED_ELSEWHERE, guard_of
from microcities.people.models import Organisation
from tests.world import World

# Views that an outside protocol forces to begin a session on GET.
WRITE_ON_GET = {
    "microcities.people.identity.oidc.views.login",
    "microcities.people.identity.oidc.views.callback",
    "microcities.people.identity.saml.views.login",
    "microcities.people.identity.saml.views.finish_acs",
}

# Former addresses of allauth, which its own URL map still holds: nobody guards them, so they are shut.
SHUT = {
    "accounts/social/login/cancelled/",
    "accounts/social/login/error/",
    "accounts/social/signup/",
    "accounts/social/connections/",
}


def forgotten(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nobody thought of a rule")


@public(methods=("GET", "POST"))
def writes(request: HttpRequest) -> HttpResponse:
    Organisation.objects.create(name="Written by a request", kind="other")
    return HttpResponse("written")


@public(methods=("GET", "POST"))
def writes_by_sql(request: HttpRequest) -> HttpResponse:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_organisation SET name = 'changed'")
    return HttpResponse("written")


@allow(lambda account: no("Not today."), methods=("GET",))
def refused(request: HttpRequest) -> HttpResponse:
    return HttpResponse("shown")


@public
def streams(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(each.name for each in Organisation.objects.all())


handler403 = "microcities.ui.errors.permission_denied"
urlpatterns = [
    path("forgotten/", forgotten),
    path("writes/", writes),
    path("sql/", writes_by_sql),
    path("refused/", refused),
    path("streams/", streams),
    *platform.urlpatterns,
]


def all_views(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Every address of the URL map with its view."""
    for entry in (resolver or get_resolver()).url_patterns:
        address = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from all_views(entry, address)
        elif isinstance(entry, URLPattern):
            yield address, entry.callback


def test_every_address_has_a_guard() -> None:
    views = list(all_views())
    assert len(views) > 60
    assert {address.removeprefix("en/") for address, view in views if guard_of(view) is None} == SHUT


def test_first_party_views_are_never_left_to_a_library() -> None:
    ours = [
        (address, view) for address, view in all_views()
        if view.__module__.startswith("microcities.") and not view.__module__.startswith(tuple(GUARDED_ELSEWHERE))
    ]
    assert len(ours) > 20
    assert [address for address, view in ours if not hasattr(view, "access_rule")] == []


def test_only_identity_providers_write_on_get() -> None:
    found = {
        f"{view.__module__}.{view.__name__}" for _address, view in all_views() if getattr(view, "writes_on_get", "")
    }
    assert found == WRITE_ON_GET


@pytest.mark.django_db
def test_former_addresses_of_allauth_are_shut(client: Client) -> None:
    assert {client.get(f"/{address}").status_code for address in SHUT} == {403}


@pytest.mark.django_db
@pytest.mark.urls("tests.security.test_guards")
def test_forgotten_view_is_shut_even_for_the_programme_manager(world: World, client: Client) -> None:
    client.force_login(world.marta)
    assert client.get("/forgotten/").status_code == 403


@pytest.mark.django_db
@pytest.mark.urls("tests.security.test_guards")
@pytest.mark.parametrize("address", ["/writes/", "/sql/"])
def test_get_cannot_write_whatever_the_code_does(client: Client, address: str) -> None:
    Organisation.objects.create(name="Stands", kind="other")
    with pytest.raises(DatabaseError, match="read-only transaction"):
        client.get(address)
    assert [each.name for each in Organisation.objects.all()] == ["Stands"]
    assert client.post(address).status_code == 200
    assert client.head("/refused/").status_code == 302


WRITES = {
    "insert": "INSERT INTO people_organisation (name) VALUES ('x')",
    "with": "WITH gone AS (DELETE FROM people_organisation RETURNING id) SELECT count(*) FROM gone",
    "sequence": "SELECT nextval('people_organisation_id_seq')",
    "sequence set": "SELECT setval('people_organisation_id_seq', 1)",
    "function": "SELECT trail_write(NULL, 'x', '1', 'D', NULL, NULL, '')",
    "block": "DO $$ BEGIN DELETE FROM people_organisation; END $$",
    "copy": "COPY people_organisation (name) FROM PROGRAM 'true'",
    "table": "CREATE TABLE made (n int)",
    "view": "CREATE VIEW seen AS SELECT 1",
    "truncate": "TRUNCATE trail_change",
    "lock": "SELECT id FROM people_organisation FOR UPDATE",
    "large object": "SELECT lo_create(0)",
    "merge": "MERGE INTO people_organisation AS o USING (VALUES (1)) AS s(n) ON o.id = s.n WHEN MATCHED THEN DELETE",
    "back to writing": "SET TRANSACTION READ WRITE",
    "end and begin": "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE; DELETE FROM people_organisation",
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
@pytest.mark.parametrize("way", WRITES)
def test_no_statement_writes_while_reading(way: str) -> None:
    if way == "large object" and connection.pg_version < 160_000:
        pytest.skip("PostgreSQL refuses large objects in read-only transactions from 16 on; nothing here keeps any")
    with pytest.raises(DatabaseError), read_only(), connection.cursor() as cursor:
        cursor.execute(WRITES[way])
    assert not Organisation.objects.exists()


@pytest.mark.django_db
@pytest.mark.urls("tests.security.test_guards")
def test_answer_that_would_be_made_after_its_guards_have_gone_is_a_fault(client: Client) -> None:
    with pytest.raises(TypeError, match="after its guards have gone"):
        client.get("/streams/")


@pytest.mark.django_db
@pytest.mark.urls("tests.security.test_guards")
def test_address_of_a_button_opened_as_a_page_says_so(world: World, client: Client) -> None:
    answer = client.get("/en/notices/read/")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "This address is not a page" in answer.content.decode()
    sent = client.post("/en/notices/read/")
    assert (sent.status_code, sent.headers["Location"]) == (302, "/en/accounts/login/")


@pytest.mark.django_db
@pytest.mark.urls("tests.security.test_guards")
def test_rule_that_says_no_closes_the_view_with_its_reason(world: World, client: Client) -> None:
    assert client.get("/refused/").status_code == 302
    client.force_login(world.marta)
    answer = client.get("/refused/")
    assert answer.status_code == 403
    assert "Not today." in answer.content.decode()


def test_answers_are_true_only_when_they_allow() -> None:
    assert YES
    assert not no("because")
    assert any_of(lambda account: no("first"), lambda account: YES)(None) == YES
    assert any_of(lambda account: no("first"), lambda account: no("second"))(None) == Answer(False, "second")
    assert signed_in.__name__ == "signed_in"

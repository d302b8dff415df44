"""The page around the content: navigation, languages, fragments for htmx, error pages."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils import translation

from microcities.ui.pages import page
from microcities.ui.shell import build_shell, provide, register_nav


class SignedIn:
    """What the shell asks of an account."""

    is_authenticated = True

    def __str__(self) -> str:
        return "Marta"


def request_for(path: str, user: object = None) -> object:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()  # type: ignore[assignment]
    return request


def text(response: HttpResponse) -> str:
    return response.content.decode()


def test_navigation_is_ordered_and_hides_what_is_not_allowed(english: None) -> None:
    register_nav("main", "Results", "results", 20)
    register_nav("main", "Home", "home", 10)
    register_nav("main", "Secret", "results-summer", 5, rule=lambda user: user.is_authenticated)
    register_nav("main", "Nowhere", "no-such-page", 1)
    register_nav("account", "My data", "results", 1)
    anonymous = build_shell(request_for("/en/results/"))  # type: ignore[arg-type]
    assert [(link.label, link.href, link.current) for link in anonymous.main] == [
        ("Home", "/en/", ""),
        ("Results", "/en/results/", "page"),
    ]
    assert anonymous.account == ()
    signed_in = build_shell(request_for("/en/results/summer/", SignedIn()))  # type: ignore[arg-type]
    assert [(link.label, link.current) for link in signed_in.main] == [
        ("Secret", "page"),
        ("Home", ""),
        ("Results", ""),
    ]
    assert [link.label for link in signed_in.account] == ["My data"]
    assert signed_in.signed_in_as == "Marta"


def test_page_below_an_entry_marks_it_as_an_ancestor(english: None) -> None:
    register_nav("main", "Results", "results", 20)
    shell = build_shell(request_for("/en/results/summer/"))  # type: ignore[arg-type]
    assert [link.current for link in shell.main] == ["true"]


def test_entry_registered_twice_is_shown_once(english: None) -> None:
    register_nav("main", "Old", "results", 20)
    register_nav("main", "New", "results", 20)
    assert [link.label for link in build_shell(None).main] == ["New"]


def test_wrong_registrations_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown section 'side'"):
        register_nav("side", "X", "home", 1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="unknown fact 'colour'"):
        provide("colour", lambda request: "red")  # type: ignore[arg-type]


def test_check_warns_of_a_link_that_leads_nowhere() -> None:
    register_nav("footer", "Gone", "no-such-page", 1)
    assert [message.id for message in run_checks(tags=["urls"]) if message.id == "ui.W001"] == ["ui.W001"]


def test_languages_lead_to_the_same_page() -> None:
    with translation.override("lv"):
        shell = build_shell(request_for("/results/?year=2019"))  # type: ignore[arg-type]
    assert [(each.code, each.href, each.current) for each in shell.languages] == [
        ("lv", "/results/?year=2019", True),
        ("en", "/en/results/?year=2019", False),
    ]


def test_language_of_a_page_that_does_not_exist_leads_home() -> None:
    with translation.override("lv"):
        shell = build_shell(request_for("/nothing/"))  # type: ignore[arg-type]
    assert [each.href for each in shell.languages] == ["/nothing/", "/en/"]


def test_page_shows_what_others_provide(client: Client) -> None:
    provide("programme", lambda request: "Mazās <pilsētas>")
    provide("accent", lambda request: "forest")
    provide("synthetic", lambda request: True)
    provide("search", lambda request: "/search/")
    provide("source_code", lambda request: "https://example.org/code")
    html = text(client.get("/en/design/?q=tests"))  # type: ignore[arg-type]
    assert '<html lang="en" data-accent="forest">' in html
    assert "Mazās &lt;pilsētas&gt;" in html
    assert "all people and their records are invented" in html
    assert 'action="/search/"' in html
    assert 'value="tests"' in html
    assert 'href="https://example.org/code"' in html
    assert "Co-funded by the European Union" in html
    assert 'href="/en/sign-in/"' in html


def test_page_without_facts_shows_no_empty_frames(client: Client) -> None:
    provide("cofunding", lambda request: "")
    html = text(client.get("/en/design/"))  # type: ignore[arg-type]
    for absent in ('class="synthetic"', "site-search", 'eu.svg" width', "main-menu"):
        assert absent not in html


def test_page_keeps_to_the_strict_policy(client: Client) -> None:
    html = text(client.get("/en/design/"))  # type: ignore[arg-type]
    assert not re.findall(r"<[^>]+ style=", html)
    assert "<style" not in html
    assert not re.findall(r"<script(?![^>]* src=)", html)
    assert not re.findall(r"<[^>]+ on[a-z]+=", html)
    assert html.count("<h1") == 1


FRAGMENT = {"HTTP_HX_REQUEST": "true"}


@pytest.mark.parametrize(
    ("headers", "whole"),
    [
        ({}, True),
        (FRAGMENT, False),
        ({**FRAGMENT, "HTTP_HX_BOOSTED": "true"}, True),
        ({**FRAGMENT, "HTTP_HX_HISTORY_RESTORE_REQUEST": "true"}, True),
    ],
)
def test_htmx_gets_a_fragment_only_when_it_asks_for_one(
    client: Client, headers: dict[str, str], whole: bool
) -> None:
    response = client.get("/en/design/", **headers)  # type: ignore[arg-type]
    assert ("<!doctype html>" in text(response)) is whole  # type: ignore[arg-type]
    assert 'id="table-people"' in text(response)  # type: ignore[arg-type]
    varies = {name.strip() for name in response["Vary"].split(",")}
    assert varies >= {"HX-Request", "HX-Boosted", "HX-History-Restore-Request"}


def test_fragment_equals_its_part_of_the_page(client: Client) -> None:
    address = "/en/design/?people-sort=-city"
    fragment = text(client.get(address, **FRAGMENT)).strip()  # type: ignore[arg-type]
    assert fragment in text(client.get(address))  # type: ignore[arg-type]


def test_page_without_a_part_is_always_whole(english: None) -> None:
    request = RequestFactory().get("/", **FRAGMENT)  # type: ignore[arg-type]
    response = page(
        request, "ui/error.html", {"status": 418, "what": "Tea", "why": "", "remedy": ""}, status=418
    )
    assert response.status_code == 418
    assert "<!doctype html>" in text(response)


def test_error_pages_say_what_why_and_what_to_do(client: Client) -> None:
    client.raise_request_exception = False
    missing, forbidden, broken = (client.get(f"/en/{path}/") for path in ("nothing", "forbidden", "broken"))
    assert [r.status_code for r in (missing, forbidden, broken)] == [404, 403, 500]
    assert "There is no such page" in text(missing)  # type: ignore[arg-type]
    assert "Only the auditor may read this." in text(forbidden)  # type: ignore[arg-type]
    assert "Something broke on our side" in text(broken)  # type: ignore[arg-type]
    assert "secret detail" not in text(broken)  # type: ignore[arg-type]


def test_export_of_the_gallery_table(client: Client) -> None:
    response = client.get("/en/design/?people-format=csv")
    assert response["Content-Disposition"] == 'attachment; filename="summer-jobs.csv"'
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbfName,City")  # type: ignore[arg-type]

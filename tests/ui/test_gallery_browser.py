"""The gallery in a real browser: no axe violation, no sideways scroll, keyboard alone, no scripts."""

import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import Browser, Page
from tests.chromium import chromium
from tests.journeys.axe import axe_violations, looked_at, open_everything, sideways

from microcities.ui import shell
from microcities.ui.shell import provide, register_nav

pytestmark = pytest.mark.browser
WRONG = "?sent=1&name=Anna&born_on_day=31&born_on_month=2&born_on_year=2009&weeks=40"


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def site(own_site: None) -> Iterator[str]:
    with make_server("127.0.0.1", 0, get_wsgi_application(), Server, Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture(autouse=True)
def full_shell(own_shell: None) -> None:
    """Everything that can stand around a page."""
    register_nav("main", "Results", "results", 10)
    register_nav("main", "Components", "ui:gallery", 20)
    register_nav("footer", "Accessibility statement", "home", 10)
    facts = {
        "programme": "Next Generation Micro Cities of Europe",
        "synthetic": True,
        "search": "/search/",
        "source_code": "https://example.org/code",
    }
    for name, value in facts.items():
        provide(name, lambda request, value=value: value)  # type: ignore[arg-type,misc]
    assert shell.nav_items("main")


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open an address of the site; what the browser complains of, breaches of the policy too, fails."""
    contexts, complaints = [], []

    def opened(path: str, *, width: int = 1280, height: int = 800, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(site + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def test_gallery_has_no_violation_with_a_form_filled_in_wrongly(open_page: Callable[..., Page]) -> None:
    """As it stands it is among the pages of all types."""
    page = open_page(f"/design/{WRONG}")
    assert looked_at(page) == {}
    assert sideways(page) == 0


@pytest.mark.parametrize("accent", ["sea", "forest", "plum", "clay", "slate"])
def test_every_accent_has_contrast(open_page: Callable[..., Page], accent: str) -> None:
    provide("accent", lambda request: accent)
    page = open_page("/en/design/")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert axe_violations(page, ["color-contrast"]) == []


def test_narrowest_screen_does_not_scroll_sideways(open_page: Callable[..., Page]) -> None:
    """320 pixels are a screen of 1280 at 400 % (WCAG 1.4.10)."""
    page = open_page(f"/design/{WRONG}", width=320)
    open_everything(page)
    assert sideways(page) == 0


def test_targets_are_large_enough(open_page: Callable[..., Page]) -> None:
    """24 pixels at least (WCAG 2.5.8), links within a sentence aside."""
    page = open_page("/en/design/", width=390)
    small = page.eval_on_selector_all(
        "button, nav a, th a, input:not([type=hidden]), select, summary, .button, .exports a",
        """all => all.filter(e => e.checkVisibility())
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([_, r]) => r.width < 24 || r.height < 24)
            .map(([html, r]) => [html, r.width, r.height])""",
    )
    assert small == []


def test_focus_goes_to_the_error_summary_and_on_to_the_field(open_page: Callable[..., Page]) -> None:
    page = open_page(f"/en/design/{WRONG}")
    assert page.evaluate("document.activeElement.className") == "error-summary"
    assert page.title().startswith("Error: ")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith(
        "Date of birth: There is no such day"
    )
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_born_on_0"
    assert page.input_value("#id_born_on_2") == "2009"


def test_keyboard_skips_to_the_content(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/design/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"


def test_focus_is_always_visible(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/design/")
    unseen = []
    for _step in range(60):
        page.keyboard.press("Tab")
        style = page.evaluate(
            "(s => [s.outlineStyle, s.outlineWidth, document.activeElement.outerHTML.slice(0, 80)])"
            "(getComputedStyle(document.activeElement))"
        )
        if style[2].startswith("<body"):
            break
        if style[0] == "none" or style[1] == "0px":
            unseen.append(style)
    assert unseen == []


def test_menu_of_a_phone_opens_and_closes_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/design/", width=390)
    menu = page.locator("#main-menu")
    assert not menu.is_visible()
    page.locator("button[popovertarget=main-menu]").focus()
    page.keyboard.press("Enter")
    assert menu.is_visible()
    assert axe_violations(page) == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Results"
    page.keyboard.press("Escape")
    assert not menu.is_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_table_sorts_and_filters(open_page: Callable[..., Page], scripts: bool) -> None:
    page = open_page("/en/design/", java_script_enabled=scripts)
    if scripts:
        page.evaluate("window.stayed = true")
    page.click("#table-people-sort-weeks")
    page.wait_for_url("**people-sort=weeks")
    page.locator("th[aria-sort=ascending]", has_text="Weeks").wait_for()
    page.fill("#table-people-people-name, #table-people-name", "bērz")
    page.locator(".filters button").click()
    page.wait_for_url("**people-name=b%C4%93rz**")
    page.locator("caption", has_text="1 row").first.wait_for()
    assert page.locator("#table-people tbody th").all_inner_texts() == ["Anete Bērziņa"]
    assert "people-sort=weeks" in page.url
    if scripts:
        assert page.evaluate("window.stayed") is True
        page.go_back()
        page.locator("#table-people tbody th").nth(4).wait_for()
        assert page.locator("h1").count() == 1


def test_colours_can_be_forced_and_motion_switched_off(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/design/", forced_colors="active", reduced_motion="reduce")
    assert axe_violations(page) == []
    assert page.evaluate("getComputedStyle(document.querySelector('.button')).transitionDuration") == "0s"


def test_paper_has_no_navigation(open_page: Callable[..., Page]) -> None:
    page = open_page("/en/design/")
    page.emulate_media(media="print")
    shown = {
        name: page.locator(name).first.is_visible()
        for name in ("h1", ".figure", "table", ".cofunding", ".tools", ".filters", ".exports", ".bottom nav")
    }
    assert [name for name, visible in shown.items() if visible] == ["h1", ".figure", "table", ".cofunding"]

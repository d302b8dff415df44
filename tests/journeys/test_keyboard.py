"""A visitor with a keyboard alone comes from the home page to the results, and finds a person by the search box."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.pages import MANAGER

# pytest-django sets up only databases that some test asks for.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FOCUSED = "document.activeElement"


def tab_until(page: Page, words: str, most: int = 40) -> None:
    """Press Tab until the focus stands on a link or button of these words; each stop on the way must be visible."""
    for _step in range(most):
        page.keyboard.press("Tab")
        text, outline, width = page.evaluate(
            f"[{FOCUSED}.textContent.trim(), getComputedStyle({FOCUSED}).outlineStyle,"
            f" getComputedStyle({FOCUSED}).outlineWidth]"
        )
        assert outline != "none", text
        assert width != "0px", text
        if text == words:
            return
    pytest.fail(f"Tab never came to {words!r}")


@pytest.mark.parametrize(
    ("start", "link", "end", "heading"),
    [
        ("/en/", "Programme", "/en/programme/", "Next Generation Micro Cities of Europe"),
        ("/en/", "Results", "/en/results/", None),
        ("/en/", "Pupil", "/en/for/pupil/", "Pupil"),
    ],
)
def test_page_is_reached_by_tab_and_enter(
    visit: Callable[..., Page], start: str, link: str, end: str, heading: str | None
) -> None:
    page = visit(start)
    tab_until(page, link)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{end}")
    assert heading is None or page.locator("h1").inner_text() == heading


def test_skip_link_comes_first_and_leads_past_the_navigation(visit: Callable[..., Page]) -> None:
    page = visit("/en/")
    page.keyboard.press("Tab")
    assert page.evaluate(f"{FOCUSED}.textContent") == "Skip to content"
    assert page.evaluate(f"{FOCUSED}.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == "content"
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('main').contains({FOCUSED})")


def test_language_is_changed_by_keyboard_and_the_page_stays_the_same(visit: Callable[..., Page]) -> None:
    page = visit("/en/programme/")
    tab_until(page, "Latviešu")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.evaluate("document.documentElement.lang") == "lv"
    assert page.locator("h1").inner_text() == "Eiropas nākamās paaudzes mazās pilsētas"


def test_person_is_found_by_the_search_box_with_a_letter_wrong(visit: Callable[..., Page]) -> None:
    page = visit("/en/", role=MANAGER)
    page.locator("#site-search").focus()
    page.keyboard.type("berzinnš")
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/search/?q=**")
    assert "Bērziņš" in page.locator("main section").first.inner_text()
    assert page.locator("#page-search").input_value() == "berzinnš"


def test_menu_of_a_phone_opens_and_closes_by_keyboard(visit: Callable[..., Page]) -> None:
    page = visit("/en/", width=390)
    page.locator("button[popovertarget=main-menu]").focus()
    page.keyboard.press("Enter")
    assert page.locator("#main-menu").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate(f"document.querySelector('#main-menu').contains({FOCUSED})")
    page.keyboard.press("Escape")
    assert not page.locator("#main-menu").is_visible()

"""A visitor with a keyboard alone comes from the home page to the results, and finds a person by the search box."""

from collections.abc import Callable

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from microcities.demo.foundations import PASSWORD
from tests.journeys import standing
from tests.journeys.standing import MANAGER, PARTNER, PUPIL

# pytest-django sets up only databases that some test asks for.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
FOCUSED = "document.activeElement"


def tab_until(page: Page, words: str, most: int = 40) -> None:
    """Press Tab until the focus stands on a link or button of these words; each stop on the way must be visible."""
    for _step in range(most):
        page.keyboard.press("Tab")
        text, outline, width, where = page.evaluate(
            f"[{FOCUSED}.textContent.trim(), getComputedStyle({FOCUSED}).outlineStyle,"
            f" getComputedStyle({FOCUSED}).outlineWidth, {FOCUSED}.outerHTML.slice(0, 200)]"
        )
        assert outline != "none", where
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


def press_until_there(page: Page, words: str) -> None:
    """Tab to a link or button of these words and press it."""
    tab_until(page, words, most=80)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def assert_summary_leads_to(page: Page, field: str) -> None:
    """The summary of errors has the focus, and its first link leads into the field."""
    page.wait_for_selector(".error-summary:focus")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(f"{FOCUSED}.id") == field


def test_sign_in_by_keyboard_says_what_is_wrong_and_lets_in(visit: Callable[..., Page], site: str) -> None:
    page = visit("/en/accounts/login/")
    page.locator("#id_login").focus()
    page.keyboard.type(PUPIL)  # staff would be led to the second factor first
    while page.evaluate(f"{FOCUSED}.id") != "id_password":
        page.keyboard.press("Tab")
    page.keyboard.type("not this one")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector(".error-summary:focus")
    page.locator("#id_password").focus()
    page.keyboard.type(PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url == f"{site}/en/work/"


def test_list_without_anything_leads_back_into_its_fields(visit: Callable[..., Page]) -> None:
    page = visit("/en/lists/new/", role=PARTNER)
    press_until_there(page, "Read the list")
    assert_summary_leads_to(page, "id_activity")


def test_report_begun_without_a_period_leads_back_into_its_fields(visit: Callable[..., Page]) -> None:
    page = visit("/en/results/reports/", role=PARTNER)
    press_until_there(page, "Begin a report")
    press_until_there(page, "Begin")
    assert_summary_leads_to(page, "id_period")


def test_report_returned_without_a_reason_is_refused_in_words_that_have_the_focus(visit: Callable[..., Page]) -> None:
    with translation.override("en"):
        page = visit(reverse("results:report", args=[standing.report("submitted")()]), role=MANAGER)
    press_until_there(page, "Return the report")
    page.wait_for_selector(".flash:focus")
    assert page.locator(".flash .notice.bad").count() == 1


def test_table_is_sorted_and_taken_along_by_keyboard_on_a_phone(visit: Callable[..., Page]) -> None:
    page = visit("/en/activities/", width=390)
    assert page.evaluate("getComputedStyle(document.querySelector('table.stack tbody tr')).display") == "grid"
    tab_until(page, "To", most=60)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/activities/?sort=ends_on")
    page.wait_for_selector("[aria-sort=ascending] #table-sort-ends_on:focus")
    tab_until(page, "XLSX", most=80)

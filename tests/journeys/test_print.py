"""On paper: no navigation, whole tables however narrow the sheet, everything that was folded open."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.standing import MANAGER

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SHOWN = "name => [...document.querySelectorAll(name)].filter(each => each.checkVisibility()).length"


@pytest.mark.parametrize("path", ["/en/results/", "/en/results/summer-jobs/", "/en/activities/"])
def test_page_is_printed_without_navigation_and_with_whole_tables(visit: Callable[..., Page], path: str) -> None:
    page = visit(path, role=MANAGER, width=640)
    page.emulate_media(media="print", color_scheme="dark")
    for name in (".skip", "header nav", "header search", ".filters", ".table-tools", ".button", "footer nav"):
        assert page.evaluate(SHOWN, name) == 0, name
    assert page.evaluate(SHOWN, "h1") == 1
    assert page.evaluate("getComputedStyle(document.querySelector('main table')).display") == "table"
    assert page.evaluate("getComputedStyle(document.querySelector('main table thead')).display") == "table-header-group"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert len(page.pdf()) > 5000

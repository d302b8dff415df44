"""Every type of page in both languages, light and dark, on a phone and on a desk: no violation, no sideways scroll."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.axe import ALL_RULES, axe_violations, open_everything, sideways
from tests.journeys.pages import PAGES, PageType

# pytest-django sets up only databases that some test asks for.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
WIDTHS = (1280, 390)
# The scheme changes colours and nothing else, so the dark one is asked for contrast alone.
SCHEMES = (("light", ALL_RULES), ("dark", ["color-contrast"]))
# A window 1280 pixels wide at 400 % (WCAG 1.4.10).
ZOOMED = 320


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_page_has_no_violation_and_fits_every_window(
    visit: Callable[..., Page], kind: PageType, language: str
) -> None:
    page = visit(kind.in_language(language), role=kind.role, status=kind.status)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h1").count() == 1
    open_everything(page)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        for scheme, rules in SCHEMES:
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            if violations := axe_violations(page, rules):
                found[width, scheme] = violations
    assert found == {}
    page.set_viewport_size({"width": ZOOMED, "height": 800})
    assert sideways(page) == 0


def test_page_types_are_named_once() -> None:
    assert len({kind.name for kind in PAGES}) == len(PAGES)

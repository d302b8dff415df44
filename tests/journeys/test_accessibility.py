"""Every type of page in both languages, light and dark, on a phone and on a desk: no violation, no sideways scroll."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from microcities import ui
from microcities.people.actions.memberships import invite_member, make_token
from microcities.people.models import Account
from tests.journeys.axe import PRESENT, VALUES, looked_at, sideways, wide_tables
from tests.journeys.page_type import PageType
from tests.journeys.pages import PAGES
from tests.journeys.standing import PARTNER

# pytest-django sets up only databases that some test asks for.
pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STYLES = Path(ui.__file__).parent / "static" / "ui" / "css"
# A window 1280 pixels wide at 400 % (WCAG 1.4.10).
ZOOMED = 320


@pytest.fixture(scope="module")
def colours_known() -> set[str]:
    """Elements of the pages whose colours were looked at."""
    return set()


@pytest.mark.parametrize("language", ["lv", "en"])
@pytest.mark.parametrize("kind", PAGES, ids=lambda kind: kind.name)
def test_page_has_no_violation_and_fits_every_window(
    visit: Callable[..., Page], colours_known: set[str], kind: PageType, language: str
) -> None:
    page = visit(kind.in_language(language), role=kind.role, status=kind.status)
    assert page.evaluate("document.documentElement.lang") == language
    assert page.locator("h1").count() == 1
    assert looked_at(page, colours_known) == {}
    page.set_viewport_size({"width": ZOOMED, "height": 800})
    assert sideways(page) == 0
    assert wide_tables(page) == []


def test_invitation_page_by_its_letter(visit: Callable[..., Page], site: str) -> None:
    """The page of an invitation opens only from the link of the letter, which leads on to an address without the token."""
    account = Account.objects.get(email=PARTNER)
    invitation = invite_member(
        actor=account, organisation=account.memberships_today[0].organisation, email="new@demo.example",
        role="partner_reporter", language="lv",
    )
    page = visit("/en/accounts/login/")
    page.goto(site + reverse("people:open_invitation", args=[make_token(invitation=invitation)]))
    assert page.locator("h1").count() == 1
    assert looked_at(page) == {}


def test_styles_ask_for_no_words_and_no_language() -> None:
    """So pages of the same elements, classes and states have the same colours, whatever their words are."""
    styles = "".join(path.read_text(encoding="utf-8") for path in STYLES.glob("*.css"))
    asked = set(re.findall(r"\[([a-z-]+)", re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)))
    assert asked - {*VALUES, *PRESENT, "href"} == set()
    assert ":lang(" not in styles


def test_dark_scheme_changes_colours_alone() -> None:
    """What is not a colour needs no second look in the dark: light-dark() takes colours only, and no rule asks for a scheme."""
    styles = "".join(path.read_text(encoding="utf-8") for path in STYLES.glob("*.css"))
    assert "light-dark(" in styles
    assert "prefers-color-scheme" not in styles

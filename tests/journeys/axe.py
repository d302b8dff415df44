"""Runs axe-core inside a page as it stands, any number of times, loading it once."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

# WCAG 2.0 to 2.2, A and AA, and what axe holds to be good practice besides.
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that the colour scheme can change: the other rules look at elements, names and sizes, which stay.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
_SCRIPT = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false})"""


def axe_violations(page: Page, rules: Sequence[str] = ALL_RULES) -> list[tuple[str, str]]:
    """Each violation as (rule, beginning of the element's HTML); an empty list is what every page owes."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_SCRIPT)
    found: dict[str, Any] = page.evaluate(_RUN, list(rules))
    return [(each["id"], node["html"][:200]) for each in found["violations"] for node in each["nodes"]]


def sideways(page: Page) -> int:
    """Pixels by which the page is wider than the window; 0 means that nobody has to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def wide_tables(page: Page) -> list[str]:
    """Captions of tables that have to be scrolled sideways; on a narrow screen every table fits or stands as a stack."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('.region')].filter(each => each.scrollWidth > each.clientWidth + 1)"
        ".map(each => each.querySelector('caption')?.textContent.trim() ?? each.outerHTML.slice(0, 80))"
    )
    return found


def open_everything(page: Page) -> None:
    """Unfold what is folded, so that it is looked at too."""
    page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")

"""Runs axe-core inside a page as it stands, any number of times, loading it once: at each width and in both colours."""

from collections.abc import Sequence
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import Page

# WCAG 2.0 to 2.2, A and AA, and what axe holds to be good practice besides.
ALL_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that the colour scheme can change: the other rules look at elements, names and sizes, which stay.
COLOUR_RULES = ["color-contrast", "link-in-text-block"]
# (width, colours) in an order in which each look changes one thing, which is to be laid out and painted anew.
LOOKS = {(1280, "light"): ALL_RULES, (1280, "dark"): COLOUR_RULES, (390, "dark"): COLOUR_RULES, (390, "light"): ALL_RULES}
AXE = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
# axe reads the text of each colour anew for every element and every layer behind it, which is two fifths of what its
# slowest rule costs. What a text means depends on the text alone: here it is read once, and a colour that cannot be read is
# not kept, so that axe meets it as ever. test_axe.py compares the findings with those of axe as it comes.
REMEMBER_COLOURS = """;(() => {
    const colour = axe.commons.color.Color.prototype, read = colour.parseString, known = new Map();
    colour.parseString = function (text) {
        if (known.has(text)) { [this.r, this.g, this.b, this.alpha] = known.get(text); return this; }
        read.call(this, text);
        known.set(text, [this.r, this.g, this.b, this.alpha]);
        return this;
    };
})()"""
_RUN = """rules => axe.run(document, {runOnly: rules, resultTypes: ["violations"], preload: false}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 200)])))"""


def axe_violations(page: Page, rules: Sequence[str] = ALL_RULES) -> list[tuple[str, str]]:
    """Each violation as (rule, beginning of the element's HTML); an empty list is what every page owes."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE + REMEMBER_COLOURS)
    return [(rule, html) for rule, html in page.evaluate(_RUN, list(rules))]


def looked_at(page: Page) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Violations by width and colours of the page as it stands, loaded once, with everything open."""
    open_everything(page)
    found = {}
    for (width, scheme), rules in LOOKS.items():
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if violations := axe_violations(page, rules):
            found[width, scheme] = violations
    return found


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

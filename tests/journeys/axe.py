"""Runs axe-core inside a page as it stands, any number of times, loading it once: at each width and in both colours."""

from collections.abc import Sequence
from hashlib import sha256
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
# What styles ask of an element beside its place among the others: the value, or only whether there is one.
VALUES = ("class", "style", "type", "hidden", "disabled", "checked", "open", "popover", "popovertarget", "size", "aria-current",
          "aria-invalid", "aria-sort", "data-accent")
PRESENT = ("data-label",)
_ELEMENTS = """([values, present]) => [...document.querySelectorAll("*")].map(each => {
    let depth = 0;
    for (let above = each; above; above = above.parentElement) depth += 1;
    const away = (each.getAttribute("href") || "").startsWith("http");
    return [depth, each.localName, !each.hasChildNodes(), away, ...values.map(name => each.getAttribute(name)),
            ...present.map(name => each.hasAttribute(name))].join("|");
}).join(";")"""
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
_RUN = """([rules, without]) => axe.run(document, {
    runOnly: rules, rules: Object.fromEntries(without.map(rule => [rule, {enabled: false}])), resultTypes: ["violations"],
    preload: false,
}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => [rule.id, node.html.slice(0, 200)])))"""


def axe_violations(page: Page, rules: Sequence[str] = ALL_RULES, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Each violation as (rule, beginning of the element's HTML); an empty list is what every page owes."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE + REMEMBER_COLOURS)
    return [(rule, html) for rule, html in page.evaluate(_RUN, [list(rules), list(without)])]


def looked_at(page: Page, known: set[str] | None = None) -> dict[tuple[int, str], list[tuple[str, str]]]:
    """Violations by width and colours of the page as it stands, loaded once, with everything open.

    `known` holds the elements of pages whose colours were looked at: a page of the very same elements, the other language's
    as a rule, has the same colours, and looking at them is most of the work. This page's elements are added to it.
    """
    open_everything(page)
    elements = elements_of(page)
    seen = known is not None and elements in known
    found = {}
    for (width, scheme), rules in LOOKS.items():
        if seen and rules is COLOUR_RULES:
            continue
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        if violations := axe_violations(page, rules, COLOUR_RULES if seen else ()):
            found[width, scheme] = violations
    if known is not None and not found:
        known.add(elements)
    return found


def elements_of(page: Page) -> str:
    """A digest of the page's elements with the classes and states that styles ask for, without their words."""
    return sha256(page.evaluate(_ELEMENTS, [VALUES, PRESENT]).encode()).hexdigest()


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

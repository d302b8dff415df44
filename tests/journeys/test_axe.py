"""The look at a page finds what it is there to find: each defect planted here, and only where it shows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import BrowserContext, Page

from tests.journeys.axe import AXE, REMEMBER_COLOURS, looked_at, sideways, wide_tables

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
SOUND = """<!doctype html><html lang="en"><head><title>Scratch</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>
:root { color-scheme: light dark } body { background: light-dark(#fff, #11181e); color: light-dark(#16202a, #e9edf0) }
button { background: light-dark(#fff, #11181e); color: inherit } .region { overflow-x: auto }
%s</style></head><body><main><h1>Scratch</h1>%s</main></body></html>"""
TABLE = """<div class="region" role="region" tabindex="0" aria-label="Wide">
<table><caption>Wide</caption><tr><th scope="col">A</th></tr><tr><td>1</td></tr></table></div>"""
EVERYWHERE = {(1280, "light"), (390, "light")}
# {what is wrong: (style, element, {(width, colours) in which it shows}, rule)}
DEFECTS = {
    "no label": ("", "<input name=a>", EVERYWHERE, "label"),
    "no label where folded": ("", "<details><summary>More</summary><p><input name=a></p></details>", EVERYWHERE, "label"),
    "button without a name on a phone alone": (
        "@media (min-width: 400px) { .phone { display: none } }", "<button class=phone></button>", {(390, "light")},
        "button-name",
    ),
    "pale in the dark alone": ("p { color: light-dark(#16202a, #333) }", "<p>Words</p>", {(1280, "dark"), (390, "dark")},
                               "color-contrast"),
    "pale in the light alone": ("p { color: light-dark(#bbb, #fff) }", "<p>Words</p>", EVERYWHERE, "color-contrast"),
    "pale on a phone alone": (
        "@media (max-width: 400px) { p { color: light-dark(#ccc, #fff) } }", "<p>Words</p>", {(390, "light")},
        "color-contrast",
    ),
    "pale on a phone in the dark alone": (
        "@media (max-width: 400px) { p { background: light-dark(#fff, #ddd) } }", "<p>Words</p>", {(390, "dark")},
        "color-contrast",
    ),
    "buttons too small and near on a phone alone": (
        "button { padding: 1rem } @media (max-width: 400px) { button { padding: 0; border: 0; width: 9px; height: 9px } }",
        "<div><button>a</button><button>b</button></div>", {(390, "light")}, "target-size",
    ),
    "link known by its colour in the dark alone": (
        "a { text-decoration: none; color: light-dark(#6b6b6b, #d0e0f0) }",
        "<p>Words and more words <a href='#x'>a link</a> and words again.</p>", {(1280, "dark"), (390, "dark")},
        "link-in-text-block",
    ),
}


@pytest.fixture
def scratch(contexts: Callable[[str], BrowserContext]) -> Iterator[Callable[[str, str], Page]]:
    """`scratch(style, element)`: a page with one style and one element more than a sound one has."""
    page = contexts("").new_page()

    def shown(style: str, element: str) -> Page:
        page.set_content(SOUND % (style, element))
        return page

    yield shown
    page.close()


def test_sound_page_has_no_violation(scratch: Callable[[str, str], Page]) -> None:
    page = scratch("", TABLE)
    assert looked_at(page) == {}
    page.set_viewport_size({"width": 320, "height": 800})
    assert (sideways(page), wide_tables(page)) == (0, [])


@pytest.mark.parametrize("name", DEFECTS)
def test_defect_is_found_where_it_shows_and_there_alone(scratch: Callable[[str, str], Page], name: str) -> None:
    style, element, where, rule = DEFECTS[name]
    found = looked_at(scratch(style, element))
    shown = {(look, each) for look, violations in found.items() for each, _html in violations}
    assert shown == {(look, rule) for look in where}


def test_page_of_known_elements_is_looked_at_for_all_but_colours(scratch: Callable[[str, str], Page]) -> None:
    known: set[str] = set()
    assert looked_at(scratch("", "<p class=a>Words</p><input aria-label=Name>"), known) == {}
    assert len(known) == 1
    pale = "p { color: light-dark(#bbb, #333) }"
    found = looked_at(scratch(pale, "<p class=a>Other words</p><input>"), known)
    assert found == {(width, "light"): [("label", "<input>")] for width in (1280, 390)}
    for other in ("<p class=b>Words</p><input aria-label=Name>", "<div><p class=a>Words</p></div><input aria-label=Name>"):
        assert {look for look, _found in looked_at(scratch(pale, other), known).items()} == {
            (width, scheme) for width in (1280, 390) for scheme in ("light", "dark")
        }
    assert len(known) == 1


def test_table_too_wide_for_the_zoomed_window_alone_is_found(scratch: Callable[[str, str], Page]) -> None:
    page = scratch("table { width: 350px }", TABLE)
    assert looked_at(page) == {}
    assert wide_tables(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert (sideways(page), wide_tables(page)) == (0, ["Wide"])


def test_page_too_wide_for_the_zoomed_window_is_found(scratch: Callable[[str, str], Page]) -> None:
    page = scratch("h1 { min-width: 350px } body { margin: 0 }", "")
    page.set_viewport_size({"width": 320, "height": 800})
    assert sideways(page) == 30


def all_contrasts(page: Page) -> list[Any]:
    """What axe says of the colours of each element: its verdict, both colours, and their contrast."""
    found: list[Any] = page.evaluate(
        """axe.run(document, {runOnly: ['color-contrast', 'link-in-text-block'], preload: false}).then(found =>
        ['violations', 'passes', 'incomplete'].flatMap(verdict => found[verdict].flatMap(rule =>
            rule.nodes.map(node => [verdict, rule.id, node.target, node.any.map(check => check.data)]))))"""
    )
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_remembered_colours_change_no_finding_of_axe(
    visit: Callable[..., Page], scratch: Callable[[str, str], Page], scheme: str
) -> None:
    with translation.override("en"):
        gallery = visit(reverse("design"))
    odd = scratch(
        "b { background: color-mix(in oklch, red 40%, transparent); color: oklch(70% .2 20 / .8) }"
        "i { opacity: .5; color: hsl(200 50% 40% / .5) } s { background: linear-gradient(red, blue) }"
        "u { color: color(display-p3 0 1 0); mix-blend-mode: multiply; text-shadow: 0 0 2px rgb(0 0 0 / .3) }",
        "<p><b>one</b> <i>two <b>three</b></i> <s>four</s> <u>five <b>six</b></u> <b>seven</b></p>",
    )
    for page, least in ((gallery, 100), (odd, 8)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.evaluate(AXE)
        as_it_comes = all_contrasts(page)
        page.evaluate(REMEMBER_COLOURS)
        assert len(as_it_comes) >= least
        assert all_contrasts(page) == as_it_comes
        assert all_contrasts(page) == as_it_comes  # now that every colour is known

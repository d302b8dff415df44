"""Components: signatures that refuse nonsense, and output that is escaped."""

import datetime
from pathlib import Path

import pytest
from django.contrib.messages.storage.base import Message
from django.template import Context, Template, TemplateSyntaxError
from django.utils.safestring import mark_safe

import microcities.ui
from microcities.ui import components, gallery
from microcities.ui.icons import ICONS, icon
from microcities.ui.templatetags import ui as tags

pytestmark = pytest.mark.usefixtures("english")


def drawn(template: str, **context: object) -> str:
    return Template("{% load ui %}" + template).render(Context(context))


@pytest.mark.parametrize(
    "call",
    [
        "{% button colour='red' %}x{% endbutton %}",
        "{% link_button %}x{% endlink_button %}",
        "{% status %}",
        "{% key_figure 1 %}",
    ],
)
def test_wrong_arguments_are_refused_when_the_template_is_compiled(call: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        Template("{% load ui %}" + call)


@pytest.mark.parametrize(
    "call", ["{% button kind='huge' %}x{% endbutton %}", "{% status 'x' 'red' %}", "{% icon 'unicorn' %}"]
)
def test_unknown_kinds_name_the_known_ones(call: str) -> None:
    with pytest.raises(ValueError, match="use one of"):
        drawn(call)


def test_markup_between_the_tags_is_kept_and_values_are_escaped() -> None:
    assert drawn("{% button %} <b>{{ x }}</b> {% endbutton %}", x="<i>") == (
        '<button class="button primary"><b>&lt;i&gt;</b></button>'
    )
    assert "<i>" not in drawn("{% status x %}{% notice title=x %}{{ x }}{% endnotice %}", x="<i>")
    assert "<b>" not in components.button("<b>")
    assert "<b>" in components.button(mark_safe("<b>"))


def test_summary_row_without_a_value_says_so() -> None:
    html = drawn("{% summary_row label='Report' href='/x' %} {% endsummary_row %}")
    assert '<span class="none">not given</span>' in html
    assert 'Change<span class="visually-hidden">: Report</span>' in html


def test_key_figure_says_target_date_and_source() -> None:
    html = components.key_figure(
        281, label="Pupils", target=250, as_of=datetime.date(2019, 8, 31), source="lists", href="/x"
    )
    assert '<p class="figure-value"><a href="/x">281</a></p>' in html
    assert [text in html for text in ("target 250", "on 31 August 2019", "Source: lists")] == [
        True,
        True,
        True,
    ]
    assert '<p class="figure-value none">no data</p>' in components.key_figure(None, label="Place")


def test_steps_mark_the_current_one() -> None:
    html = components.steps(["One", "Two", "Three"], current=2)
    assert html.count('aria-current="step"') == 1
    assert '<li class="current" aria-current="step"><span class="step-name">Two</span>' in html


@pytest.mark.parametrize(
    ("done", "total", "value"), [(0, 0, "0"), (5, 10, "5"), (12, 10, "10"), (-1, 10, "0")]
)
def test_progress_stays_between_its_ends(done: int, total: int, value: str) -> None:
    assert f'max="{max(total, 1)}" value="{value}"' in components.progress(done, total, label="Reading")


def test_flash_messages_have_their_kind() -> None:
    kinds = [(25, "good"), (40, "bad"), (30, "warning"), (20, "info")]
    assert [f'class="notice {kind}"' in components.flash(Message(level, "<b>")) for level, kind in kinds] == [
        True
    ] * 4
    assert "<b>" not in components.flash(Message(25, "<b>"))


@pytest.mark.parametrize(
    ("first", "last", "total", "words"),
    [
        (1, 1, 1, "1 row"),
        (1, 5, 5, "5 rows"),
        (26, 50, 120, "26 to 50 of 120 rows"),
        (1, 25, None, "1 to 25"),
    ],
)
def test_count_of_rows_in_words(first: int, last: int, total: int | None, words: str) -> None:
    assert components.count_line(first, last, total) == words


def test_icons_are_hidden_from_assistive_technology() -> None:
    assert all('aria-hidden="true"' in icon(name) for name in ICONS)
    assert icon("") == ""


def test_gallery_shows_every_component() -> None:
    calls = "".join(example.call for group in gallery.groups() for example in group.examples)
    elsewhere = {"section", "flash"}  # the page itself is made of sections; flash messages need a session
    missing = {
        function.__name__
        for function in (*tags.BLOCKS, *tags.TAGS)
        if "{% " + function.__name__ not in calls and function.__name__ not in elsewhere
    }
    assert missing == {"icon"}  # the page has a part of its own for icons


def test_styles_stay_light() -> None:
    import gzip

    css = Path(microcities.ui.__file__).parent / "static" / "ui" / "css"
    assert sum(len(gzip.compress(file.read_bytes(), 9)) for file in css.glob("*.css")) < 8000


def test_emblem_has_the_official_geometry() -> None:
    import math
    import re

    svg = (Path(microcities.ui.__file__).parent / "static" / "ui" / "img" / "eu.svg").read_text()
    assert 'viewBox="0 0 81 54"' in svg
    assert (svg.count("<use"), '#039"' in svg, '#fc0"' in svg) == (12, True, True)
    places = [(float(x), float(y)) for x, y in re.findall(r'<use href="#s" x="([\d.]+)" y="([\d.]+)"', svg)]
    assert {round(math.hypot(x - 40.5, y - 27), 2) for x, y in places} == {18.0}
    points = re.findall(r"(-?[\d.]+),(-?[\d.]+)", re.search(r'points="([^"]+)"', svg).group(1))  # type: ignore[union-attr]
    assert max(math.hypot(float(x), float(y)) for x, y in points) == pytest.approx(3, abs=0.001)

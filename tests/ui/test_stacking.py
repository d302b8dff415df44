"""A table that may be laid out as a stack stays a table for those who do not see it."""

from pathlib import Path

import pytest
from django.template import engines

from microcities.ui.components import data_table
from microcities.ui.stacking import stackable

TEMPLATES = Path(__file__).parents[2] / "src" / "microcities"
THREE = (
    '<table><caption>C</caption><thead><tr><th scope="col">Name</th><th scope="col" class="number">'
    '<a href="?s">Amount <svg></svg></a> <span class="unit">EUR</span></th><th scope="col">“A &amp; B"</th></tr></thead>'
    '<tbody><tr><th scope="row">Anna</th><td class="number">5</td><td><b>x</b> y</td></tr>'
    '<tr><th scope="row">Jānis</th><td>  </td><td>z</td></tr></tbody></table>'
)


def test_each_part_says_what_it_is() -> None:
    marked = stackable(THREE)
    assert marked.startswith('<table class="stack" role="table"><caption>C</caption><thead role="rowgroup"><tr role="row">')
    assert marked.count('role="columnheader"') == 3
    assert marked.count('role="rowheader"') == 2
    assert marked.count('role="cell"') == 4
    assert marked.count('role="row"') == 3
    assert marked.count('role="rowgroup"') == 2


def test_each_cell_carries_the_words_of_its_heading() -> None:
    marked = stackable(THREE)
    assert '<td class="number" data-label="Amount EUR" role="cell">5</td>' in marked
    assert '<td data-label="“A &amp; B&quot;" role="cell"><div><b>x</b> y</div></td>' in marked
    assert '<th scope="row" role="rowheader">Anna</th>' in marked


def test_cell_without_content_is_empty_so_that_it_can_be_left_out() -> None:
    assert '<td data-label="Amount EUR" role="cell"></td>' in stackable(THREE)


def test_two_columns_stay_side_by_side() -> None:
    assert "stack" not in data_table(["City", "Value"], [["Valmiera", 1]], caption="C")
    assert 'class="stack"' in data_table(["City", "Value", "Target"], [["Valmiera", 1, 2]], caption="C")


def test_tag_stands_around_a_table_of_a_template() -> None:
    template = engines["django"].from_string(
        "{% load ui %}{% stackable %}<table><thead><tr><th>{{ h }}</th><th>B</th><th>C</th></tr></thead>"
        "<tbody><tr><td>{{ v }}</td><td>2</td><td>3</td></tr></tbody></table>{% endstackable %}"
    )
    assert '<td data-label="&lt;h&gt;" role="cell">&lt;v&gt;</td>' in template.render({"h": "<h>", "v": "<v>"})


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_every_table_of_a_page_may_be_stacked(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    if "/mail/" in str(path) or path.match("ui/table.html"):  # a list writes its marks itself, see test_tables.py
        return
    assert text.count("<table") == text.count("{% stackable %}<table>")

"""Charts with the values that real programmes have: none, nought, less than nought, one, and far too many."""

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.ui.charts import (
    Bar,
    BarChart,
    FunnelChart,
    LineChart,
    Series,
    Sparkline,
    Stack,
    StackedBarChart,
)

pytestmark = pytest.mark.usefixtures("english")
AMOUNTS = st.one_of(
    st.none(), st.integers(-(10**18), 10**18), st.floats(), st.decimals(allow_nan=True, allow_infinity=True)
)


def parsed(html: object) -> ElementTree.Element:
    """Charts are well-formed XML as well as HTML, so that a wrong escape cannot hide."""
    text = str(html).replace("&nbsp;", " ")
    return ElementTree.fromstring(text)


def rects(root: ElementTree.Element, kind: str) -> list[tuple[str | None, str | None]]:
    return [(r.get("x"), r.get("width")) for r in root.iter("rect") if kind in (r.get("class") or "").split()]


def cells(root: ElementTree.Element) -> list[list[str]]:
    return [["".join(cell.itertext()) for cell in row] for row in root.iter("tr")]


def test_bar_is_as_long_as_its_value_and_the_tick_stands_at_its_target() -> None:
    root = parsed(BarChart("Jobs", [Bar("A", 50, target=100), Bar("B", 0), Bar("C", None)]))
    assert rects(root, "s1") == [("0%", "50%"), ("0%", "0%")]
    ticks = [line.get("x1") for line in root.iter("line") if line.get("class") == "target"]
    assert ticks == ["50%", "100%"]  # the sample of the legend, then the target
    assert cells(root) == [
        ["What", "Value", "Target"],
        ["A", "50", "100"],
        ["B", "0", "no data"],
        ["C", "no data", "no data"],
    ]


def test_bar_below_zero_grows_to_the_left() -> None:
    root = parsed(BarChart("Change", [Bar("A", 3), Bar("B", -1)]))
    assert rects(root, "s1") == [("25%", "75%")]
    assert rects(root, "s2") == [("0%", "25%")]
    assert [line.get("x1") for line in root.iter("line")] == ["25%", "25%"]


def test_chart_without_data_says_so() -> None:
    for chart in (
        BarChart("T", []),
        BarChart("T", [Bar("A", None)]),
        FunnelChart("T", []),
        FunnelChart("T", [Bar("A", 0), Bar("B", 0)]),
        LineChart("T", [], []),
        LineChart("T", ["x"], [Series("s", [None])]),
        StackedBarChart("T", [], []),
    ):
        assert "There is no data yet." in str(chart)
        parsed(chart)


def test_chart_has_a_title_words_and_a_table() -> None:
    root = parsed(BarChart("Jobs created", [Bar("Ventspils", 42), Bar("Valmiera", 17)], source="reports"))
    picture = next(el for el in root.iter("div") if el.get("role") == "img")
    named = {el.get("id"): "".join(el.itertext()) for el in root.iter("p") if el.get("id")}
    assert [named[key] for key in (picture.get("aria-labelledby") or "").split()] == [
        "Jobs created",
        "Most: Ventspils, 42. Least: Valmiera, 17.",
    ]
    assert [caption.text for caption in root.iter("caption")] == ["Jobs created"]


def test_chart_escapes_what_people_type() -> None:
    evil = "<script>\"&'"
    for chart in (
        BarChart(evil, [Bar(evil, 1, note=evil)], source=evil),
        FunnelChart(evil, [Bar(evil, 2), Bar(evil, 1)]),
        LineChart(evil, [evil, "b"], [Series(evil, [1, 2])]),
        StackedBarChart(evil, [evil], [Stack(evil, [1])]),
        Sparkline(evil, [1, 2]),
    ):
        assert "<script>" not in str(chart)
        parsed(chart)


def test_line_is_cut_where_data_is_missing() -> None:
    root = parsed(LineChart("T", list("abcde"), [Series("s", [1, 2, None, 4, 5])]))
    lines = [el.get("points") for el in root.iter("polyline")]
    assert lines == ["9.00,80.00 31.00,60.00", "75.00,20.00 97.00,0.00"]
    assert len(list(root.iter("circle"))) == 4


def test_line_with_a_single_point_is_a_dot_in_the_middle() -> None:
    root = parsed(LineChart("T", ["2019"], [Series("s", [7], low=[5], high=[9])]))
    assert [el.get("cx") for el in root.iter("circle")] == ["50%"]
    assert not list(root.iter("polyline"))
    assert cells(root) == [["When", "s", "lower bound", "upper bound"], ["2019", "7", "5", "9"]]


def test_interval_goes_up_along_the_highs_and_back_along_the_lows() -> None:
    root = parsed(LineChart("T", ["a", "b"], [Series("s", [5, 5], low=[0, 0], high=[10, 10])]))
    assert [el.get("points") for el in root.iter("polygon")] == [
        "9.00,0.00 97.00,0.00 97.00,100.00 9.00,100.00"
    ]


def test_expected_values_have_the_colour_of_the_line_before_them() -> None:
    root = parsed(
        LineChart(
            "T",
            ["a", "b"],
            [Series("counted", [1, 2]), Series("expected", [1, 3], dashed=True), Series("other", [4, 4])],
        )
    )
    classes = [el.get("class") for el in root.iter("polyline")]
    assert classes == ["line l1", "line l1 dashed", "line l2"]


def test_long_axis_labels_are_shortened_and_whole_in_the_table() -> None:
    long = "Nodarbinātības izmēģinājumprojekta pirmais ceturksnis"
    root = parsed(LineChart("T", [long, long + " 2"], [Series("s", [1, 2])]))
    texts = [el.text for el in root.iter("text")]
    assert "Nodarbinātības iz…" in texts
    assert [row[0] for row in cells(root)] == ["When", long, long + " 2"]


def test_lengths_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="s: 1 values for 2 labels"):
        LineChart("T", ["a", "b"], [Series("s", [1])])
    with pytest.raises(ValueError, match="A: 1 values for 2 names"):
        StackedBarChart("T", ["x", "y"], [Stack("A", [1])])


def test_parts_lie_one_after_another() -> None:
    root = parsed(StackedBarChart("T", ["x", "y"], [Stack("A", [30, 10]), Stack("B", [None, 20])]))
    assert rects(root, "segment") == [("0%", "75%"), ("75%", "25%"), ("0%", "50%")]
    assert cells(root)[1:] == [["A", "30", "10", "40"], ["B", "no data", "20", "20"]]


def test_funnel_says_how_many_go_on() -> None:
    root = parsed(FunnelChart("T", [Bar("Applied", 200), Bar("Invited", 50), Bar("Hired", None)]))
    assert cells(root)[1:] == [
        ["Applied", "200", "", "100%"],
        ["Invited", "50", "25%", "25%"],
        ["Hired", "no data", "no data", "no data"],
    ]


def test_sparkline_says_its_values() -> None:
    root = parsed(Sparkline("Visitors", [3, None, 12]))
    assert root.get("aria-label") == "Visitors: 3, no data, 12"
    assert len(list(root.iter("circle"))) == 1


@given(st.lists(AMOUNTS, max_size=30), st.booleans())
def test_any_numbers_can_be_drawn(values: list, from_zero: bool) -> None:
    labels = [str(n) for n in range(len(values))]
    parsed(BarChart("T", [Bar("x", v, target=v) for v in values]))
    parsed(FunnelChart("T", [Bar("x", v) for v in values]))
    parsed(
        LineChart("T", labels, [Series("s", values, low=values, high=values)], from_zero=from_zero, target=1)
    )
    parsed(StackedBarChart("T", labels, [Stack("x", values)]))
    parsed(Sparkline("T", values))


def test_huge_values_keep_their_places() -> None:
    root = parsed(BarChart("T", [Bar("A", Decimal("6246405.15")), Bar("B", 10**15)], unit="EUR"))
    assert rects(root, "s1") == [("0%", "0%"), ("0%", "100%")]

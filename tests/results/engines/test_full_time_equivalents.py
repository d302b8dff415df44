"""Full-time equivalents against examples worked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine


def measure(work: list[tuple[str, str, float, float]], **more: Any) -> dict[str, Any]:
    rows = [
        {"person": person, "firm": firm, "hours_before": before, "hours_after": after}
        for person, firm, before, after in work
    ]
    return run_engine("results.full_time_equivalents", {"full_year_hours": 1720, "work": rows} | more).output


def test_66_summer_pupils_are_not_66_jobs() -> None:
    result = measure([(f"p{number}", "host", 0, 15 * 4) for number in range(66)])
    assert result["after"]["headcount"] == 66
    assert result["after"]["hours"] == 3960
    assert result["after"]["capped_fte"] == pytest.approx(3960 / 1720, rel=1e-9)


def test_contribution_is_the_capped_difference() -> None:
    result = measure([("a", "f", 860, 1720), ("b", "f", 0, 1900), ("c", "f", 430, 0)])
    change = result["change"]
    assert change["headcount"] == 0
    assert change["capped_fte"] == pytest.approx((1 + 1) - (0.5 + 0.25))
    assert change["uncapped_fte"] == pytest.approx((1720 + 1900) / 1720 - 0.75, rel=1e-9)


def test_one_person_in_two_firms_is_at_most_one() -> None:
    result = measure([("a", "f", 0, 1290), ("a", "g", 0, 1290)])
    assert result["change"]["headcount"] == 1
    assert result["change"]["capped_fte"] == 1
    assert result["change"]["uncapped_fte"] == 1.5
    assert [firm["change"]["capped_fte"] for firm in result["firms"]] == [0.5, 0.5]


def test_bankrupt_firm_adds_nothing() -> None:
    work = [("a", "gone", 0, 1720), ("b", "alive", 0, 860), ("c", "gone", 1720, 0)]
    result = measure(work, bankrupt_firms=["gone"])
    assert result["change"]["capped_fte"] == 0.5
    assert result["firms"][1] == {
        "firm": "gone",
        "bankrupt": True,
        "change": {"headcount": 0, "hours": 0.0, "capped_fte": 0.0, "uncapped_fte": 0.0},
    }
    assert result["after"]["hours"] == 2580


ROWS = st.lists(
    st.tuples(st.sampled_from("abcdef"), st.sampled_from("xyz"), st.floats(0, 3000), st.floats(0, 3000)),
    max_size=12,
    unique_by=lambda row: (row[0], row[1]),
)


@given(ROWS)
def test_parts_add_up_and_the_cap_holds(work: list[tuple[str, str, float, float]]) -> None:
    result = measure(work)
    for year in (result["before"], result["after"]):
        assert year["capped_fte"] <= year["headcount"] + 1e-6
        assert year["capped_fte"] <= year["uncapped_fte"] + 1e-6
    assert sum(firm["change"]["capped_fte"] for firm in result["firms"]) == pytest.approx(
        result["change"]["capped_fte"], abs=1e-6
    )
    assert measure(work[::-1])["change"] == pytest.approx(result["change"])


@pytest.mark.parametrize(
    ("work", "more", "path"),
    [
        ([("a", "f", 0, 1), ("a", "f", 0, 1)], {}, "work[1].person"),
        ([("a", "f", 0, 1)], {"bankrupt_firms": ["x"]}, "bankrupt_firms[0]"),
        ([("a", "f", 0, -1)], {}, "work[0].hours_after"),
        ([("a", "f", 0, 9000)], {}, "work[0].hours_after"),
    ],
)
def test_wrong_hours_are_refused_with_their_path(work: Any, more: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        measure(work, **more)
    assert caught.value.problems[0].path == path

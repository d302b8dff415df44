"""Dominance rules on firm data against examples worked by hand."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine


def judge(values: list[float], **more: Any) -> dict[str, Any]:
    rows = [{"unit": f"firm {index}", "value": value} for index, value in enumerate(values)]
    return run_engine("results.dominance", {"contributions": rows} | more).output


def test_nine_of_ten_hires_by_one_firm_is_sensitive() -> None:
    result = judge([9, 1])
    assert result["reasons"] == ["few_units", "dominance"]
    assert (result["sensitive"], result["share_of_largest"]) == (True, 0.9)


@pytest.mark.parametrize(
    ("largest", "percent", "reasons"), [(1, 50, []), (2, 85, ["dominance"]), (2, 90, [])]
)
def test_n_k_rule_asks_for_more_than_k_per_cent(largest: int, percent: float, reasons: list[str]) -> None:
    assert judge([50, 40, 5, 5], largest=largest, percent=percent)["reasons"] == reasons


def test_p_per_cent_rule_protects_the_largest_from_the_second() -> None:
    # The second firm knows 100 - 40 = 60 for the rest; without its 10 others the largest is known to within
    # 20 %.
    assert judge([50, 40, 6, 4], p_percent=25)["reasons"] == ["p_percent"]
    assert judge([50, 40, 6, 4], p_percent=20)["reasons"] == []


def test_firms_of_one_owner_are_added_up() -> None:
    rows = [
        {"unit": "group", "value": 40},
        {"unit": "group", "value": 40},
        {"unit": "b", "value": 10},
        {"unit": "c", "value": 10},
    ]
    result = run_engine("results.dominance", {"contributions": rows}).output
    assert (result["units"], result["share_of_largest"], result["reasons"]) == (3, 0.8, ["dominance"])


def test_nothing_at_all_is_not_sensitive() -> None:
    assert judge([0, 0]) == {
        "sensitive": False,
        "reasons": [],
        "total": 0.0,
        "units": 0,
        "share_of_largest": None,
    }


@given(st.lists(st.integers(0, 100).map(float), max_size=10), st.randoms(use_true_random=False))
def test_order_does_not_matter(values: list[float], shuffler: Any) -> None:
    shuffled = list(values)
    shuffler.shuffle(shuffled)
    assert judge(values) == judge(shuffled)


def test_negative_contribution_is_refused() -> None:
    with pytest.raises(EngineInputError) as caught:
        judge([5, -1])
    assert caught.value.problems[0].path == "contributions[1].value"

"""Running totals: small steps between publications are blocked, whichever earlier one gives them away."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.decisions.engine import run_engine


def check(planned: int, *earlier: int, base: int = 1, **more: Any) -> dict[str, Any]:
    rounding = {"rounding": "nearest", "rounding_base": base} if base > 1 else {}
    asked = {
        "planned": {"id": "now", "value": planned} | rounding,
        "earlier": [{"id": f"{index}", "value": value} | rounding for index, value in enumerate(earlier)],
    }
    return run_engine("results.publication_difference", asked | more).output


@pytest.mark.parametrize(
    ("planned", "verdict", "next_safe"),
    [
        (100, "publish", 100),
        (101, "block", 105),
        (104, "block", 105),
        (105, "publish", 105),
        (98, "block", 100),
    ],
)
def test_step_below_the_threshold_is_blocked(planned: int, verdict: str, next_safe: int) -> None:
    result = check(planned, 100)
    assert (result["verdict"], result["next_safe_value"]) == (verdict, next_safe)


def test_every_earlier_publication_counts() -> None:
    result = check(107, 100, 106)
    assert result["verdict"] == "block"
    assert [step["safe"] for step in result["steps"]] == [True, False]
    assert result["next_safe_value"] == 111


def test_first_publication_is_free() -> None:
    assert check(100) == {"verdict": "publish", "steps": [], "next_safe_value": 100}


def test_rounded_figures_leave_the_step_open() -> None:
    result = check(105, 100, base=5)
    assert result["steps"] == [{"earlier": "0", "low": 1, "high": 9, "safe": True}]


def test_rounded_figures_too_close_are_still_blocked() -> None:
    # Exact 100, then 102 rounded down to a multiple of 2: the step is 2 or 3.
    asked = {
        "planned": {"id": "now", "value": 102, "rounding": "down", "rounding_base": 2},
        "earlier": [{"id": "before", "value": 100}],
    }
    result = run_engine("results.publication_difference", asked).output
    assert result["steps"] == [{"earlier": "before", "low": 2, "high": 3, "safe": False}]


@given(st.integers(0, 300), st.lists(st.integers(0, 300), max_size=6))
def test_next_safe_value_is_safe_and_the_first(planned: int, earlier: list[int]) -> None:
    result = check(planned, *earlier)
    safe = result["next_safe_value"]
    assert check(safe, *earlier)["verdict"] == "publish"
    assert all(any(1 <= abs(value - old) < 5 for old in earlier) for value in range(planned, safe))

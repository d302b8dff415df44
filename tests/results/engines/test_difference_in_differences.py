"""Difference-in-differences against Card and Krueger's published table, on their own data, and against
OLS.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine

# Full-time equivalents of 410 fast-food restaurants in two states before and after New Jersey's minimum wage
# rose;
# public data set of Card and Krueger (1994), one row a restaurant, empty where an interview gave no number.
CARD_KRUEGER = Path(__file__).parent / "card_krueger_1994.csv"


def estimate(units: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return run_engine("results.difference_in_differences", {"units": units} | more).output


def unit(name: str, treated: bool, before: list[Any], after: list[Any]) -> dict[str, Any]:
    return {"id": name, "treated": treated, "before": before, "after": after}


def restaurants() -> list[dict[str, Any]]:
    with CARD_KRUEGER.open(newline="") as file:
        rows = list(csv.DictReader(file))
    number = {True: float, False: lambda text: None}
    return [
        unit(
            f"restaurant {index}",
            row["state"] == "NJ",
            [number[bool(row["before"])](row["before"])],
            [number[bool(row["after"])](row["after"])],
        )
        for index, row in enumerate(rows)
    ]


def test_agrees_with_card_and_krueger_table_3() -> None:
    found = estimate(restaurants())["full_sample"]
    published = {
        "treated_before": (20.44, 0.51),
        "treated_after": (21.03, 0.52),
        "control_before": (23.33, 1.35),
        "control_after": (21.17, 0.94),
    }
    for group, (mean, error) in published.items():
        assert (round(found[group]["mean"], 2), round(found[group]["standard_error"], 2)) == (mean, error)
    # Row 4 prints 2.76, put together from unrounded means; the public file gives 2.754.
    assert found["estimate"] == pytest.approx(2.76, abs=0.0065)
    assert [found[group]["values"] for group in published] == [321, 319, 77, 77]


def test_balanced_sample_agrees_with_card_and_krueger() -> None:
    result = estimate(restaurants())
    balanced = result["balanced"]
    # Row 5 of table 3: change 2.75 with standard error 1.34, from the differences of the same restaurants.
    assert round(balanced["estimate"], 2) == 2.75
    assert round(balanced["standard_error_clustered"], 2) == 1.34
    assert len(result["units_left_out"]) == 410 - balanced["treated_units"] - balanced["control_units"]
    assert (balanced["treated_units"], balanced["control_units"]) == (309, 75)


def saturated_ols(units: list[dict[str, Any]]) -> tuple[float, float]:
    """Coefficient and CR1 error of treated x after by matrix algebra, another way than the engine goes."""
    rows = [
        (number, item["treated"], after, value)
        for number, item in enumerate(units)
        for after, name in ((0, "before"), (1, "after"))
        for value in item[name]
        if value is not None
    ]
    design = np.array([[1.0, treated, after, treated * after] for _, treated, after, _ in rows])
    outcome = np.array([value for *_, value in rows])
    clusters = np.array([number for number, *_ in rows])
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ design.T @ outcome
    residuals = outcome - design @ coefficients
    meat = np.zeros((4, 4))
    for cluster in np.unique(clusters):
        score = design[clusters == cluster].T @ residuals[clusters == cluster]
        meat += np.outer(score, score)
    groups, count = len(np.unique(clusters)), len(rows)
    factor = groups / (groups - 1) * (count - 1) / (count - 4)
    return float(coefficients[3]), float(np.sqrt(factor * (bread @ meat @ bread)[3, 3]))


VALUES = st.none() | st.integers(-1000, 1000).map(float)
PANELS = st.integers(1, 3).flatmap(
    lambda periods: st.lists(
        st.tuples(
            st.lists(VALUES, min_size=periods, max_size=periods),
            st.lists(VALUES, min_size=periods, max_size=periods),
        ),
        min_size=4,
        max_size=12,
    )
)


@settings(max_examples=150, deadline=None)
@given(PANELS)
def test_agrees_with_clustered_regression(panel: list[tuple[list[Any], list[Any]]]) -> None:
    # The first two units of each group are complete, so that every group mean and the error exist.
    full = [([float(i + j) for j in range(len(panel[0][0]))], [3.0 * i] * len(panel[0][1])) for i in range(4)]
    units = [unit(str(i), i % 2 == 0, list(b), list(a)) for i, (b, a) in enumerate(full + panel)]
    found = estimate(units)["full_sample"]
    coefficient, error = saturated_ols(units)
    assert found["estimate"] == pytest.approx(coefficient, rel=1e-6, abs=1e-6)
    assert found["standard_error_clustered"] == pytest.approx(error, rel=1e-6, abs=1e-6)


def test_hand_worked_example() -> None:
    units = [
        unit("a", True, [10, 12], [16, 18]),
        unit("b", True, [11, None], [15, 17]),
        unit("c", False, [9, 10], [11, 12]),
        unit("d", False, [12, 12], [13, 14]),
    ]
    result = estimate(units)
    assert result["full_sample"]["estimate"] == (16.5 - 11) - (12.5 - 10.75)
    assert result["balanced"]["estimate"] == (17 - 11) - (12.5 - 10.75)
    assert result["units_left_out"] == ["b"]
    assert result["full_sample"]["warnings"] == ["few_clusters"]


def test_one_treated_unit_has_no_clustered_error() -> None:
    found = estimate([unit("a", True, [1], [4]), unit("b", False, [1], [2]), unit("c", False, [2], [2])])[
        "full_sample"
    ]
    assert found["estimate"] == 2.5
    assert (found["standard_error_clustered"], found["low"], found["standard_error_means"]) == (
        None,
        None,
        None,
    )
    assert found["warnings"] == ["single_unit_in_a_group", "few_clusters"]


def test_units_seen_once_have_no_balanced_sample() -> None:
    units = [
        unit("a", True, [1], [None]),
        unit("b", True, [None], [3]),
        unit("c", False, [1], [None]),
        unit("d", False, [None], [1]),
    ]
    result = estimate(units)
    assert result["full_sample"]["estimate"] == 2
    assert result["full_sample"]["standard_error_clustered"] is None
    assert result["balanced"] is None


@pytest.mark.parametrize(
    ("units", "path"),
    [
        ([unit("a", True, [1], [2]), unit("b", True, [1], [2])], "units"),
        ([unit("a", True, [1], [2]), unit("b", False, [None], [2])], "units"),
        ([unit("a", True, [1], [2]), unit("a", False, [1], [2])], "units[1].id"),
        ([unit("a", True, [1], [2]), unit("b", False, [1, 2], [2])], "units[1].before"),
        ([unit("a", True, [], [2]), unit("b", False, [1], [2])], "units[0].before"),
        ([unit("a", True, ["1"], [2]), unit("b", False, [1], [2])], "units[0].before[0]"),
    ],
)
def test_wrong_panel_is_refused_with_its_path(units: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        estimate(units)
    assert caught.value.problems[0].path == path

"""Synthetic control: exact mixtures are found, the weights are proven best, placebo ranks match hand
counts.
"""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.results.engines.placebo_ranks import joint_rank, rank_among
from microcities.results.engines.simplex_fit import fit_weights


def series(name: str, values: Any, periods_before: int) -> dict[str, Any]:
    values = [float(value) for value in values]
    return {"id": name, "before": values[:periods_before], "after": values[periods_before:]}


def analyse(treated: list[dict[str, Any]], donors: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return run_engine("results.synthetic_control", {"treated": treated, "donors": donors} | more).output


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 12), st.integers(1, 12), st.floats(0.01, 1e6))
def test_exact_mixture_is_found(seed: int, donors: int, periods: int, scale: float) -> None:
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(periods, donors)).cumsum(axis=0) * scale
    weights = generator.dirichlet(np.full(donors, 0.5))
    target = matrix @ weights
    found = fit_weights(target, matrix)
    assert found.weights.min() >= 0
    assert found.weights.sum() == pytest.approx(1, abs=1e-9)
    assert np.abs(matrix @ found.weights - target).max() <= 1e-6 * np.abs(matrix).max()
    if periods >= donors and found.unique:
        assert found.weights == pytest.approx(weights, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 8), st.integers(2, 10))
def test_no_general_optimiser_does_better(seed: int, donors: int, periods: int) -> None:
    generator = np.random.default_rng(seed)
    matrix = generator.normal(size=(periods, donors))
    target = generator.normal(size=periods) * 2
    found = fit_weights(target, matrix)
    mine = float(((matrix @ found.weights - target) ** 2).sum())
    general = minimize(
        lambda w: ((matrix @ w - target) ** 2).sum(),
        np.full(donors, 1 / donors),
        bounds=[(0, 1)] * donors,
        constraints={"type": "eq", "fun": lambda w: w.sum() - 1},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-12},
    )
    assert mine <= general.fun + 1e-7


def test_known_projection_on_a_triangle() -> None:
    # The nearest point of the triangle (0,0), (1,0), (0,1) to (1,1) is (1/2,1/2); to (-1,-1) it is the corner
    # (0,0).
    corners = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert fit_weights(np.array([1.0, 1.0]), corners).weights == pytest.approx([0, 0.5, 0.5], abs=1e-9)
    assert fit_weights(np.array([-1.0, -1.0]), corners).weights == pytest.approx([1, 0, 0], abs=1e-9)


def test_far_away_donor_does_not_spoil_an_exact_mixture() -> None:
    donors = np.array([[10.0, 12.0, 9e6], [11.0, 15.0, 8e6], [12.0, 14.0, 9e6]])
    found = fit_weights(donors @ np.array([0.25, 0.75, 0.0]), donors)
    assert found.weights == pytest.approx([0.25, 0.75, 0], abs=1e-6)


def test_equal_donors_share_evenly_and_are_not_called_unique() -> None:
    found = fit_weights(np.array([1.0, 2.0]), np.array([[2.0, 2.0, 0.0], [3.0, 3.0, 1.0]]))
    assert found.weights == pytest.approx([0.25, 0.25, 0.5], abs=1e-6)
    assert not found.unique


def test_identical_donors_and_target_fit_exactly() -> None:
    found = fit_weights(np.array([1.0, 2.0]), np.array([[1.0, 1.0], [2.0, 2.0]]))
    assert list(found.weights) == [0.5, 0.5]


PANEL = np.random.default_rng(7).normal(size=(8, 16)).cumsum(axis=1) + 20


def donors_of(panel: Any, periods_before: int = 10) -> list[dict[str, Any]]:
    return [series(f"city {index}", row, periods_before) for index, row in enumerate(panel)]


def test_effect_on_an_exact_mixture_is_what_was_added() -> None:
    mixture = 0.2 * PANEL[1] + 0.5 * PANEL[4] + 0.3 * PANEL[6]
    mixture[10:] += [3, 3, 4, 4, 5, 5]
    result = analyse([series("Valmiera", mixture, 10)], donors_of(PANEL))
    treated = result["main"]["treated"][0]
    assert [item["weight"] for item in treated["weights"]] == pytest.approx(
        [0, 0.2, 0, 0, 0.5, 0, 0.3, 0], abs=1e-6
    )
    assert treated["gaps_after"] == pytest.approx([3, 3, 4, 4, 5, 5], abs=1e-5)
    assert treated["effect"] == pytest.approx(4, abs=1e-5)
    assert treated["weights_unique"] is True
    assert treated["fit"]["ratio"] is None
    assert (treated["rank"], treated["p_value"], treated["smallest_p"]) == (
        1,
        pytest.approx(1 / 9),
        pytest.approx(1 / 9),
    )


def test_seven_donors_cannot_give_p_below_one_eighth() -> None:
    city = PANEL[:7].mean(axis=0) + np.where(np.arange(16) < 10, 0.1 * (-1) ** np.arange(16), 50)
    treated = analyse([series("Ventspils", city, 10)], donors_of(PANEL[:7]))["main"]["treated"][0]
    assert (treated["rank"], treated["units"], treated["p_value"], treated["smallest_p"]) == (
        1,
        8,
        0.125,
        0.125,
    )


def test_two_treated_first_and_second_of_nine_give_one_in_36() -> None:
    wobble = 0.1 * (-1.0) ** np.arange(16)
    jump = np.where(np.arange(16) < 10, 0, 50)
    cities = [PANEL[:7].mean(axis=0) + wobble + jump, PANEL[:5].mean(axis=0) - wobble + jump]
    result = analyse(
        [series(f"treated {i}", city, 10) for i, city in enumerate(cities)], donors_of(PANEL[:7])
    )
    joint = result["main"]["joint"]
    assert joint["rank_sum"] == 3
    assert joint["p_value"] == pytest.approx(1 / 36)
    assert joint["smallest_p"] == pytest.approx(1 / 36)
    assert joint["mean_effect"] == pytest.approx(
        sum(treated["effect"] for treated in result["main"]["treated"]) / 2, rel=1e-8
    )


@given(
    st.lists(st.integers(0, 9).map(float), min_size=1, max_size=4),
    st.lists(st.integers(0, 9).map(float), max_size=6),
)
def test_joint_rank_agrees_with_listing_all_draws(treated: list[float], donors: list[float]) -> None:
    everybody = treated + donors
    ranks = [sum(other >= own for other in everybody) for own in everybody]
    observed = sum(ranks[: len(treated)])
    draws = list(itertools.combinations(ranks, len(treated)))
    found = joint_rank(treated, donors)
    assert found.rank_sum == observed
    assert found.probability == sum(sum(draw) <= observed for draw in draws) / len(draws)
    assert found.smallest <= found.probability <= 1


def test_ties_count_against_the_unit() -> None:
    assert rank_among(2.0, [2.0, 1.0, 3.0]) == 3
    assert rank_among(math.inf, [math.inf, 1.0]) == 2
    assert joint_rank([1.0], [1.0, 1.0]).probability == 1.0


def test_placebos_are_fitted_without_the_treated_unit() -> None:
    calm = analyse([series("t", PANEL[0] * 1.01, 10)], donors_of(PANEL))
    wild = analyse([series("t", PANEL[0] * 9, 10)], donors_of(PANEL))
    assert calm["main"]["placebos"] == wild["main"]["placebos"]


def test_specification_and_its_alternative_are_printed() -> None:
    shifted = PANEL[:3].mean(axis=0) + 100
    result = analyse([series("t", shifted, 10)], donors_of(PANEL), outcome="jobs")
    assert (result["main"]["specification"], result["alternative"]["specification"]) == ("levels", "demeaned")
    assert result["outcome"] == "jobs"
    assert "no covariates" in result["main"]["text"]
    # A constant distance is no misfit once every unit is measured from its own mean.
    assert result["alternative"]["treated"][0]["effect"] == pytest.approx(0, abs=1e-5)
    assert result["main"]["treated"][0]["fit"]["pre_rmspe"] > 90
    swapped = analyse([series("t", shifted, 10)], donors_of(PANEL), outcome="jobs", specification="demeaned")
    assert (swapped["main"], swapped["alternative"]) == (result["alternative"], result["main"])


def test_order_of_the_donors_does_not_matter() -> None:
    treated = series("t", PANEL[:3].mean(axis=0) + 1, 10)
    one = analyse([treated], donors_of(PANEL))["main"]["treated"][0]
    other = analyse([treated], donors_of(PANEL)[::-1])["main"]["treated"][0]
    assert one["effect"] == pytest.approx(other["effect"], rel=1e-7)
    turned = {item["donor"]: item["weight"] for item in other["weights"]}
    assert {item["donor"]: item["weight"] for item in one["weights"]} == pytest.approx(turned, abs=1e-6)


def test_single_period_before_has_no_alternative() -> None:
    donors = [series("a", [1, 2], 1), series("b", [3, 4], 1)]
    assert analyse([series("t", [2, 5], 1)], donors)["alternative"] is None
    with pytest.raises(EngineInputError, match="at least two periods"):
        analyse([series("t", [2, 5], 1)], donors, specification="demeaned")


@pytest.mark.parametrize(
    ("treated", "donors", "path"),
    [
        ([series("t", [1, 2, 3], 2)], [series("a", [1, 2, 3], 2), series("a", [1, 2, 3], 2)], "donors[1].id"),
        (
            [series("t", [1, 2, 3], 2)],
            [series("a", [1, 2, 3], 2), series("b", [1, 2, 3], 1)],
            "donors[1].before",
        ),
        (
            [series("t", [1, 2], 1)],
            [series("a", [1, 2, 3], 2), series("b", [1, 2, 3], 2)],
            "treated[0].before",
        ),
        ([series("t", [1, 2, 3], 2)], [series("a", [1, 2, 3], 2)], "donors"),
        ([], [series("a", [1, 2, 3], 2), series("b", [1, 2, 3], 2)], "treated"),
    ],
)
def test_wrong_panel_is_refused_with_its_path(treated: Any, donors: Any, path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        analyse(treated, donors)
    assert caught.value.problems[0].path == path


def test_very_large_and_very_small_outcomes_are_told_apart_or_fail_loudly() -> None:
    for scale in (1e-9, 1e13):
        result = analyse([series("t", PANEL[:3].mean(axis=0) * scale, 10)], donors_of(PANEL * scale))
        weights = [item["weight"] for item in result["main"]["treated"][0]["weights"]]
        assert weights[:3] == pytest.approx([1 / 3] * 3, abs=1e-6)
    with pytest.raises(EngineInputError) as caught:
        analyse([series("t", [1e300, 2, 3], 2)], [series("a", [1, 2, 3], 2), series("b", [2, 2, 3], 2)])
    assert caught.value.problems[0].path == "treated[0].before[0]"

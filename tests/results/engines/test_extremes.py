"""Engines at the ends of what they accept: an answer that is right, or a refusal with the path, never a hang."""

from __future__ import annotations

import math
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.results.engines.publication_difference import (
    DifferenceInput,
    RunningTotal,
    publication_difference,
)
from microcities.results.engines.published_figures import DisclosureRule, Rounding

FORECAST = {"count": 1, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "seasons"}
SAMPLE = {"method": "margin", "population": 100}
ALMOST_ONE = 0.9999999999999999


def output(name: str, values: dict[str, Any]) -> dict[str, Any]:
    return run_engine(f"results.{name}", values).output


@pytest.mark.parametrize(
    ("name", "values", "path"),
    [
        ("forecast", FORECAST | {"levels": [0.8, ALMOST_ONE]}, "levels[1]"),
        ("forecast", FORECAST | {"levels": [0.0]}, "levels[0]"),
        ("forecast", FORECAST | {"exposure_total": 0}, "exposure_total"),
        ("forecast", FORECAST | {"count": 10**30}, "count"),
        ("forecast", FORECAST | {"target": 1e300}, "target"),
        ("share_interval", {"numerator": 1, "denominator": 2, "level": ALMOST_ONE}, "level"),
        ("share_interval", {"numerator": 1, "denominator": 10**13}, "denominator"),
        ("verification_sample", SAMPLE | {"level": ALMOST_ONE}, "level"),
        ("verification_sample", SAMPLE | {"margin": 1e-200}, "margin"),
        ("verification_sample", SAMPLE | {"population": 0}, "population"),
        ("dominance", {"contributions": [{"unit": "a", "value": 1e300}]}, "contributions[0].value"),
        ("full_time_equivalents", {"full_year_hours": 0}, "full_year_hours"),
        ("suppression", {"cells": [{"id": "a", "value": 1}], "relations": [{"a": 10**400}]}, "relations[0].a"),
    ],
)
def test_value_beyond_the_limits_is_refused_with_its_path(name: str, values: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as refusal:
        output(name, values)
    assert [problem.path for problem in refusal.value.problems] == [path]


def test_share_of_nearly_all_of_a_million_million_stays_in_order() -> None:
    whole = 10**12
    for numerator in (0, 1, whole // 2, whole - 1, whole):
        found = output("share_interval", {"numerator": numerator, "denominator": whole})
        for bounds in (found["wilson"], found["clopper_pearson"]):
            assert 0 <= bounds["low"] <= found["share"] <= bounds["high"] <= 1


def test_share_interval_at_the_highest_level_is_wider_and_finite() -> None:
    usual = output("share_interval", {"numerator": 5, "denominator": 10})
    widest = output("share_interval", {"numerator": 5, "denominator": 10, "level": 0.999999})
    for method in ("wilson", "clopper_pearson"):
        assert 0 < widest[method]["low"] < usual[method]["low"]
        assert usual[method]["high"] < widest[method]["high"] < 1


def test_forecast_before_anything_has_passed_rests_on_the_prior_alone() -> None:
    found = output("forecast", FORECAST | {"count": 0, "exposure_done": 0, "prior_shape": 3, "prior_rate": 2.0})
    assert found["mean"] == 3 / 2 * 3
    assert found["straight_line"] is None


def test_forecast_of_a_target_already_reached_is_certain_and_of_one_exceeded_impossible() -> None:
    up = output("forecast", FORECAST | {"count": 10, "target": 10})
    assert (up["reached"], up["probability_of_target"]) == (True, 1.0)
    down = output("forecast", FORECAST | {"count": 10, "target": 9, "direction": "down"})
    assert (down["reached"], down["probability_of_target"]) == (False, 0.0)


def test_faulty_share_of_less_than_one_unit_is_one_unit() -> None:
    asked = {"method": "discovery", "population": 100, "faulty_share": 1e-20}
    found = output("verification_sample", asked)
    assert (found["faulty_units"], found["size"], found["chance_of_missing"]) == (1, 95, 0.05)


def test_sample_with_the_smallest_margin_is_everybody() -> None:
    assert output("verification_sample", SAMPLE | {"margin": 1e-6, "level": 0.999999})["size"] == 100


def test_sample_from_many_strata_is_quick() -> None:
    units = [{"id": f"u{number}", "stratum": f"s{number}"} for number in range(20_000)]
    asked = {"method": "fixed", "size": 500, "stratified": True, "units": units}
    begin = time.process_time()
    found = output("verification_sample", asked)
    assert len(found["drawn"]) == len(set(found["drawn"])) == 500
    assert time.process_time() - begin < 10


def test_sample_from_a_thousand_million_is_exact() -> None:
    # Some 50,000 factors on either side of the fraction: built a few times, not at every step of a search.
    asked = {"method": "discovery", "population": 10**9, "faulty_units": 60_000}
    found = output("verification_sample", asked)
    assert found["size"] == 49_927
    assert found["chance_of_missing"] <= 0.05
    assert found["chance_of_missing"] == pytest.approx((1 - found["size"] / 10**9) ** 60_000, rel=1e-4)


EARLIER = st.tuples(st.integers(0, 60), st.sampled_from(["none", "nearest", "down", "up", "random"]), st.integers(2, 12))


def total(name: str, value: int, rounding: Rounding, base: int) -> RunningTotal:
    return RunningTotal(
        id=name, value=value, rounding=rounding, rounding_base=1 if rounding == "none" else base
    )


@settings(max_examples=200)
@given(
    st.integers(0, 40),
    st.lists(EARLIER, max_size=4),
    st.booleans(),
    st.integers(1, 8),
    st.integers(1, 9),
)
def test_next_safe_value_agrees_with_trying_one_after_the_other(
    planned: int, earlier: list[Any], cumulative: bool, threshold: int, width: int
) -> None:
    before = tuple(total(str(number), *each) for number, each in enumerate(earlier))
    rule = DisclosureRule(threshold=threshold, minimum_width=width)

    def asked(value: int) -> DifferenceInput:
        planned_total = RunningTotal(id="planned", value=value)
        return DifferenceInput(planned=planned_total, earlier=before, cumulative=cumulative, rule=rule)

    found = publication_difference(asked(planned), seed=0).next_safe_value
    assert publication_difference(asked(found), seed=0).verdict == "publish"
    assert all(publication_difference(asked(value), seed=0).verdict == "block" for value in range(planned, found))


def test_next_safe_value_after_many_coarse_publications_is_quick() -> None:
    earlier = tuple(total(str(number), number * 400, "down", 300) for number in range(500))
    rule = DisclosureRule(threshold=1000, minimum_width=10**6)
    planned = RunningTotal(id="planned", value=0)
    begin = time.process_time()
    found = publication_difference(DifferenceInput(planned=planned, earlier=earlier, rule=rule), seed=0)
    assert found.next_safe_value == 499 * 400 + 299 + 1000
    assert time.process_time() - begin < 10


@settings(max_examples=100)
@given(
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=6),
    st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), min_size=2, max_size=6),
    st.integers(-1000, 1000),
    st.integers(1, 9),
)
def test_difference_in_differences_moves_with_the_scale_and_not_with_the_origin(
    treated: list[tuple[int, int]], control: list[tuple[int, int]], shift: int, scale: int
) -> None:
    def estimate(shift: int, scale: int) -> dict[str, Any]:
        units = [
            {
                "id": f"{kind}{number}",
                "treated": kind == "t",
                "before": [before * scale + shift],
                "after": [after * scale + shift],
            }
            for kind, group in (("t", treated), ("c", control))
            for number, (before, after) in enumerate(group)
        ]
        return dict(output("difference_in_differences", {"units": units})["full_sample"])

    plain, moved = estimate(0, 1), estimate(shift, scale)
    assert moved["estimate"] == pytest.approx(scale * plain["estimate"], rel=1e-9, abs=1e-9)
    for error in ("standard_error_means", "standard_error_clustered"):
        assert moved[error] == pytest.approx(scale * plain[error], rel=1e-8, abs=1e-9)


def test_zero_of_zero_is_undefined_in_every_field() -> None:
    found = output("share_interval", {"numerator": 0, "denominator": 0})
    assert (found["share"], found["wilson"], found["clopper_pearson"]) == (None, None, None)
    assert not math.isnan(found["level"])

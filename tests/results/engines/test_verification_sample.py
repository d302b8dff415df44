"""Sample sizes against published tables and the hypergeometric distribution; the drawing against its
promises.
"""

from __future__ import annotations

import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.results.engines.verification_sample import allocate, discovery_size, margin_size

UNITS = [{"id": f"pupil-{number:03}", "stratum": "V" if number % 3 else "W"} for number in range(90)]


def sample(seed: int = 1, **values: Any) -> dict[str, Any]:
    return run_engine("results.verification_sample", values, seed).output


# Cannon and Roe, Livestock Disease Surveys (1982): n = (1 - b^(1/D)) (N - (D - 1)/2), rounded up; where their
# approximation
# and the exact distribution agree.
@pytest.mark.parametrize(
    ("population", "faulty", "size"),
    [(100, 1, 95), (100, 5, 45), (100, 10, 25), (1000, 10, 258), (1000, 50, 57), (50, 5, 22), (10, 5, 4)],
)
def test_discovery_agrees_with_published_formula(population: int, faulty: int, size: int) -> None:
    assert math.ceil((1 - 0.05 ** (1 / faulty)) * (population - (faulty - 1) / 2)) == size
    assert discovery_size(population, faulty, 0.05) == size


POPULATIONS = st.integers(1, 400).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n)))


@settings(max_examples=150, deadline=None)
@given(POPULATIONS, st.sampled_from([0.01, 0.05, 0.1, 0.3]))
def test_discovery_size_is_the_smallest(population: tuple[int, int], risk: float) -> None:
    units, faulty = population
    size = discovery_size(units, faulty, risk)
    assert stats.hypergeom.pmf(0, units, faulty, size) <= risk + 1e-12
    assert size == 1 or stats.hypergeom.pmf(0, units, faulty, size - 1) > risk - 1e-12


def test_discovery_on_the_edge_is_exact() -> None:
    # One faulty unit of ten: seven drawn leave exactly 3/10, which a binary 0.3 would refuse.
    assert discovery_size(10, 1, 0.3) == 7


def test_discovery_of_a_large_population_is_quick_and_near_the_limit() -> None:
    assert discovery_size(100_000, 5_000, 0.05) == 59
    assert discovery_size(100_000, 50_000, 0.05) == 5


# Krejcie and Morgan, Educational and Psychological Measurement 30 (1970) 607-610, rows that do not depend on
# rounding.
@pytest.mark.parametrize(
    ("population", "size"),
    [(10, 10), (50, 45), (100, 80), (200, 132), (500, 218), (1000, 278), (10_000, 370)],
)
def test_margin_agrees_with_published_table(population: int, size: int) -> None:
    # The table rounds to the nearest and gives 44 for 50 and 217 for 500; here the size is rounded up.
    assert margin_size(population, 0.05, 0.95) == size


def test_margin_of_an_endless_population() -> None:
    assert margin_size(10**9, 0.05, 0.95) == 385
    assert margin_size(10**9, 0.03, 0.95) == 1068


@given(st.integers(1, 5000), st.sampled_from([0.02, 0.05, 0.1]))
def test_margin_size_grows_with_population_and_stays_within(population: int, margin: float) -> None:
    size = margin_size(population, margin, 0.95)
    assert 1 <= size <= population
    assert margin_size(population + 1, margin, 0.95) >= size


def test_known_seed_always_draws_the_same_units() -> None:
    # Checked with printf and sha256sum: the three smallest digests of "20211031", newline, id.
    drawn = sample(seed=20211031, method="fixed", size=3, units=UNITS)["drawn"]
    assert drawn == ["pupil-072", "pupil-010", "pupil-057"]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**63), st.randoms(use_true_random=False))
def test_order_of_the_list_does_not_matter(seed: int, shuffler: random.Random) -> None:
    shuffled = list(UNITS)
    shuffler.shuffle(shuffled)
    for stratified in (False, True):
        asked = {"method": "fixed", "size": 11, "stratified": stratified}
        assert sample(seed, units=shuffled, **asked) == sample(seed, units=UNITS, **asked)


def test_larger_sample_begins_with_the_smaller() -> None:
    small = sample(method="fixed", size=5, units=UNITS)["drawn"]
    large = sample(method="fixed", size=20, units=UNITS)["drawn"]
    assert large[:5] == small


def test_every_unit_is_drawn_about_as_often() -> None:
    units = UNITS[:10]
    hits = dict.fromkeys((unit["id"] for unit in units), 0)
    for seed in range(2000):
        for unit_id in sample(seed, method="fixed", size=3, units=units)["drawn"]:
            hits[unit_id] += 1
    assert stats.chisquare(list(hits.values())).pvalue > 0.001


def test_strata_are_drawn_in_proportion() -> None:
    result = sample(method="fixed", size=10, stratified=True, units=UNITS)
    assert result["strata"] == [
        {"stratum": "V", "units": 60, "drawn": 7},
        {"stratum": "W", "units": 30, "drawn": 3},
    ]
    drawn_strata = [
        next(unit["stratum"] for unit in UNITS if unit["id"] == drawn) for drawn in result["drawn"]
    ]
    assert drawn_strata == ["V"] * 7 + ["W"] * 3


@given(st.lists(st.integers(0, 500), min_size=1, max_size=8).filter(any), st.floats(0, 1))
def test_allocation_gives_everything_out_within_one_of_the_quota(sizes: list[int], part: float) -> None:
    total = round(part * sum(sizes))
    shares = allocate(sizes, total)
    assert sum(shares) == total
    for size, share in zip(sizes, shares, strict=True):
        assert share <= size
        assert abs(share - size * total / sum(sizes)) < 1


def test_size_only_draws_nothing() -> None:
    result = sample(method="discovery", population=281, faulty_share=0.1)
    assert (result["drawn"], result["faulty_units"], result["size"]) == (None, 29, 27)
    assert result["chance_of_missing"] <= 0.05


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"method": "fixed", "size": 2}, "units"),
        ({"method": "fixed", "size": 2, "population": 5, "units": UNITS}, "units"),
        ({"method": "fixed", "population": 5}, "size"),
        ({"method": "fixed", "population": 5, "size": 6}, "size"),
        ({"method": "discovery", "population": 5}, "faulty_units"),
        ({"method": "discovery", "population": 5, "faulty_units": 6}, "faulty_units"),
        ({"method": "fixed", "size": 1, "units": [{"id": "a"}, {"id": "a"}]}, "units[1].id"),
        ({"method": "fixed", "size": 1, "units": []}, "units"),
    ],
)
def test_wrong_request_is_refused_with_its_path(values: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        sample(**values)
    assert caught.value.problems[0].path == path

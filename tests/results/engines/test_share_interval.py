"""Share intervals against the published tables of Newcombe (1998) and against scipy.stats."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from microcities.decisions.engine import EngineInputError
from microcities.results.engines.share_interval import ShareInput, ShareOutput, share_interval


def interval(numerator: int, denominator: int, level: float = 0.95) -> ShareOutput:
    return share_interval(ShareInput(numerator=numerator, denominator=denominator, level=level), seed=0)


# Newcombe, Statistics in Medicine 17 (1998), table I: method 3 (Wilson) and method 5 (Clopper-Pearson).
NEWCOMBE = [
    (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
    (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
    (0, 20, (0.0000, 0.1611), (0.0000, 0.1684)),
    (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
]


@pytest.mark.parametrize(("numerator", "denominator", "wilson", "exact"), NEWCOMBE)
def test_agrees_with_newcombe(
    numerator: int, denominator: int, wilson: tuple[float, float], exact: tuple[float, float]
) -> None:
    result = interval(numerator, denominator)
    assert result.wilson is not None
    assert result.clopper_pearson is not None
    assert (round(result.wilson.low, 4), round(result.wilson.high, 4)) == wilson
    assert (round(result.clopper_pearson.low, 4), round(result.clopper_pearson.high, 4)) == exact


SHARES = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@settings(max_examples=200, deadline=None)
@given(SHARES, st.sampled_from([0.5, 0.8, 0.9, 0.95, 0.99]))
def test_agrees_with_scipy_and_holds_the_estimate(share: tuple[int, int], level: float) -> None:
    result = interval(*share, level)
    for found, method in ((result.wilson, "wilson"), (result.clopper_pearson, "exact")):
        reference = stats.binomtest(*share).proportion_ci(level, method=method)
        assert found is not None
        assert (found.low, found.high) == pytest.approx((reference.low, reference.high), rel=1e-7, abs=1e-9)
        assert result.share is not None
        assert found.low <= result.share <= found.high


@settings(max_examples=100, deadline=None)
@given(SHARES)
def test_counting_the_others_mirrors_the_interval(share: tuple[int, int]) -> None:
    numerator, denominator = share
    one, other = interval(numerator, denominator), interval(denominator - numerator, denominator)
    for mine, theirs in ((one.wilson, other.wilson), (one.clopper_pearson, other.clopper_pearson)):
        assert mine is not None
        assert theirs is not None
        assert (mine.low, mine.high) == pytest.approx((1 - theirs.high, 1 - theirs.low), abs=1e-9)


def test_zero_of_zero_is_undefined() -> None:
    result = interval(0, 0)
    assert (result.share, result.wilson, result.clopper_pearson, result.small) == (None, None, None, True)


def test_ends_are_exact_for_none_and_all() -> None:
    nobody, everybody = interval(0, 7), interval(7, 7)
    assert nobody.wilson is not None
    assert everybody.clopper_pearson is not None
    assert nobody.wilson.low == 0.0
    assert everybody.clopper_pearson.high == 1.0


def test_pooled_share_is_not_the_mean_of_per_cents() -> None:
    assert interval(9 + 13, 10 + 90).share == 0.22


@pytest.mark.parametrize(("denominator", "small"), [(29, True), (30, False)])
def test_small_denominator_is_noted(denominator: int, small: bool) -> None:
    assert interval(3, denominator).small is small


def test_more_than_all_is_refused() -> None:
    with pytest.raises(EngineInputError) as caught:
        interval(11, 10)
    assert caught.value.problems[0].path == "numerator"

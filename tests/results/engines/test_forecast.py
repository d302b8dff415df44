"""The forecast against scipy.stats, direct simulation and the worked season example."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.results.engines.forecast import ForecastInput, ForecastOutput, forecast


def predict(count: int, done: float, total: float, **more: object) -> ForecastOutput:
    values = {
        "count": count,
        "exposure_done": done,
        "exposure_total": total,
        "exposure_unit": "months",
    } | more
    return forecast(ForecastInput.model_validate(values), seed=0)


def test_one_season_of_three_misses_what_months_would_reach() -> None:
    seasons = predict(66, 1, 3, target=250)
    assert seasons.mean == 66 + 66.5 * 2
    assert [(i.level, i.low, i.high) for i in seasons.intervals] == [(0.8, 174, 225), (0.95, 162, 240)]
    assert seasons.probability_of_target == pytest.approx(stats.nbinom.sf(183, 66.5, 1 / 3), rel=1e-12)
    assert seasons.probability_of_target < 0.01
    months = predict(66, 9, 36, target=250)
    assert months.probability_of_target is not None
    assert months.probability_of_target > 0.7


COUNTS = st.integers(0, 2000)
EXPOSURES = st.tuples(st.floats(0.05, 30), st.floats(0.0, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@settings(max_examples=200, deadline=None)
@given(COUNTS, EXPOSURES, st.integers(0, 5000))
def test_agrees_with_scipy_nbinom(count: int, exposure: tuple[float, float], target: int) -> None:
    done, total = exposure
    result = predict(count, done, total, target=target)
    if total == done:
        assert all(i.low == i.high == count for i in result.intervals)
        return
    remainder = stats.nbinom(count + 0.5, done / total)
    assert result.mean == pytest.approx(count + remainder.mean(), rel=1e-9)
    assert result.probability_of_target == pytest.approx(
        remainder.sf(target - count - 1), rel=1e-7, abs=1e-14
    )
    for interval in result.intervals:
        tail = (1 - interval.level) / 2
        # Smallest r with cdf(r) >= tail, checked by the definition so that ppf's rounding does not matter.
        for end, share in ((interval.low - count, tail), (interval.high - count, 1 - tail)):
            assert remainder.cdf(end) >= share - 1e-9
            assert end == 0 or remainder.cdf(end - 1) < share + 1e-9


@settings(max_examples=100, deadline=None)
@given(COUNTS, EXPOSURES)
def test_interval_widens_with_level_and_never_falls_below_the_count(
    count: int, exposure: tuple[float, float]
) -> None:
    result = predict(count, *exposure)
    narrow, wide = result.intervals
    assert count <= wide.low <= narrow.low <= narrow.high <= wide.high
    if count:
        assert wide.low <= result.mean < wide.high + 1


@settings(max_examples=100, deadline=None)
@given(COUNTS, EXPOSURES, st.integers(0, 3000))
def test_chance_falls_as_the_target_rises(count: int, exposure: tuple[float, float], target: int) -> None:
    easy, hard = (
        predict(count, *exposure, target=value).probability_of_target for value in (target, target + 1)
    )
    assert easy is not None
    assert hard is not None
    assert easy >= hard


def test_agrees_with_simulation() -> None:
    generator = np.random.default_rng(20181101)
    rate = generator.gamma(12.5, 1 / 10, 400_000)
    totals = 12 + generator.poisson(rate * 26)
    result = predict(12, 10, 36, target=50)
    assert result.mean == pytest.approx(totals.mean(), rel=0.003)
    assert result.probability_of_target == pytest.approx((totals >= 50).mean(), abs=0.004)


def test_no_event_yet_still_has_a_future() -> None:
    result = predict(0, 12, 36, target=1)
    assert result.mean == pytest.approx(1.0)
    assert result.intervals[1].low == 0
    assert result.intervals[1].high > 1
    assert result.probability_of_target == pytest.approx(1 - (1 / 3) ** 0.5)


def test_at_the_end_the_count_is_certain() -> None:
    result = predict(66, 3, 3, target=250)
    assert (result.mean, result.probability_of_target, result.reached) == (66.0, 0.0, False)
    assert [(i.low, i.high) for i in result.intervals] == [(66, 66), (66, 66)]


def test_reached_target_is_certain() -> None:
    result = predict(130, 1, 3, target=100)
    assert (result.reached, result.probability_of_target) == (True, 1.0)


def test_downward_target_is_at_most() -> None:
    result = predict(4, 1, 3, target=10, direction="down")
    assert result.probability_of_target == pytest.approx(stats.nbinom.cdf(6, 4.5, 1 / 3))
    assert result.reached is False
    assert predict(11, 1, 3, target=10, direction="down").probability_of_target == 0.0
    assert predict(9, 3, 3, target=10, direction="down").reached is True


def test_without_target_there_is_no_probability() -> None:
    result = predict(5, 1, 3)
    assert (result.target, result.probability_of_target, result.reached) == (None, None, None)


def test_prior_with_a_rate_pulls_the_forecast() -> None:
    result = predict(0, 0, 3, prior_shape=20.0, prior_rate=2.0)
    assert result.mean == pytest.approx(30.0)
    assert result.straight_line is None


@pytest.mark.parametrize(
    ("count", "done", "total", "message"),
    [
        (0, 0, 3, "nothing can be forecast"),
        (5, 0, 3, "no exposure has passed"),
        (5, 4, 3, "more exposure has passed"),
        (5, 1e-9, 3, "less than a millionth"),
    ],
)
def test_impossible_exposure_is_refused(count: int, done: float, total: float, message: str) -> None:
    with pytest.raises(EngineInputError, match=message) as caught:
        predict(count, done, total)
    assert caught.value.problems[0].path == "exposure_done"


def test_twenty_forecasts_take_a_small_part_of_a_page() -> None:
    raw = {"count": 66, "exposure_done": 1, "exposure_total": 3, "exposure_unit": "seasons", "target": 250}
    run_engine("results.forecast", raw)
    start = time.process_time()
    for count in range(200):
        run_engine("results.forecast", raw | {"count": count})
    # 3 ms each is asked for, 0.4 ms is usual; the limit is wide because the machine may be busy.
    assert (time.process_time() - start) / 200 < 0.003


def test_extreme_counts_still_give_finite_ordered_answers() -> None:
    for count, done, total in (
        (10**9, 0.001, 1000),
        (10**9, 999_999, 10**6),
        (0, 1, 10**6),
        (1, 0.5, 0.5000001),
    ):
        narrow, wide = predict(count, done, total, target=2 * 10**9).intervals
        assert count <= wide.low <= narrow.low <= narrow.high <= wide.high

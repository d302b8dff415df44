"""Round numbers on axes."""

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from microcities.ui.ticks import as_float, axis, extent, nice_ticks

NUMBERS = st.floats(min_value=-1e15, max_value=1e15, allow_nan=False).filter(
    lambda x: x == 0 or abs(x) > 1e-9
)


def test_ticks_of_a_plain_range() -> None:
    assert nice_ticks(0, 95) == (0, 20, 40, 60, 80, 100)
    assert nice_ticks(0, 1) == (0, 0.2, 0.4, 0.6, 0.8, 1.0)
    assert nice_ticks(-4.5, 12) == (-5, 0, 5, 10, 15)


def test_ticks_of_a_single_value() -> None:
    assert nice_ticks(0, 0)[0] == 0
    assert nice_ticks(7, 7)[0] == 0
    assert nice_ticks(-3, -3)[-1] == 0


@given(NUMBERS, NUMBERS)
def test_ticks_enclose_the_values_evenly(one: float, other: float) -> None:
    ticks = nice_ticks(one, other)
    slack = 1e-6 * max(abs(one), abs(other), 1e-12)
    assert ticks[0] <= min(one, other) + slack
    assert ticks[-1] >= max(one, other) - slack
    assert 2 <= len(ticks) <= 9
    pace = ticks[1] - ticks[0]
    assert pace > 0
    assert all(math.isclose(b - a, pace, rel_tol=1e-6) for a, b in pairwise(ticks))


@given(st.lists(NUMBERS | st.none() | st.just(float("nan"))))
def test_axis_places_every_value_on_itself(values: list[float | None]) -> None:
    for scale in (axis(values), extent(values)):
        shares = [scale.share(v) for v in map(as_float, values) if v is not None]
        assert all(0 <= share <= 100 for share in shares)


def test_axis_without_values_is_zero_to_one() -> None:
    assert (axis([]).low, axis([None]).high) == (0, 1)


def test_extent_ends_at_the_farthest_value() -> None:
    assert (extent([3, 8]).low, extent([3, 8]).high) == (0, 8)
    assert (extent([-4, 2]).low, extent([-4, 2]).high) == (-4, 2)
    assert (extent([-4]).low, extent([-4]).high) == (-4, 0)
    assert extent([0]).high == 1

"""Intervals of shares and of their difference against the published tables."""

from __future__ import annotations

import pytest

from microcities.decisions.intervals import newcombe_difference, normal_quantile, wilson

Z95 = normal_quantile(0.95)

# Newcombe, Statistics in Medicine 17 (1998) 873-890, table II, examples (a) to (h), method 10.
NEWCOMBE = [
    ((56, 70), (48, 80), (0.0524, 0.3339)),
    ((9, 10), (3, 10), (0.1705, 0.8090)),
    ((6, 7), (2, 7), (0.0582, 0.8062)),
    ((5, 56), (0, 29), (-0.0381, 0.1926)),
    ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ((0, 10), (0, 10), (-0.2775, 0.2775)),
    ((10, 10), (0, 20), (0.6791, 1.0000)),
    ((10, 10), (0, 10), (0.6075, 1.0000)),
]


@pytest.mark.parametrize(("one", "other", "published"), NEWCOMBE)
def test_difference_agrees_with_newcombe(
    one: tuple[int, int], other: tuple[int, int], published: tuple[float, float]
) -> None:
    low, high = newcombe_difference(one, other, Z95)
    assert (round(low, 4), round(high, 4)) == published


@pytest.mark.parametrize(("one", "other", "published"), NEWCOMBE)
def test_difference_changes_its_sign_with_the_order(
    one: tuple[int, int], other: tuple[int, int], published: tuple[float, float]
) -> None:
    low, high = newcombe_difference(other, one, Z95)
    assert (round(-high, 4), round(-low, 4)) == published


# Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
@pytest.mark.parametrize(
    ("share", "published"),
    [((81, 263), (0.2553, 0.3662)), ((15, 148), (0.0624, 0.1605)), ((0, 20), (0.0, 0.1611)), ((1, 29), (0.0061, 0.1718))],
)
def test_share_agrees_with_newcombe(share: tuple[int, int], published: tuple[float, float]) -> None:
    low, high = wilson(*share, Z95)
    assert (round(low, 4), round(high, 4)) == published


def test_quantile_is_the_one_of_the_tables() -> None:
    assert round(Z95, 6) == 1.959964
    assert round(normal_quantile(0.99), 6) == 2.575829

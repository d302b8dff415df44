"""Confidence levels and intervals of shares, in one place for every engine that reports a per cent of few people.

Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212; Newcombe, Statistics in Medicine 17 (1998) 873-890 (method 10).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Annotated, NamedTuple

from pydantic import Field

# Nearer to 1 a tail is lost in the rounding of 1 - level; nobody asks for one in a million.
HIGHEST_LEVEL = 0.999999
ConfidenceLevel = Annotated[float, Field(gt=0, le=HIGHEST_LEVEL)]


class Interval(NamedTuple):
    """Lower and upper bound."""

    low: float
    high: float


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile of a level between 0 and 1: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


def wilson(numerator: int, denominator: int, quantile: float) -> Interval:
    """Wilson's score interval of a share, 0 to 1, without continuity correction; the denominator is positive."""
    share, square = numerator / denominator, quantile**2
    centre = (share + square / (2 * denominator)) / (1 + square / denominator)
    spread = square * (share * (1 - share) / denominator + square / (4 * denominator * denominator))
    half = math.sqrt(spread) / (1 + square / denominator)
    return Interval(
        0.0 if numerator == 0 else max(0.0, centre - half),
        1.0 if numerator == denominator else min(1.0, centre + half),
    )


def newcombe_difference(one: tuple[int, int], other: tuple[int, int], quantile: float) -> Interval:
    """Newcombe's hybrid score interval of share one minus share other; each is (numerator, denominator)."""
    share, reference = one[0] / one[1], other[0] / other[1]
    low, high = wilson(*one, quantile)
    reference_low, reference_high = wilson(*other, quantile)
    difference = share - reference
    return Interval(
        max(-1.0, difference - math.hypot(share - low, reference_high - reference)),
        min(1.0, difference + math.hypot(high - share, reference - reference_low)),
    )

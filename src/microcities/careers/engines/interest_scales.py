"""How well an instrument measures: reliability with interval, how scales hang together, how the sexes differ.

Cronbach, Psychometrika 16 (1951) 297-334; Feldt, Woodruff and Salih, Appl. Psychol. Meas. 11 (1987) 93-103; Hedges and
Olkin, Statistical Methods for Meta-Analysis (1985).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

from microcities.careers.engines.interest_indices import correlation, distance
from microcities.careers.engines.interest_models import TYPES, AtDistance, Pair
from microcities.decisions.intervals import Interval, normal_quantile


class Group(NamedTuple):
    """Size, mean and standard deviation (divisor n - 1)."""

    n: int
    mean: float
    deviation: float


def cronbach_alpha(rows: Sequence[Sequence[float]]) -> float | None:
    """Alpha of complete rows (respondents by items); None with fewer than two rows or items, or without variance."""
    if len(rows) < 2 or len(rows[0]) < 2:
        return None
    items = len(rows[0])
    total = variance([math.fsum(row) for row in rows])
    if total == 0:
        return None
    parts = math.fsum(variance([row[item] for row in rows]) for item in range(items))
    return items / (items - 1) * (1 - parts / total)


def feldt_interval(alpha: float, n: int, items: int, level: float) -> Interval:
    """Feldt's interval of alpha from `n` respondents and `items` items."""
    from scipy.special import fdtri

    first, second = n - 1, (n - 1) * (items - 1)
    tail = (1 - level) / 2
    low = 1 - (1 - alpha) * float(fdtri(first, second, 1 - tail))
    return Interval(low, 1 - (1 - alpha) * float(fdtri(first, second, tail)))


def describe(values: Sequence[float]) -> Group | None:
    """Size, mean and deviation; None for nobody, deviation 0 for one."""
    if not values:
        return None
    return Group(len(values), math.fsum(values) / len(values), math.sqrt(variance(values)) if len(values) > 1 else 0.0)


def standardised_difference(one: Group, other: Group, level: float) -> tuple[float, Interval] | None:
    """Cohen's d (one minus other) with its large-sample interval; None when a group is below two or nothing varies."""
    if min(one.n, other.n) < 2:
        return None
    degrees = one.n + other.n - 2
    pooled = math.sqrt(((one.n - 1) * one.deviation**2 + (other.n - 1) * other.deviation**2) / degrees)
    if pooled == 0:
        return None
    d = (one.mean - other.mean) / pooled
    error = math.sqrt((one.n + other.n) / (one.n * other.n) + d * d / (2 * (one.n + other.n)))
    half = normal_quantile(level) * error
    return d, Interval(d - half, d + half)


def pairs_of_scales(scores: Sequence[Sequence[float]]) -> list[Pair]:
    """The 15 correlations of six scales over respondents (rows of six)."""
    columns = [[row[place] for row in scores] for place in range(6)]
    return [
        Pair(
            first=TYPES[one],
            second=TYPES[other],
            distance=distance(TYPES[one], TYPES[other]),
            correlation=correlation(columns[one], columns[other]) if len(scores) > 2 else None,
        )
        for one, other in combinations(range(6), 2)
    ]


def by_distance(pairs: Sequence[Pair]) -> list[AtDistance]:
    """Mean correlation at hexagon distance 1, 2 and 3."""
    found = []
    for steps in (1, 2, 3):
        values = [pair.correlation for pair in pairs if pair.distance == steps and pair.correlation is not None]
        found.append(
            AtDistance(distance=steps, pairs=len(values), mean=math.fsum(values) / len(values) if values else None)
        )
    return found


def variance(values: Sequence[float]) -> float:
    """Variance with divisor n - 1; exactly 0 when all are the same."""
    if min(values) == max(values):
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.fsum((each - mean) ** 2 for each in values) / (len(values) - 1)

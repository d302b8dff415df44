"""Placebo test in space: how unusual the treated units are among all, and could be at most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple


class JointRank(NamedTuple):
    """Sum of the treated units' ranks among all units, the share of equally good draws, and the smallest such
    share.
    """

    rank_sum: int
    probability: float
    smallest: float


def rank_among(own: float, others: Sequence[float]) -> int:
    """1 for the largest; a tie counts against the unit, so that no p-value is flattered."""
    return 1 + sum(other >= own for other in others)


def joint_rank(treated: Sequence[float], donors: Sequence[float]) -> JointRank:
    """Probability that as many units drawn at random out of all would have a rank sum as small.

    Two treated units ranked first and second of nine: 1 / C(9, 2) = 1/36.
    """
    everybody = [*treated, *donors]
    ranks = [sum(other >= own for other in everybody) for own in everybody]
    observed = sum(ranks[: len(treated)])
    ways = _ways(ranks, len(treated), observed)
    draws = math.comb(len(everybody), len(treated))
    return JointRank(observed, ways / draws, 1 / draws)


def _ways(ranks: Sequence[int], size: int, limit: int) -> int:
    """How many subsets of `size` ranks add up to at most `limit` (counted by sum, not by listing)."""
    counts: list[dict[int, int]] = [{0: 1}] + [{} for _ in range(size)]
    for rank in ranks:
        for taken in range(size, 0, -1):
            for so_far, ways in counts[taken - 1].items():
                if so_far + rank <= limit:
                    counts[taken][so_far + rank] = counts[taken].get(so_far + rank, 0) + ways
    return sum(counts[size].values())

"""What a group scored, kept as counts, and where somebody stands in it: percentiles by mid-ranks."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from microcities.careers.engines.interest_models import Counts, Norm, Six


def norm_of(rows: Sequence[Six], group: str = "") -> Norm:
    """The norm of people's six scores; of nobody there is none (ValueError)."""
    if not rows:
        raise ValueError("nobody is in the group")
    columns = [_counts([row[place] for row in rows]) for place in range(6)]
    first, second, third, fourth, fifth, sixth = columns
    return Norm(group=group, n=len(rows), counts=(first, second, third, fourth, fifth, sixth))


def mid_rank(score: float, counts: Counts) -> float:
    """Per cent of the people below a score, those who have it counted half: 0 to 100."""
    twice_below = everybody = 0
    for each, people in counts:
        everybody += people
        if each <= score:
            twice_below += people if each == score else 2 * people
    return 100 * twice_below / (2 * everybody)


def percentiles(scores: Six | None, norm: Norm | None, minimum: int) -> Six | None:
    """Mid-ranks of six scores; None without scores, or in a group of fewer people than `minimum`."""
    if scores is None or norm is None or norm.n < minimum:
        return None
    found = [mid_rank(score, counts) for score, counts in zip(scores, norm.counts, strict=True)]
    return found[0], found[1], found[2], found[3], found[4], found[5]


def means(norm: Norm) -> Six:
    """The group's mean score of each type."""
    found = [math.fsum(score * people for score, people in counts) / norm.n for counts in norm.counts]
    return found[0], found[1], found[2], found[3], found[4], found[5]


def _counts(scores: Sequence[float]) -> Counts:
    return tuple(sorted(Counter(scores).items()))

"""Codes, differentiation, consistency and congruence of RIASEC profiles, each as its author defined it.

Holland (1973); Frantz and Walsh (1972); Spokane and Walsh (1978); Healy and Mourton (1983); Iachan (1984); Peiser and Meir
(1978); Brown and Gore (1994).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

from microcities.careers.engines.interest_models import TYPES, Differentiation

# Iachan (1984): row is the place in the person's code, column the place in the environment's.
IACHAN = ((22, 10, 4), (10, 5, 2), (4, 2, 1))
# Brown and Gore (1994): what hexagon distance 0, 1, 2, 3 is worth, and the weight of the three places.
NEARNESS = (3, 2, 1, 0)
PLACES = (3, 2, 1)


def distance(one: str, other: str) -> int:
    """Steps between two letters on the hexagon R-I-A-S-E-C, 0 to 3."""
    gap = abs("RIASEC".index(one) - "RIASEC".index(other))
    return min(gap, 6 - gap)


def iachan_m(person: str, environment: str) -> int:
    """Iachan's agreement index M of two three-letter codes: 28 for the same, 0 for no letter in common."""
    return sum(
        IACHAN[row][column]
        for row, mine in enumerate(person)
        for column, theirs in enumerate(environment)
        if mine == theirs
    )


def brown_gore_c(person: str, environment: str) -> int:
    """Brown and Gore's C of two three-letter codes: 18 for the same, 0 for opposite letters throughout."""
    pairs = zip(PLACES, person, environment, strict=True)
    return sum(weight * NEARNESS[distance(mine, theirs)] for weight, mine, theirs in pairs)


def consistency(code: str) -> int:
    """3 when the first two letters are neighbours on the hexagon, 2 when one apart, 1 when opposite."""
    return 4 - distance(code[0], code[1])


def differentiation(scores: Sequence[float]) -> Differentiation:
    """The seven indices of six scores, in the unit of the scores; the sixth has none."""
    x = sorted(scores, reverse=True)
    total, mean = math.fsum(x), math.fsum(x) / 6
    return Differentiation(
        di1=x[0] - x[1],
        di2=x[0] - x[2],
        di3=x[0] - (x[1] + x[3]) / 2,
        di4=x[0] - (x[2] + x[4]) / 2,
        di5=x[0] - x[5],
        di6=(x[0] - x[5]) / total if total else None,
        di7=math.sqrt(math.fsum((each - mean) ** 2 for each in x) / 6),
    )


def tied(scores: Sequence[float]) -> list[str]:
    """Letters from the highest score to the lowest; those with one score stand together, in hexagon order."""
    order = sorted(range(6), key=lambda place: (-scores[place], place))
    groups = itertools.groupby(order, key=lambda place: scores[place])
    return ["".join(TYPES[place] for place in places) for _score, places in groups]


def three_letter_codes(scores: Sequence[float]) -> tuple[str, ...]:
    """Every three-letter code that the scores allow: one without ties, none for a flat profile."""
    groups = tied(scores)
    if len(groups) == 1:
        return ()
    codes = {""}
    for group in groups:
        wanted = 3 - len(next(iter(codes)))
        if wanted == 0:
            break
        parts = ["".join(part) for part in itertools.permutations(group, min(wanted, len(group)))]
        codes = {code + part for code in codes for part in parts}
    return tuple(sorted(codes))


def correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Pearson's correlation; None when either does not vary."""
    mean, other_mean = math.fsum(one) / len(one), math.fsum(other) / len(other)
    mine, theirs = [each - mean for each in one], [each - other_mean for each in other]
    size = math.sqrt(math.fsum(each**2 for each in mine) * math.fsum(each**2 for each in theirs))
    if len(set(one)) == 1 or len(set(other)) == 1 or size == 0:
        return None
    return max(-1.0, min(1.0, math.fsum(a * b for a, b in zip(mine, theirs, strict=True)) / size))

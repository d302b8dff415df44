"""Dominance in firm data: a total that is nearly all one firm's shows that firm, however large the number."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineModel, engine


class Contribution(EngineModel):
    """What one firm adds to the total; several rows of one unit (an ownership group) are added up."""

    unit: str = Field(min_length=1)
    value: float = Field(ge=0, le=1e15)


class DominanceInput(EngineModel):
    """The (n,k) rule: the `largest` units together may not hold more than `percent` of the total.

    `p_percent`: the second largest unit may not be able to estimate the largest to within p per cent.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "contributions": [{"unit": "Azeron", "value": 9}, {"unit": "other", "value": 1}],
                    "largest": 1,
                    "percent": 75,
                }
            ]
        }
    )

    contributions: tuple[Contribution, ...] = Field(default=(), max_length=1_000_000)
    largest: int = Field(default=1, ge=1, le=10, description="n")
    percent: float = Field(default=75, gt=0, lt=100, description="k")
    minimum_units: int = Field(default=3, ge=1, le=100)
    p_percent: float | None = Field(default=None, gt=0, lt=100)


class DominanceOutput(EngineModel):
    """`sensitive` asks to withhold the total; the share is that of the `largest` units, null when the total
    is 0.
    """

    sensitive: bool
    reasons: tuple[Literal["few_units", "dominance", "p_percent"], ...]
    total: float
    units: int
    share_of_largest: float | None


@engine(
    "results.dominance",
    version="1.0.0",
    summary="Whether a total over firms gives one of them away: (n,k) rule, p% rule, fewest firms",
    source=(
        "Hundepool et al., Statistical Disclosure Control, 2012, section 4.2.2 (minimum frequency, "
        "(n,k) dominance, p% rule)"
    ),
)
def dominance(inp: DominanceInput, *, seed: int) -> DominanceOutput:
    """Judge a total by its largest contributions (Hundepool et al. 2012), all in the same unit, which is free.
    Deterministic: the seed is not used.
    """
    units: dict[str, float] = {}
    for row in inp.contributions:
        units[row.unit] = units.get(row.unit, 0.0) + row.value
    values = sorted((value for value in units.values() if value > 0), reverse=True)
    total = math.fsum(values)
    reasons: list[Literal["few_units", "dominance", "p_percent"]] = []
    if 0 < len(values) < inp.minimum_units:
        reasons.append("few_units")
    if sum(values[: inp.largest]) * 100 > inp.percent * total:
        reasons.append("dominance")
    if inp.p_percent is not None and values and sum(values[2:]) * 100 < inp.p_percent * values[0]:
        reasons.append("p_percent")
    return DominanceOutput(
        sensitive=bool(reasons),
        reasons=tuple(reasons),
        total=total,
        units=len(values),
        share_of_largest=sum(values[: inp.largest]) / total if total else None,
    )

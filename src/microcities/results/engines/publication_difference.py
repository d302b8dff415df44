"""Difference between publications: a running total published twice tells how many came in between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineModel, engine
from microcities.results.engines.published_figures import LARGEST, DisclosureRule, Rounding, rounding_interval


class RunningTotal(EngineModel):
    """One publication of the figure, exact or rounded to `rounding_base`."""

    id: str = Field(min_length=1)
    value: int = Field(ge=0, le=LARGEST)
    rounding: Rounding = "none"
    rounding_base: int = Field(default=1, ge=1, le=10**6)


class DifferenceInput(EngineModel):
    """The publication that is planned and every earlier one; `cumulative` figures are known never to fall."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"planned": {"id": "June", "value": 102}, "earlier": [{"id": "March", "value": 100}]}
            ]
        }
    )

    planned: RunningTotal
    earlier: tuple[RunningTotal, ...] = ()
    cumulative: bool = True
    rule: DisclosureRule = DisclosureRule()


class FoundStep(EngineModel):
    """What a reader learns by subtracting one earlier publication from the planned one."""

    earlier: str
    low: int
    high: int
    safe: bool


class DifferenceOutput(EngineModel):
    """`next_safe_value`: the smallest exact figure from the planned one upwards that passes."""

    verdict: Literal["publish", "block"]
    steps: tuple[FoundStep, ...]
    next_safe_value: int


@engine(
    "results.publication_difference",
    version="1.0.0",
    summary="Whether a running total may be published again, seen against every earlier publication",
    source="Hundepool et al., Statistical Disclosure Control, 2012, section 5.1 (disclosure by differencing)",
)
def publication_difference(inp: DifferenceInput, *, seed: int) -> DifferenceOutput:
    """Block when a difference is surely a small count, or known too closely. Deterministic: the seed is not
    used.
    """
    steps = tuple(_step(inp.planned, earlier, inp) for earlier in inp.earlier)
    safe_value = inp.planned.value
    while not all(
        _step(RunningTotal(id="-", value=safe_value), earlier, inp).safe for earlier in inp.earlier
    ):
        safe_value += 1
    return DifferenceOutput(
        verdict="publish" if all(step.safe for step in steps) else "block",
        steps=steps,
        next_safe_value=safe_value,
    )


def _step(planned: RunningTotal, earlier: RunningTotal, inp: DifferenceInput) -> FoundStep:
    new_low, new_high = rounding_interval(planned.value, planned.rounding, planned.rounding_base)
    old_low, old_high = rounding_interval(earlier.value, earlier.rounding, earlier.rounding_base)
    low, high = new_low - old_high, new_high - old_low
    if inp.cumulative and high >= 0:
        low = max(low, 0)
    return FoundStep(earlier=earlier.id, low=low, high=high, safe=_is_safe(low, high, inp.rule))


def _is_safe(low: int, high: int, rule: DisclosureRule) -> bool:
    """Safe when no small count lies in the range, or when the range is wide enough to leave it open."""
    small: Sequence[int] = range(1, rule.threshold)
    may_be_small = any(low <= count <= high or low <= -count <= high for count in small)
    return not may_be_small or (high > low and high - low >= rule.minimum_width)

"""Difference between publications: a running total published twice tells how many came in between."""

from __future__ import annotations

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
    earlier: tuple[RunningTotal, ...] = Field(default=(), max_length=500)
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
    """Block when a difference of counts is surely small, or known too closely (Hundepool et al. 2012).
    Deterministic: the seed is not used.
    """
    steps = tuple(_step(inp.planned, earlier, inp) for earlier in inp.earlier)
    return DifferenceOutput(
        verdict="publish" if all(step.safe for step in steps) else "block",
        steps=steps,
        next_safe_value=_next_safe_value(inp),
    )


def _next_safe_value(inp: DifferenceInput) -> int:
    """Goes from one value at which an unsafe difference may become safe to the next, never one by one."""
    value = inp.planned.value
    while True:
        exact = RunningTotal(id="-", value=value)
        unsafe = [earlier for earlier in inp.earlier if not _step(exact, earlier, inp).safe]
        if not unsafe:
            return value
        value = max(_next_turn(earlier, inp.rule, value) for earlier in unsafe)


def _next_turn(earlier: RunningTotal, rule: DisclosureRule, value: int) -> int:
    """The first value above `value` at which the difference to `earlier` can turn from unsafe to safe."""
    low, high = rounding_interval(earlier.value, earlier.rounding, earlier.rounding_base)
    # The range is cut at 0; it is 0 alone; it is wide enough; it has no small count left.
    turns = (low, high, low + rule.minimum_width, high + rule.threshold)
    return min(turn for turn in turns if turn > value)


def _step(planned: RunningTotal, earlier: RunningTotal, inp: DifferenceInput) -> FoundStep:
    new_low, new_high = rounding_interval(planned.value, planned.rounding, planned.rounding_base)
    old_low, old_high = rounding_interval(earlier.value, earlier.rounding, earlier.rounding_base)
    low, high = new_low - old_high, new_high - old_low
    if inp.cumulative and high >= 0:
        low = max(low, 0)
    return FoundStep(earlier=earlier.id, low=low, high=high, safe=_is_safe(low, high, inp.rule))


def _is_safe(low: int, high: int, rule: DisclosureRule) -> bool:
    """Safe when no small count lies in the range, or when the range is wide enough to leave it open."""
    largest = rule.threshold - 1
    may_be_small = max(low, 1) <= min(high, largest) or max(low, -largest) <= min(high, -1)
    return not may_be_small or (high > low and high - low >= rule.minimum_width)

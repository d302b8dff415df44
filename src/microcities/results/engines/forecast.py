"""Forecast of a count to the end of the programme, so that a target is judged with its uncertainty."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.decisions.intervals import ConfidenceLevel

NOTHING_KNOWN = (
    "nothing can be forecast before any exposure has passed; wait, or set a prior with a rate above 0"
)


class ForecastInput(EngineModel):
    """Counts are events; exposure is seasons, school years or grant calls where work comes in bursts, else
    months.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 66,
                    "exposure_done": 1,
                    "exposure_total": 3,
                    "exposure_unit": "seasons",
                    "target": 250,
                }
            ]
        }
    )

    count: int = Field(ge=0, le=10**9, description="events counted so far")
    exposure_done: float = Field(ge=0, description="exposure that has passed, in exposure_unit")
    exposure_total: float = Field(
        gt=0, le=10**6, description="exposure of the whole programme, in exposure_unit"
    )
    exposure_unit: str = Field(
        min_length=1, max_length=60, description="seasons, school years, calls, months ..."
    )
    target: float | None = Field(default=None, ge=0, le=1e12)
    direction: Literal["up", "down"] = Field(
        default="up", description="up: at least the target; down: at most"
    )
    prior_shape: float = Field(default=0.5, gt=0, le=1e6)
    prior_rate: float = Field(default=0.0, ge=0, le=1e6, description="in exposure_unit")
    levels: tuple[ConfidenceLevel, ...] = Field(
        default=(0.80, 0.95), min_length=1, max_length=5
    )


class Interval(EngineModel):
    """Equal-tailed prediction interval of the final count, both ends included."""

    level: float
    low: int
    high: int


class ForecastOutput(EngineModel):
    """What the final count will be if events keep coming at the rate seen so far."""

    count: int
    exposure_left: float
    exposure_unit: str
    mean: float
    intervals: tuple[Interval, ...]
    target: float | None
    direction: Literal["up", "down"]
    reached: bool | None = Field(description="the count so far already settles it; null without a target")
    probability_of_target: float | None
    straight_line: float | None = Field(
        description="count x total / done, for comparison; null before any exposure"
    )


@engine(
    "results.forecast",
    version="1.0.0",
    summary="Final count with 80 and 95 % intervals and the probability of the target (gamma-Poisson)",
    source=(
        "Gelman et al., Bayesian Data Analysis, 3rd ed. 2013, sections 2.6-2.7 (gamma-Poisson, negative "
        "binomial "
        "prediction); prior Gamma(1/2, 0): Jeffreys, Theory of Probability, 3rd ed. 1961"
    ),
)
def forecast(inp: ForecastInput, *, seed: int) -> ForecastOutput:
    """Predict the final count from k events in exposure t of T (Gelman et al. 2013; counts are events).

    The remainder R is negative binomial with size k + a and success probability (b + t)/(b + T), where
    Gamma(a, b) is the prior; mean total k + (k + a)(T - t)/(b + t). Deterministic: the seed is not used.
    """
    _check(inp)
    left = inp.exposure_total - inp.exposure_done
    size = inp.count + inp.prior_shape
    known = inp.prior_rate + inp.exposure_done
    remainder = _Remainder(size, known / (known + left))
    return ForecastOutput(
        count=inp.count,
        exposure_left=left,
        exposure_unit=inp.exposure_unit,
        mean=inp.count + size * left / known,
        intervals=tuple(_interval(inp.count, remainder, level) for level in inp.levels),
        target=inp.target,
        direction=inp.direction,
        reached=_reached(inp, finished=left == 0),
        probability_of_target=_probability(inp, remainder),
        straight_line=inp.count * inp.exposure_total / inp.exposure_done if inp.exposure_done else None,
    )


def _check(inp: ForecastInput) -> None:
    if inp.exposure_done > inp.exposure_total:
        raise EngineInputError.at("more exposure has passed than there is in total", "exposure_done")
    if inp.exposure_done == 0 and inp.count > 0:
        raise EngineInputError.at("events were counted although no exposure has passed", "exposure_done")
    if inp.exposure_done == 0 and inp.prior_rate == 0:
        raise EngineInputError.at(NOTHING_KNOWN, "exposure_done")
    if 0 < inp.exposure_done < inp.exposure_total * 1e-6:
        raise EngineInputError.at("less than a millionth of the exposure has passed", "exposure_done")


class _Remainder:
    """The negative binomial remainder, by the incomplete beta function (far faster than scipy.stats)."""

    def __init__(self, size: float, probability: float) -> None:
        self.size, self.probability = size, probability

    def at_most(self, events: int) -> float:
        from scipy.special import betainc

        return 0.0 if events < 0 else float(betainc(self.size, events + 1.0, self.probability))

    def at_least(self, events: int) -> float:
        from scipy.special import betaincc

        return 1.0 if events <= 0 else float(betaincc(self.size, float(events), self.probability))

    def quantile(self, share: float) -> int:
        """The smallest r with P(R <= r) >= share."""
        high = 1
        while self.at_most(high) < share:
            high *= 2
        low = -1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.at_most(middle) >= share else (middle, high)
        return high


def _interval(count: int, remainder: _Remainder, level: float) -> Interval:
    tail = (1 - level) / 2
    return Interval(
        level=level, low=count + remainder.quantile(tail), high=count + remainder.quantile(1 - tail)
    )


def _probability(inp: ForecastInput, remainder: _Remainder) -> float | None:
    if inp.target is None:
        return None
    if inp.direction == "down":
        return remainder.at_most(math.floor(inp.target) - inp.count)
    return remainder.at_least(math.ceil(inp.target) - inp.count)


def _reached(inp: ForecastInput, *, finished: bool) -> bool | None:
    if inp.target is None:
        return None
    if inp.direction == "down":
        return finished and inp.count <= inp.target
    return inp.count >= inp.target

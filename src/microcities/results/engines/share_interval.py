"""Interval of a share, because a per cent of a dozen people says little without one."""

from __future__ import annotations

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.decisions.intervals import ConfidenceLevel, normal_quantile, wilson

SMALL = 30


class ShareInput(EngineModel):
    """`numerator` of `denominator` (people, firms, events); nothing is averaged, parts are added up
    before.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [{"numerator": 9, "denominator": 10}]})

    numerator: int = Field(ge=0, le=10**12)
    denominator: int = Field(ge=0, le=10**12)
    level: ConfidenceLevel = 0.95


class Bounds(EngineModel):
    """Lower and upper bound of a share, 0 to 1."""

    low: float
    high: float


class ShareOutput(EngineModel):
    """0 of 0 is undefined: share and both intervals are null. `small` asks for the interval beside the per
    cent.
    """

    numerator: int
    denominator: int
    level: float
    share: float | None
    wilson: Bounds | None
    clopper_pearson: Bounds | None
    small: bool = Field(description=f"the denominator is below {SMALL}: never show the bare per cent")


@engine(
    "results.share_interval",
    version="1.0.0",
    summary="Wilson and Clopper-Pearson intervals of a share; 0 of 0 is undefined",
    source=(
        "Wilson, J. Am. Stat. Assoc. 22 (1927) 209-212; Clopper and Pearson, Biometrika 26 (1934) 404-413; "
        "compared in "
        "Newcombe, Statistics in Medicine 17 (1998) 857-872"
    ),
)
def share_interval(inp: ShareInput, *, seed: int) -> ShareOutput:
    """Wilson's score interval (1927) without continuity correction, and the exact interval of Clopper and
    Pearson (1934), as shares from 0 to 1. Deterministic: no use of the seed.
    """
    if inp.numerator > inp.denominator:
        raise EngineInputError.at("the numerator is larger than the denominator", "numerator")
    defined = inp.denominator > 0
    return ShareOutput(
        numerator=inp.numerator,
        denominator=inp.denominator,
        level=inp.level,
        share=inp.numerator / inp.denominator if defined else None,
        wilson=_wilson(inp) if defined else None,
        clopper_pearson=_clopper_pearson(inp) if defined else None,
        small=inp.denominator < SMALL,
    )


def _wilson(inp: ShareInput) -> Bounds:
    low, high = wilson(inp.numerator, inp.denominator, normal_quantile(inp.level))
    return Bounds(low=low, high=high)


def _clopper_pearson(inp: ShareInput) -> Bounds:
    from scipy.special import betaincinv

    k, n, tail = inp.numerator, inp.denominator, (1 - inp.level) / 2
    return Bounds(
        low=0.0 if k == 0 else float(betaincinv(k, n - k + 1, tail)),
        high=1.0 if k == n else float(betaincinv(k + 1, n - k, 1 - tail)),
    )

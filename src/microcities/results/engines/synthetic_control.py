"""Synthetic control: a treated city compared with a weighted mixture of others that moved like it before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.results.engines.placebo_ranks import joint_rank, rank_among
from microcities.results.engines.simplex_fit import fit_weights

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Outcome = Annotated[float, Field(ge=-1e15, le=1e15)]
Specification = Literal["levels", "demeaned"]
SPECIFICATIONS: dict[Specification, str] = {
    "levels": "fit on the outcome in every period before, all periods alike, no covariates",
    "demeaned": "the same after subtracting each unit's own mean before (a constant gap is allowed)",
}


class Series(EngineModel):
    """One unit's outcome in the periods before and after, without gaps."""

    id: str = Field(min_length=1, max_length=200)
    before: tuple[Outcome, ...] = Field(min_length=1, max_length=240)
    after: tuple[Outcome, ...] = Field(min_length=1, max_length=240)


class SyntheticInput(EngineModel):
    """Treated units and donors with the same periods; donors must not be touched by the treatment."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "outcome": "jobs per 1,000 inhabitants",
                    "treated": [{"id": "Ventspils", "before": [2, 3, 4], "after": [7, 8]}],
                    "donors": [
                        {"id": "Jelgava", "before": [1, 2, 3], "after": [4, 5]},
                        {"id": "Liepaja", "before": [3, 4, 5], "after": [6, 7]},
                        {"id": "Rezekne", "before": [5, 4, 6], "after": [6, 5]},
                    ],
                }
            ]
        }
    )

    outcome: str = Field(default="outcome", max_length=200)
    treated: tuple[Series, ...] = Field(min_length=1, max_length=20)
    donors: tuple[Series, ...] = Field(min_length=2, max_length=200)
    specification: Specification = "levels"


class DonorWeight(EngineModel):
    """How much of a donor goes into the mixture."""

    donor: str
    weight: float


class UnitFit(EngineModel):
    """Fit before and gap after for one unit; `ratio` (post over pre RMSPE) is null when the fit before is
    exact.
    """

    id: str
    pre_rmspe: float
    post_rmspe: float
    ratio: float | None


class TreatedResult(EngineModel):
    """A treated unit against its mixture; gaps are the unit minus the mixture, the effect their mean after.

    `p_value` = rank of the ratio among this unit and the donors / their number; `smallest_p` is what rank 1
    would give.
    """

    id: str
    weights: tuple[DonorWeight, ...]
    weights_unique: bool
    synthetic_before: tuple[float, ...]
    synthetic_after: tuple[float, ...]
    gaps_after: tuple[float, ...]
    effect: float
    fit: UnitFit
    rank: int
    units: int
    p_value: float
    smallest_p: float


class JointResult(EngineModel):
    """All treated units together: chance that as many units drawn at random have as small a sum of ranks."""

    rank_sum: int
    p_value: float
    smallest_p: float
    mean_effect: float


class Analysis(EngineModel):
    """Everything under one specification, which is printed with it."""

    specification: Specification
    text: str
    periods_before: int
    periods_after: int
    treated: tuple[TreatedResult, ...]
    placebos: tuple[UnitFit, ...]
    joint: JointResult


class SyntheticOutput(EngineModel):
    """The chosen specification and, beside it, the other one; null when one period before leaves nothing to
    fit.
    """

    outcome: str
    main: Analysis
    alternative: Analysis | None


@engine(
    "results.synthetic_control",
    version="1.0.0",
    summary="Effect against a mixture of donor cities, with placebo test and its smallest reachable p",
    source=(
        "Abadie and Gardeazabal, American Economic Review 93 (2003) 113-132; Abadie, Diamond and "
        "Hainmueller, J. Am. "
        "Stat. Assoc. 105 (2010) 493-505; demeaned: Ferman and Pinto, Quantitative Economics 12 (2021) "
        "1197-1221"
    ),
)
def synthetic_control(inp: SyntheticInput, *, seed: int) -> SyntheticOutput:
    """Fit, effect and placebo test (Abadie et al. 2010) under both specifications, in the unit of the outcome.
    Deterministic: the seed is not used. 200 donors and 240 periods before take half a minute.

    Each donor's placebo is fitted from the other donors, never from a treated unit.
    """
    _check(inp)
    other: Specification = "demeaned" if inp.specification == "levels" else "levels"
    fits_other = other == "levels" or len(inp.donors[0].before) > 1
    if inp.specification == "demeaned" and len(inp.donors[0].before) == 1:
        raise EngineInputError.at("demeaned needs at least two periods before", "specification")
    return SyntheticOutput(
        outcome=inp.outcome,
        main=_analyse(inp, inp.specification),
        alternative=_analyse(inp, other) if fits_other else None,
    )


def _check(inp: SyntheticInput) -> None:
    first, seen = inp.donors[0], set[str]()
    for name, group in (("treated", inp.treated), ("donors", inp.donors)):
        for index, series in enumerate(group):
            if series.id in seen:
                raise EngineInputError.at(f"the unit {series.id} stands twice", name, index, "id")
            seen.add(series.id)
            for part in ("before", "after"):
                expected, given = len(getattr(first, part)), len(getattr(series, part))
                if given != expected:
                    message = f"{given} periods, but the first donor has {expected}"
                    raise EngineInputError.at(message, name, index, part)


def _analyse(inp: SyntheticInput, specification: Specification) -> Analysis:
    placebos = []
    for series in inp.donors:
        others = [donor for donor in inp.donors if donor.id != series.id]
        placebos.append(_Comparison(series, others, specification))
    treated = [_Comparison(series, inp.donors, specification) for series in inp.treated]
    unusual = [placebo.unusual for placebo in placebos]
    joint = joint_rank([comparison.unusual for comparison in treated], unusual)
    results = tuple(comparison.result(unusual) for comparison in treated)
    return Analysis(
        specification=specification,
        text=SPECIFICATIONS[specification],
        periods_before=len(inp.donors[0].before),
        periods_after=len(inp.donors[0].after),
        treated=results,
        placebos=tuple(placebo.fit for placebo in placebos),
        joint=JointResult(
            rank_sum=joint.rank_sum,
            p_value=joint.probability,
            smallest_p=joint.smallest,
            mean_effect=math.fsum(result.effect for result in results) / len(results),
        ),
    )


class _Comparison:
    """One unit against the mixture of others that fits it best before."""

    def __init__(self, series: Series, donors: Sequence[Series], specification: Specification) -> None:
        import numpy as np

        self.series, self.donors = series, donors
        before = np.array(series.before)
        donors_before = np.array([donor.before for donor in donors]).T
        donors_after = np.array([donor.after for donor in donors]).T
        own_mean, donor_means = 0.0, np.zeros(len(donors))
        if specification == "demeaned":
            own_mean, donor_means = float(before.mean()), donors_before.mean(axis=0)
        found = fit_weights(before - own_mean, donors_before - donor_means)
        self.weights, self.unique = found.weights, found.unique
        shift = own_mean - float(donor_means @ found.weights)
        self.synthetic_before = donors_before @ found.weights + shift
        self.synthetic_after = donors_after @ found.weights + shift
        self.gaps_after = np.array(series.after) - self.synthetic_after
        pre, post = _rms(before - self.synthetic_before), _rms(self.gaps_after)
        exact = pre <= found.exact_below
        self.fit = UnitFit(id=series.id, pre_rmspe=pre, post_rmspe=post, ratio=None if exact else post / pre)
        self.unusual = _unusual(self.fit, found.exact_below)

    def result(self, placebos: Sequence[float]) -> TreatedResult:
        """The treated unit's outcome with its rank among itself and the placebos."""
        rank, units = rank_among(self.unusual, placebos), 1 + len(placebos)
        return TreatedResult(
            id=self.series.id,
            weights=tuple(
                DonorWeight(donor=donor.id, weight=float(weight))
                for donor, weight in zip(self.donors, self.weights, strict=True)
            ),
            weights_unique=self.unique,
            synthetic_before=tuple(self.synthetic_before.tolist()),
            synthetic_after=tuple(self.synthetic_after.tolist()),
            gaps_after=tuple(self.gaps_after.tolist()),
            effect=float(self.gaps_after.mean()),
            fit=self.fit,
            rank=rank,
            units=units,
            p_value=rank / units,
            smallest_p=1 / units,
        )


def _rms(gaps: NDArray[np.float64]) -> float:
    return math.sqrt(math.fsum(float(gap) ** 2 for gap in gaps) / len(gaps))


def _unusual(fit: UnitFit, exact_below: float) -> float:
    """The ratio by which units are ranked: after an exact fit any gap is endless, and no gap at all is
    none.
    """
    if fit.ratio is not None:
        return fit.ratio
    return math.inf if fit.post_rmspe > exact_below else 0.0

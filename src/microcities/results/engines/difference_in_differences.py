"""Difference-in-differences: what changed in the treated places beyond what changed elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, NamedTuple

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.decisions.intervals import ConfidenceLevel

Outcome = Annotated[float, Field(ge=-1e15, le=1e15)]
DidWarning = Literal["single_unit_in_a_group", "few_clusters"]
FEW_CLUSTERS = 20


class PanelUnit(EngineModel):
    """One place or firm: its values in the periods before and after; null where a value is missing."""

    id: str = Field(min_length=1, max_length=200)
    treated: bool
    before: tuple[Outcome | None, ...] = Field(min_length=1, max_length=1000)
    after: tuple[Outcome | None, ...] = Field(min_length=1, max_length=1000)


class DidInput(EngineModel):
    """All units have the same periods, in the same order."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "units": [
                        {"id": "Ventspils", "treated": True, "before": [10, 12], "after": [16, 18]},
                        {"id": "Valmiera", "treated": True, "before": [11, None], "after": [15, 17]},
                        {"id": "Jelgava", "treated": False, "before": [9, 10], "after": [11, 12]},
                        {"id": "Liepaja", "treated": False, "before": [12, 12], "after": [13, 14]},
                    ]
                }
            ]
        }
    )

    units: tuple[PanelUnit, ...] = Field(min_length=2, max_length=100_000)
    level: ConfidenceLevel = 0.95


class GroupMean(EngineModel):
    """Mean of all values of a group in a period; the standard error of the mean is null below two values."""

    mean: float
    values: int
    standard_error: float | None


class DidEstimate(EngineModel):
    """(treated after - treated before) - (control after - control before), on means.

    `standard_error_means` adds the four group variances (values taken as independent);
    `standard_error_clustered` lets values of one unit depend on each other (CR1), and `low` and `high` are
    its interval with t of clusters - 1.
    """

    estimate: float
    treated_before: GroupMean
    treated_after: GroupMean
    control_before: GroupMean
    control_after: GroupMean
    treated_units: int
    control_units: int
    standard_error_means: float | None
    standard_error_clustered: float | None
    low: float | None
    high: float | None
    warnings: tuple[DidWarning, ...]


class DidOutput(EngineModel):
    """`balanced` holds only units without a missing value; null when a group has none left."""

    full_sample: DidEstimate
    balanced: DidEstimate | None
    units_left_out: tuple[str, ...] = Field(description="of the balanced sample")


class _Value(NamedTuple):
    unit: int
    treated: bool
    after: bool
    value: float


@engine(
    "results.difference_in_differences",
    version="1.0.0",
    summary="Effect against control places on group means, full and balanced sample, with clustered error",
    source=(
        "Card and Krueger, American Economic Review 84 (1994) 772-793, table 3; clustered error: Liang and "
        "Zeger, Biometrika 73 (1986) 13-22, with the finite factor G/(G-1) x (N-1)/(N-K); Bertrand, Duflo "
        "and "
        "Mullainathan, Quarterly Journal of Economics 119 (2004) 249-275"
    ),
)
def difference_in_differences(inp: DidInput, *, seed: int) -> DidOutput:
    """Estimate as Card and Krueger (1994), in the unit of the outcome, on all values and on complete units only.
    Deterministic: the seed is not used.
    """
    _check(inp.units)
    complete = [unit for unit in inp.units if None not in (*unit.before, *unit.after)]
    full = _estimate(_values(inp.units), inp.level)
    if full is None:
        raise EngineInputError.at("treated and control both need values before and after", "units")
    return DidOutput(
        full_sample=full,
        balanced=_estimate(_values(complete), inp.level),
        units_left_out=tuple(unit.id for unit in inp.units if None in (*unit.before, *unit.after)),
    )


def _check(units: Sequence[PanelUnit]) -> None:
    seen: set[str] = set()
    for index, unit in enumerate(units):
        if unit.id in seen:
            raise EngineInputError.at(f"the unit {unit.id} stands twice", "units", index, "id")
        seen.add(unit.id)
        for name in ("before", "after"):
            if len(getattr(unit, name)) != len(getattr(units[0], name)):
                raise EngineInputError.at(
                    "another number of periods than the first unit", "units", index, name
                )


def _values(units: Sequence[PanelUnit]) -> list[_Value]:
    return [
        _Value(number, unit.treated, after, value)
        for number, unit in enumerate(units)
        for after, period_values in ((False, unit.before), (True, unit.after))
        for value in period_values
        if value is not None
    ]


def _estimate(values: Sequence[_Value], level: float) -> DidEstimate | None:
    groups = {
        (treated, after): [row.value for row in values if row.treated == treated and row.after == after]
        for treated in (True, False)
        for after in (False, True)
    }
    if not all(groups.values()):
        return None
    means = {key: _group_mean(group) for key, group in groups.items()}
    treated_units = len({row.unit for row in values if row.treated})
    control_units = len({row.unit for row in values if not row.treated})
    estimate = sum(_sign(*key) * mean.mean for key, mean in means.items())
    enough = min(treated_units, control_units) > 1 and len(values) > len(groups)
    clustered = _clustered_error(values, means) if enough else None
    reach = None if clustered is None else clustered * _t_quantile(level, treated_units + control_units - 1)
    return DidEstimate(
        estimate=estimate,
        treated_before=means[True, False],
        treated_after=means[True, True],
        control_before=means[False, False],
        control_after=means[False, True],
        treated_units=treated_units,
        control_units=control_units,
        standard_error_means=_error_of_means(means.values()),
        standard_error_clustered=clustered,
        low=None if reach is None else estimate - reach,
        high=None if reach is None else estimate + reach,
        warnings=_warnings(treated_units, control_units),
    )


def _sign(treated: bool, after: bool) -> int:
    return 1 if treated == after else -1


def _group_mean(group: Sequence[float]) -> GroupMean:
    mean = math.fsum(group) / len(group)
    error = None
    if len(group) > 1:
        error = math.sqrt(math.fsum((value - mean) ** 2 for value in group) / (len(group) - 1) / len(group))
    return GroupMean(mean=mean, values=len(group), standard_error=error)


def _error_of_means(means: Iterable[GroupMean]) -> float | None:
    squares = [None if mean.standard_error is None else mean.standard_error**2 for mean in means]
    known = [square for square in squares if square is not None]
    return math.sqrt(math.fsum(known)) if len(known) == len(squares) else None


def _clustered_error(values: Sequence[_Value], means: dict[tuple[bool, bool], GroupMean]) -> float:
    """The CR1 sandwich of the saturated regression: residuals over group size, added up by unit."""
    scores: dict[int, float] = {}
    for row in values:
        group = means[row.treated, row.after]
        part = _sign(row.treated, row.after) * (row.value - group.mean) / group.values
        scores[row.unit] = scores.get(row.unit, 0.0) + part
    clusters, count, parameters = len(scores), len(values), 4
    factor = clusters / (clusters - 1) * (count - 1) / (count - parameters)
    return math.sqrt(factor * math.fsum(score**2 for score in scores.values()))


def _t_quantile(level: float, freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + level) / 2))


def _warnings(treated_units: int, control_units: int) -> tuple[DidWarning, ...]:
    found: list[DidWarning] = []
    if min(treated_units, control_units) == 1:
        found.append("single_unit_in_a_group")
    if treated_units + control_units < FEW_CLUSTERS:
        found.append("few_clusters")
    return tuple(found)

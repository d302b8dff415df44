"""Verification sample: how many units an auditor has to open, and which, so that nobody can choose them."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.decisions.intervals import ConfidenceLevel


class SampleUnit(EngineModel):
    """One record that can be drawn; units without a stratum form the stratum with the empty name."""

    id: str = Field(min_length=1, max_length=200)
    stratum: str = Field(default="", max_length=200)


class SampleInput(EngineModel):
    """Either the `units` to draw from or only their number `population` (then nothing is drawn).

    discovery: see at least one fault with probability 1 - miss_risk when `faulty_units` (or the share
    `faulty_share`) of the units are faulty. margin: estimate a share to within `margin` at `level`. fixed:
    `size` units.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "method": "discovery",
                    "faulty_share": 0.2,
                    "units": [{"id": f"pupil-{number}", "stratum": "Valmiera"} for number in range(1, 13)],
                }
            ]
        }
    )

    method: Literal["discovery", "margin", "fixed"]
    units: tuple[SampleUnit, ...] | None = Field(default=None, min_length=1, max_length=1_000_000)
    population: int | None = Field(default=None, ge=1, le=10**9)
    faulty_units: int | None = Field(default=None, ge=1)
    faulty_share: float | None = Field(default=None, gt=0, le=1)
    miss_risk: float = Field(default=0.05, ge=1e-9, lt=1)
    margin: float = Field(default=0.05, ge=1e-6, lt=1)
    level: ConfidenceLevel = 0.95
    size: int | None = Field(default=None, ge=1)
    stratified: bool = Field(default=False, description="shares of the sample in proportion to the strata")


class StratumSample(EngineModel):
    """How many units a stratum has and how many of them are drawn."""

    stratum: str
    units: int
    drawn: int


class SampleOutput(EngineModel):
    """`drawn` in the order of the draw; unstratified, any beginning of it is a random sample too."""

    population: int
    size: int
    faulty_units: int | None
    chance_of_missing: float | None = Field(description="of seeing no fault when faulty_units are faulty")
    strata: tuple[StratumSample, ...]
    drawn: tuple[str, ...] | None


@engine(
    "results.verification_sample",
    version="1.0.0",
    summary="Size of a verification sample (discovery or margin) and its seeded drawing",
    source=(
        "Discovery sampling by the hypergeometric distribution: Arkin, Handbook of Sampling for Auditing and "
        "Accounting, "
        "3rd ed. 1984; margin: Cochran, Sampling Techniques, 3rd ed. 1977, section 4.4; largest remainder: "
        "Hamilton"
    ),
)
def verification_sample(inp: SampleInput, *, seed: int) -> SampleOutput:
    """Size the sample (Arkin 1984, Cochran 1977) in records, and draw it by the SHA-256 of seed and unit id:
    order and platform do not matter.
    """
    population = _population(inp)
    faulty = _faulty_units(inp, population)
    size = _size(inp, population, faulty)
    strata = _strata(inp.units, size, stratified=inp.stratified) if inp.units else ()
    return SampleOutput(
        population=population,
        size=size,
        faulty_units=faulty,
        chance_of_missing=None if faulty is None else _chance_of_missing(population, faulty, size),
        strata=strata,
        drawn=_draw(inp.units, strata, seed, size, stratified=inp.stratified) if inp.units else None,
    )


def discovery_size(population: int, faulty: int, miss_risk: float) -> int:
    """The smallest n with C(N - D, n)/C(N, n) <= miss_risk, by exact whole-number arithmetic."""
    # Read as the decimal that was written: 0.3 means 3/10, not the nearest double.
    numerator, denominator = Fraction(repr(miss_risk)).as_integer_ratio()

    def enough(size: int) -> bool:
        missed, drawn = _ways_to_miss(population, faulty, size)
        return missed * denominator <= drawn * numerator

    size = _size_by_logarithms(population, faulty, miss_risk)
    while not enough(size):
        size += 1
    while size > 1 and enough(size - 1):
        size -= 1
    return size


def _size_by_logarithms(population: int, faulty: int, miss_risk: float) -> int:
    """About the size wanted, so that the exact numbers, which are long, are built only a few times."""

    def log_ways(units: int) -> float:
        return math.lgamma(units + 1) - math.lgamma(units - faulty + 1)

    # At population - faulty + 1 units a faulty one cannot be missed.
    low, high, limit = 0, population - faulty + 1, math.log(miss_risk)
    while high - low > 1:
        middle = (low + high) // 2
        missed = log_ways(population - middle) - log_ways(population)
        low, high = (low, middle) if missed <= limit else (middle, high)
    return high


def margin_size(population: int, margin: float, level: float) -> int:
    """n0 = z^2/4e^2 with the finite correction n0/(1 + (n0 - 1)/N), rounded up."""
    from scipy.special import ndtri

    unlimited = float(ndtri((1 + level) / 2)) ** 2 / (4 * margin**2)
    # A whole number that a floating error lifts by a hair is not rounded up to the next one.
    return max(1, min(population, math.ceil(unlimited / (1 + (unlimited - 1) / population) - 1e-9)))


def allocate(sizes: Sequence[int], total: int) -> list[int]:
    """Share `total` out in proportion to `sizes` by the largest remainder; equal remainders favour the
    earlier one.
    """
    whole = sum(sizes)
    shares = [size * total // whole for size in sizes]
    order = sorted(range(len(sizes)), key=lambda index: (-(sizes[index] * total % whole), index))
    for index in order[: total - sum(shares)]:
        shares[index] += 1
    return shares


def _population(inp: SampleInput) -> int:
    if (inp.units is None) == (inp.population is None):
        raise EngineInputError.at("give either the units or the population, not both", "units")
    seen: set[str] = set()
    for index, unit in enumerate(inp.units or ()):
        if unit.id in seen:
            raise EngineInputError.at(f"the unit {unit.id} stands twice in the list", "units", index, "id")
        seen.add(unit.id)
    return inp.population if inp.population is not None else len(seen)


def _faulty_units(inp: SampleInput, population: int) -> int | None:
    if inp.method != "discovery":
        return None
    if (inp.faulty_units is None) == (inp.faulty_share is None):
        raise EngineInputError.at("discovery needs either faulty_units or faulty_share", "faulty_units")
    if inp.faulty_units is not None:
        if inp.faulty_units > population:
            raise EngineInputError.at("more faulty units than units", "faulty_units")
        return inp.faulty_units
    # A share above 0 is at least one unit, however small the population.
    return max(1, math.ceil((inp.faulty_share or 0) * population - 1e-9))


def _size(inp: SampleInput, population: int, faulty: int | None) -> int:
    if faulty is not None:
        return discovery_size(population, faulty, inp.miss_risk)
    if inp.method == "margin":
        return margin_size(population, inp.margin, inp.level)
    if inp.size is None:
        raise EngineInputError.at("the method fixed needs a size", "size")
    if inp.size > population:
        raise EngineInputError.at("the sample is larger than the population", "size")
    return inp.size


def _ways_to_miss(population: int, faulty: int, size: int) -> tuple[int, int]:
    """Numerator and denominator of C(N - D, n)/C(N, n), with the shorter of the two equal products."""
    fewer, more = min(faulty, size), max(faulty, size)
    return math.perm(population - more, fewer), math.perm(population, fewer)


def _chance_of_missing(population: int, faulty: int, size: int) -> float:
    missed, drawn = _ways_to_miss(population, faulty, size)
    return missed / drawn


def _strata(units: Iterable[SampleUnit], size: int, *, stratified: bool) -> tuple[StratumSample, ...]:
    counts: dict[str, int] = {}
    for unit in units:
        counts[unit.stratum] = counts.get(unit.stratum, 0) + 1
    if not stratified:
        return ()
    # The largest stratum first, so that equal remainders are settled by size and then by name.
    names = sorted(counts, key=lambda name: (-counts[name], name))
    shares = allocate([counts[name] for name in names], size)
    return tuple(
        StratumSample(stratum=name, units=counts[name], drawn=share)
        for name, share in zip(names, shares, strict=True)
    )


def _draw(
    units: Iterable[SampleUnit], strata: Iterable[StratumSample], seed: int, size: int, *, stratified: bool
) -> tuple[str, ...]:
    ranked = sorted(units, key=lambda unit: (_ticket(seed, unit.id), unit.id))
    if not stratified:
        return tuple(unit.id for unit in ranked[:size])
    by_stratum: dict[str, list[str]] = {}
    for unit in ranked:
        by_stratum.setdefault(unit.stratum, []).append(unit.id)
    return tuple(unit_id for part in strata for unit_id in by_stratum[part.stratum][: part.drawn])


def _ticket(seed: int, unit_id: str) -> str:
    return hashlib.sha256(f"{seed}\n{unit_id}".encode()).hexdigest()

"""Full-time equivalents, so that 66 summer jobs of 15 days are never read as 66 jobs created."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine


class WorkedHours(EngineModel):
    """Hours one person worked at one firm in the year before the output and in the year after it."""

    person: str = Field(min_length=1)
    firm: str = Field(min_length=1)
    hours_before: float = Field(ge=0, le=8784)
    hours_after: float = Field(ge=0, le=8784)


class FteInput(EngineModel):
    """`full_year_hours` is a dated parameter of the rulebook (1,720 in the EU unit-cost convention)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "full_year_hours": 1720,
                    "work": [
                        {"person": "p1", "firm": "Azeron", "hours_before": 0, "hours_after": 860},
                        {"person": "p2", "firm": "Azeron", "hours_before": 860, "hours_after": 1900},
                    ],
                }
            ]
        }
    )

    full_year_hours: float = Field(gt=0, le=8784)
    work: tuple[WorkedHours, ...] = Field(default=(), max_length=1_000_000)
    bankrupt_firms: tuple[str, ...] = Field(default=(), max_length=100_000)


class YearTotal(EngineModel):
    """One year: distinct people with any hours, hours, and full-time equivalents with and without the cap of
    1.
    """

    headcount: int
    hours: float
    capped_fte: float
    uncapped_fte: float


class Change(EngineModel):
    """Year after minus year before."""

    headcount: int
    hours: float
    capped_fte: float
    uncapped_fte: float


class FirmChange(EngineModel):
    """One firm's part; a bankrupt firm's increase is recorded as zero."""

    firm: str
    bankrupt: bool
    change: Change


class FteOutput(EngineModel):
    """`change.capped_fte` is the RCR01-style contribution; years count all firms, the change leaves out
    bankrupt ones.
    """

    full_year_hours: float
    before: YearTotal
    after: YearTotal
    change: Change
    firms: tuple[FirmChange, ...]


@engine(
    "results.full_time_equivalents",
    version="1.0.0",
    summary="Jobs in annual full-time equivalents before and after support: capped, uncapped, headcount",
    source=(
        "RCR01 of Regulation (EU) 2021/1058, Annex I, and its fiche in SWD(2021) 198 final: each person at "
        "most 1; the increase of a "
        "bankrupt enterprise is recorded as zero (practice of the period 2014-2020)"
    ),
)
def full_time_equivalents(inp: FteInput, *, seed: int) -> FteOutput:
    """Add min(1, hours / full-year hours) over persons for both years, as the fiche of RCR01 has it: hours in,
    full-time years out. Deterministic: the seed is not used.

    A person in several firms counts at most 1 in all; the firms share it in proportion to the hours.
    """
    _check(inp)
    bankrupt = set(inp.bankrupt_firms)
    firms: dict[str, list[WorkedHours]] = {}
    for row in inp.work:
        firms.setdefault(row.firm, []).append(row)
    kept = [row for row in inp.work if row.firm not in bankrupt]
    everywhere, lasting = _Measure(inp.work, inp.full_year_hours), _Measure(kept, inp.full_year_hours)
    return FteOutput(
        full_year_hours=inp.full_year_hours,
        before=everywhere.year(inp.work, after=False),
        after=everywhere.year(inp.work, after=True),
        change=lasting.change(kept),
        firms=tuple(
            FirmChange(
                firm=firm, bankrupt=firm in bankrupt, change=lasting.change([] if firm in bankrupt else rows)
            )
            for firm, rows in sorted(firms.items())
        ),
    )


def _check(inp: FteInput) -> None:
    seen: set[tuple[str, str]] = set()
    for index, row in enumerate(inp.work):
        if (row.person, row.firm) in seen:
            raise EngineInputError.at("this person already has hours at this firm", "work", index, "person")
        seen.add((row.person, row.firm))
    firms = {row.firm for row in inp.work}
    for index, firm in enumerate(inp.bankrupt_firms):
        if firm not in firms:
            raise EngineInputError.at("no hours are given for this firm", "bankrupt_firms", index)


class _Measure:
    """Adds up rows; the cap of 1 is measured against all hours a person has in `everywhere`."""

    def __init__(self, everywhere: Iterable[WorkedHours], full_year: float) -> None:
        self.full_year = full_year
        self.totals: dict[tuple[str, bool], float] = {}
        for row in everywhere:
            for after in (False, True):
                key = (row.person, after)
                self.totals[key] = self.totals.get(key, 0.0) + _hours(row, after=after)

    def year(self, rows: Iterable[WorkedHours], *, after: bool) -> YearTotal:
        worked = [(row.person, _hours(row, after=after)) for row in rows if _hours(row, after=after) > 0]
        total = math.fsum(hours for _, hours in worked)
        return YearTotal(
            headcount=len({person for person, _ in worked}),
            hours=total,
            capped_fte=math.fsum(
                hours / max(self.full_year, self.totals[(person, after)]) for person, hours in worked
            ),
            uncapped_fte=total / self.full_year,
        )

    def change(self, rows: Sequence[WorkedHours]) -> Change:
        before, after = self.year(rows, after=False), self.year(rows, after=True)
        return Change(
            headcount=after.headcount - before.headcount,
            hours=after.hours - before.hours,
            capped_fte=after.capped_fte - before.capped_fte,
            uncapped_fte=after.uncapped_fte - before.uncapped_fte,
        )


def _hours(row: WorkedHours, *, after: bool) -> float:
    return row.hours_after if after else row.hours_before

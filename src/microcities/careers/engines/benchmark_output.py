"""What the benchmark engine answers: exact counts with intervals, who is missing, what changed, what helps most."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from microcities.decisions.engine import EngineModel

State = Literal["achieved", "partly", "not_yet", "not_applicable"]


class Tally(EngineModel):
    """`numerator` of `denominator`; share and Wilson interval are null for 0 of 0. `band` is the profile's code."""

    numerator: int
    denominator: int
    share: float | None
    low: float | None
    high: float | None
    band: str | None
    state: State


class LackOf(EngineModel):
    """Pupils of a class who lack the same: `short` more encounters, `linked` of them through the curriculum, and, where values
    are asked, which of them may fill it.
    """

    short: int
    linked: int
    values: tuple[str, ...]
    pupils: tuple[str, ...]


class GroupResult(EngineModel):
    """One class: `met` are the pupils of the numerator, `missing` the others of the denominator, `lacks` what these lack.

    `not_counted` are those of them who attended something that did not count; `too_late` those whose time is over.
    `not_applied` and `unknown` are outside the denominator: not asked of them, or a fact (birthday, plans) is not known.
    """

    group: str
    school: str
    tally: Tally
    met: tuple[str, ...]
    missing: tuple[str, ...]
    lacks: tuple[LackOf, ...]
    not_counted: tuple[str, ...]
    too_late: tuple[str, ...]
    not_applied: tuple[str, ...]
    unknown: tuple[str, ...]


class SchoolResult(EngineModel):
    """One school. For record criteria the parts it cannot show, as kind or kind:audience."""

    school: str
    tally: Tally
    not_applied: int
    unknown: int
    missing_parts: tuple[str, ...] = ()


class CriterionResult(EngineModel):
    """A criterion over all schools (record criteria: schools that achieve it), by school and by class."""

    code: str
    benchmark: int
    basis: Literal["pupils", "record", "staff"]
    everywhere: Tally
    schools: tuple[SchoolResult, ...]
    groups: tuple[GroupResult, ...]


class BenchmarkResult(EngineModel):
    """One benchmark of one school: mean credit of its criteria that apply, 0 to 1."""

    school: str
    benchmark: int
    percentage: float | None = Field(description="0 to 1; null when no criterion applies")
    state: State
    achieved: int
    criteria: int


class SchoolTotal(EngineModel):
    """How many benchmarks a school achieves."""

    school: str
    achieved: int
    benchmarks: int
    pupils: int


class CriterionChange(EngineModel):
    """A criterion of one school on both days and which pupils made the difference (class of the later day).

    `now_met`: missing before, met now. `no_longer_met`: met before, missing now (a new year began, or a record was
    corrected). `joined_*`: only in the later denominator; `left_*`: only in the earlier one.
    """

    code: str
    school: str
    before: Tally
    after: Tally
    now_met: tuple[str, ...]
    no_longer_met: tuple[str, ...]
    joined_met: tuple[str, ...]
    joined_missing: tuple[str, ...]
    left_met: tuple[str, ...]
    left_missing: tuple[str, ...]


class Closed(EngineModel):
    """How many pupils of a class a step brings into the numerator of a criterion."""

    criterion: str
    pupils: int


class NextAction(EngineModel):
    """One encounter of a kind for one class, after the steps listed before it were taken.

    `towards_pass` counts only pupils that the school still lacks to the threshold; `closes` all who become met;
    `progress` those brought nearer without being met.
    """

    school: str
    group: str
    kind: str
    provider_kind: str | None
    subject: str | None
    stem: bool
    curriculum_linked: bool
    towards_pass: int
    closes: tuple[Closed, ...]
    progress: int
    pupils: tuple[str, ...]


class OpenCheck(EngineModel):
    """An encounter that was attended and does not count: what completing its checks alone would close."""

    encounter: str
    kind: str
    school: str
    checks: tuple[str, ...]
    closes: tuple[Closed, ...]


class BenchmarksOutput(EngineModel):
    """All results of one day under one reading; `changes` only when an earlier day was given."""

    day: date
    roll_on: date
    school_year_from: date
    reading: str
    years: str
    criteria: tuple[CriterionResult, ...]
    benchmarks: tuple[BenchmarkResult, ...]
    schools: tuple[SchoolTotal, ...]
    next_best_actions: tuple[NextAction, ...]
    open_checks: tuple[OpenCheck, ...]
    changes: tuple[CriterionChange, ...]

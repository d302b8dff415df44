"""What the claim engine answers: lines, findings, totals, corrections and entries for the books, all in cents."""

from __future__ import annotations

from datetime import date
from typing import Literal

from microcities.decisions.engine import EngineModel
from microcities.summerjobs.engines.claim_input import Kind

FindingCode = Literal[
    "aid_basis_missing",
    "budget_exceeded",
    "claimed_more_than_attended",
    "late_claim",
    "leave_without_work",
    "more_than_agreed",
    "no_agreement",
    "no_supervisor",
    "outside_agreement",
    "outside_period",
    "paid_twice",
    "supervisor_over_ratio",
    "underpaid",
    "wage_below_minimum",
]


class Finding(EngineModel):
    """Something to look at, with its figures: `found` against `limit`.

    minutes: claimed_more_than_attended, more_than_agreed; cents: budget_exceeded, underpaid, wage_below_minimum;
    pupils: supervisor_over_ratio; days: late_claim, no_supervisor, no_agreement. `reduces` is true if less is paid for it.
    `subject` is a supervisor, a source, or the claim that paid before.
    """

    code: FindingCode
    reduces: bool
    pupil: str | None = None
    on: date | None = None
    month: str | None = None
    subject: str | None = None
    found: int | None = None
    limit: int | None = None


class Line(EngineModel):
    """One pupil in one month. cost = pay + leave + contributions = subsidy + own."""

    pupil: str
    month: str
    source: str
    minutes: int
    subsidised_minutes: int
    pay: int
    leave: int
    contributions: int
    cost: int
    subsidy: int
    own: int
    supervisor: int


class SourceTotal(EngineModel):
    """What a source pays: `asked` before and `total` = subsidy + supervisor after its budget was looked at."""

    source: str
    asked: int
    subsidy: int
    supervisor: int
    total: int
    budget_left_after: int | None


class Correction(EngineModel):
    """A difference from the claim that is corrected: always above zero, the kind tells its direction."""

    pupil: str
    month: str
    source: str
    kind: Kind
    direction: Literal["supplement", "recovery"]
    before: int
    now: int
    cents: int


class Entry(EngineModel):
    """One line for the books. `amount` is in EUR with two decimals, below zero for a recovery."""

    on: date
    account: str
    source: str
    amount: str
    reference: str


class Aid(EngineModel):
    """The state-aid note of an undertaking: how much, when, and on which basis; the regulation only for de minimis."""

    cents: int
    on: date
    basis: str | None
    regulation: str | None


class ClaimOutput(EngineModel):
    """`total` is what the claim is worth, `to_pay` what is left of it after what the corrected claim was paid."""

    claim: str
    lines: tuple[Line, ...]
    sources: tuple[SourceTotal, ...]
    total: int
    paid_before: int
    to_pay: int
    findings: tuple[Finding, ...]
    corrections: tuple[Correction, ...]
    entries: tuple[Entry, ...]
    aid: Aid | None

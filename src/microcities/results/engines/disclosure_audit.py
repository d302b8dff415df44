"""Disclosure audit: what a patient reader could deduce about small counts from all that was published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineFailedError, EngineInputError, EngineModel, engine
from microcities.results.engines.published_figures import (
    LARGEST_COEFFICIENT,
    Cell,
    DisclosureRule,
    Island,
    Range,
    Statement,
    islands,
    smallest_reason,
    total,
)

Verdict = Literal[
    "protected", "open", "recovered", "too_narrow", "small_deduced", "undecided", "contradictory"
]


class Combination(EngineModel):
    """A sum that must stay hidden although it is no cell, such as the difference of two dates."""

    id: str = Field(min_length=1)
    terms: dict[str, int] = Field(min_length=1)


class AuditInput(EngineModel):
    """Cells, everything published about them (all reports, all dates), and the rule.

    Hidden cells are those not shown to the public. A cell that is neither hidden nor published by itself is
    audited too: it may not come out as a single small count.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "cells": [{"id": "girls", "hidden": True}, {"id": "boys", "hidden": True}],
                    "statements": [
                        {"id": "all-2019", "terms": {"girls": 1, "boys": 1}, "value": 66},
                        {"id": "boys-2019", "terms": {"boys": 1}, "value": 63},
                    ],
                }
            ]
        }
    )

    cells: tuple[Cell, ...] = Field(min_length=1, max_length=20_000)
    statements: tuple[Statement, ...] = Field(default=(), max_length=50_000)
    combinations: tuple[Combination, ...] = Field(default=(), max_length=20_000)
    rule: DisclosureRule = DisclosureRule()
    explain: bool = Field(default=True, description="name the statements that give a breach away")


class AuditedSum(EngineModel):
    """What can be deduced about a cell or combination; high is null when nothing limits it."""

    id: str
    hidden: bool
    low: int | None
    high: int | None
    verdict: Verdict


class Breach(EngineModel):
    """Why the publication does not pass. `because` names statements that are enough to see it."""

    code: Literal[
        "recovered",
        "too_narrow",
        "small_deduced",
        "undecided",
        "small_published",
        "contradictory",
        "contradicts_records",
    ]
    subject: str
    low: int | None
    high: int | None
    because: tuple[str, ...]
    text: str


class AuditOutput(EngineModel):
    """`passes` is true only when every sum was decided and none is given away."""

    passes: bool
    contradictory: bool
    audited: tuple[AuditedSum, ...]
    breaches: tuple[Breach, ...]


@engine(
    "results.disclosure_audit",
    version="1.0.0",
    summary="Smallest and largest value deducible for each hidden count from all that was published",
    source=(
        "Fischetti and Salazar-Gonzalez, Mathematical Programming 84 (1999) 283-312; Hundepool et al., "
        "Statistical Disclosure "
        "Control, 2012, chapter 4 (audit, feasibility interval); QuickXplain: Junker, AAAI 2004"
    ),
)
def disclosure_audit(inp: AuditInput, *, seed: int) -> AuditOutput:
    """Two integer programmes (Fischetti and Salazar-Gonzalez 1999) for each cell, a count, that is not published
    by itself. Deterministic: the seed is not used. Some 100 cells a few seconds; large ties have no bound.
    """
    _check(inp)
    breaches = _small_published(inp) + _contradicts_records(inp)
    audited: list[AuditedSum] = []
    contradictory = False
    for island in islands(inp.cells, inp.statements, [combination.terms for combination in inp.combinations]):
        if not island.consistent():
            contradictory = True
            breaches.append(_conflict(island, explain=inp.explain))
            audited += [_undeduced(cell.id, cell.hidden) for cell in island.cells]
            continue
        for subject, terms, hidden in _subjects(inp, island):
            entry, found = _audit(island, subject, terms, hidden, inp)
            audited.append(entry)
            breaches += found
    order = {subject: index for index, subject in enumerate(_all_ids(inp))}
    audited.sort(key=lambda entry: order[entry.id])
    return AuditOutput(
        passes=not breaches,
        contradictory=contradictory,
        audited=tuple(audited),
        breaches=tuple(breaches),
    )


def judge(found: Range, *, hidden: bool, rule: DisclosureRule) -> Verdict:
    """The verdict on a deduced range by the rule."""
    if hidden:
        if found.width == 0:
            return "recovered"
        return "too_narrow" if found.width < rule.minimum_width else "protected"
    small = found.width == 0 and found.low is not None and 1 <= found.low < rule.threshold
    return "small_deduced" if small else "open"


def _all_ids(inp: AuditInput) -> list[str]:
    return [cell.id for cell in inp.cells] + [combination.id for combination in inp.combinations]


def _check(inp: AuditInput) -> None:
    _check_unique("cells", _all_ids(inp))
    _check_unique("statements", [statement.id for statement in inp.statements])
    known = {cell.id for cell in inp.cells}
    for index, statement in enumerate(inp.statements):
        _check_terms(statement.terms, known, "statements", index)
        if (statement.rounding == "none") != (statement.rounding_base == 1):
            raise EngineInputError.at(
                "a rounding base above 1 goes with a rounding", "statements", index, "rounding"
            )
    for index, combination in enumerate(inp.combinations):
        _check_terms(combination.terms, known, "combinations", index)
    for index, cell in enumerate(inp.cells):
        if cell.upper is not None and cell.upper < cell.lower:
            raise EngineInputError.at("upper is below lower", "cells", index, "upper")


def _check_terms(terms: Mapping[str, int], known: AbstractSet[str], name: str, index: int) -> None:
    for cell_id, coefficient in terms.items():
        if cell_id not in known:
            raise EngineInputError.at(f"there is no cell called {cell_id}", name, index, "terms", cell_id)
        if not 1 <= abs(coefficient) <= LARGEST_COEFFICIENT:
            message = f"a coefficient is a whole number up to {LARGEST_COEFFICIENT} either way, not 0"
            raise EngineInputError.at(message, name, index, "terms", cell_id)


def _check_unique(name: str, ids: Sequence[str]) -> None:
    seen: set[str] = set()
    for index, item in enumerate(ids):
        if item in seen:
            raise EngineInputError.at(f"the id {item} stands twice", name, index, "id")
        seen.add(item)


def _subjects(inp: AuditInput, island: Island) -> list[tuple[str, dict[str, int], bool]]:
    """What has to be audited on this island: all cells but those published exactly by themselves, and the
    combinations.
    """
    published = {
        next(iter(statement.terms))
        for statement in island.statements
        if len(statement.terms) == 1 and statement.rounding == "none" and not statement.structural
    }
    cells = [
        (cell.id, {cell.id: 1}, cell.hidden)
        for cell in island.cells
        if cell.hidden or cell.id not in published
    ]
    combinations = [
        (combination.id, combination.terms, True)
        for combination in inp.combinations
        if next(iter(combination.terms)) in island.position
    ]
    return cells + combinations


def _audit(
    island: Island, subject: str, terms: dict[str, int], hidden: bool, inp: AuditInput
) -> tuple[AuditedSum, list[Breach]]:
    try:
        found = island.range_of(terms)
    except EngineFailedError as error:
        entry = AuditedSum(id=subject, hidden=hidden, low=None, high=None, verdict="undecided")
        text = f"{subject}: not proven safe ({error})"
        return entry, [Breach(code="undecided", subject=subject, low=None, high=None, because=(), text=text)]
    verdict = judge(found, hidden=hidden, rule=inp.rule)
    entry = AuditedSum(id=subject, hidden=hidden, low=found.low, high=found.high, verdict=verdict)
    if verdict == "protected" or verdict == "open":
        return entry, []

    needed = max(inp.rule.minimum_width, 1) if hidden else 1

    def gives_away(statements: Sequence[Statement]) -> bool:
        # With fewer statements the range can only be wider, so one side of it is often enough to see that it is safe.
        return not island.without(statements).reaches(terms, needed, found)

    reason = smallest_reason(island.statements, gives_away) if inp.explain else []
    because = tuple(statement.id for statement in reason)
    return entry, [_given_away(subject, found, verdict, because, inp.rule)]


def _given_away(
    subject: str, found: Range, verdict: Verdict, because: tuple[str, ...], rule: DisclosureRule
) -> Breach:
    texts = {
        "recovered": f"{subject} is hidden but can only be {found.low}",
        "small_deduced": f"{subject} is not published but can only be {found.low}, below {rule.threshold}",
        "too_narrow": f"{subject} can only be {found.low} to {found.high}: rule {rule.minimum_width}",
    }
    code = verdict if verdict in ("recovered", "small_deduced") else "too_narrow"
    return Breach.model_validate(
        {
            "code": code,
            "subject": subject,
            "low": found.low,
            "high": found.high,
            "because": because,
            "text": texts[code],
        }
    )


def _small_published(inp: AuditInput) -> list[Breach]:
    """Counts published openly although they are small; a published sum with a minus sign is no count."""
    return [
        Breach(
            code="small_published",
            subject=statement.id,
            low=statement.value,
            high=statement.value,
            because=(statement.id,),
            text=f"{statement.id} publishes {statement.value}, below {inp.rule.threshold}",
        )
        for statement in inp.statements
        if not statement.structural
        and statement.rounding == "none"
        and 1 <= statement.value < inp.rule.threshold
        and all(coefficient > 0 for coefficient in statement.terms.values())
    ]


def _contradicts_records(inp: AuditInput) -> list[Breach]:
    """Published sums that the true values, where they are all given, do not add up to."""
    values = {cell.id: cell.value for cell in inp.cells if cell.value is not None}
    found = []
    for statement in inp.statements:
        if all(cell_id in values for cell_id in statement.terms):
            low, high = statement.interval()
            truth = total(statement.terms, values)
            if not low <= truth <= high:
                text = f"{statement.id} publishes {statement.value} but the records add up to {truth}"
                found.append(
                    Breach(
                        code="contradicts_records",
                        subject=statement.id,
                        low=low,
                        high=high,
                        because=(statement.id,),
                        text=text,
                    )
                )
    return found


def _conflict(island: Island, *, explain: bool) -> Breach:
    reason = island.statements
    if explain:
        reason = smallest_reason(island.statements, lambda some: not island.without(some).consistent())
    because = tuple(statement.id for statement in reason)
    subject = because[0] if because else island.cells[0].id
    return Breach(
        code="contradictory",
        subject=subject,
        low=None,
        high=None,
        because=because,
        text=f"no values agree with all of these: {', '.join(because) or subject}",
    )


def _undeduced(subject: str, hidden: bool) -> AuditedSum:
    return AuditedSum(id=subject, hidden=hidden, low=None, high=None, verdict="contradictory")

"""Suppression: the cheapest cells to withhold so that no small count can be worked out from the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineFailedError, EngineInputError, EngineModel, engine
from microcities.results.engines.published_figures import (
    LARGEST,
    LARGEST_COEFFICIENT,
    Cell,
    DisclosureRule,
    Island,
    Statement,
    islands,
    total,
)
from microcities.results.engines.suppression_pattern import Pattern, cheapest_pattern

Coefficient = Annotated[int, Field(ge=-LARGEST_COEFFICIENT, le=LARGEST_COEFFICIENT)]


class TableCell(EngineModel):
    """A cell or total with its true count. `hidden` must be withheld, `open` must stay (it is already
    published).
    """

    id: str = Field(min_length=1)
    value: int = Field(ge=0, le=LARGEST)
    hidden: bool = False
    open: bool = False


class SuppressionInput(EngineModel):
    """A table: `relations` are sums of cells that are 0 by definition, totals with coefficient -1."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "cells": [
                        {"id": "girls-V", "value": 3},
                        {"id": "boys-V", "value": 22},
                        {"id": "girls-W", "value": 12},
                        {"id": "boys-W", "value": 9},
                        {"id": "girls", "value": 15, "open": True},
                        {"id": "boys", "value": 31, "open": True},
                        {"id": "V", "value": 25, "open": True},
                        {"id": "W", "value": 21, "open": True},
                    ],
                    "relations": [
                        {"girls-V": 1, "boys-V": 1, "V": -1},
                        {"girls-W": 1, "boys-W": 1, "W": -1},
                        {"girls-V": 1, "girls-W": 1, "girls": -1},
                        {"boys-V": 1, "boys-W": 1, "boys": -1},
                    ],
                }
            ]
        }
    )

    cells: tuple[TableCell, ...] = Field(min_length=1, max_length=2000)
    relations: tuple[dict[str, Coefficient], ...] = Field(default=(), max_length=4000)
    rule: DisclosureRule = DisclosureRule()


class HiddenCell(EngineModel):
    """A withheld cell: primary because its count is small or marked, else to protect others; what stays
    deducible.
    """

    id: str
    primary: bool
    low: int | None
    high: int | None


class SuppressionOutput(EngineModel):
    """`hidden_total` is the sum of withheld counts; `proven_cheapest` when no pattern with a smaller one
    exists.
    """

    hidden: tuple[HiddenCell, ...]
    primary: int
    secondary: int
    hidden_total: int
    proven_cheapest: bool


@engine(
    "results.suppression",
    version="1.0.0",
    summary="Cells to withhold, beyond the small ones, so that the disclosure audit passes",
    source=(
        "Kelly, Golden and Assad, Networks 22 (1992) 397-417; Fischetti and Salazar-Gonzalez, Journal of the "
        "American "
        "Statistical Association 95 (2000) 916-928 (cell suppression)"
    ),
)
def suppression(inp: SuppressionInput, *, seed: int) -> SuppressionOutput:
    """Choose the pattern of counts to hide (Fischetti and Salazar-Gonzalez 2000) island by island and audit it.
    Deterministic: the seed is not used. A table of 10 by 10 takes seconds, of 25 by 25 a minute.
    """
    _check(inp)
    hidden: list[HiddenCell] = []
    proven = True
    for island in _tables(inp):
        found, proven_here = _protect(island, inp)
        proven = proven and proven_here
        hidden += found
    order = {cell.id: index for index, cell in enumerate(inp.cells)}
    values = {cell.id: cell.value for cell in inp.cells}
    primary = sum(cell.primary for cell in hidden)
    return SuppressionOutput(
        hidden=tuple(sorted(hidden, key=lambda cell: order[cell.id])),
        primary=primary,
        secondary=len(hidden) - primary,
        hidden_total=sum(values[cell.id] for cell in hidden),
        proven_cheapest=proven,
    )


def _check(inp: SuppressionInput) -> None:
    values: dict[str, int] = {}
    for index, cell in enumerate(inp.cells):
        if cell.id in values:
            raise EngineInputError.at(f"the id {cell.id} stands twice", "cells", index, "id")
        values[cell.id] = cell.value
        if cell.open and _is_primary(cell, inp.rule):
            raise EngineInputError.at("a small or marked count cannot stay open", "cells", index, "open")
    for index, relation in enumerate(inp.relations):
        unknown = [cell_id for cell_id in relation if cell_id not in values]
        if unknown:
            raise EngineInputError.at(f"there is no cell called {unknown[0]}", "relations", index, unknown[0])
        if not relation or total(relation, values) != 0:
            raise EngineInputError.at("the counts of this relation do not add up to 0", "relations", index)


def _is_primary(cell: TableCell, rule: DisclosureRule) -> bool:
    return cell.hidden or 1 <= cell.value < rule.threshold


def _tables(inp: SuppressionInput) -> list[Island]:
    cells = [Cell(id=cell.id, value=cell.value) for cell in inp.cells]
    statements = [
        Statement(id=f"relation {index}", terms=relation, value=0, structural=True)
        for index, relation in enumerate(inp.relations)
    ]
    return islands(cells, statements)


def _protect(island: Island, inp: SuppressionInput) -> tuple[list[HiddenCell], bool]:
    table = {cell.id: cell for cell in inp.cells if cell.id in island.position}
    primary = [cell_id for cell_id, cell in table.items() if _is_primary(cell, inp.rule)]
    if not primary:
        return [], True
    pattern = cheapest_pattern(
        values={cell_id: cell.value for cell_id, cell in table.items()},
        relations=[statement.terms for statement in island.statements],
        primary=primary,
        kept_open={cell_id for cell_id, cell in table.items() if cell.open},
        width=inp.rule.minimum_width,
    )
    return _audited(island, table, primary, pattern, inp.rule), pattern.proven


def _audited(
    island: Island,
    table: Mapping[str, TableCell],
    primary: Sequence[str],
    pattern: Pattern,
    rule: DisclosureRule,
) -> list[HiddenCell]:
    """What a reader of the remaining table can deduce; a primary cell that is still too narrow is a
    failure.
    """
    shown = [
        Statement(id=cell_id, terms={cell_id: 1}, value=cell.value)
        for cell_id, cell in table.items()
        if cell_id not in pattern.hidden
    ]
    reader = island.without([*island.statements, *shown])
    hidden = []
    for cell_id in sorted(pattern.hidden):
        found = reader.range_of({cell_id: 1})
        if cell_id in primary and found.width < rule.minimum_width:
            raise EngineFailedError(f"{cell_id} is still known to lie between {found.low} and {found.high}")
        hidden.append(HiddenCell(id=cell_id, primary=cell_id in primary, low=found.low, high=found.high))
    return hidden

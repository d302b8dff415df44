"""The gate before publication: no line, and no difference to an earlier publication, may give a few people away.

Base cells are city, sex and age band; what is published are sums of them. Between two publications each cell grows by
an increment, and a published line is the sum of all its cells' increments so far. The audit engine says what a reader
can deduce about every increment and about every withheld line; lines are withheld, the smallest first, until it passes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from microcities.decisions.engine import run_engine
from microcities.results.models import Withheld
from microcities.results.rulebook.values import UNKNOWN, Disclosure

BaseCell = tuple[int, str, str]  # city, sex, age band
LineKey = tuple[str, str]        # dimension, key
LARGEST_CORRECTION = 1_000_000


@dataclass(frozen=True)
class Line:
    """A sum of base cells that is to be published."""

    key: LineKey
    value: int
    cells: frozenset[BaseCell]


@dataclass(frozen=True)
class Earlier:
    """A former publication: the true cells of its time, and its lines; None stands for a withheld one."""

    cells: Mapping[BaseCell, int]
    lines: Mapping[LineKey, int | None]


def lines_of(cells: Mapping[BaseCell, int], space: Sequence[BaseCell]) -> list[Line]:
    """Every line of a publication, coarse ones first: total, cities, sexes, age bands, sex by age band.

    `space` has all base cells there could be, so that a line of zero is a line too.
    """
    groups: dict[LineKey, set[BaseCell]] = {}
    for cell in space:
        city, sex, band = cell
        keys = [("total", ""), ("city", str(city))]
        if sex != UNKNOWN:
            keys += [("sex", sex), ("age", band), ("sex_age", f"{sex}/{band}")]
        for key in keys:
            groups.setdefault(key, set()).add(cell)
    order = ("total", "city", "sex", "age", "sex_age")
    return [
        Line(key, sum(cells.get(cell, 0) for cell in members), frozenset(members))
        for key, members in sorted(groups.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))
    ]


def decide(
    cells: Mapping[BaseCell, int], space: Sequence[BaseCell], earlier: Sequence[Earlier], rule: Disclosure
) -> dict[LineKey, Withheld | None]:
    """For each line the reason to withhold it, or None to publish it. `earlier` is in the order of publication."""
    lines = {line.key: line for line in lines_of(cells, space)}
    decided: dict[LineKey, Withheld | None] = {}
    for line in lines.values():
        if rule.withholds_count(line.value):
            decided[line.key] = Withheld.SMALL
        else:
            decided[line.key] = None if _difference_is_safe(line, earlier, rule) else Withheld.DIFFERENCE
    history = _History(space, [*earlier, Earlier(cells, {})], rule)
    while (breaches := history.breaches(lines, decided)) and any(reason is None for reason in decided.values()):
        decided[_to_withhold(breaches, lines, decided, len(earlier))] = Withheld.DEDUCIBLE
    return decided


def _difference_is_safe(line: Line, earlier: Sequence[Earlier], rule: Disclosure) -> bool:
    former = [
        {"id": str(number), "value": each.lines[line.key]}
        for number, each in enumerate(earlier)
        if each.lines.get(line.key) is not None
    ]
    planned = {"id": "planned", "value": line.value}
    asked = {"planned": planned, "earlier": former, "cumulative": False, "rule": _rule(rule)}
    return run_engine("results.publication_difference", asked).output["verdict"] == "publish"


def _rule(rule: Disclosure) -> dict[str, int]:
    return {"threshold": rule.threshold, "minimum_width": rule.minimum_width}


def _to_withhold(
    breaches: Sequence[Mapping[str, Any]],
    lines: Mapping[LineKey, Line],
    decided: Mapping[LineKey, Withheld | None],
    present: int,
) -> LineKey:
    """The planned line that gives most away at the least loss: of those a breach rests on, the finest and smallest."""
    named = {name for breach in breaches for name in breach["because"]}
    shown = [key for key, reason in decided.items() if reason is None]
    blamed = [key for key in shown if _name(present, key) in named] or shown
    fineness = {"sex_age": 0, "age": 1, "sex": 2, "city": 3, "total": 4}
    return min(blamed, key=lambda key: (fineness[key[0]], lines[key].value, key))


def _name(number: int, key: LineKey) -> str:
    return f"{number} {key[0]} {key[1]}".strip()


class _History:
    """All publications so far and the planned one, as the audit engine takes them."""

    def __init__(self, space: Sequence[BaseCell], publications: Sequence[Earlier], rule: Disclosure) -> None:
        self.space, self.publications, self.rule = space, publications, rule

    def breaches(
        self, lines: Mapping[LineKey, Line], decided: Mapping[LineKey, Withheld | None]
    ) -> list[Mapping[str, Any]]:
        """What can be deduced that must not be, if the planned lines are published as decided so far."""
        statements, combinations = [], []
        last = len(self.publications) - 1
        for number, publication in enumerate(self.publications):
            shown: Mapping[LineKey, int | None] = publication.lines
            if number == last:
                shown = {key: line.value if decided[key] is None else None for key, line in lines.items()}
            for key, value in shown.items():
                terms = self._terms(lines[key].cells, number) if key in lines else {}
                if value is not None and terms:
                    statements.append({"id": _name(number, key), "terms": terms, "value": value})
                elif terms and self._withheld_is_small(lines[key].cells, number):
                    combinations.append({"id": _name(number, key), "terms": terms})
        asked = {
            "cells": self._cells(), "statements": statements, "combinations": combinations, "rule": _rule(self.rule)
        }
        return list(run_engine("results.disclosure_audit", asked).output["breaches"])

    def _withheld_is_small(self, members: frozenset[BaseCell], number: int) -> bool:
        """Only a line that is small itself has to stay hidden; others are withheld to protect those."""
        value = sum(self.publications[number].cells.get(cell, 0) for cell in members)
        return self.rule.withholds_count(value)

    def _terms(self, members: frozenset[BaseCell], number: int) -> dict[str, int]:
        return {self._cell(cell, step): 1 for step in range(number + 1) for cell in sorted(members)}

    def _cells(self) -> list[dict[str, object]]:
        found = []
        for number, publication in enumerate(self.publications):
            before = self.publications[number - 1].cells if number else {}
            for cell in self.space:
                grown = publication.cells.get(cell, 0) - before.get(cell, 0)
                # A correction may take people out again; where it has, the reader cannot count on growth.
                found.append({
                    "id": self._cell(cell, number), "value": grown, "lower": 0 if grown >= 0 else -LARGEST_CORRECTION
                })
        return found

    @staticmethod
    def _cell(cell: BaseCell, number: int) -> str:
        return f"{number}:{cell[0]}:{cell[1]}:{cell[2]}"

"""Suppression: what it hides passes the audit, and on small tables nothing cheaper would."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.decisions.engine import EngineFailedError, EngineInputError, run_engine

RULE = {"threshold": 5, "minimum_width": 3}


def table(values: list[list[int]], *, open_margins: bool = True) -> dict[str, Any]:
    """A rows x columns table with its margins; margins below the threshold may be hidden."""
    rows, columns = len(values), len(values[0])
    cells = [{"id": f"{i}.{j}", "value": values[i][j]} for i in range(rows) for j in range(columns)]
    sums = [(f"row {i}", {f"{i}.{j}": 1 for j in range(columns)}, sum(values[i])) for i in range(rows)]
    sums += [
        (f"column {j}", {f"{i}.{j}": 1 for i in range(rows)}, sum(row[j] for row in values))
        for j in range(columns)
    ]
    relations = []
    for name, terms, value in sums:
        cells.append({"id": name, "value": value, "open": open_margins and not 1 <= value < 5})
        relations.append(terms | {name: -1})
    return {"cells": cells, "relations": relations, "rule": RULE}


def audit_of(case: dict[str, Any], hidden: set[str]) -> dict[str, Any]:
    """The disclosure audit of what is left to read, with the small cells as those to protect."""
    cells = [
        {"id": cell["id"], "hidden": 1 <= cell["value"] < 5, "value": cell["value"]} for cell in case["cells"]
    ]
    statements = [
        {"id": f"relation {index}", "terms": relation, "value": 0, "structural": True}
        for index, relation in enumerate(case["relations"])
    ]
    statements += [
        {"id": cell["id"], "terms": {cell["id"]: 1}, "value": cell["value"]}
        for cell in case["cells"]
        if cell["id"] not in hidden
    ]
    asked = {"cells": cells, "statements": statements, "rule": RULE, "explain": False}
    return run_engine("results.disclosure_audit", asked).output


def protects(case: dict[str, Any], hidden: set[str]) -> bool:
    verdicts = {
        entry["id"]: entry["verdict"] for entry in audit_of(case, hidden)["audited"] if entry["hidden"]
    }
    small = {cell["id"] for cell in case["cells"] if 1 <= cell["value"] < 5}
    return small <= hidden and all(verdicts[name] == "protected" for name in small)


def test_one_small_cell_takes_a_rectangle() -> None:
    result = run_engine("results.suppression", table([[3, 22, 30], [12, 9, 40], [50, 60, 70]])).output
    assert [cell["id"] for cell in result["hidden"]] == ["0.0", "0.1", "1.0", "1.1"]
    assert (result["primary"], result["secondary"], result["hidden_total"]) == (1, 3, 46)
    assert result["proven_cheapest"] is True


def test_hidden_margins_are_taken_when_they_may_be_and_are_cheaper() -> None:
    result = run_engine("results.suppression", table([[3, 22], [12, 9]], open_margins=False)).output
    assert [cell["id"] for cell in result["hidden"]] == ["0.0", "row 0", "column 0"]
    assert result["hidden_total"] == 3 + 25 + 15


def test_nothing_small_hides_nothing() -> None:
    result = run_engine("results.suppression", table([[30, 22], [12, 0]])).output
    assert result == {"hidden": [], "primary": 0, "secondary": 0, "hidden_total": 0, "proven_cheapest": True}


def test_zero_is_no_help_to_the_reader_when_it_is_hidden() -> None:
    case = table([[2, 10, 20], [0, 30, 40], [9, 12, 15]])
    result = run_engine("results.suppression", case).output
    assert protects(case, {cell["id"] for cell in result["hidden"]})


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 15), min_size=3, max_size=3), min_size=3, max_size=3))
def test_result_passes_the_audit(values: list[list[int]]) -> None:
    case = table(values, open_margins=False)
    result = run_engine("results.suppression", case).output
    assert protects(case, {cell["id"] for cell in result["hidden"]})
    low_high = {cell["id"]: (cell["low"], cell["high"]) for cell in result["hidden"]}
    for cell in case["cells"]:
        if cell["id"] in low_high:
            low, high = low_high[cell["id"]]
            assert low <= cell["value"]
            assert high is None or cell["value"] <= high


@settings(max_examples=8, deadline=None)
@given(st.lists(st.lists(st.integers(3, 12), min_size=3, max_size=3), min_size=2, max_size=2))
def test_no_cheaper_pattern_exists_when_it_says_so(values: list[list[int]]) -> None:
    case = table(values)
    try:
        result = run_engine("results.suppression", case).output
    except EngineFailedError:
        movable = {cell["id"] for cell in case["cells"] if not cell.get("open")}
        assert not protects(case, movable)
        return
    assert result["proven_cheapest"]
    cost = {cell["id"]: max(cell["value"], 1) for cell in case["cells"]}
    movable = [cell["id"] for cell in case["cells"] if not cell.get("open")]
    best = sum(cost[cell["id"]] for cell in result["hidden"])
    for size in range(len(movable) + 1):
        for chosen in itertools.combinations(movable, size):
            if sum(cost[name] for name in chosen) < best:
                assert not protects(case, set(chosen))


def test_table_that_cannot_be_protected_fails_loudly() -> None:
    cells = [
        {"id": "a", "value": 3},
        {"id": "b", "value": 9, "open": True},
        {"id": "t", "value": 12, "open": True},
    ]
    with pytest.raises(EngineFailedError, match="too much has to stay open"):
        run_engine("results.suppression", {"cells": cells, "relations": [{"a": 1, "b": 1, "t": -1}]})


@pytest.mark.parametrize(
    ("case", "path"),
    [
        ({"cells": [{"id": "a", "value": 3, "open": True}]}, "cells[0].open"),
        ({"cells": [{"id": "a", "value": 3}, {"id": "a", "value": 3}]}, "cells[1].id"),
        ({"cells": [{"id": "a", "value": 3}], "relations": [{"a": 1}]}, "relations[0]"),
        ({"cells": [{"id": "a", "value": 3}], "relations": [{"b": 1}]}, "relations[0].b"),
        ({"cells": [{"id": "a", "value": -3}]}, "cells[0].value"),
    ],
)
def test_wrong_table_is_refused_with_its_path(case: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        run_engine("results.suppression", case)
    assert caught.value.problems[0].path == path

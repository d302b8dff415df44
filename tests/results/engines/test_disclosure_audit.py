"""The audit against hand-worked tables and against listing every table that agrees with the publication."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.results.engines.published_figures import Statement, rounding_interval, smallest_reason


def audit(cells: list[dict[str, Any]], statements: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return run_engine("results.disclosure_audit", {"cells": cells, "statements": statements} | more).output


def says(name: str, terms: dict[str, int] | str, value: int, **more: Any) -> dict[str, Any]:
    return {"id": name, "terms": {terms: 1} if isinstance(terms, str) else terms, "value": value} | more


def hidden(*names: str, **more: Any) -> list[dict[str, Any]]:
    return [{"id": name, "hidden": True} | more for name in names]


def ranges(result: dict[str, Any]) -> dict[str, tuple[int | None, int | None, str]]:
    return {entry["id"]: (entry["low"], entry["high"], entry["verdict"]) for entry in result["audited"]}


def test_single_hidden_cell_in_a_row_is_recovered() -> None:
    cells = [*hidden("girls"), {"id": "boys"}]
    result = audit(cells, [says("boys", "boys", 63), says("all", {"girls": 1, "boys": 1}, 66)])
    assert ranges(result) == {"girls": (3, 3, "recovered")}
    assert result["passes"] is False
    breach = result["breaches"][0]
    assert (breach["code"], breach["subject"], breach["because"]) == ("recovered", "girls", ["boys", "all"])


def test_two_hidden_in_one_row_are_recovered_from_the_columns() -> None:
    # Rows a, b; columns x, y, z: ax and ay are hidden, every margin and the second row are published.
    cells = [*hidden("ax", "ay"), *({"id": name} for name in ("az", "bx", "by", "bz"))]
    shown = [says(name, name, value) for name, value in (("az", 20), ("bx", 8), ("by", 9), ("bz", 30))]
    rows = [says("a", {"ax": 1, "ay": 1, "az": 1}, 27), says("x", {"ax": 1, "bx": 1}, 11)]
    result = audit(cells, shown + rows)
    assert ranges(result) == {"ax": (3, 3, "recovered"), "ay": (4, 4, "recovered")}


def test_hidden_rectangle_is_protected() -> None:
    names = ("ax", "ay", "bx", "by")
    margins = [
        says("a", {"ax": 1, "ay": 1}, 25),
        says("b", {"bx": 1, "by": 1}, 21),
        says("x", {"ax": 1, "bx": 1}, 15),
        says("y", {"ay": 1, "by": 1}, 31),
    ]
    result = audit(hidden(*names), margins)
    assert result == {
        "passes": True,
        "contradictory": False,
        "audited": [
            {"id": "ax", "hidden": True, "low": 0, "high": 15, "verdict": "protected"},
            {"id": "ay", "hidden": True, "low": 10, "high": 25, "verdict": "protected"},
            {"id": "bx", "hidden": True, "low": 0, "high": 15, "verdict": "protected"},
            {"id": "by", "hidden": True, "low": 6, "high": 21, "verdict": "protected"},
        ],
        "breaches": [],
    }


def test_narrow_interval_fails_the_width_and_passes_a_smaller_one() -> None:
    cells, statements = hidden("p", "q"), [says("both", {"p": 1, "q": 1}, 2)]
    strict = audit(cells, statements, rule={"threshold": 5, "minimum_width": 3})
    assert [breach["code"] for breach in strict["breaches"]] == [
        "small_published",
        "too_narrow",
        "too_narrow",
    ]
    assert audit(cells, [says("both", {"p": 1, "q": 1}, 9)])["passes"] is True


def test_difference_between_two_publications_is_found() -> None:
    cells = [{"id": "to March"}, {"id": "April to June"}]
    statements = [
        says("March report", "to March", 100, publication="2019 Q1"),
        says("June report", {"to March": 1, "April to June": 1}, 102, publication="2019 Q2"),
    ]
    result = audit(cells, statements)
    assert ranges(result) == {"April to June": (2, 2, "small_deduced")}
    assert result["breaches"][0]["because"] == ["March report", "June report"]
    statements[1]["value"] = 106
    assert audit(cells, statements)["passes"] is True


def test_rounding_to_a_base_widens_the_interval() -> None:
    cells = [*hidden("girls"), {"id": "boys"}]
    statements = [
        says("boys", "boys", 63),
        says("all", {"girls": 1, "boys": 1}, 65, rounding="nearest", rounding_base=5),
    ]
    assert ranges(audit(cells, statements)) == {"girls": (0, 4, "protected")}


@pytest.mark.parametrize(
    ("rounding", "base", "expected"),
    [
        ("none", 1, (65, 65)),
        ("nearest", 5, (63, 67)),
        ("nearest", 10, (60, 70)),
        ("down", 5, (65, 69)),
        ("up", 5, (61, 65)),
        ("random", 3, (63, 67)),
    ],
)
def test_rounding_interval(rounding: Any, base: int, expected: tuple[int, int]) -> None:
    assert rounding_interval(65, rounding, base) == expected


def test_combination_of_cells_is_audited() -> None:
    cells = hidden("firm", "branch")
    statements = [says("all", {"firm": 1, "branch": 1}, 40), says("gap", {"firm": 1, "branch": -1}, 30)]
    result = audit(cells, statements, combinations=[{"id": "twice the firm", "terms": {"firm": 2}}])
    assert ranges(result)["twice the firm"] == (70, 70, "recovered")


def test_whole_numbers_give_away_what_fractions_would_hide() -> None:
    # 2p + 2q = 3r and r <= 2 leaves r = 0 or 2 in whole numbers; with r >= 1 the value is known.
    cells = [*hidden("p", "q"), {"id": "r", "hidden": True, "lower": 1, "upper": 2}]
    result = audit(cells, [says("parity", {"p": 2, "q": 2, "r": -3}, 0, structural=True)])
    assert ranges(result)["r"] == (2, 2, "recovered")


def test_cell_without_any_limit_is_protected() -> None:
    result = audit(
        hidden("free", "tied"),
        [says("at least", {"free": 1, "tied": -1}, 4, rounding="down", rounding_base=2)],
    )
    assert ranges(result) == {"free": (4, None, "protected"), "tied": (0, None, "protected")}


def test_contradiction_names_the_statements_that_clash() -> None:
    cells = [{"id": "a"}, {"id": "b"}, {"id": "c"}]
    statements = [
        says("a", "a", 10),
        says("b", "b", 20),
        says("c", "c", 5),
        says("ab", {"a": 1, "b": 1}, 31),
        says("bc", {"b": 1, "c": 1}, 25),
    ]
    result = audit(cells, statements)
    assert (result["contradictory"], result["passes"]) == (True, False)
    assert [(b["code"], sorted(b["because"])) for b in result["breaches"]] == [
        ("contradictory", ["a", "ab", "b"])
    ]


def test_contradiction_leaves_other_islands_audited() -> None:
    cells = [{"id": "a"}, *hidden("p", "q")]
    statements = [says("a1", "a", 10), says("a2", "a", 11), says("pq", {"p": 1, "q": 1}, 50)]
    result = audit(cells, statements)
    assert ranges(result)["p"] == (0, 50, "protected")
    assert [breach["code"] for breach in result["breaches"]] == ["contradictory"]


def test_publication_that_departs_from_the_records_is_said() -> None:
    cells = [{"id": "a", "value": 40}, {"id": "b", "value": 26}]
    statements = [says("all", {"a": 1, "b": 1}, 68), says("a", "a", 40)]
    result = audit(cells, statements)
    assert [(b["code"], b["subject"]) for b in result["breaches"]] == [("contradicts_records", "all")]


def test_small_count_published_openly_is_a_breach_but_zero_is_not() -> None:
    result = audit([{"id": "a"}, {"id": "b"}], [says("a", "a", 4), says("b", "b", 0)])
    assert [(b["code"], b["subject"]) for b in result["breaches"]] == [("small_published", "a")]


CELLS = ("ax", "ay", "az", "bx", "by", "bz")
SUMS: list[tuple[str, ...]] = [
    ("ax", "ay", "az"),
    ("bx", "by", "bz"),
    ("ax", "bx"),
    ("ay", "by"),
    ("az", "bz"),
    CELLS,
    *((name,) for name in CELLS),
]
PUBLISHED = st.lists(st.sampled_from(SUMS), unique=True, max_size=9)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=6, max_size=6), PUBLISHED, st.sampled_from([1, 2]))
def test_agrees_with_listing_every_possible_table(
    truth: list[int], sums: list[tuple[str, ...]], base: int
) -> None:
    values = dict(zip(CELLS, truth, strict=True))
    rounding = {"rounding": "down", "rounding_base": base} if base > 1 else {}
    statements = [
        says(
            "+".join(names), dict.fromkeys(names, 1), sum(values[n] for n in names) // base * base, **rounding
        )
        for names in sums
    ]
    cells = [{"id": name, "hidden": True, "upper": 4, "value": values[name]} for name in CELLS]
    result = audit(cells, statements, explain=False)
    assert not result["contradictory"]
    possible = []
    for table in itertools.product(range(5), repeat=6):
        candidate = dict(zip(CELLS, table, strict=True))
        if all(sum(candidate[n] for n in s["terms"]) // base * base == s["value"] for s in statements):
            possible.append(candidate)
    for name, (low, high, _) in ranges(result).items():
        assert low == min(table[name] for table in possible)
        assert high == max(table[name] for table in possible)
        assert low <= values[name] <= high


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), PUBLISHED)
def test_every_reason_is_enough_and_has_no_idle_part(truth: list[int], sums: list[tuple[str, ...]]) -> None:
    values = dict(zip(CELLS, truth, strict=True))
    statements = [
        says("+".join(names), dict.fromkeys(names, 1), sum(values[n] for n in names)) for names in sums
    ]
    cells = [{"id": name, "hidden": True} for name in CELLS]
    for breach in audit(cells, statements)["breaches"]:
        if breach["code"] == "small_published":
            continue
        reason = [statement for statement in statements if statement["id"] in breach["because"]]
        assert ranges(audit(cells, reason, explain=False))[breach["subject"]][2] != "protected"
        for left_out in reason:
            rest = [statement for statement in reason if statement is not left_out]
            assert ranges(audit(cells, rest, explain=False))[breach["subject"]][2] == "protected"


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=6, max_size=6), PUBLISHED, st.permutations(CELLS))
def test_order_does_not_matter(truth: list[int], sums: list[tuple[str, ...]], order: list[str]) -> None:
    values = dict(zip(CELLS, truth, strict=True))
    statements = [
        says("+".join(names), dict.fromkeys(names, 1), sum(values[n] for n in names)) for names in sums
    ]
    one = audit([{"id": name, "hidden": True} for name in CELLS], statements, explain=False)
    other = audit([{"id": name, "hidden": True} for name in order], statements[::-1], explain=False)
    assert ranges(one) == ranges(other)


def test_smallest_reason_of_something_known_anyway_is_empty() -> None:
    statement = Statement(id="s", terms={"a": 1}, value=1)
    assert smallest_reason([statement], lambda some: True) == []


@pytest.mark.parametrize(
    ("cells", "statements", "path"),
    [
        ([{"id": "a"}, {"id": "a"}], [], "cells[1].id"),
        ([{"id": "a"}], [says("s", "b", 1)], "statements[0].terms.b"),
        ([{"id": "a"}], [says("s", {"a": 0}, 1)], "statements[0].terms.a"),
        ([{"id": "a"}], [says("s", "a", 1), says("s", "a", 1)], "statements[1].id"),
        ([{"id": "a"}], [says("s", "a", 1, rounding_base=5)], "statements[0].rounding"),
        ([{"id": "a", "lower": 3, "upper": 2}], [], "cells[0].upper"),
        ([{"id": "a"}], [says("s", "a", 10**10)], "statements[0].value"),
        ([{"id": "a"}], [says("s", {}, 1)], "statements[0].terms"),
        ([], [], "cells"),
    ],
)
def test_wrong_publication_is_refused_with_its_path(cells: Any, statements: Any, path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        audit(cells, statements)
    assert caught.value.problems[0].path == path

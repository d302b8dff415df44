"""STEM choice: pooled shares against a comparison cohort, and cells too small to be shown."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.careers.engines.stem_choice import StemInput, StemOutput, stem_choice, withheld_cells
from microcities.decisions.engine import EngineInputError


def people(cohort: str, stem: int, other: int, silent: int = 0, **changes: Any) -> list[dict[str, Any]]:
    """So many who chose STEM, something else, and gave no answer."""
    mark = "-".join(str(value) for value in changes.values())
    rows = [{"answered": True, "field": "0613"}] * stem + [{"answered": True, "field": "0413"}] * other
    rows += [{"answered": False}] * silent
    return [{"id": f"{cohort}{mark}{number}", "cohort": cohort, **row, **changes} for number, row in enumerate(rows)]


def run(rows: list[dict[str, Any]], **changes: Any) -> StemOutput:
    return stem_choice(StemInput.model_validate_json(json.dumps({"people": rows, **changes})), seed=0)


def test_difference_agrees_with_newcombe() -> None:
    """Newcombe, Statistics in Medicine 17 (1998), table II (a): 56 of 70 against 48 of 80."""
    output = run([*people("programme", 56, 14), *people("comparison", 48, 32)])
    assert (round(output.difference.difference or 0, 4), output.programme.withheld) == (0.2, False)
    assert (round(output.difference.low or 0, 4), round(output.difference.high or 0, 4)) == (0.0524, 0.3339)


def test_response_rate_stands_beside_the_share_of_those_who_answered() -> None:
    output = run([*people("programme", 10, 30, 60), *people("comparison", 20, 20)])
    assert output.programme.response is not None
    assert output.programme.stem is not None
    assert (output.programme.response.numerator, output.programme.response.denominator) == (40, 100)
    assert (output.programme.stem.numerator, output.programme.stem.denominator) == (10, 40)


@pytest.mark.parametrize(
    ("field", "counts"), [("05", 1), ("0613", 1), ("0788", 1), ("0488", 0), ("0811", 0), ("10", 0), (None, 0)]
)
def test_fields_05_to_07_are_stem(field: str | None, counts: int) -> None:
    row = {"id": "p", "cohort": "programme", "answered": True, "field": field}
    output = run([row, *people("programme", 10, 10)], threshold=2)
    assert output.programme.stem is not None
    assert output.programme.stem.numerator == 10 + counts


def test_cohort_without_answers_has_no_share_and_no_difference() -> None:
    output = run([*people("programme", 10, 10), *people("comparison", 0, 0, 30)])
    assert output.comparison.stem is not None
    assert (output.comparison.stem.share, output.difference.difference) == (None, None)


def test_pooled_share_is_not_the_mean_of_schools() -> None:
    output = run([*people("programme", 9, 0, school="small"), *people("programme", 13, 78, school="large")])
    assert output.programme.stem is not None
    assert output.programme.stem.share == 0.22


def test_small_cell_is_withheld_and_takes_the_next_smallest_with_it() -> None:
    rows = [
        *people("programme", 2, 20, school="a"), *people("programme", 9, 12, school="b"),
        *people("programme", 30, 40, school="c"), *people("comparison", 30, 30, school="a"),
    ]
    schools = [each for each in run(rows).breakdowns if each.by == "school"]
    shown = {each.value: (each.programme.withheld, each.comparison.withheld) for each in schools}
    assert shown == {"a": (True, False), "b": (True, False), "c": (False, False)}
    (small,) = [each for each in schools if each.value == "a"]
    assert (small.programme.stem, small.programme.response, small.difference.difference) == (None, None, None)


def test_two_sexes_hide_each_other() -> None:
    rows = [*people("programme", 3, 30, sex="female"), *people("programme", 30, 30, sex="male")]
    assert [each.programme.withheld for each in run(rows).breakdowns if each.by == "sex"] == [True, True]


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=8),
    st.integers(2, 10),
)
def test_withheld_cells_protect_each_other(counts: dict[str, tuple[int, int]], threshold: int) -> None:
    cells = {name: (stem, other, stem + other) for name, (stem, other) in counts.items()}
    hidden = withheld_cells(cells, threshold)
    for name, parts in cells.items():
        assert name in hidden or all(part == 0 or part >= threshold for part in parts)
    if hidden and hidden != set(cells):
        sums = [sum(cells[name][place] for name in hidden) for place in range(3)]
        assert len(hidden) >= 2
        assert all(total == 0 or total >= threshold for total in sums)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, 9), min_size=6, max_size=6))
def test_order_does_not_matter(chance: random.Random, sizes: list[int]) -> None:
    rows = [
        *people("programme", *sizes[:3], school="a", sex="female"), *people("programme", *sizes[3:], school="b", sex="male"),
        *people("comparison", *sizes[::-1][:3], school="a", sex=""),
    ]
    mixed = list(rows)
    chance.shuffle(mixed)
    assert run(mixed) == run(rows)


@pytest.mark.parametrize(
    ("rows", "path"),
    [
        ([{"id": "p", "cohort": "programme", "answered": False, "field": "06"}], "people[0].field"),
        ([{"id": "p", "cohort": "programme", "answered": True}] * 2, "people[1].id"),
    ],
)
def test_what_does_not_fit_is_refused(rows: list[dict[str, Any]], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        run(rows)
    assert caught.value.problems[0].path == path

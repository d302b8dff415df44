"""Where somebody stands in a group: mid-ranks against hand-worked cases, and never in a group that is too small."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from scipy import stats

from microcities.careers.engines.interest_models import InterestsInput, Norm, Six
from microcities.careers.engines.interest_norms import means, mid_rank, norm_of, percentiles
from microcities.careers.engines.interests import interests

ROWS: list[Six] = [(10, 20, 30, 40, 50, 10), (20, 20, 30, 10, 50, 10), (20, 30, 30, 20, 40, 10), (30, 40, 30, 30, 10, 10)]
ITEMS = [{"code": f"{letter}{number}", "type": letter} for number in range(3) for letter in "RIASEC"]


def read(norms: list[Norm], **respondent: Any) -> Any:
    raw = {
        "items": ITEMS, "norms": [json.loads(norm.model_dump_json()) for norm in norms], "norm_minimum": 10,
        "respondents": [{"id": "own", "answers": [5, 4, 3, 2, 1, 1] * 3, **respondent}],
    }
    return interests(InterestsInput.model_validate_json(json.dumps(raw)), seed=0).profiles[0]


def test_mid_rank_counts_equals_half() -> None:
    counts = norm_of(ROWS).counts[0]
    assert counts == ((10, 1), (20, 2), (30, 1))
    assert [mid_rank(score, counts) for score in (5, 10, 20, 25, 30, 31)] == [0, 12.5, 50, 75, 87.5, 100]


def test_percentiles_are_none_below_the_minimum_without_scores_and_without_norm() -> None:
    norm = norm_of(ROWS)
    assert percentiles(ROWS[1], norm, 4) == (50, 25, 50, 12.5, 75, 50)
    assert percentiles(ROWS[1], norm, 5) is None
    assert percentiles(None, norm, 4) is None
    assert percentiles(ROWS[1], None, 4) is None


def test_means_of_a_group() -> None:
    assert means(norm_of(ROWS)) == (20, 27.5, 30, 25, 37.5, 10)


def test_nobody_makes_no_norm() -> None:
    with pytest.raises(ValueError, match="nobody"):
        norm_of([])


@pytest.mark.parametrize("column", [((1.0, 1), (2.0, 2)), ((2.0, 2), (1.0, 2)), ((1.0, 2), (1.0, 2))])
def test_counts_that_do_not_rise_or_add_up_are_refused(column: tuple[tuple[float, int], ...]) -> None:
    right = ((1.0, 2), (2.0, 2))
    with pytest.raises(ValidationError):
        Norm(n=4, counts=(column, right, right, right, right, right))


@given(st.lists(st.integers(0, 12), min_size=1, max_size=60), st.integers(-1, 13))
def test_mid_rank_agrees_with_scipy(scores: list[int], score: int) -> None:
    rows: list[Six] = [(each, 0, 0, 0, 0, 0) for each in scores]
    expected = float(stats.percentileofscore(scores, score, kind="mean"))
    assert mid_rank(score, norm_of(rows).counts[0]) == pytest.approx(expected)


def test_engine_reads_one_person_beside_given_norms() -> None:
    everybody, women = norm_of(ROWS * 5), norm_of(ROWS * 3, "female")
    # Sums of three answers: 15, 12, 9, 6, 3, 3.
    found = read([everybody, women], sex="female")
    assert found.percentiles == (25, 0, 0, 0, 0, 0)
    assert found.percentiles_within_sex == (25, 0, 0, 0, 0, 0)
    assert read([everybody, women], sex="male").percentiles_within_sex is None
    assert read([everybody, women]).percentiles_within_sex is None


def test_engine_gives_no_percentile_of_a_given_norm_that_is_too_small() -> None:
    assert read([norm_of(ROWS * 2)]).percentiles is None
    assert read([norm_of(ROWS * 3)]).percentiles is not None


def test_norm_given_is_the_same_as_among_the_people_it_was_made_of() -> None:
    people = [{"id": f"p{number}", "answers": [number % 5 + 1, 4, 3, 2, 1, number % 3 + 1] * 3} for number in range(12)]
    raw = {"items": ITEMS, "respondents": people, "norm_minimum": 10}
    among = interests(InterestsInput.model_validate_json(json.dumps(raw)), seed=0)
    norm = norm_of([each.scores for each in among.profiles if each.scores])
    alone = [read([norm], answers=each["answers"]).percentiles for each in people]
    assert alone == [each.percentiles for each in among.profiles]

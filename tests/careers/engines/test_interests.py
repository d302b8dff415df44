"""Interest indices, reliability and hygiene against published values and cases worked out by hand."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from microcities.careers.engines.interest_indices import (
    brown_gore_c,
    consistency,
    correlation,
    differentiation,
    distance,
    iachan_m,
    three_letter_codes,
    tied,
)
from microcities.careers.engines.interest_models import InterestsInput, InterestsOutput, Profile
from microcities.careers.engines.interest_scales import (
    Group,
    cronbach_alpha,
    feldt_interval,
    standardised_difference,
)
from microcities.careers.engines.interests import interests
from microcities.decisions.engine import EngineInputError

ITEMS = [{"code": f"{letter}{number}", "type": letter} for number in range(3) for letter in "RIASEC"]


def answers(*six: int) -> list[int]:
    """The same three answers within each type, so that the sums are three times these."""
    return list(six) * 3


def run(respondents: list[dict[str, Any]], **changes: Any) -> InterestsOutput:
    raw = {"items": ITEMS, "respondents": respondents, **changes}
    return interests(InterestsInput.model_validate_json(json.dumps(raw)), seed=0)


def profile(*six: int, **changes: Any) -> Profile:
    return run([{"id": "p", "answers": answers(*six)}], **changes).profiles[0]


# --- congruence and differentiation ---


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [("RIA", "RIA", 28), ("RIA", "SEC", 0), ("RIA", "AIR", 13), ("RIA", "RSE", 22)]
)
def test_iachan_m(one: str, other: str, value: int) -> None:
    """28 and 0 are the published ends; 13 is 4 + 5 + 4 from the weights of Iachan (1984)."""
    assert iachan_m(one, other) == value


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [("RIA", "RIA", 18), ("RIA", "SEC", 0), ("RIA", "IRA", 13), ("RIA", "IAS", 12)]
)
def test_brown_gore_c(one: str, other: str, value: int) -> None:
    """18 and 0 are the published ends; neighbours are worth 2: RIA and IAS give 3 x 2 + 2 x 2 + 1 x 2."""
    assert brown_gore_c(one, other) == value


@given(st.permutations("RIASEC"), st.permutations("RIASEC"))
def test_congruence_is_symmetric_and_greatest_for_the_own_code(one: list[str], other: list[str]) -> None:
    mine, theirs = "".join(one[:3]), "".join(other[:3])
    assert brown_gore_c(mine, theirs) == brown_gore_c(theirs, mine) <= 18
    assert iachan_m(mine, theirs) == iachan_m(theirs, mine) <= 28
    assert (brown_gore_c(mine, theirs) == 18) == (iachan_m(mine, theirs) == 28) == (mine == theirs)


@pytest.mark.parametrize(
    ("pair", "steps"),
    [("RR", 0), ("RI", 1), ("RC", 1), ("RA", 2), ("RE", 2), ("RS", 3), ("IE", 3), ("AC", 3)]
)
def test_distance_on_the_hexagon(pair: str, steps: int) -> None:
    assert distance(*pair) == steps


@pytest.mark.parametrize(("code", "expected"), [("RIA", 3), ("RAI", 2), ("RSI", 1)])
def test_consistency(code: str, expected: int) -> None:
    assert consistency(code) == expected


def test_seven_indices_of_one_profile() -> None:
    found = differentiation([10, 20, 30, 40, 50, 60])
    assert (found.di1, found.di2, found.di3, found.di4, found.di5) == (10, 20, 20, 30, 50)
    assert found.di6 == pytest.approx(50 / 210)
    assert found.di7 == pytest.approx(math.sqrt(1750 / 6))


def test_flat_profile_gives_no_code_no_correlation_and_no_congruence() -> None:
    environments = [{"id": "o", "letters": "RIA", "profile": [6, 5, 4, 3, 2, 1]}]
    found = profile(3, 3, 3, 3, 3, 3, environments=environments)
    assert (found.flat, found.code, found.codes, found.ties, found.consistency) == (True, None, (), ("RIASEC",), None)
    (fit,) = found.congruence
    assert (fit.iachan_m_low, fit.brown_gore_c_high, fit.correlation) == (None, None, None)
    assert found.differentiation is not None
    assert set(found.differentiation.model_dump().values()) == {0}


def test_flat_occupation_has_no_correlation() -> None:
    found = profile(5, 4, 3, 2, 1, 1, environments=[{"id": "o", "profile": [4, 4, 4, 4, 4, 4]}])
    assert found.congruence[0].correlation is None


def test_correlation_ignores_how_strong_interests_are() -> None:
    environments = [{"id": "high", "profile": [7, 6, 5, 4, 3, 3]}, {"id": "low", "profile": [3.5, 3, 2.5, 2, 1.5, 1.5]}]
    found = profile(5, 4, 3, 2, 1, 1, environments=environments)
    assert [fit.correlation for fit in found.congruence] == pytest.approx([1, 1])


def test_ties_are_shown_and_congruence_is_a_range() -> None:
    found = profile(5, 4, 4, 1, 1, 2, environments=[{"id": "o", "letters": "RIA"}])
    assert (found.code, found.codes, found.ties) == (None, ("RAI", "RIA"), ("IA", "SE"))
    (fit,) = found.congruence
    assert (fit.iachan_m_low, fit.iachan_m_high) == (26, 28)
    assert (fit.brown_gore_c_low, fit.brown_gore_c_high) == (15, 18)


def test_tie_below_the_third_letter_leaves_the_code_alone() -> None:
    found = profile(5, 4, 3, 1, 1, 1)
    assert (found.code, found.codes, found.ties, found.consistency) == ("RIA", ("RIA",), ("SEC",), 3)


@given(st.lists(st.integers(1, 5), min_size=6, max_size=6))
def test_every_code_orders_the_scores(scores: list[int]) -> None:
    codes = three_letter_codes(scores)
    assert "".join(sorted("".join(tied(scores)))) == "ACEIRS"
    for code in codes:
        values = [scores["RIASEC".index(letter)] for letter in code]
        assert values == sorted(scores, reverse=True)[:3]
    assert (codes == ()) == (len(set(scores)) == 1)


@given(st.lists(st.integers(0, 50), min_size=6, max_size=6), st.lists(st.integers(0, 50), min_size=6, max_size=6))
def test_correlation_agrees_with_scipy(one: list[int], other: list[int]) -> None:
    found = correlation(one, other)
    if len(set(one)) == 1 or len(set(other)) == 1:
        assert found is None
    else:
        assert found == pytest.approx(stats.pearsonr(one, other).statistic, abs=1e-9)


# --- reliability ---


def test_feldt_interval_agrees_with_the_published_one() -> None:
    """MRC Cognition and Brain Sciences Unit, statistics wiki: alpha 0.913 of 20 items and 873 people."""
    low, high = feldt_interval(0.913, 873, 20, 0.95)
    assert (round(low, 7), round(high, 7)) == (0.9044024, 0.9211588)


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 0.99), st.integers(3, 2000), st.integers(2, 60), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_feldt_interval_agrees_with_scipy(alpha: float, n: int, items: int, level: float) -> None:
    first, second, tail = n - 1, (n - 1) * (items - 1), (1 - level) / 2
    expected = (1 - (1 - alpha) * stats.f.ppf(1 - tail, first, second), 1 - (1 - alpha) * stats.f.ppf(tail, first, second))
    assert feldt_interval(alpha, n, items, level) == pytest.approx(expected, rel=1e-7)


def rows_with_covariance(matrix: list[list[float]], n: int) -> list[list[float]]:
    """Rows whose sample covariance is exactly the matrix: orthogonal columns times its Cholesky factor."""
    import numpy as np

    size = len(matrix)
    drawn = np.random.default_rng(1).normal(size=(n, size))
    drawn -= drawn.mean(axis=0)
    orthogonal, _rest = np.linalg.qr(drawn)
    rows: list[list[float]] = (orthogonal * math.sqrt(n - 1) @ np.linalg.cholesky(np.array(matrix)).T).tolist()
    return rows


def test_alpha_agrees_with_the_published_one() -> None:
    """Documentation of StatsBase.jl: variances 10 to 13, all covariances 6, alpha 0.8136, without the first item 0.75."""
    matrix = [[10.0 + row if row == column else 6.0 for column in range(4)] for row in range(4)]
    rows = rows_with_covariance(matrix, 12)
    assert round(cronbach_alpha(rows) or 0, 4) == 0.8136
    assert round(cronbach_alpha([row[1:] for row in rows]) or 0, 4) == 0.75


def test_alpha_is_one_for_the_same_item_twice_and_undefined_without_variance() -> None:
    assert cronbach_alpha([[1, 1], [2, 2], [5, 5]]) == pytest.approx(1)
    assert cronbach_alpha([[3, 3], [3, 3]]) is None
    assert cronbach_alpha([[3, 4]]) is None


def test_standardised_difference_agrees_with_the_textbook() -> None:
    """Borenstein, Hedges, Higgins and Rothstein, Introduction to Meta-Analysis (2009), chapter 4: d 0.5970, variance 0.0418."""
    found = standardised_difference(Group(50, 103, 5.5), Group(50, 100, 4.5), 0.95)
    assert found is not None
    d, interval = found
    assert round(d, 4) == 0.5970
    assert round(((interval.high - d) / 1.959963984540054) ** 2, 4) == 0.0418


# --- the whole run ---


def test_funnel_counts_each_step_and_what_it_sets_aside() -> None:
    good = [{"id": f"g{n}", "answers": answers(5, 4, 3, 2, 1, 1 + n), "age": 14, "seconds": 60} for n in range(2)]
    output = run(
        [
            *good,
            {"id": "young", "answers": answers(5, 4, 3, 2, 1, 2), "age": 12},
            {"id": "fake", "answers": answers(5, 4, 3, 2, 1, 2), "fake_words": 1},
            {"id": "line", "answers": answers(4, 4, 4, 4, 4, 4)},
            {"id": "fast", "answers": answers(5, 4, 3, 2, 1, 2), "seconds": 5},
            {"id": "gaps", "answers": [None, *answers(5, 4, 3, 2, 1, 2)[1:]]},
        ]
    )
    assert [(step.step, step.set_aside, step.remaining) for step in output.funnel] == [
        ("all", 0, 7), ("old_enough", 1, 6), ("no_fake_word", 1, 5), ("not_straight_lined", 1, 4), ("not_too_fast", 1, 3),
        ("complete", 1, 2),
    ]
    assert [each.id for each in output.profiles if each.used] == ["g0", "g1"]
    assert output.scales[0].n == 2


def test_left_out_item_is_made_up_while_enough_are_answered() -> None:
    items = [{"code": f"{letter}{number}", "type": letter} for number in range(5) for letter in "RIASEC"]
    given_answers: list[int | None] = [5, 4, 3, 2, 1, 1] * 5
    given_answers[0] = None
    output = run([{"id": "p", "answers": given_answers}], items=items)
    assert output.profiles[0].scores == (25.0, 20.0, 15.0, 10.0, 5.0, 5.0)
    assert output.scales[0].n_alpha == 0


def test_long_run_of_one_answer_is_flagged() -> None:
    items = [{"code": f"{letter}{number}", "type": letter} for number in range(5) for letter in "RIASEC"]
    line = [4] * 20 + [1, 2, 3, 4, 5, 1, 2, 3, 4, 5]
    assert run([{"id": "p", "answers": line}], items=items).profiles[0].flags == ("straight_lined",)
    assert run([{"id": "p", "answers": [1, *line[:29]]}], items=items, care={"longest_run": 21}).profiles[0].flags == ()


def test_percentiles_need_enough_answers_and_stay_within_the_sex() -> None:
    people = [
        {"id": f"{sex}{n}", "sex": sex, "answers": answers(1 + n % 5, 2, 3, 4, 5 if sex == "male" else 4, 1 + n % 2)}
        for sex, size in (("female", 12), ("male", 8))
        for n in range(size)
    ]
    first = run(people, norm_minimum=10).profiles[0]
    assert first.percentiles is not None
    assert first.percentiles[1] == 50.0
    assert first.percentiles[4] == 30.0
    assert first.percentiles_within_sex is not None
    assert first.percentiles_within_sex[4] == 50.0
    last = run(people, norm_minimum=10).profiles[-1]
    assert last.percentiles_within_sex is None
    assert run(people, norm_minimum=21).profiles[0].percentiles is None


def test_sex_difference_is_women_minus_men() -> None:
    people = [
        {"id": f"{sex}{n}", "sex": sex, "answers": answers(shift + n % 2, 1 + n % 4, 3, 5 - shift, 1, 2)}
        for sex, shift in (("female", 1), ("male", 3))
        for n in range(6)
    ]
    output = run(people)
    realistic, social = output.sex_differences[0], output.sex_differences[3]
    assert (realistic.women, realistic.men, realistic.mean_women, realistic.mean_men) == (6, 6, 4.5, 10.5)
    assert realistic.difference == pytest.approx(-6 / math.sqrt(2.7))
    assert social.difference is None


def test_circular_scales_correlate_less_with_distance() -> None:
    chance = random.Random(7)
    people = []
    for number in range(300):
        turn = chance.uniform(0, 2 * math.pi)
        wave = [2.4 * math.cos(turn - place * math.pi / 3) + chance.gauss(0, 0.7) for place in range(6)]
        people.append({"id": f"p{number}", "answers": answers(*(max(1, min(5, round(3 + each))) for each in wave))})
    means = [row.mean or 0 for row in run(people).distances]
    assert [row.pairs for row in run(people[:40]).distances] == [6, 6, 3]
    assert means[0] > means[1] > means[2]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(1, 5), min_size=18, max_size=18), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
def test_order_of_respondents_changes_no_figure(rows: list[list[int]], chance: random.Random) -> None:
    people = [{"id": f"p{n}", "answers": row, "sex": "female" if n % 2 else "male"} for n, row in enumerate(rows)]
    mixed = list(people)
    chance.shuffle(mixed)
    one, other = run(people), run(mixed)
    assert (one.scales, one.distances, one.sex_differences, one.funnel) == (
        other.scales, other.distances, other.sex_differences, other.funnel,
    )
    assert {each.id: each for each in one.profiles} == {each.id: each for each in other.profiles}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"respondents": [{"id": "p", "answers": [1, 2]}]}, "respondents[0].answers"),
        ({"respondents": [{"id": "p", "answers": [9, *answers(1, 2, 3, 4, 5, 5)[1:]]}]}, "respondents[0].answers[0]"),
        ({"items": [{"code": f"R{n}", "type": "R"} for n in range(6)]}, "items"),
        ({"largest": 1}, "largest"),
    ],
)
def test_wrong_input_is_refused_with_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        run(**({"respondents": []} | change))
    assert caught.value.problems[0].path == path

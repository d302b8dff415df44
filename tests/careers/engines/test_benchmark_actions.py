"""The next best actions: the gain named is the gain that comes true, and the best comes first."""

from __future__ import annotations

from typing import Any

import pytest

from microcities.careers.engines.benchmark_actions import lacking_to_pass
from microcities.careers.engines.benchmark_output import NextAction
from tests.careers.engines.cases import criterion, data, encounter, pupil, read, run

BY_16 = {"window": "by_milestone", "milestone": "by_16"}
PROVIDERS = criterion(
    "7.1", kinds=["provider_encounter"], distinct_by="provider_kind", each_of=["technikum", "university"], **BY_16
)
CLASSES = [pupil(f"a{n}", "9a-2025") for n in range(6)] + [pupil(f"b{n}", "9b-2025") for n in range(4)]


def carried_out(raw: dict[str, Any], action: NextAction) -> dict[str, Any]:
    """The input with the proposed encounter held for the pupils it names."""
    number = len(raw["encounters"])
    done = encounter(
        f"new{number}", raw["day"], *action.pupils, kind=action.kind, provider_kind=action.provider_kind,
        subject=action.subject, stem=action.stem, curriculum_linked=action.curriculum_linked, host=f"host{number}",
    )
    return raw | {"encounters": [*raw["encounters"], done]}


def numerators(raw: dict[str, Any]) -> dict[str, int]:
    return {result.code: result.everywhere.numerator for result in read(raw).criteria}


def test_largest_class_comes_first_and_later_steps_follow_from_it() -> None:
    actions = run([criterion()], CLASSES, [], actions=5).next_best_actions
    gains = [(each.group, each.towards_pass, each.closes[0].pupils) for each in actions]
    assert gains == [("9a-2025", 6, 6), ("9b-2025", 2, 4)]


def test_pupils_beyond_the_threshold_weigh_less_than_those_up_to_it() -> None:
    asked = [criterion("5.1"), criterion("6.1", kinds=["workplace_experience"])]
    met = [encounter("e1", "2025-10-01", *(f"a{n}" for n in range(6)), "b0", "b1")]
    actions = run(asked, CLASSES, met, actions=1).next_best_actions
    assert [(each.kind, each.group) for each in actions] == [("workplace_experience", "9a-2025")]


def test_one_encounter_serves_several_criteria_at_once() -> None:
    visits = criterion("7.2", kinds=["provider_encounter"], provider_kinds=["university"], **BY_16)
    met = [encounter("e1", "2025-10-01", *(f"a{n}" for n in range(6)), kind="provider_encounter", provider_kind="technikum")]
    (first,) = run([PROVIDERS, visits], CLASSES, met, actions=1).next_best_actions
    assert (first.group, first.provider_kind) == ("9a-2025", "university")
    assert [(each.criterion, each.pupils) for each in first.closes] == [("7.1", 6), ("7.2", 6)]


def test_named_gains_come_true_one_after_the_other() -> None:
    by_subject = criterion("4.1", kinds=["subject_link"], each_own_subject=True)
    asked = [criterion("5.1", count=2, linked_count=1), PROVIDERS, by_subject]
    met = [
        encounter("e1", "2025-10-01", "a0", "a1", "b0"),
        encounter("e2", "2025-10-02", "a0", "b0", "b1", kind="provider_encounter", provider_kind="university"),
        encounter("e3", "2025-10-03", "a0", "a2", kind="subject_link", subject="physics"),
    ]
    subjects = {"9a-2025": {"subjects": ["physics", "art"]}, "9b-2025": {"subjects": ["art"]}}
    raw = data(asked, CLASSES, met, groups=subjects, actions=12)
    actions = read(raw).next_best_actions
    assert len(actions) >= 6
    for action in actions:
        before = numerators(raw)
        raw = carried_out(raw, action)
        gained = {code: met - before[code] for code, met in numerators(raw).items() if met != before[code]}
        assert gained == {each.criterion: each.pupils for each in action.closes}
    assert all(result.everywhere.state == "achieved" for result in read(raw).criteria)
    assert read(raw).next_best_actions == ()


def test_first_step_is_the_best_single_step() -> None:
    asked = [criterion("5.1"), PROVIDERS]
    met = [encounter("e1", "2025-10-01", "a0", "a1", "a2", "b0", kind="provider_encounter", provider_kind="technikum")]
    raw = data(asked, CLASSES, met, actions=20)
    every = read(raw).next_best_actions
    gains = [sum(numerators(carried_out(raw, each)).values()) - sum(numerators(raw).values()) for each in every]
    assert gains[0] == max(gains) == 6


def test_nothing_is_advised_for_those_whose_time_is_over() -> None:
    pupils = [pupil("anna", "9a-2025", born_on="2009-12-01")]
    assert run([criterion(**BY_16)], pupils, [], reading="birthday").next_best_actions == ()


def test_open_check_closes_only_where_it_would_be_enough() -> None:
    met = [
        encounter("e1", "2025-10-01", "a0", "a1", failed_checks=["two_way"], host="h"),
        encounter("e2", "2025-10-02", "a0", host="h"),
    ]
    (check,) = run([criterion(count=2)], CLASSES, met).open_checks
    assert [(each.criterion, each.pupils) for each in check.closes] == [("5.1", 1)]
    assert run([criterion(count=2, distinct_by="host")], CLASSES, met).open_checks == ()


@pytest.mark.parametrize(
    ("numerator", "denominator", "threshold", "lacking"),
    [(0, 25, 0.76, 19), (18, 25, 0.76, 1), (19, 25, 0.76, 0), (0, 0, 0.76, 0), (0, 100, 0.91, 91),
     (0, 3, 1.0, 3), (2, 7, 0.91, 5)],
)
def test_lacking_to_pass_is_the_smallest_number_that_passes(
    numerator: int, denominator: int, threshold: float, lacking: int
) -> None:
    assert lacking_to_pass(numerator, denominator, threshold) == lacking

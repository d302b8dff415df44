"""Eligibility: both ends of ages and days, all reasons at once, and the two sub-programmes of Valmiera in 2021."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError
from microcities.summerjobs.engines.eligibility import (
    EligibilityInput,
    EligibilityOutput,
    Reason,
    age_on,
    eligibility,
)

DAYS = {"application_day": "2021-05-10", "first_work_day": "2021-06-21", "last_work_day": "2021-07-09"}
MUNICIPAL: dict[str, Any] = {
    "code": "municipal",
    "age_from": 13,
    "age_to": 19,
    "places": ["valmiera"],
    "residence_required": True,
    "declared_by": "2020-01-01",
}
FIRMS: dict[str, Any] = {"code": "firms", "age_from": 13, "age_to": 19, "places": ["valmiera"], "school_required": True}
PUPIL: dict[str, Any] = {
    "id": "p",
    "born_on": "2005-03-02",
    "residence": "valmiera",
    "declared_on": "2019-12-31",
    "school_place": "valmiera",
}


def run(*pupils: dict[str, Any], programmes: list[dict[str, Any]] | None = None, days: Any = None) -> EligibilityOutput:
    raw = {"days": days or DAYS, "programmes": programmes or [MUNICIPAL, FIRMS], "pupils": list(pupils)}
    return eligibility(EligibilityInput.model_validate_json(json.dumps(raw)), seed=0)


def codes(output: EligibilityOutput, programme: str = "municipal") -> list[str]:
    (found,) = [each for each in output.verdicts if each.programme == programme]
    assert found.eligible == (not found.reasons)
    return [reason.code for reason in found.reasons]


def test_valmiera_2021_second_programme_takes_who_moved_too_late_for_the_first() -> None:
    """valmierasnovads.lv: residence no later than 1 January 2020 for the city's bodies, a Valmiera school for firms."""
    output = run({**PUPIL, "declared_on": "2020-01-02"})
    assert (codes(output), codes(output, "firms")) == (["declared_too_late"], [])
    (reason,) = output.verdicts[0].reasons
    assert reason == Reason(code="declared_too_late", found=date(2020, 1, 2), needed=(date(2020, 1, 1),))


def test_residence_declared_on_the_last_day_is_in_time() -> None:
    assert codes(run({**PUPIL, "declared_on": "2020-01-01"})) == []


def test_who_lives_in_the_city_and_studies_elsewhere_has_the_first_programme_only() -> None:
    output = run({**PUPIL, "school_place": "cesis"})
    assert (codes(output), codes(output, "firms")) == ([], ["school_elsewhere"])


@pytest.mark.parametrize(
    ("born_on", "found"),
    [
        ("2008-06-21", []),  # 13 on the first day of work
        ("2008-06-22", ["too_young"]),
        ("2001-06-22", []),  # 20 the day after
        ("2001-06-21", ["too_old"]),
    ],
)
def test_age_counts_on_the_first_work_day_at_both_ends(born_on: str, found: list[str]) -> None:
    assert codes(run({**PUPIL, "born_on": born_on})) == found


@pytest.mark.parametrize(
    ("counted_on", "found"), [("application_day", ["too_young"]), ("first_work_day", ["too_young"]), ("last_work_day", [])]
)
def test_day_on_which_the_age_counts_is_the_rules(counted_on: str, found: list[str]) -> None:
    output = run({**PUPIL, "born_on": "2008-07-09"}, programmes=[{**MUNICIPAL, "age_counted_on": counted_on}])
    assert codes(output) == found


def test_born_on_29_february_turns_13_on_1_march_of_a_common_year() -> None:
    assert age_on(date(2008, 2, 29), date(2021, 2, 28)) == 12
    assert age_on(date(2008, 2, 29), date(2021, 3, 1)) == 13
    assert age_on(date(2008, 2, 29), date(2024, 2, 28)) == 15
    assert age_on(date(2008, 2, 29), date(2024, 2, 29)) == 16


def test_all_reasons_are_told_at_once_with_their_figures() -> None:
    rule = {**MUNICIPAL, "school_required": True, "levels": ["g9"], "required_groups": ["orphan"]}
    output = run({"id": "p", "born_on": "2012-01-01", "residence": "cesis", "level": "g3"}, programmes=[rule])
    assert codes(output) == ["too_young", "residence_elsewhere", "no_school", "level_not_included", "not_in_group"]
    assert output.verdicts[0].reasons[0] == Reason(code="too_young", found=9, needed=(13,))
    assert output.verdicts[0].reasons[3] == Reason(code="level_not_included", found="g3", needed=("g9",))
    assert output.nowhere == ("p",)


def test_unknown_residence_is_not_taken_for_another() -> None:
    assert codes(run({**PUPIL, "residence": None, "declared_on": None})) == ["residence_unknown"]
    assert codes(run({**PUPIL, "declared_on": None})) == ["declared_day_unknown"]


def test_priority_groups_come_in_the_order_of_the_rule_and_do_not_decide() -> None:
    rule = {**MUNICIPAL, "priority_groups": ["low_income", "orphan", "large_family"]}
    output = run({**PUPIL, "groups": ["large_family", "low_income", "other"]}, PUPIL | {"id": "q"}, programmes=[rule])
    assert [each.priority_groups for each in output.verdicts] == [("low_income", "large_family"), ()]
    assert [each.eligible for each in output.verdicts] == [True, True]


@pytest.mark.parametrize(
    ("pupils", "changes", "path"),
    [
        ([PUPIL, PUPIL], {}, "pupils[1]"),
        ([{**PUPIL, "born_on": "2021-05-11"}], {}, "pupils[0].born_on"),
        ([PUPIL], {"programmes": [MUNICIPAL, MUNICIPAL]}, "programmes[1]"),
        ([PUPIL], {"programmes": [{**MUNICIPAL, "age_to": 12}]}, "programmes[0].age_to"),
        ([PUPIL], {"days": {**DAYS, "last_work_day": "2021-06-20"}}, "days.last_work_day"),
    ],
)
def test_contradictions_are_refused(pupils: list[Any], changes: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        run(*pupils, **changes)
    assert caught.value.problems[0].path == path


@given(born=st.dates(date(1995, 1, 1), date(2015, 12, 31)), on=st.dates(date(2016, 1, 1), date(2030, 12, 31)))
def test_age_grows_by_one_each_year_and_never_falls(born: date, on: date) -> None:
    age = age_on(born, on)
    assert 0 <= age_on(born, on.replace(month=12, day=31)) - age <= 1
    following = on.replace(year=on.year + 1, day=min(on.day, 28))
    assert age_on(born, following) - age_on(born, on.replace(day=min(on.day, 28))) == 1


@given(born=st.dates(date(1998, 1, 1), date(2012, 12, 31)), low=st.integers(10, 18), width=st.integers(0, 8))
def test_wider_ages_never_exclude_anybody(born: date, low: int, width: int) -> None:
    narrow = {"code": "narrow", "age_from": low, "age_to": low + width, "places": ["valmiera"]}
    wide = {**narrow, "code": "wide", "age_from": low - 1, "age_to": low + width + 1}
    one, other = run({**PUPIL, "born_on": born.isoformat()}, programmes=[narrow, wide]).verdicts
    assert other.eligible or not one.eligible
    assert one.eligible == (low <= one.age <= low + width)

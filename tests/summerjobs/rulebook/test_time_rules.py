"""Working time and light work as the Ministry of Welfare, the Labour Inspectorate and advisers give them."""

from __future__ import annotations

import json
from datetime import date, time

import pytest

from microcities.rulebooks.registry import rule
from microcities.summerjobs.engines.working_time_input import DatedRules
from microcities.summerjobs.rulebook.time_values import LightWork, WorkingTime


@pytest.mark.parametrize(
    ("on", "hours"),
    [(date(2014, 12, 31), {(13, 4, 20)}), (date(2015, 1, 1), {(13, 4, 20), (15, 7, 35)})],
)
def test_hours_of_a_child_in_holidays_by_the_law_of_the_day(on: date, hours: set[tuple[int, int, int]]) -> None:
    """Ministry of Welfare (today's hours) against an explanation of 2013 (lvportals.lv 255771)."""
    bands = rule(WorkingTime, on=on, territory="LV").values.bands
    found = {
        (each.age_from, each.day_hours, each.week_hours) for each in bands if (each.group, each.season) == ("child", "holiday")
    }
    assert found == hours


def test_rules_are_what_the_engine_takes() -> None:
    found = rule(WorkingTime, on=date(2021, 7, 1), territory="LV")
    raw = found.values.as_engine("lv-2015", date(2015, 1, 1), None)
    read = DatedRules.model_validate_json(json.dumps(raw))
    child = next(each for each in read.groups if each.group == "child")
    assert (child.night_from, child.night_to, child.rest_day, child.consent) == (
        time(20), time(6), 840, True
    )
    teenager = next(each for each in read.groups if each.group == "teenager")
    assert (teenager.with_study, teenager.consent, teenager.informed, teenager.rest_day) == ((420, 2100), False, True, 720)


def test_list_of_light_work() -> None:
    """Rural Advisory and Training Centre, llkc.lv."""
    found = rule(LightWork, on=date(2019, 6, 3), territory="LV").values
    assert (found.allows("weeding"), found.allows("laundry"), found.allows("roofing")) == (True, True, False)

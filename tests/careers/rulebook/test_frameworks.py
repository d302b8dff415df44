"""The frameworks as they are shipped: complete, in the engine's form, chosen by setting and day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from microcities.careers import frameworks
from microcities.careers.rulebook.values import FrameworkCriterion, MeaningfulValues, StageValues
from microcities.decisions.engine import run_engine
from microcities.rulebooks.registry import NoRuleInForceError, registry, rule, versions_used

PROGRAMME_DAY, NEW_DAY = date(2019, 5, 1), date(2026, 3, 31)
DAYS = [("school", PROGRAMME_DAY), ("school", NEW_DAY), ("technikum", PROGRAMME_DAY), ("provider", NEW_DAY)]


def criteria_of(setting: str, on: date) -> tuple[FrameworkCriterion, ...]:
    found: tuple[FrameworkCriterion, ...] = frameworks.framework(setting, on).values.criteria
    return found


@pytest.mark.parametrize(
    ("setting", "on", "version", "criteria"),
    [
        ("school", date(2014, 1, 1), "gatsby-2014", 17),
        ("school", date(2025, 8, 31), "gatsby-2014", 17),
        ("special", date(2025, 9, 1), "gatsby-2025", 22),
        ("technikum", date(2018, 11, 1), "gatsby-2018", 16),
        ("provider", date(2025, 9, 1), "gatsby-2025", 21),
    ],
)
def test_framework_of_a_setting_on_a_day(setting: str, on: date, version: str, criteria: int) -> None:
    found = frameworks.framework(setting, on)
    assert (found.version, len(found.values.criteria), len(found.values.benchmarks)) == (version, criteria, 8)


def test_colleges_have_no_framework_before_2018() -> None:
    with pytest.raises(NoRuleInForceError):
        frameworks.framework("technikum", date(2017, 12, 31))


def test_version_by_name_whatever_the_day() -> None:
    assert frameworks.framework("school", PROGRAMME_DAY, "gatsby-2025").valid_from == date(2025, 9, 1)
    assert frameworks.scoring(PROGRAMME_DAY, "compass-2025").values.passes_at * 100 == 91
    assert frameworks.scoring(PROGRAMME_DAY).values.passes_at * 100 == 76


@pytest.mark.parametrize(("setting", "on"), DAYS)
def test_every_criterion_stands_in_both_languages_with_its_way_of_counting(setting: str, on: date) -> None:
    for criterion in criteria_of(setting, on):
        for text in (criterion.name, criterion.wording, criterion.computed):
            assert text.lv != text.en


@pytest.mark.parametrize(("setting", "on"), DAYS)
def test_every_kind_of_encounter_a_criterion_names_is_listed(setting: str, on: date) -> None:
    known = {kind.code for kind in rule(MeaningfulValues, on=on, territory="LV").values.kinds}
    named = {kind for criterion in criteria_of(setting, on) for kind in criterion.kinds}
    assert named <= known
    assert {"employer_encounter", "workplace_experience", "provider_encounter", "guidance_interview"} <= named


@pytest.mark.parametrize(("setting", "on"), DAYS)
def test_engine_takes_the_rules_as_they_are(setting: str, on: date) -> None:
    with versions_used() as used:
        rules = frameworks.engine_rules(setting, on)
    raw: dict[str, Any] = {"day": on.isoformat(), **rules, "groups": [], "pupils": []}
    result = run_engine("careers.benchmarks", raw)
    assert [row["code"] for row in result.output["criteria"]] == [each.code for each in criteria_of(setting, on)]
    assert [use.topic for use in used] == [frameworks.TOPICS[setting], "careers.scoring", "careers.stages"]


def test_milestones_name_grades_of_latvia() -> None:
    stages = rule(StageValues, on=PROGRAMME_DAY, territory="LV").values
    assert [(each.code, each.age, each.first_level, each.last_level) for each in stages.milestones] == [
        ("by_14", 14, "g5", "g7"), ("by_16", 16, "g8", "g9"), ("by_18", 18, "g10", "g12"),
    ]
    assert {level.code: level.english_year for level in stages.levels if level.english_year} == {
        "g5": 7, "g6": 8, "g7": 9, "g8": 10, "g9": 11, "g10": 12, "g11": 13,
    }


def test_what_is_not_answered_is_a_failed_check() -> None:
    given = {"purpose_shared_with_host": True, "purpose_shared_with_pupils": True, "fitted_to_pupils": True, "two_way": False}
    assert frameworks.failed_checks("employer_encounter", given, PROGRAMME_DAY) == ("two_way", "time_to_reflect")
    assert frameworks.failed_checks("lmi_used", {}, PROGRAMME_DAY) == ()


def test_rules_that_rest_on_memory_are_marked() -> None:
    topics = registry().topics
    for name in ("school_framework", "college_framework", "stages", "scoring", "meaningful"):
        for version in topics[f"careers.{name}"].versions:
            assert version.status == "to be confirmed"
            assert version.note is not None
    revised = {each.code: each for each in criteria_of("school", date(2026, 3, 31))}
    assert [code for code in ("3.2", "3.3", "3.4") if revised[code].open_question is None] == []


def test_school_that_does_everything_for_one_class_achieves_all_it_is_asked() -> None:
    """A grade 9 with each kind of fact the framework of 2025 asks for: every criterion that applies is achieved."""
    rules = frameworks.engine_rules("school", date(2026, 3, 31))
    subjects = ["maths", "history"]
    kinds: list[dict[str, Any]] = [
        {"kind": kind} for kind in ("employer_encounter", "guidance_interview", "lmi_accessed", "lmi_used", "guardian_lmi",
                                    "stereotypes", "advice_recorded", "record_viewed")
    ]
    kinds += [{"kind": "workplace_experience", "host": host} for host in ("a", "b")]
    kinds += [{"kind": "subject_link", "subject": subject} for subject in subjects]
    kinds += [
        {"kind": "provider_encounter", "provider_kind": kind}
        for kind in ("secondary_school", "technikum", "university", "work_based")
    ]
    shown = [
        {"school": "s", "kind": kind, "audience": audience, "starts_on": "2025-09-01", "reached": 10, "total": 10}
        for row in rules["criteria"]
        for kind in row["record_kinds"]
        for audience in (row["audiences"] or [""])
    ]
    stay = {"group": "9a", "starts_on": "2025-09-01"}
    raw = {
        "day": "2026-03-31", **rules,
        "groups": [{"id": "9a", "school": "s", "level": "g9", "subjects": subjects}],
        "pupils": [{"id": "anna", "enrolments": [stay]}],
        "encounters": [{"id": f"e{n}", "on": "2025-11-05", "pupils": ["anna"], **kind} for n, kind in enumerate(kinds)],
        "records": shown,
    }
    result = run_engine("careers.benchmarks", raw).output
    not_asked = [row["code"] for row in result["criteria"] if row["everywhere"]["state"] == "not_applicable"]
    assert not_asked == ["3.4", "6.2", "7.2", "8.2"]
    assert [mark["benchmark"] for mark in result["benchmarks"] if mark["state"] != "achieved"] == []
    assert result["schools"] == [{"school": "s", "achieved": 8, "benchmarks": 8, "pupils": 1}]


def test_school_that_shows_nothing_achieves_nothing() -> None:
    rules = frameworks.engine_rules("technikum", date(2026, 3, 31))
    stay = {"group": "4a", "starts_on": "2025-09-01"}
    raw = {
        "day": "2026-03-31", **rules, "groups": [{"id": "4a", "school": "t", "level": "t4", "final": True}],
        "pupils": [{"id": "karlis", "enrolments": [stay]}],
    }
    result = run_engine("careers.benchmarks", raw).output
    assert {mark["state"] for mark in result["benchmarks"]} == {"not_yet"}
    assert {mark["percentage"] for mark in result["benchmarks"]} == {0.0}


def test_profile_by_name_goes_into_the_engine() -> None:
    assert frameworks.engine_rules("school", PROGRAMME_DAY)["scoring"]["passes_at"] == 0.76
    assert frameworks.engine_rules("school", PROGRAMME_DAY, profile="compass-2025")["scoring"]["passes_at"] == 0.91

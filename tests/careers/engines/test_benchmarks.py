"""Who is counted, when, and how: each rule of the benchmark engine on a case small enough to count by hand."""

from __future__ import annotations

from typing import Any

import pytest

from microcities.decisions.engine import EngineInputError
from tests.careers.engines.cases import SCORING, counts, criterion, encounter, missing, only, pupil, read, run
from tests.careers.engines.cases import data as case

NINTH = [pupil("anna", "9a-2025"), pupil("karlis", "9a-2025"), pupil("liene", "9b-2025")]
BY_16 = {"window": "by_milestone", "milestone": "by_16"}


def test_pupils_with_a_counted_encounter_this_year_are_counted() -> None:
    result = only(run([criterion()], NINTH, [encounter("e1", "2025-11-05", "anna", "liene")]))
    assert counts(result) == (2, 3)
    assert [(row.group, row.tally.numerator, row.missing) for row in result.groups] == [
        ("9a-2025", 1, ("karlis",)), ("9b-2025", 1, ()),
    ]
    assert (result.everywhere.band, result.everywhere.state) == ("most", "partly")
    assert (round(result.everywhere.low or 0, 4), round(result.everywhere.high or 0, 4)) == (0.2077, 0.9385)


@pytest.mark.parametrize("on", ["2025-08-31", "2026-04-01"])
def test_encounter_of_last_year_or_after_the_day_is_not_seen(on: str) -> None:
    assert counts(only(run([criterion()], NINTH, [encounter("e1", on, "anna")]))) == (0, 3)


def test_encounter_with_a_failed_check_does_not_count_and_is_named() -> None:
    output = run([criterion()], NINTH, [encounter("e1", "2025-11-05", "anna", failed_checks=["two_way"])])
    result = only(output)
    assert counts(result) == (0, 3)
    assert result.groups[0].not_counted == ("anna",)
    assert [(row.encounter, row.checks, row.closes[0].pupils) for row in output.open_checks] == [("e1", ("two_way",), 1)]


def test_every_year_reading_asks_for_each_known_year() -> None:
    pupils = [pupil("anna", "8a-2024", "9a-2025"), pupil("karlis", "9a-2025")]
    met = [encounter("e1", "2025-11-05", "anna", "karlis")]
    assert counts(only(run([criterion()], pupils, met))) == (2, 2)
    result = only(run([criterion()], pupils, met, years="every"))
    assert counts(result) == (1, 2)
    assert result.groups[0].too_late == ("anna",)


def test_milestone_by_stage_asks_those_who_end_it_and_counts_all_their_years() -> None:
    pupils = [pupil("anna", "8a-2024", "9a-2025"), pupil("karlis", "8b-2025"), pupil("liene", "9a-2024", "10a-2025")]
    result = only(run([criterion(**BY_16)], pupils, [encounter("e1", "2024-11-05", "anna", "liene")]))
    assert counts(result) == (1, 1)


def test_milestone_by_birthday_asks_those_who_turn_16_and_counts_up_to_that_day() -> None:
    pupils = [
        pupil("anna", "9a-2025", born_on="2010-02-01"),
        pupil("karlis", "9a-2025", born_on="2010-11-01"),
        pupil("liene", "9a-2025", born_on="2010-06-30"),
        pupil("marta", "9a-2025"),
    ]
    met = [encounter("e1", "2026-02-01", "liene"), encounter("e2", "2026-02-02", "anna", "karlis", "marta")]
    result = only(run([criterion(**BY_16)], pupils, met, reading="birthday"))
    assert counts(result) == (1, 2)
    assert result.groups[0].missing == result.groups[0].too_late == ("anna",)
    assert result.groups[0].unknown == ("marta",)


def test_further_counts_only_what_came_after_the_milestone_before() -> None:
    asked = criterion(window="by_milestone", milestone="by_18", further=True)
    pupils = [pupil(name, "9a-2022", "10a-2023", "11a-2024", "12a-2025") for name in ("anna", "karlis")]
    met = [encounter("e1", "2023-05-01", "anna"), encounter("e2", "2023-09-01", "karlis")]
    assert missing(only(run([asked], pupils, met))) == ["anna"]


def test_further_by_birthday_begins_after_the_16th_birthday() -> None:
    asked = criterion(window="by_milestone", milestone="by_18", further=True)
    pupils = [pupil(name, "12a-2025", born_on="2008-01-10") for name in ("anna", "karlis")]
    met = [encounter("e1", "2024-01-10", "anna"), encounter("e2", "2024-01-11", "karlis")]
    assert missing(only(run([asked], pupils, met, reading="birthday"))) == ["anna"]


def test_each_stage_asks_those_who_end_one_for_what_happened_in_it() -> None:
    asked = criterion(window="each_stage", kinds=["seen", "used"], distinct_by="kind", each_of=["seen", "used"])
    pupils = [pupil("anna", "7a-2023", "8a-2024", "9a-2025"), pupil("karlis", "8b-2025")]
    met = [encounter("e1", "2023-10-01", "anna", kind="seen"), encounter("e2", "2025-10-01", "anna", kind="used")]
    assert counts(only(run([asked], pupils, met))) == (0, 1)
    met.append(encounter("e3", "2024-10-01", "anna", kind="seen"))
    assert counts(only(run([asked], pupils, met))) == (1, 1)


def test_programme_end_asks_the_last_year_and_counts_since_entry() -> None:
    asked = criterion(window="by_programme_end")
    pupils = [pupil("anna", "t1x-2023", "t2x-2024", "t3x-2025"), pupil("karlis", "t2y-2025")]
    groups: dict[str, dict[str, Any]] = {
        name: {"level": name[:2]} for name in ("t1x-2023", "t2x-2024", "t3x-2025", "t2y-2025")
    }
    groups["t3x-2025"]["final"] = True
    assert counts(only(run([asked], pupils, [encounter("e1", "2023-10-01", "anna")], groups=groups))) == (1, 1)


def test_each_kind_of_provider_is_needed() -> None:
    asked = criterion(
        "7.1", kinds=["provider_encounter"], distinct_by="provider_kind", each_of=["technikum", "university"], **BY_16
    )
    met = [
        encounter("e1", "2025-10-01", "anna", "karlis", kind="provider_encounter", provider_kind="technikum"),
        encounter("e2", "2025-10-02", "karlis", kind="provider_encounter", provider_kind="technikum"),
        encounter("e3", "2025-10-03", "anna", kind="provider_encounter", provider_kind="university"),
    ]
    assert missing(only(run([asked], NINTH, met))) == ["karlis", "liene"]


def test_two_encounters_one_of_them_linked() -> None:
    asked = criterion(count=2, linked_count=1)
    met = [encounter("e1", "2025-10-01", "anna", "karlis"), encounter("e2", "2025-10-02", "anna")]
    assert counts(only(run([asked], NINTH, met))) == (0, 3)
    met.append(encounter("e3", "2025-10-03", "karlis", curriculum_linked=True))
    assert missing(only(run([asked], NINTH, met))) == ["anna", "liene"]


def test_distinct_hosts_count_once_and_unnamed_hosts_each() -> None:
    asked = criterion(count=2, distinct_by="host")
    met = [
        encounter("e1", "2025-10-01", "anna", "karlis", host="azeron"), encounter("e2", "2025-10-02", "anna", host="azeron"),
        encounter("e3", "2025-10-03", "karlis"), encounter("e4", "2025-10-03", "liene"), encounter("e5", "2025-10-04", "liene"),
    ]
    assert missing(only(run([asked], NINTH, met))) == ["anna"]


def test_part_time_job_is_no_experience_of_a_workplace() -> None:
    met = [encounter("e1", "2025-10-01", "anna", part_time_job=True)]
    assert counts(only(run([criterion(without_part_time_jobs=True)], NINTH, met))) == (0, 3)
    assert counts(only(run([criterion()], NINTH, met))) == (1, 3)


def test_each_own_subject_and_a_class_without_subjects() -> None:
    asked = criterion("4.1", kinds=["subject_link"], each_own_subject=True)
    met = [
        encounter("e1", "2025-10-01", "anna", "karlis", kind="subject_link", subject="physics"),
        encounter("e2", "2025-10-02", "anna", kind="subject_link", subject="history"),
    ]
    result = only(run([asked], NINTH, met, groups={"9a-2025": {"subjects": ["physics", "history"]}}))
    assert counts(result) == (1, 2)
    assert result.groups[1].unknown == ("liene",)


def test_condition_leaves_out_who_does_not_consider_it_and_shows_who_was_not_asked() -> None:
    pupils = [
        pupil("anna", "9a-2025", considering_higher_education=True),
        pupil("karlis", "9a-2025", considering_higher_education=False),
        pupil("liene", "9a-2025"),
    ]
    result = only(run([criterion(condition="considering_higher_education")], pupils, []))
    assert (counts(result), result.groups[0].unknown) == ((0, 1), ("liene",))


@pytest.mark.parametrize(
    ("effect", "expected", "aside"), [("not_applied", (0, 2), 1), ("met_otherwise", (1, 3), 0), ("fewer", (1, 3), 0)]
)
def test_interpretation_for_one_pupil(effect: str, expected: tuple[int, int], aside: int) -> None:
    read_so = {"criterion": "5.1", "effect": effect, "reason": "plan", "valid_from": "2025-09-01", "valid_to": "2026-08-31"}
    pupils = [pupil("anna", "9a-2025", interpretations=[read_so]), *NINTH[1:]]
    result = only(run([criterion(count=2)], pupils, [encounter("e1", "2025-10-01", "anna")]))
    assert (counts(result), result.schools[0].not_applied) == (expected, aside)


def test_interpretation_that_has_ended_is_not_used() -> None:
    over = {"criterion": "5.1", "effect": "not_applied", "reason": "plan", "valid_to": "2026-03-30"}
    assert counts(only(run([criterion()], [pupil("anna", "9a-2025", interpretations=[over])], []))) == (0, 1)


def test_roll_of_31_may_holds_in_summer() -> None:
    stays = [{"group": "9a-2025", "starts_on": "2025-09-01", "ends_on": "2026-06-12"}]
    leaver = {"id": "anna", "enrolments": stays}
    met = [encounter("e1", "2026-06-05", "anna")]
    output = run([criterion()], [leaver], met, day="2026-07-31")
    assert (output.roll_on.isoformat(), counts(only(output))) == ("2026-05-31", (1, 1))
    assert counts(only(run([criterion()], [leaver], met, day="2026-09-01"))) == (0, 0)


def test_pupil_who_changes_school_keeps_the_record_and_is_counted_once() -> None:
    moved = {
        "id": "anna",
        "enrolments": [
            {"group": "9a-2025", "starts_on": "2025-09-01", "ends_on": "2025-12-31"},
            {"group": "9s-2025", "starts_on": "2026-01-01"},
        ],
    }
    output = run([criterion()], [moved], [encounter("e1", "2025-10-01", "anna")], groups={"9s-2025": {"school": "south"}})
    assert [(row.school, row.tally.numerator, row.tally.denominator) for row in only(output).schools] == [("south", 1, 1)]


def test_leavers_need_a_known_destination_for_each_completed_year() -> None:
    asked = criterion("3.4", kinds=["destination_known"], window="after_leaving")
    pupils = [
        pupil("anna", "12a-2023"), pupil("karlis", "12a-2023"), pupil("liene", "12a-2024"), pupil("old", "12a-2021"),
        pupil("stays", "9a-2025"),
    ]
    met = [
        encounter("d1", "2024-11-01", "anna", kind="destination_known"),
        encounter("d2", "2025-11-01", "karlis", "liene", kind="destination_known"),
    ]
    result = only(run([asked], pupils, met))
    assert (counts(result), missing(result)) == ((2, 3), ["karlis"])


def test_leaver_who_is_at_another_school_of_the_records_is_known() -> None:
    asked = criterion("3.4", kinds=["destination_known"], window="after_leaving")
    groups = {"10s-2025": {"school": "south"}}
    result = only(run([asked], [pupil("anna", "9a-2024", "10s-2025")], [], groups=groups))
    assert [(row.school, row.tally.numerator, row.tally.denominator) for row in result.schools] == [("north", 1, 1)]


def test_only_the_schools_asked_about_are_judged() -> None:
    moved = pupil("anna", "8a-2024", "9s-2025")
    groups = {"9s-2025": {"school": "south"}}
    met = [encounter("e1", "2025-10-01", "anna")]
    output = run([criterion()], [moved, pupil("karlis", "9a-2025")], met, groups=groups, schools=["north"])
    assert [(row.school, row.tally.numerator, row.tally.denominator) for row in only(output).schools] == [("north", 0, 1)]
    assert [total.school for total in output.schools] == ["north"]


def test_school_without_anybody_on_the_roll_still_shows_its_records() -> None:
    asked = [{"code": "1.1", "benchmark": 1, "basis": "record", "record_kinds": ["careers_leader"]}]
    shown = [{"school": "west", "kind": "careers_leader", "starts_on": "2025-09-01"}]
    output = run(asked, [], [], records=shown, schools=["west"])
    assert [(row.school, row.tally.state) for row in only(output).schools] == [("west", "achieved")]


def test_leaver_of_two_schools_belongs_to_the_one_asked_about() -> None:
    asked = criterion("3.4", kinds=["destination_known"], window="after_leaving")
    pupils = [pupil("anna", "9a-2023", "10s-2024")]
    groups = {"10s-2024": {"school": "south"}}
    assert counts(only(run([asked], pupils, [], groups=groups))) == (0, 1)
    north = only(run([asked], pupils, [], groups=groups, schools=["north"]))
    assert [(row.school, row.tally.denominator) for row in north.schools] == [("north", 1)]


def test_records_count_parts_and_staff_counts_people() -> None:
    asked = [
        {"code": "1.4", "benchmark": 1, "basis": "record", "record_kinds": ["feedback"], "audiences": ["pupils", "parents"],
         "valid_months": 12},
        {"code": "4.2", "benchmark": 4, "basis": "staff", "record_kinds": ["staff_development"], "valid_months": 12},
    ]
    records = [
        {"school": "north", "kind": "feedback", "starts_on": "2025-10-01", "audience": "pupils"},
        {"school": "north", "kind": "feedback", "starts_on": "2025-03-01", "audience": "parents"},
        {"school": "north", "kind": "staff_development", "starts_on": "2025-09-10", "reached": 20, "total": 40},
        {"school": "north", "kind": "staff_development", "starts_on": "2026-02-10", "reached": 38, "total": 40},
    ]
    feedback, staff = run(asked, NINTH, [], records=records).criteria
    assert feedback.schools[0].missing_parts == ("feedback:parents",)
    assert (feedback.schools[0].tally.state, counts(feedback)) == ("partly", (0, 1))
    assert (staff.schools[0].tally.numerator, staff.schools[0].tally.state) == (38, "achieved")
    (nothing,) = run(asked[1:], NINTH, []).criteria
    assert (nothing.schools[0].tally.state, nothing.schools[0].missing_parts) == ("not_yet", ("staff_development",))


@pytest.mark.parametrize(
    ("met", "band", "state"),
    [(75, "most", "partly"), (76, "majority", "achieved"), (100, "all", "achieved")]
)
def test_bands_begin_where_the_profile_says(met: int, band: str, state: str) -> None:
    pupils = [pupil(f"p{number}", "9a-2025") for number in range(100)]
    result = only(run([criterion()], pupils, [encounter("e1", "2025-10-01", *(f"p{n}" for n in range(met)))]))
    assert (result.everywhere.band, result.everywhere.state) == (band, state)


def test_new_profile_passes_at_91_per_cent() -> None:
    pupils = [pupil(f"p{number}", "9a-2025") for number in range(100)]
    met = [encounter("e1", "2025-10-01", *(f"p{n}" for n in range(90)))]
    result = only(run([criterion()], pupils, met, scoring=SCORING | {"passes_at": 0.91}))
    assert result.everywhere.state == "partly"


def test_benchmark_is_the_mean_credit_of_its_criteria_that_apply() -> None:
    asked = [criterion("5.1"), criterion("5.2", kinds=["other"]), criterion("5.3", window="by_milestone", milestone="by_18")]
    output = run(asked, NINTH, [encounter("e1", "2025-10-01", "anna", "karlis", "liene")])
    (mark,) = output.benchmarks
    assert (mark.percentage, mark.state, mark.achieved, mark.criteria) == (0.5, "partly", 1, 2)
    assert [(total.achieved, total.benchmarks, total.pupils) for total in output.schools] == [(0, 1, 3)]


def test_comparison_says_who_made_the_difference() -> None:
    left = {"id": "gone", "enrolments": [{"group": "9a-2025", "starts_on": "2025-09-01", "ends_on": "2026-01-15"}]}
    came = {"id": "new", "enrolments": [{"group": "9a-2025", "starts_on": "2026-01-16"}]}
    met = [encounter("e1", "2025-10-01", "gone"), encounter("e2", "2026-02-01", "anna")]
    (change,) = run([criterion()], [*NINTH, left, came], met, earlier="2025-12-31").changes
    assert (change.before.numerator, change.before.denominator) == (1, 4)
    assert (change.after.numerator, change.after.denominator) == (1, 4)
    assert (change.now_met, change.no_longer_met) == (("anna",), ())
    assert (change.left_met, change.joined_missing) == (("gone",), ("new",))


def test_new_school_year_makes_yesterdays_pupils_missing_again() -> None:
    pupils = [pupil("anna", "8a-2024", "9a-2025")]
    met = [encounter("e1", "2024-10-01", "anna")]
    (change,) = run([criterion()], pupils, met, day="2025-09-30", earlier="2025-05-30").changes
    assert change.no_longer_met == ("anna",)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"pupils": [NINTH[0], NINTH[0]]}, "pupils[1]"),
        ({"encounters": [encounter("e1", "2025-10-01", "nobody")]}, "encounters[0].pupils[0]"),
        ({"earlier": "2026-03-31"}, "earlier"),
        ({"criteria": [criterion(kinds=[])]}, "criteria[0].kinds"),
        ({"criteria": [criterion(window="by_milestone")]}, "criteria[0].milestone"),
        ({"criteria": [criterion(from_level="g99")]}, "criteria[0].from_level"),
        ({"groups": []}, "pupils[0].enrolments[0].group"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(change: dict[str, Any], path: str) -> None:
    with pytest.raises(EngineInputError) as caught:
        read(case([criterion()], NINTH, []) | change)
    assert caught.value.problems[0].path == path


def test_pupil_in_two_classes_on_one_day_is_refused() -> None:
    with pytest.raises(EngineInputError) as caught:
        run([criterion()], [pupil("anna", "9a-2025", "9b-2025")], [])
    assert caught.value.problems[0] == ("pupils[0].enrolments", "this pupil is in two classes on one day")

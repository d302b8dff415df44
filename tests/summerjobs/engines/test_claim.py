"""Claims: published amounts, part months, checks with their figures, budgets, corrections, entries and state aid."""

from __future__ import annotations

import ast
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import microcities.summerjobs.engines as engines
from microcities.decisions.engine import EngineInputError, run_engine
from microcities.summerjobs.engines.claim_money import divided, euros, half_up
from tests.summerjobs.engines.claims import (
    CONTRIBUTIONS,
    ERDF,
    NVA,
    codes,
    days,
    earlier_of,
    month,
    pupil,
    raw,
    rules,
    run,
    weekdays,
)


@pytest.mark.parametrize(
    ("year", "disability", "subsidy", "supervisor"),
    [
        (2018, False, "215.00", "43.00"),
        (2019, True, "430.00", "43.00"),
        (2026, False, "390.00", "78.00"),
        (2026, True, "780.00", "78.00"),
    ],
)
def test_full_month_gives_the_published_amounts(year: int, disability: bool, subsidy: str, supervisor: str) -> None:
    """NVA: half of 430 (2018) and of 780 EUR (2026), the whole for a disability (430 in 2019), a tenth for the supervisor.

    nva.gov.lv txt=4252; LV portāls 304218; jauns.lv 694903."""
    output = run(pupil(days(month(year)), disability=disability))
    assert [entry.amount for entry in output.entries] == [subsidy, supervisor]
    assert [(entry.account, entry.reference) for entry in output.entries] == [
        ("7310", f"c1/p1/{year}-07/subsidy"),
        ("7320", f"c1/p1/{year}-07/supervisor"),
    ]
    assert codes(output) == []


def test_supervising_a_pupil_with_a_disability_was_60_percent_in_2020_for_the_first_of_them() -> None:
    """ntz.lv, May 2020: 10 % of the minimum wage, 60 % for a child with a disability, a tenth for each next pupil."""
    supervision = {"grant": "1/10", "grant_disability": "3/5"}
    worked = days(month(2020))
    some = [pupil(worked, code, disability=flag) for code, flag in (("a", False), ("b", True), ("c", True))]
    output = run(*some, rules=rules(supervision=supervision))
    assert [(line.pupil, line.supervisor) for line in output.lines] == [("a", 4300), ("b", 25800), ("c", 4300)]


def test_ten_pupils_bring_the_supervisor_one_minimum_wage_and_the_eleventh_nothing() -> None:
    """NVA 2018: for ten pupils the grant is the minimum wage; one supervisor has at most ten at a time."""
    some = [pupil(days(month(2018)), f"p{number:02d}") for number in range(11)]
    output = run(*some)
    assert sum(line.supervisor for line in output.lines) == 43000
    assert output.lines[10].supervisor == 0
    assert codes(output) == ["supervisor_over_ratio"] * 22
    found = output.findings[0]
    assert (found.subject, found.on, found.found, found.limit, found.reduces) == ("s1", date(2018, 7, 2), 11, 10, True)


def test_five_pupils_at_a_time_where_one_has_a_disability() -> None:
    """tax.lv on 2022."""
    supervision = {"most_pupils": 10, "most_with_disability": 5}
    some = [pupil(days(month(2022)), f"p{number}", disability=number == 5) for number in range(6)]
    output = run(*some, rules=rules(supervision=supervision))
    assert [line.supervisor for line in output.lines] == [5000, 5000, 5000, 5000, 0, 5000]


def test_valmiera_15_days_of_4_hours_in_june_2019() -> None:
    """60 of June's 140 hours for a pupil below 18 (20 working days of 7 hours): 430 x 60 / 140 = 184.2857 EUR."""
    worked = days(weekdays(date(2019, 6, 3), date(2019, 6, 21)), 240, supervisor=None)
    output = run(pupil(worked, source="erdf"), rules=rules(supervision=None))
    (line,) = output.lines
    assert (line.minutes, line.pay) == (3600, 18429)
    assert line.contributions == 4440  # 24.09 % of 184.29
    assert (line.subsidy, line.own, line.cost) == (22869, 0, 22869)


def test_month_is_rounded_once_and_not_day_by_day() -> None:
    """22 days of 420/9240 of 430 EUR are exactly the month; 1,954.545 cents a day rounded would be 1,955 x 22 = 43,010."""
    assert run(pupil(days(month(2018)))).lines[0].pay == 43000
    assert half_up(Fraction(43000, 22)) * 22 == 43010


def test_placement_over_two_months_is_counted_by_each_months_hours() -> None:
    """27 June to 3 July 2019: 2 days of June (20 working days) and 3 of July (23)."""
    output = run(pupil(days(weekdays(date(2019, 6, 27), date(2019, 7, 3)))))
    assert [(line.month, line.minutes, line.pay) for line in output.lines] == [
        ("2019-06", 840, half_up(Fraction(43000 * 2, 20))),
        ("2019-07", 1260, half_up(Fraction(43000 * 3, 23))),
    ]


def test_wage_that_changes_inside_a_month_is_taken_by_the_day() -> None:
    wages = [{"from_on": "2019-01-01", "to_on": "2019-07-14", "value": 43000}, {"from_on": "2019-07-15", "value": 46000}]
    output = run(pupil(days(month(2019))), rules=rules(wages=wages))
    assert output.lines[0].pay == half_up(Fraction(43000 * 10 + 46000 * 13, 23))


def test_full_time_is_eight_hours_from_the_18th_birthday_on() -> None:
    worked = days(month(2018))
    output = run(pupil(worked, born_on="2000-07-16"))
    assert output.lines[0].pay == half_up(Fraction(43000 * 10, 22) + Fraction(43000 * 12 * 420, 22 * 480))


def test_calendar_of_the_month_can_be_given() -> None:
    output = run(pupil(days(month(2018)[:10])), rules=rules(working_time={"month_days": {"2018-07": 20}}))
    assert output.lines[0].pay == 21500


def test_higher_agreed_wage_is_paid_and_the_subsidy_stays_with_the_minimum() -> None:
    agreement = {"first_on": "2018-07-01", "last_on": "2018-07-31", "minutes": 9240, "monthly": 60000}
    (line,) = run(pupil(days(month(2018)), agreement=agreement)).lines
    assert (line.pay, line.subsidy) == (60000, 21500)


def test_wage_below_the_minimum_is_found_and_the_minimum_is_due() -> None:
    agreement = {"first_on": "2018-07-01", "last_on": "2018-07-31", "minutes": 9240, "monthly": 37000}
    output = run(pupil(days(month(2018)), agreement=agreement, paid=[{"month": "2018-07", "cents": 37000}]))
    assert [(each.code, each.month, each.found, each.limit) for each in output.findings] == [
        ("wage_below_minimum", "2018-07", 37000, 43000),
        ("underpaid", "2018-07", 37000, 43000),
    ]
    assert output.lines[0].pay == 43000


def test_absence_is_paid_and_subsidised_as_its_reason_says() -> None:
    worked = days(month(2018))
    for place, reason in enumerate(("illness", "donor", "exam")):
        worked[place] = {**worked[place], "attended": 0, "absent": 420, "reason": reason}
    output = run(pupil(worked))
    (line,) = output.lines
    assert (line.minutes, line.subsidised_minutes) == (9240 - 420, 9240 - 840)
    assert (line.pay, line.subsidy) == (half_up(Fraction(43000 * 21, 22)), half_up(Fraction(21500 * 20, 22)))
    assert [(each.code, each.on, each.found, each.limit) for each in output.findings] == [
        ("claimed_more_than_attended", date(2018, 7, 2), 420, 0)
    ]


def test_more_claimed_than_attended_is_cut_to_what_was_attended() -> None:
    worked = days(month(2018))
    worked[0]["attended"] = 240
    output = run(pupil(worked))
    assert (output.lines[0].minutes, output.lines[0].subsidised_minutes) == (9060, 9060)
    assert [(each.found, each.limit) for each in output.findings] == [(420, 240)]


def test_more_than_agreed_is_paid_by_the_employer_alone() -> None:
    agreement = {"first_on": "2018-07-01", "last_on": "2018-07-31", "minutes": 9000}
    output = run(pupil(days(month(2018)), agreement=agreement))
    assert (output.lines[0].minutes, output.lines[0].subsidised_minutes) == (9240, 9000)
    assert [(each.code, each.found, each.limit) for each in output.findings] == [("more_than_agreed", 9240, 9000)]


def test_days_outside_the_period_or_the_agreement_do_not_count() -> None:
    agreement = {"first_on": "2018-07-03", "last_on": "2018-07-30", "minutes": 9240}
    output = run(pupil(days(month(2018)), agreement=agreement), first_on="2018-07-02", last_on="2018-07-30")
    assert [(each.code, each.on) for each in output.findings] == [
        ("outside_agreement", date(2018, 7, 2)),
        ("outside_period", date(2018, 7, 31)),
    ]
    assert output.lines[0].minutes == 20 * 420


def test_pupil_without_an_agreement_is_not_paid_for() -> None:
    output = run(pupil(days(month(2018)[:2]), agreement=None))
    assert (codes(output), output.lines, output.total) == (["no_agreement", "no_agreement"], (), 0)


def test_day_paid_with_another_claim_is_not_paid_again() -> None:
    claimed = pupil(days(month(2018)))
    elsewhere = {"claim": "other", "pupil": "p1", "on": "2018-07-02", "paid": 420, "subsidised": 420, "same_agreement": False}
    output = run(claimed, earlier=[elsewhere])
    assert [(each.code, each.on, each.subject) for each in output.findings] == [("paid_twice", date(2018, 7, 2), "other")]
    assert output.lines[0].minutes == 21 * 420


def test_day_without_a_supervisor_brings_no_grant() -> None:
    worked = days(month(2018))
    worked[3]["supervisor"] = None
    output = run(pupil(worked))
    assert output.lines[0].supervisor == half_up(Fraction(4300 * 21, 22))
    assert [(each.code, each.found) for each in output.findings] == [("no_supervisor", 1)]


def test_late_claim_is_told_in_days_and_the_last_day_is_in_time() -> None:
    late = run(pupil(days(month(2018))), submitted_on="2018-08-12")
    assert [(each.code, each.found, each.reduces) for each in late.findings] == [("late_claim", 2, False)]
    assert codes(run(pupil(days(month(2018))), submitted_on="2018-08-10")) == []


def test_unused_leave_is_average_pay_of_a_day_times_the_days_due() -> None:
    """43,000 cents for 22 days worked; 1.67 days due: 1.67 x 43,000 / 22 = 3,264.09 cents, in the last month only."""
    output = run(pupil(days(month(2018)), leave_hundredths=167))
    (line,) = output.lines
    assert (line.leave, line.contributions) == (3264, half_up(Fraction(46264 * 2409, 10_000)))
    assert line.subsidy == 21500  # the state's subsidy is for pay alone
    both = run(pupil(days(weekdays(date(2018, 6, 25), date(2018, 7, 6))), leave_hundredths=100))
    assert [line.leave > 0 for line in both.lines] == [False, True]


def test_leave_without_any_day_worked_is_not_paid() -> None:
    output = run(pupil([], leave_hundredths=167))
    assert (codes(output), output.total) == (["leave_without_work"], 0)


def test_budget_that_does_not_suffice_is_paid_out_to_the_cent() -> None:
    some = [pupil(days(month(2018)), code) for code in "abc"]
    output = run(*some, rules=rules(sources=[{**NVA, "budget_left": 50000}, ERDF]))
    assert output.total == 50000
    assert sorted(line.subsidy + line.supervisor for line in output.lines) == [16666, 16667, 16667]
    assert [(each.code, each.subject, each.found, each.limit) for each in output.findings] == [
        ("budget_exceeded", "nva", 77400, 50000)
    ]
    assert (output.sources[0].asked, output.sources[0].total, output.sources[0].budget_left_after) == (77400, 50000, 0)
    assert all(line.cost == line.subsidy + line.own for line in output.lines)


def test_sources_are_totalled_apart() -> None:
    output = run(pupil(days(month(2018)), "a"), pupil(days(month(2018)), "b", source="erdf"))
    assert [(each.source, each.subsidy, each.supervisor) for each in output.sources] == [
        ("nva", 21500, 4300),
        ("erdf", 43000 + 10359, 4300),
    ]
    assert sum(each.total for each in output.sources) == output.total == output.to_pay


def paid_lines(output: Any) -> list[dict[str, Any]]:
    return [
        {"pupil": line.pupil, "month": line.month, "source": line.source, "kind": kind, "cents": getattr(line, kind)}
        for line in output.lines
        for kind in ("subsidy", "supervisor")
    ]


def test_corrected_claim_recovers_what_was_too_much_and_books_the_difference() -> None:
    first = run(pupil(days(month(2018))))
    earlier = earlier_of(pupil(days(month(2018))), "c1")  # its own days, given by mistake, are not taken for paid twice
    half = pupil(days(month(2018)[:11]))
    corrected = run(half, claim="c2", corrects="c1", paid_before=paid_lines(first), earlier=earlier)
    assert [(each.kind, each.direction, each.before, each.now, each.cents) for each in corrected.corrections] == [
        ("subsidy", "recovery", 21500, 10750, 10750),
        ("supervisor", "recovery", 4300, 2150, 2150),
    ]
    assert [entry.amount for entry in corrected.entries] == ["-107.50", "-21.50"]
    assert (corrected.total, corrected.paid_before, corrected.to_pay) == (12900, 25800, -12900)


def test_corrected_source_is_recovered_from_one_and_supplemented_from_the_other() -> None:
    first = run(pupil(days(month(2018))))
    corrected = run(pupil(days(month(2018)), source="erdf"), claim="c2", corrects="c1", paid_before=paid_lines(first))
    assert [(each.source, each.kind, each.direction, each.cents) for each in corrected.corrections] == [
        ("erdf", "subsidy", "supplement", 53359),
        ("erdf", "supervisor", "supplement", 4300),
        ("nva", "subsidy", "recovery", 21500),
        ("nva", "supervisor", "recovery", 4300),
    ]


def test_correction_that_changes_nothing_books_nothing() -> None:
    first = run(pupil(days(month(2018))))
    again = run(pupil(days(month(2018))), claim="c2", corrects="c1", paid_before=paid_lines(first))
    assert (again.corrections, again.entries, again.to_pay) == ((), (), 0)


@pytest.mark.parametrize(
    ("year", "basis", "regulation"),
    [(2018, "de_minimis", "1407/2013"), (2026, "de_minimis", "2023/2831"), (2018, "general_measure", None)],
)
def test_undertaking_has_a_note_of_state_aid(year: int, basis: str, regulation: str | None) -> None:
    """Regulation (EU) 2023/2831 is in force from 1 January 2024, before it 1407/2013."""
    output = run(pupil(days(month(year))), host={"code": "firm", "undertaking": True, "aid_basis": basis})
    assert output.aid is not None
    assert (output.aid.basis, output.aid.regulation) == (basis, regulation)
    assert (output.aid.cents, output.aid.on) == (output.total, date(year, 8, 6))


def test_undertaking_without_a_basis_is_found_and_a_library_needs_none() -> None:
    assert codes(run(pupil(days(month(2018))), host={"code": "firm", "undertaking": True})) == ["aid_basis_missing"]
    assert run(pupil(days(month(2018)))).aid is None


AGREED_2015 = {"first_on": "2015-01-01", "last_on": "2015-12-31", "minutes": 9}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"source": "none"}, "pupils[0].source"),
        ({"days": days([date(2018, 7, 2)]) * 2}, "pupils[0].days[1]"),
        ({"days": days([date(2018, 7, 2)], absent=10)}, "pupils[0].days[0].reason"),
        ({"days": days([date(2018, 7, 2)], 1000, absent=500, reason="exam")}, "pupils[0].days[0].absent"),
        ({"days": days([date(2015, 7, 2)]), "agreement": AGREED_2015}, "rules.wages"),
    ],
)
def test_claim_that_contradicts_itself_is_refused(changes: dict[str, Any], path: str) -> None:
    claimed = {**pupil(days(month(2018))), **changes}
    with pytest.raises(EngineInputError) as caught:
        run(claimed)
    assert caught.value.problems[0].path == path


def test_amounts_paid_before_need_the_claim_they_belong_to() -> None:
    line = {"pupil": "p1", "month": "2018-07", "source": "nva", "kind": "subsidy", "cents": 1}
    with pytest.raises(EngineInputError) as caught:
        run(pupil(days(month(2018))), paid_before=[line])
    assert caught.value.problems[0].path == "paid_before"


def test_engine_is_run_by_its_name_and_its_output_is_whole_cents() -> None:
    output = run_engine("summerjobs.claim", raw(pupil(days(month(2018))))).output
    assert (output["total"], output["entries"][0]["amount"]) == (25800, "215.00")
    assert not [value for value in leaves(output) if isinstance(value, float)]


def leaves(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    return [leaf for each in value for leaf in leaves(each)] if isinstance(value, list) else [value]


def test_no_float_can_arise_in_the_modules_of_the_claim() -> None:
    """No float written, no float() and no true division in any module of the engine: only whole cents and fractions."""
    modules = sorted(Path(engines.__path__[0]).glob("claim*.py"))
    assert [path.stem for path in modules] == [
        "claim", "claim_books", "claim_days", "claim_example", "claim_input", "claim_money", "claim_output",
    ]  # fmt: skip
    for path in modules:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), (path.name, node)
            assert not (isinstance(node, ast.Name) and node.id == "float"), (path.name, node)
            assert not (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)), (path.name, node)


def test_contributions_are_left_out_where_no_rate_is_given() -> None:
    assert run(pupil(days(month(2018))), rules=rules(contributions=[])).lines[0].contributions == 0
    with pytest.raises(EngineInputError, match="no rate"):
        run(pupil(days(month(2018))), rules=rules(contributions=CONTRIBUTIONS[1:]))


@pytest.mark.parametrize(("cents", "text"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (21500, "215.00"), (-100, "-1.00")])
def test_euros_never_say_minus_nothing(cents: int, text: str) -> None:
    assert euros(cents) == text


@pytest.mark.parametrize(("value", "cents"), [("1/2", 1), ("1/3", 0), ("3/2", 2), ("5/2", 3), ("0", 0), ("7", 7)])
def test_half_a_cent_goes_up(value: str, cents: int) -> None:
    assert half_up(Fraction(value)) == cents


def test_largest_remainder_takes_the_first_of_equals() -> None:
    assert divided(100, {3: 1, 1: 1, 2: 1}) == {3: 33, 1: 34, 2: 33}

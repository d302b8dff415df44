"""Young people's working time: published limits, birthdays, several employers, nights, rests, breaks, clocks and papers."""

from __future__ import annotations

import json
import random
import time
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.decisions.engine import EngineInputError, run_engine
from microcities.rulebooks.registry import rule
from microcities.summerjobs.engines.working_time import PupilResult, WorkingTimeOutput, working_time
from microcities.summerjobs.engines.working_time_days import standing_on
from microcities.summerjobs.engines.working_time_input import WorkingTimeInput
from microcities.summerjobs.rulebook.time_values import WorkingTime

Raw = dict[str, Any]
RIGA = ZoneInfo("Europe/Riga")
SUMMER = {"first_on": "2021-06-01", "last_on": "2021-08-31"}
PAPERS = {"agreed_on": "2021-06-15", "consent_on": "2021-06-10", "informed_on": "2021-06-10"}


def law() -> list[Raw]:
    """Both versions of the shipped rulebook."""
    older, newer = (rule(WorkingTime, on=on, territory="LV").values for on in (date(2014, 1, 1), date(2021, 1, 1)))
    return [
        older.as_engine("lv-2002", date(2002, 6, 1), date(2014, 12, 31)), newer.as_engine("lv-2015", date(2015, 1, 1), None),
    ]


def shift(on: date | str, begin: str, hours: float, job: str = "park", pause: int = 0) -> Raw:
    """A shift of so many hours of work from a clock time on; the pause stands in its middle and is not work."""
    day = date.fromisoformat(on) if isinstance(on, str) else on
    starts = datetime.combine(day, clock.fromisoformat(begin), RIGA).astimezone(UTC)
    half, whole = timedelta(hours=hours / 2), timedelta(hours=hours)
    breaks = [{"starts_at": (starts + half).isoformat(), "ends_at": (starts + half + timedelta(minutes=pause)).isoformat()}]
    return {
        "job": job, "starts_at": starts.isoformat(), "ends_at": (starts + whole + timedelta(minutes=pause)).isoformat(),
        "breaks": breaks if pause else [],
    }


def job(code: str = "park", **more: Any) -> Raw:
    return {"id": code, "employer": f"employer of {code}", "light": True, **PAPERS, **more}


def pupil(born_on: str, shifts: list[Raw], jobs: list[Raw] | None = None, **more: Any) -> Raw:
    known = {"id": "p", "born_on": born_on, "medical_on": "2021-06-01", "jobs": jobs or [job()], "shifts": shifts}
    return {**known, **more}


def run(*pupils: Raw, **more: Any) -> WorkingTimeOutput:
    raw = {"rules": law(), "holidays": [SUMMER], "pupils": list(pupils), **more}
    return working_time(WorkingTimeInput.model_validate_json(json.dumps(raw)), seed=0)


def result(born_on: str, shifts: list[Raw], jobs: list[Raw] | None = None, **more: Any) -> PupilResult:
    return run(pupil(born_on, shifts, jobs, **more)).pupils[0]


def codes(found: PupilResult) -> list[tuple[str, int | None, int | None]]:
    return [(each.code, each.found, each.limit) for each in found.findings]


def workdays(first: str, count: int) -> list[date]:
    """So many Mondays to Fridays from a day on."""
    found, on = [], date.fromisoformat(first)
    while len(found) < count:
        found += [on] if on.weekday() < 5 else []
        on += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("born_on", "finished", "hours"),
    [("2008-05-01", None, 4), ("2005-05-01", None, 7), ("2005-05-01", "2021-06-11", 7), ("2003-05-01", "2021-06-11", 8)],
)
def test_fifteen_days_of_valmieras_summer(born_on: str, finished: str | None, hours: int) -> None:
    """Valmiera 2021: 15 work days; 13-14 4 h a day, 20 a week, 15-17 7 and 35, from 18 8 and 40. One hour more is too much."""
    days = workdays("2021-06-28", 15)
    lawful = result(born_on, [shift(on, "09:00", hours, pause=30) for on in days], basic_finished_on=finished)
    assert (lawful.findings, lawful.minutes, lawful.days) == ((), 15 * hours * 60, 15)
    more = result(born_on, [shift(on, "09:00", hours + 1, pause=30) for on in days], basic_finished_on=finished)
    assert {each.code for each in more.findings} == {"day_hours", "week_hours"}
    assert [each.limit for each in more.findings if each.code == "day_hours"] == [hours * 60] * 15


def test_term_allows_two_hours_after_school() -> None:
    """Ministry of Welfare: a child works 2 h a day and 10 a week in term."""
    jobs = [job(agreed_on="2021-05-03", consent_on="2021-05-01", informed_on="2021-05-01")]
    days = workdays("2021-05-03", 5)
    medical = {"medical_on": "2021-05-01"}
    assert result("2007-01-01", [shift(on, "15:00", 2) for on in days], jobs, **medical).lawful
    found = result("2007-01-01", [shift(on, "15:00", 3) for on in days[:4]], jobs, **medical)
    assert codes(found) == [("day_hours", 180, 120)] * 3 + [("day_hours", 180, 120), ("week_hours", 720, 600)]


def test_law_is_that_of_the_work_day() -> None:
    """A child of 16 in basic education: 4 hours by the law until 2014, 7 from 2015 on."""
    jobs = [job(agreed_on="2014-12-01", consent_on="2014-12-01", informed_on="2014-12-01")]
    shifts = [shift("2014-12-31", "09:00", 6, pause=30), shift("2015-01-02", "09:00", 6, pause=30)]
    holidays = [{"first_on": "2014-12-22", "last_on": "2015-01-05"}]
    found = run(pupil("1998-06-01", shifts, jobs, medical_on="2014-12-01"), holidays=holidays).pupils[0]
    assert [(each.code, each.on, each.version) for each in found.findings] == [("day_hours", date(2014, 12, 31), "lv-2002")]


def test_fifteenth_birthday_in_the_middle_of_a_week() -> None:
    """Born on 30 June 2006: four hours up to the Tuesday, seven from the Wednesday on; the week follows the day's limit."""
    days = workdays("2021-06-28", 5)
    shifts = [shift(on, "09:00", 4 if on < date(2021, 6, 30) else 7, pause=30) for on in days]
    assert result("2006-06-30", shifts).lawful
    early = [shift(on, "09:00", 7, pause=30) for on in days]
    found = result("2006-06-30", early)
    assert [(each.code, each.on) for each in found.findings] == [
        ("day_hours", date(2021, 6, 28)), ("day_hours", date(2021, 6, 29))
    ]


def test_eighteenth_birthday_ends_the_ban_of_night_and_weekend() -> None:
    shifts = [shift("2021-07-03", "20:00", 4), shift("2021-07-10", "20:00", 4)]
    found = result("2003-07-08", shifts, basic_finished_on="2019-06-10")
    assert [(each.code, each.on, each.found) for each in found.findings] == [
        ("night", date(2021, 7, 3), 120), ("weekend", date(2021, 7, 3), None)
    ]


def test_born_on_a_leap_day_turns_fifteen_on_the_first_of_march() -> None:
    inp = WorkingTimeInput.model_validate_json(json.dumps({"rules": law(), "pupils": [pupil("2008-02-29", [])]}))
    days = [date(2023, *day) for day in ((2, 28), (3, 1))]
    ages = [standing_on(inp.rules, inp.holidays, inp.pupils[0], day).age for day in days]
    assert ages == [14, 15]


def test_finishing_basic_education_turns_a_child_into_a_teenager() -> None:
    """From the day of the certificate on: no consent, night from 22, work not on the list."""
    heavy = [job(light=False, consent_on=None)]
    shifts = [shift("2021-06-17", "17:00", 4), shift("2021-06-18", "17:00", 4)]
    found = result("2005-05-01", shifts, heavy, basic_finished_on="2021-06-18")
    assert [(each.code, each.on) for each in found.findings] == [
        ("consent_missing", date(2021, 6, 17)), ("night", date(2021, 6, 17)), ("not_light_work", date(2021, 6, 17))
    ]


def test_hours_of_several_employers_add_up() -> None:
    shifts = [shift("2021-07-05", "08:00", 3, "park"), shift("2021-07-05", "13:00", 2, "shop")]
    found = result("2008-05-01", shifts, [job("park"), job("shop")])
    assert [(each.code, each.found, each.limit, each.jobs) for each in found.findings] == [
        ("day_hours", 300, 240, ("park", "shop"))
    ]


def test_two_jobs_at_once_are_found() -> None:
    shifts = [shift("2021-07-05", "08:00", 2, "park"), shift("2021-07-05", "09:30", 2, "shop")]
    assert codes(result("2008-05-01", shifts, [job("park"), job("shop")])) == [("overlap", 30, 0)]


@pytest.mark.parametrize(("hours", "pause", "expected"), [(4.5, 0, []), (4.6, 0, [0]), (5, 29, [29]), (5, 30, [])])
def test_break_of_half_an_hour_in_days_over_four_and_a_half(hours: float, pause: int, expected: list[int]) -> None:
    """Directive 94/33/EC, article 12."""
    found = result("2005-05-01", [shift("2021-07-05", "09:00", hours, pause=pause)])
    assert [each.found for each in found.findings if each.code == "break_missing"] == expected


@pytest.mark.parametrize(
    ("finished", "begin", "minutes"), [(None, "17:30", 90), ("2021-06-11", "19:30", 90), (None, "16:00", 0)]
)
def test_night_begins_earlier_for_a_child(finished: str | None, begin: str, minutes: int) -> None:
    """Section 138: 20 to 6 for a child, 22 to 6 for a teenager; four hours of work."""
    found = result("2005-05-01", [shift("2021-07-05", begin, 4)], basic_finished_on=finished)
    assert [each.found for each in found.findings if each.code == "night"] == ([minutes] if minutes else [])


@pytest.mark.parametrize(("finished", "rest"), [(None, 840), ("2021-06-11", 720)])
def test_rest_between_two_days(finished: str | None, rest: int) -> None:
    """14 hours for a child, 12 for a teenager (sections 142; Directive 94/33/EC, article 10)."""
    evening = datetime(2021, 7, 5, 16, tzinfo=RIGA)
    for minutes, lawful in ((rest, True), (rest - 1, False)):
        begin = (evening + timedelta(hours=3, minutes=minutes)).strftime("%H:%M")
        shifts = [shift("2021-07-05", "16:00", 3), shift("2021-07-06", begin, 2)]
        found = result("2005-05-01", shifts, basic_finished_on=finished)
        assert [each.found for each in found.findings if each.code == "daily_rest"] == ([] if lawful else [rest - 1])


def test_sixth_day_and_weekend_are_one_too_many() -> None:
    shifts = [shift(date(2021, 7, 5) + timedelta(days=day), "09:00", 2) for day in range(6)]
    assert codes(result("2008-05-01", shifts)) == [("weekend", None, None), ("work_days", 6, 5)]


def test_weekly_rest_of_forty_two_hours_from_eighteen_on() -> None:
    """Three weeks without a free day leave the middle one no long rest; a free Sunday leaves 43 hours."""
    days = [date(2021, 7, 5) + timedelta(days=day) for day in range(21)]
    found = result("2000-05-01", [shift(on, "09:00", 5) for on in days])
    assert codes(found) == [("work_days", 7, 6), ("weekly_rest", 1_140, 2_520), ("work_days", 7, 6), ("work_days", 7, 6)]
    assert result("2000-05-01", [shift(on, "09:00", 5) for on in days if on.weekday() < 6]).lawful


def test_below_thirteen_nobody_works() -> None:
    assert codes(result("2008-07-06", [shift("2021-07-05", "09:00", 1)])) == [("too_young", 12, 13)]


def test_study_and_work_of_a_teenager_together() -> None:
    study = [{"on": "2021-05-03", "minutes": 300}]
    medical = {"medical_on": "2021-05-01", "basic_finished_on": "2020-06-10"}
    found = result("2004-05-01", [shift("2021-05-03", "15:00", 3)], [job(agreed_on="2021-06-15")], study=study, **medical)
    assert codes(found) == [("study_and_work_day", 480, 420)]


@pytest.mark.parametrize(
    ("papers", "expected"),
    [
        ({"consent_on": None}, ["consent_missing"]), ({"consent_on": "2021-07-06"}, ["consent_late"]),
        ({"informed_on": None}, ["informed_missing"]), ({"informed_on": "2021-06-16"}, ["informed_late"]), ({}, []),
    ],
)
def test_papers_come_before_work(papers: Raw, expected: list[str]) -> None:
    """State Labour Inspectorate: consent before a child works, the risks told before the contract."""
    found = result("2008-05-01", [shift("2021-07-05", "09:00", 2)], [job(**papers)])
    assert [each.code for each in found.findings] == expected


def test_medical_check_before_the_first_day_below_eighteen() -> None:
    late = result("2005-05-01", [shift("2021-07-05", "09:00", 2)], medical_on="2021-07-06")
    none = result("2003-05-01", [shift("2021-07-05", "09:00", 2)], [job(consent_on=None, informed_on=None)], medical_on=None)
    assert ([each.code for each in late.findings], none.findings) == (["medical_late"], ())


@pytest.mark.parametrize(("on", "minutes"), [("2021-03-28", 180), ("2021-10-31", 300)])
def test_hours_are_real_when_the_clock_changes(on: str, minutes: int) -> None:
    """From 2 to 6 by the clock: three hours in March, five in October."""
    day = date.fromisoformat(on)
    edges = [datetime(day.year, day.month, day.day, hour, tzinfo=RIGA).isoformat() for hour in (2, 6)]
    found = result("2000-01-01", [{"job": "park", "starts_at": edges[0], "ends_at": edges[1]}])
    assert found.minutes == minutes


def test_shift_over_midnight_belongs_to_both_days() -> None:
    found = result("2000-01-01", [shift("2021-07-05", "22:00", 6)])
    assert (found.days, found.minutes) == (2, 360)


def test_contradictions_are_refused_with_their_place() -> None:
    turned = {**shift("2021-07-05", "09:00", 2), "ends_at": "2021-07-05T05:00:00+00:00"}
    for wrong, path in (
        ([shift("2021-07-05", "09:00", 2, "x")], "pupils[0].shifts[0].job"), ([turned], "pupils[0].shifts[0].ends_at"),
    ):
        with pytest.raises(EngineInputError) as caught:
            result("2005-05-01", wrong)
        assert [problem.path for problem in caught.value.problems] == [path]
    with pytest.raises(EngineInputError, match="no rules are in force"):
        result("1980-05-01", [shift("2001-07-05", "09:00", 2)])


@settings(max_examples=120)
@given(
    st.dates(date(2002, 1, 1), date(2009, 12, 31)), st.none() | st.just("2021-06-12"),
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 95), st.integers(1, 40)), max_size=8),
    st.randoms(use_true_random=False),
)
def test_minutes_agree_with_counting_each_minute(
    born: date, finished: str | None, worked: list[tuple[int, int, int]], chance: random.Random
) -> None:
    """Hours and nights against an oracle that walks minute by minute; the order of shifts is irrelevant."""
    begin = datetime(2021, 6, 14, tzinfo=RIGA)
    shifts = []
    for number, (day, quarter, length) in enumerate(worked):
        starts = begin + timedelta(days=day, minutes=15 * quarter)
        ends = starts + timedelta(minutes=15 * length)
        shifts.append({"job": f"j{number % 2}", "starts_at": starts.isoformat(), "ends_at": ends.isoformat()})
    jobs = [job("j0"), job("j1")]
    found = result(born.isoformat(), shifts, jobs, basic_finished_on=finished)
    by_day: dict[date, int] = {}
    for each in shifts:
        moment, end = (datetime.fromisoformat(each[key]) for key in ("starts_at", "ends_at"))
        while moment < end:
            by_day[moment.date()] = by_day.get(moment.date(), 0) + 1
            moment += timedelta(minutes=1)
    assert (found.minutes, found.days) == (sum(by_day.values()), len(by_day))
    over = {each.on: each.found for each in found.findings if each.code == "day_hours"}
    assert over == {on: minutes for on, minutes in by_day.items() if minutes > most(born, on)}
    chance.shuffle(shifts)
    assert result(born.isoformat(), shifts, jobs[::-1], basic_finished_on=finished) == found


def most(born: date, on: date) -> float:
    """Minutes a day in holidays, by years counted on the fingers; below 13 the finding is another one."""
    years = 0
    while (born.year + years + 1, born.month, born.day) <= (on.year, on.month, on.day):
        years += 1
    return float("inf") if years < 13 else 240 if years < 15 else 420 if years < 18 else 480


def test_thousand_pupils_of_fifteen_days() -> None:
    """Under a second at usual speed; here only that nobody makes it five times slower."""
    days = workdays("2021-06-28", 15)
    shifts = [shift(on, "09:00", 4) for on in days]
    pupils = [{**pupil("2007-05-01", shifts), "id": f"p{number}"} for number in range(1_000)]
    raw = {"rules": law(), "holidays": [SUMMER], "pupils": pupils}
    started = time.process_time()
    output = run_engine("summerjobs.working_time", raw).output
    taken = time.process_time() - started
    assert (taken < 5, output["lawful"]) == (True, 1_000)


def test_study_in_pieces_and_after_the_last_work_day_counts_for_the_week() -> None:
    """Two lessons of a day are one sum, and study on Friday counts beside work that ended on Wednesday."""
    shifts = [shift(f"2021-05-{day}", "14:00", 4) for day in (10, 11, 12)]
    study = [{"on": "2021-05-10", "minutes": 100}, {"on": "2021-05-10", "minutes": 100}]
    split = result("2004-05-01", shifts, basic_finished_on="2020-06-10", study=study)
    whole = result("2004-05-01", shifts, basic_finished_on="2020-06-10", study=[{"on": "2021-05-10", "minutes": 200}])
    assert [(each.code, each.on, each.found) for each in split.findings] == [
        (each.code, each.on, each.found) for each in whole.findings
    ]
    assert ("study_and_work_day", 440) in {(each.code, each.found) for each in split.findings}
    later = [{"on": f"2021-05-{day}", "minutes": 700} for day in (13, 14)]
    found = result("2004-05-01", shifts, basic_finished_on="2020-06-10", study=later)
    assert ("study_and_work_week", 2120) in {(each.code, each.found) for each in found.findings}

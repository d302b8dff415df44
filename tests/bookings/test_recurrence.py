"""Holds the recurrence engine to the examples of RFC 5545 and to Riga's clock changes."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from microcities.bookings.engines.local_time import exists
from microcities.bookings.engines.recurrence import RecurrenceInput, recurrence
from microcities.decisions.engine import EngineInputError

NEW_YORK = {"zone": "America/New_York", "starts_at": "1997-09-02T09:00", "minutes": 60}


def days(**values: Any) -> list[str]:
    """Local days of the occurrences, as month-day of their year."""
    found = recurrence(RecurrenceInput(**{**NEW_YORK, **values}), seed=0)
    return [each.local[:10] for each in found.occurrences]


def starts(**values: Any) -> list[str]:
    return [each.starts_at for each in recurrence(RecurrenceInput(**values), seed=0).occurrences]


# Section 3.8.5.3 of RFC 5545: rule, first start, and the days the standard lists.
RFC_5545 = [
    ("FREQ=DAILY;COUNT=10", "1997-09-02T09:00", [f"1997-09-{day:02}" for day in range(2, 12)]),
    (
        "FREQ=DAILY;INTERVAL=10;COUNT=5",
        "1997-09-02T09:00",
        ["1997-09-02", "1997-09-12", "1997-09-22", "1997-10-02", "1997-10-12"],
    ),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "1997-09-02T09:00",
        [f"1997-09-{day:02}" for day in (2, 4, 9, 11, 16, 18, 23, 25, 30)] + ["1997-10-02"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997-09-02T09:00",
        [*(f"1997-09-{day:02}" for day in (2, 4, 16, 18, 30)), "1997-10-02", "1997-10-14", "1997-10-16"],
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09-05T09:00",
        ["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05", "1998-01-02", "1998-02-06", "1998-03-06", "1998-04-03",
         "1998-05-01", "1998-06-05"],
    ),
    (
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997-09-22T09:00",
        ["1997-09-22", "1997-10-20", "1997-11-17", "1997-12-22", "1998-01-19", "1998-02-16"],
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09-30T09:00",
        ["1997-09-30", "1997-10-01", "1997-10-31", "1997-11-01", "1997-11-30", "1997-12-01", "1997-12-31", "1998-01-01",
         "1998-01-31", "1998-02-01"],
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997-01-01T09:00",
        ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09", "2000-07-18", "2003-01-01", "2003-04-10",
         "2003-07-19", "2006-01-01"],
    ),
    ("FREQ=YEARLY;COUNT=3;BYWEEKNO=20;BYDAY=MO", "1997-05-12T09:00", ["1997-05-12", "1998-05-11", "1999-05-17"]),
    (
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997-09-04T09:00",
        ["1997-09-04", "1997-10-07", "1997-11-06"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997-08-05T09:00",
        ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"],
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997-08-05T09:00",
        ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"],
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007-01-15T09:00",
        ["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"],
    ),
]


@pytest.mark.parametrize(("rule", "first", "expected"), RFC_5545)
def test_examples_of_the_standard(rule: str, first: str, expected: list[str]) -> None:
    assert days(rule=rule, starts_at=first) == expected


def test_monthly_on_the_31st_meets_only_months_that_have_one() -> None:
    assert days(rule="FREQ=MONTHLY;COUNT=4", starts_at="1997-01-31T09:00") == [
        "1997-01-31", "1997-03-31", "1997-05-31", "1997-07-31",
    ]


def test_yearly_on_29_february_meets_leap_years_only() -> None:
    assert days(rule="FREQ=YEARLY;COUNT=3", starts_at="2096-02-29T09:00") == ["2096-02-29", "2104-02-29", "2108-02-29"]


def test_local_hour_stays_across_both_changes() -> None:
    assert starts(starts_at="2027-03-21T18:00", rule="FREQ=WEEKLY;COUNT=3", minutes=60) == [
        "2027-03-21T18:00+02:00", "2027-03-28T18:00+03:00", "2027-04-04T18:00+03:00",
    ]
    assert starts(starts_at="2027-10-24T18:00", rule="FREQ=WEEKLY;COUNT=2", minutes=60) == [
        "2027-10-24T18:00+03:00", "2027-10-31T18:00+02:00",
    ]


def test_hour_that_a_day_does_not_have_is_skipped_and_does_not_count() -> None:
    found = recurrence(RecurrenceInput(starts_at="2027-03-27T03:30", rule="FREQ=DAILY;COUNT=3", minutes=30), seed=0)
    assert [each.local for each in found.occurrences] == ["2027-03-27T03:30", "2027-03-29T03:30", "2027-03-30T03:30"]
    assert found.skipped == ("2027-03-28T03:30",)


def test_start_in_the_missing_hour_is_refused() -> None:
    with pytest.raises(EngineInputError, match="starts_at: clocks jump over this time"):
        recurrence(RecurrenceInput(starts_at="2027-03-28T03:30", minutes=30), seed=0)


def test_repeated_hour_is_the_first_unless_the_second_is_meant() -> None:
    once = {"starts_at": "2027-10-31T03:30", "minutes": 30}
    assert starts(**once) == ["2027-10-31T03:30+03:00"]
    assert starts(**once, fold=1) == ["2027-10-31T03:30+02:00"]


def test_minutes_are_real_and_days_are_local() -> None:
    night = recurrence(RecurrenceInput(starts_at="2027-03-27T22:00", minutes=480), seed=0).occurrences[0]
    assert night.ends_at == "2027-03-28T07:00+03:00"
    long_day = recurrence(RecurrenceInput(starts_at="2027-10-31T00:00", days=1), seed=0).occurrences[0]
    assert (long_day.starts_at, long_day.ends_at) == ("2027-10-31T00:00+03:00", "2027-11-01T00:00+02:00")


def test_until_counts_the_last_instant_in() -> None:
    rule = "FREQ=DAILY;UNTIL=20270303T080000Z"
    assert len(starts(starts_at="2027-03-01T10:00", rule=rule, minutes=60)) == 3
    assert len(starts(starts_at="2027-03-01T10:01", rule=rule, minutes=60)) == 2
    assert len(starts(starts_at="2027-03-01T10:00", rule="FREQ=DAILY;UNTIL=20270303", minutes=60)) == 3


def test_left_out_and_added_days() -> None:
    found = starts(
        starts_at="2027-03-01T10:00", rule="FREQ=DAILY;COUNT=3", minutes=60, left_out=("2027-03-02T10:00",),
        added=("2027-03-06T12:00",),
    )
    assert [text[:16] for text in found] == ["2027-03-01T10:00", "2027-03-03T10:00", "2027-03-06T12:00"]


def test_endless_rule_is_cut_and_says_so() -> None:
    found = recurrence(RecurrenceInput(starts_at="2027-03-01T10:00", rule="FREQ=DAILY", minutes=60, at_most=5), seed=0)
    assert (len(found.occurrences), found.truncated) == (5, True)


def test_rule_that_never_comes_again_ends() -> None:
    rule = "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"
    assert days(rule=rule, starts_at="2027-03-01T10:00") == ["2027-03-01"]


@pytest.mark.parametrize(
    "rule",
    ["FREQ=HOURLY", "COUNT=3", "FREQ=DAILY;COUNT=2;UNTIL=20270101", "FREQ=DAILY;COUNT=0", "FREQ=DAILY;BYDAY=XX", "nonsense",
     "FREQ=DAILY;FREQ=WEEKLY", "FREQ=DAILY;UNTIL=20270230", "FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;COUNT=99999999"],
)
def test_unreadable_rule_is_refused_at_its_place(rule: str) -> None:
    with pytest.raises(EngineInputError) as refused:
        recurrence(RecurrenceInput(starts_at="2027-03-01T10:00", rule=rule, minutes=60), seed=0)
    assert refused.value.problems[0].path == "rule"


@settings(deadline=None)
@given(
    st.integers(0, 3 * 366 * 24 * 60).map(lambda minutes: datetime.fromisoformat("2026-01-01") + timedelta(minutes=minutes)),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,SU", "FREQ=MONTHLY", "FREQ=DAILY;INTERVAL=3"]),
    st.integers(1, 60),
)
def test_occurrences_keep_the_local_hour_and_the_real_length(first: datetime, rule: str, count: int) -> None:
    assume(exists(first, ZoneInfo("Europe/Riga")))
    found = recurrence(
        RecurrenceInput(starts_at=first.isoformat(timespec="minutes"), rule=f"{rule};COUNT={count}", minutes=90), seed=0
    )
    assert len(found.occurrences) == count
    instants = [datetime.fromisoformat(each.starts_at) for each in found.occurrences]
    assert instants == sorted(set(instants))
    for each, start in zip(found.occurrences, instants, strict=True):
        assert start.astimezone(ZoneInfo("Europe/Riga")).time() == first.time()
        assert datetime.fromisoformat(each.ends_at) - start == timedelta(minutes=90)

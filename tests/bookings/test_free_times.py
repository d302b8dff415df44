"""Holds the free times and the peak to hand-made days, clock changes and a slow reference."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from microcities.bookings.engines.free_times import FreeTimesInput, Span, WeeklyHours, free_times
from microcities.bookings.engines.peak import PeakInput, Taken, peak
from microcities.decisions.engine import EngineInputError

RIGA = ZoneInfo("Europe/Riga")
MONDAY = date(2027, 3, 1)
MORNING = WeeklyHours(weekday=1, opens=9 * 60, closes=12 * 60)


def at(hour: int, minute: int = 0, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=RIGA)


def clock(**values: object) -> list[str]:
    inp = FreeTimesInput(**{"from_on": MONDAY, "until_on": MONDAY, "hours": (MORNING,), "minutes": 60, "step": 30, **values})
    return [f"{span.starts_at.astimezone(RIGA):%H:%M}" for span in free_times(inp, seed=0).free]


def test_whole_booking_lies_within_the_opening_hours() -> None:
    assert clock() == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_taken_time_and_its_edges() -> None:
    assert clock(busy=(Span(starts_at=at(10), ends_at=at(11)),)) == ["09:00", "11:00"]


def test_buffers_keep_away_from_what_is_taken_but_may_lie_outside_opening_hours() -> None:
    busy = (Span(starts_at=at(10, 30), ends_at=at(10, 45)),)
    assert clock(busy=busy, minutes=30, step=15, buffer_before=15, buffer_after=15) == [
        "09:00", "09:15", "09:30", "09:45", "11:00", "11:15", "11:30",
    ]


def test_touching_opening_hours_are_one() -> None:
    afternoon = WeeklyHours(weekday=1, opens=12 * 60, closes=13 * 60)
    assert "11:30" in clock(hours=(MORNING, afternoon))


def test_minimum_notice() -> None:
    assert clock(not_before=at(10, 10)) == ["10:30", "11:00"]


def test_hours_hold_on_their_dates_only() -> None:
    assert clock(hours=(MORNING.model_copy(update={"valid_to": date(2027, 2, 28)}),)) == []


def test_night_of_the_spring_change_has_an_hour_less() -> None:
    sunday = date(2027, 3, 28)
    night = WeeklyHours(weekday=7, opens=2 * 60, closes=6 * 60)
    assert clock(from_on=sunday, until_on=sunday, hours=(night,), step=60) == ["02:00", "04:00", "05:00"]


def test_night_of_the_autumn_change_has_an_hour_more() -> None:
    sunday = date(2027, 10, 31)
    night = WeeklyHours(weekday=7, opens=2 * 60, closes=6 * 60)
    assert clock(from_on=sunday, until_on=sunday, hours=(night,), step=60) == ["02:00", "03:00", "03:00", "04:00", "05:00"]


def test_opening_in_the_missing_hour_opens_at_the_jump() -> None:
    sunday = date(2027, 3, 28)
    night = WeeklyHours(weekday=7, opens=3 * 60 + 30, closes=6 * 60)
    assert clock(from_on=sunday, until_on=sunday, hours=(night,), step=60) == ["04:00", "05:00"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"zone": "Europe/Ventspils"}, "zone"),
        ({"until_on": date(2027, 2, 1)}, "until_on"),
        ({"until_on": date(2029, 1, 1)}, "until_on"),
        ({"hours": (WeeklyHours(weekday=1, opens=600, closes=540),)}, "hours[0].closes"),
    ],
)
def test_wrong_input_is_refused_at_its_place(values: dict[str, object], path: str) -> None:
    with pytest.raises(EngineInputError) as refused:
        clock(**values)
    assert refused.value.problems[0].path == path


spans = st.tuples(st.integers(0, 24 * 12), st.integers(1, 40)).map(
    lambda pair: Span(starts_at=at(0) + timedelta(minutes=5 * pair[0]), ends_at=at(0) + timedelta(minutes=5 * sum(pair)))
)


@settings(deadline=None)
@given(st.lists(spans, max_size=8), st.integers(1, 24), st.integers(0, 6), st.integers(0, 6))
def test_free_times_are_those_a_slow_search_finds(busy: list[Span], length: int, before: int, after: int) -> None:
    inp = FreeTimesInput(
        from_on=MONDAY, until_on=MONDAY, hours=(MORNING,), busy=tuple(busy), minutes=5 * length, step=5,
        buffer_before=5 * before, buffer_after=5 * after,
    )
    slow = []
    for place in range(36 - length + 1):
        start = at(9) + timedelta(minutes=5 * place)
        first, last = start - timedelta(minutes=5 * before), start + timedelta(minutes=5 * (length + after))
        if all(span.ends_at <= first or span.starts_at >= last for span in busy):
            slow.append(start)
    assert [span.starts_at for span in free_times(inp, seed=0).free] == slow


def taken(first: int, last: int, places: int = 1) -> Taken:
    return Taken(starts_at=at(first), ends_at=at(last), places=places)


def test_two_that_follow_one_another_are_one_at_the_peak() -> None:
    found = peak(PeakInput(taken=(taken(9, 10), taken(10, 11), taken(9, 11))), seed=0)
    assert (found.peak, found.starts_at, found.ends_at) == (2, at(9), at(11))


def test_peak_of_nothing() -> None:
    found = peak(PeakInput(taken=()), seed=0)
    assert (found.peak, found.starts_at, found.ends_at) == (0, None, None)


def test_peak_within_a_span_only() -> None:
    everything = (taken(8, 9, 50), taken(9, 12, 3), taken(11, 12, 4))
    assert peak(PeakInput(taken=everything), seed=0).peak == 50
    found = peak(PeakInput(taken=everything, from_at=at(9), until_at=at(12)), seed=0)
    assert (found.peak, found.starts_at, found.ends_at) == (7, at(11), at(12))


def test_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(EngineInputError, match=r"taken\[0\].ends_at"):
        peak(PeakInput(taken=(taken(10, 9),)), seed=0)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 10), st.integers(0, 5)), max_size=12))
def test_peak_is_the_largest_sum_at_any_minute(rows: list[tuple[int, int, int]]) -> None:
    start = datetime(2027, 3, 1, tzinfo=UTC)
    everything = tuple(
        Taken(starts_at=start + timedelta(minutes=a), ends_at=start + timedelta(minutes=a + b), places=c) for a, b, c in rows
    )
    slow = max((sum(c for a, b, c in rows if a <= minute < a + b) for minute in range(60)), default=0)
    assert peak(PeakInput(taken=everything), seed=0).peak == slow

"""Times at which something is free, from its opening hours and what is taken already."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, ConfigDict, Field

from microcities.bookings.engines.local_time import MINUTES_OF_DAY, minute_of, zone_named
from microcities.decisions.engine import EngineInputError, EngineModel, engine

LONGEST_VIEW = 366


class WeeklyHours(EngineModel):
    """Open on each `weekday` (1 is Monday) from one minute of the local day to another; 1440 is midnight."""

    weekday: int = Field(ge=1, le=7)
    opens: int = Field(ge=0, lt=MINUTES_OF_DAY)
    closes: int = Field(gt=0, le=MINUTES_OF_DAY)
    valid_from: date | None = None
    valid_to: date | None = None


class Span(EngineModel):
    """From an instant up to, and without, another."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class FreeTimesInput(EngineModel):
    """Days `from_on` to `until_on` (both counted), in local time of `zone`; lengths in minutes.

    `busy` are spans that block, buffers of their own included; the wanted booking's buffers must be free of them as well, but
    may lie outside the opening hours.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "from_on": "2027-03-01",
                    "until_on": "2027-03-01",
                    "hours": [{"weekday": 1, "opens": 540, "closes": 720}],
                    "minutes": 45,
                }
            ]
        }
    )

    zone: str = "Europe/Riga"
    from_on: date
    until_on: date
    hours: tuple[WeeklyHours, ...] = Field(max_length=500)
    busy: tuple[Span, ...] = Field(default=(), max_length=100_000)
    minutes: int = Field(ge=5, le=14 * MINUTES_OF_DAY)
    step: int = Field(default=15, ge=5, le=MINUTES_OF_DAY)
    buffer_before: int = Field(default=0, ge=0, le=MINUTES_OF_DAY)
    buffer_after: int = Field(default=0, ge=0, le=MINUTES_OF_DAY)
    not_before: AwareDatetime | None = None


class FreeTimesOutput(EngineModel):
    """All starts that fit, with their ends, in order."""

    free: tuple[Span, ...]


@engine(
    "bookings.free_times",
    version="1.0.0",
    summary="When a resource can be booked, across both clock changes",
    source="Opening hours less blocked spans; local times as RFC 5545, section 3.3.5, reads them",
)
def free_times(inp: FreeTimesInput, *, seed: int) -> FreeTimesOutput:
    """Candidate starts lie `step` real minutes apart from each opening. No use of the seed."""
    if inp.until_on < inp.from_on:
        raise EngineInputError.at("is before the first day", "until_on")
    if (inp.until_on - inp.from_on).days >= LONGEST_VIEW:
        raise EngineInputError.at(f"at most {LONGEST_VIEW} days at a time", "until_on")
    zone = zone_named(inp.zone, "zone")
    busy = _joined([(_utc(span.starts_at), _utc(span.ends_at)) for span in inp.busy])
    ends = [end for _, end in busy]
    length = timedelta(minutes=inp.minutes)
    before, after = timedelta(minutes=inp.buffer_before), timedelta(minutes=inp.buffer_after)
    earliest = _utc(inp.not_before) if inp.not_before else None
    free = []
    for opens, closes in opening_spans(inp.hours, inp.from_on, inp.until_on, zone):
        start = opens
        while start + length <= closes:
            if earliest is None or start >= earliest:
                # The first blocked span that ends after the padded start is the only one that could be in the way.
                place = bisect_right(ends, start - before)
                if place == len(busy) or busy[place][0] >= start + length + after:
                    free.append(Span(starts_at=start.astimezone(zone), ends_at=(start + length).astimezone(zone)))
            start += timedelta(minutes=inp.step)
    return FreeTimesOutput(free=tuple(free))


def opening_spans(
    hours: tuple[WeeklyHours, ...], from_on: date, until_on: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Open spans in UTC that begin on the given days, those that touch or overlap joined."""
    spans = []
    for offset in range((until_on - from_on).days + 1):
        day = from_on + timedelta(days=offset)
        for each in hours:
            if each.closes <= each.opens:
                raise EngineInputError.at("closes before it opens", "hours", hours.index(each), "closes")
            if day.isoweekday() == each.weekday and _holds(each, day):
                spans.append((minute_of(day, each.opens, zone), minute_of(day, each.closes, zone)))
    return _joined(spans)


def _holds(hours: WeeklyHours, day: date) -> bool:
    return (hours.valid_from is None or hours.valid_from <= day) and (hours.valid_to is None or day <= hours.valid_to)


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    joined: list[tuple[datetime, datetime]] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)

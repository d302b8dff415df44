"""Occurrences of a repeated event, at the same local hour on both sides of a clock change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr
from pydantic import ConfigDict, Field

from microcities.bookings.engines.local_time import exists, instant, zone_named
from microcities.decisions.engine import EngineInputError, EngineModel, engine

MOST = 1000
# A rule that never meets a day (30 February) must end: this many candidates without a hit are enough.
MOST_TRIED = 20_000
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "WKST"}
)
UNTIL_FORM = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})(Z?))?$")
LOCAL_FORM = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$"


class RecurrenceInput(EngineModel):
    """A local start in `zone`, an RFC 5545 rule without the word RRULE, and how long each occurrence lasts.

    `minutes` are real minutes, so a night course over a clock change lasts as long as it says. `days` instead of minutes are
    whole local days, 23 to 25 hours each. `left_out` and `added` are local starts (EXDATE, RDATE). `fold` 1 says that the first
    start is in the second pass of a repeated hour.
    """

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"starts_at": "2027-03-14T10:00", "rule": "FREQ=WEEKLY;COUNT=4", "minutes": 90}]}
    )

    zone: str = "Europe/Riga"
    starts_at: str = Field(pattern=LOCAL_FORM, description="local date and time, without an offset")
    fold: Literal[0, 1] = 0
    rule: str = Field(default="", max_length=500)
    minutes: int | None = Field(default=None, ge=1, le=60 * 24 * 31)
    days: int | None = Field(default=None, ge=1, le=31)
    left_out: tuple[str, ...] = Field(default=(), max_length=MOST)
    added: tuple[str, ...] = Field(default=(), max_length=MOST)
    at_most: int = Field(default=400, ge=1, le=MOST)


class Occurrence(EngineModel):
    """`local` is its identity: the start the rule gave it. `starts_at` and `ends_at` are instants with the local offset."""

    local: str
    starts_at: str
    ends_at: str


class RecurrenceOutput(EngineModel):
    """Occurrences in order; `skipped` are local starts that do not exist on their day (they do not use up COUNT);
    `truncated` says that there are more than `at_most`.
    """

    occurrences: tuple[Occurrence, ...]
    skipped: tuple[str, ...]
    truncated: bool


class _Rule(NamedTuple):
    candidates: Iterator[datetime]
    most: int | None
    until: datetime | None


@engine(
    "bookings.recurrence",
    version="1.0.0",
    summary="Occurrences of a repeated event in local time",
    source="RFC 5545 (iCalendar), sections 3.3.10 and 3.8.5; expanded with python-dateutil",
)
def recurrence(inp: RecurrenceInput, *, seed: int) -> RecurrenceOutput:
    """The first start always counts as the first occurrence. A local time that a day does not have is skipped and does not
    count; one that a day has twice is the first of them. No use of the seed.
    """
    zone = zone_named(inp.zone, "zone")
    if (inp.minutes is None) == (inp.days is None):
        raise EngineInputError.at("give minutes or days, one of them", "minutes")
    first = _local(inp.starts_at, "starts_at").replace(fold=inp.fold)
    if not exists(first, zone):
        raise EngineInputError.at("clocks jump over this time; choose another hour", "starts_at")
    left_out = {_local(text, "left_out", number) for number, text in enumerate(inp.left_out)}
    added = {_local(text, "added", number) for number, text in enumerate(inp.added)}
    skipped: list[datetime] = []
    found: list[datetime] = []
    for local in islice(_starts(inp.rule, first, zone, skipped), inp.at_most + len(left_out) + 1):
        found.append(local)
    whole = sorted((set(found) | {local for local in added if exists(local, zone)}) - left_out)
    kept = whole[: inp.at_most]
    return RecurrenceOutput(
        occurrences=tuple(_occurrence(local, inp, zone) for local in kept),
        skipped=tuple(local.isoformat(timespec="minutes") for local in skipped if not kept or local <= kept[-1]),
        truncated=len(whole) > inp.at_most,
    )


def _starts(text: str, first: datetime, zone: ZoneInfo, skipped: list[datetime]) -> Iterator[datetime]:
    """Existing local starts, the first one included; missing ones go to `skipped`."""
    if not text:
        yield first
        return
    rule = _parsed(text, first, zone)
    yield first
    given = 1
    for tried, local in enumerate(rule.candidates):
        if rule.most is not None and given >= rule.most:
            return
        if tried >= MOST_TRIED or (rule.until is not None and instant(local, zone) > rule.until):
            return
        if local == first.replace(fold=0):
            continue
        if exists(local, zone):
            given += 1
            yield local
        else:
            skipped.append(local)


def _parsed(text: str, first: datetime, zone: ZoneInfo) -> _Rule:
    parts: dict[str, str] = {}
    for part in text.strip().rstrip(";").upper().split(";"):
        name, equals, value = part.partition("=")
        if not equals or name not in PARTS or name in parts:
            known = ", ".join(sorted(PARTS))
            raise EngineInputError.at(f"{part!r} cannot stand here; a rule has each of these at most once: {known}", "rule")
        parts[name] = value
    if parts.get("FREQ") not in FREQUENCIES:
        raise EngineInputError.at(f"FREQ is one of {', '.join(FREQUENCIES)}", "rule")
    if "COUNT" in parts and "UNTIL" in parts:
        raise EngineInputError.at("a rule has COUNT or UNTIL, not both (RFC 5545, 3.3.10)", "rule")
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if count is not None and (not count.isdigit() or not 1 <= int(count) <= MOST):
        raise EngineInputError.at(f"COUNT is a whole number from 1 to {MOST}", "rule")
    try:
        found = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first.replace(fold=0))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise EngineInputError.at(f"this rule cannot be read: {error}", "rule") from None
    assert isinstance(found, rrule)  # noqa: S101  (a single rule without EXDATE is never a set)
    return _Rule(iter(found), int(count) if count else None, _until(until, first, zone) if until else None)


def _until(text: str, first: datetime, zone: ZoneInfo) -> datetime:
    """UNTIL as an instant, counted in. A bare day is that whole local day; local time without Z is read in the zone."""
    match = UNTIL_FORM.match(text)
    if match is None:
        raise EngineInputError.at("UNTIL is a day (20270630) or a time in UTC (20270630T120000Z)", "rule")
    try:
        day = date(*(int(part) for part in match.groups()[:3]))
        if match[4] is None:
            return instant(datetime.combine(day + timedelta(days=1), time()), zone) - timedelta(microseconds=1)
        moment = datetime.combine(day, time(int(match[4]), int(match[5]), int(match[6])))
    except (ValueError, OverflowError) as error:
        raise EngineInputError.at(f"UNTIL: {error}", "rule") from None
    return moment.replace(tzinfo=UTC) if match[7] else instant(moment, zone)


def _occurrence(local: datetime, inp: RecurrenceInput, zone: ZoneInfo) -> Occurrence:
    start = instant(local, zone)
    if inp.minutes is not None:
        end = start + timedelta(minutes=inp.minutes)
    else:
        end = instant(local.replace(fold=0) + timedelta(days=inp.days or 1), zone)
    return Occurrence(
        local=local.isoformat(timespec="minutes"),
        starts_at=start.astimezone(zone).isoformat(timespec="minutes"),
        ends_at=end.astimezone(zone).isoformat(timespec="minutes"),
    )


def _local(text: str, *path: str | int) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise EngineInputError.at(str(error), *path) from None

"""Local clock times as instants, with the hour that is missing in spring and the one that comes twice in autumn."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from microcities.decisions.engine import EngineInputError

MINUTES_OF_DAY = 24 * 60


def zone_named(name: str, *path: str | int) -> ZoneInfo:
    """The IANA zone; EngineInputError at `path` when there is none of this name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise EngineInputError.at(f"{name!r} is no time zone of the IANA database", *path) from None


def exists(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of `zone` ever show this naive local time (they do not in the hour left out in spring)."""
    return local.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None) == local.replace(fold=0)


def is_repeated(local: datetime, zone: ZoneInfo) -> bool:
    """Whether clocks of `zone` show this naive local time twice (they do in the hour repeated in autumn)."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    return exists(local, zone) and first.utcoffset() != second.utcoffset()


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a naive local time. `fold` 1 names the second pass of a repeated hour.

    A time that does not exist is moved on by the hour that is missing (03:30 becomes 04:30 in Riga), as RFC 5545 3.3.5 says.
    """
    return local.replace(tzinfo=zone, fold=local.fold if exists(local, zone) else 0).astimezone(UTC)


def minute_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant at which a clock shows `minute` minutes after midnight of `day`; 1440 is the next midnight.

    A minute that the day does not have is the instant at which the missing hour is jumped over.
    """
    local = datetime.combine(day, time()) + timedelta(minutes=minute)
    if exists(local, zone):
        return instant(local, zone)
    return _jump(local, zone)


def _jump(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant of the jump over a missing local time, found between the time's two readings, which lie around it."""
    low = local.replace(tzinfo=zone, fold=1).astimezone(UTC)
    high = local.replace(tzinfo=zone, fold=0).astimezone(UTC)
    low, high = min(low, high), max(low, high)
    offset = low.astimezone(zone).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0)

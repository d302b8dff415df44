"""Reads check-ins that were noted without a connection: a code and a time on each line."""

import csv
from dataclasses import dataclass
from datetime import datetime, time

from django.utils import timezone
from django.utils.dateparse import parse_datetime, parse_time

from microcities.events.actions.attendance import Scan, plain_code
from microcities.events.models import Event

MOST_LINES = 5000
HEADINGS = {"CODE", "KODS"}


@dataclass(frozen=True)
class Unreadable:
    """A line that says no code or no time."""

    number: int
    text: str


def read_noted(text: str, event: Event) -> tuple[list[Scan], list[Unreadable]]:
    """Scans of lines “code;time” (also with comma or tab). A time alone is of the event's first day; none is its start."""
    scans, wrong = [], []
    for number, line in enumerate(text.splitlines()[:MOST_LINES], 1):
        if not line.strip():
            continue
        cells = _cells(line)
        code = plain_code(cells[0])
        if number == 1 and code in HEADINGS:
            continue
        at = _moment(cells[1], event) if len(cells) > 1 and cells[1] else event.starts_at
        if not code or at is None:
            wrong.append(Unreadable(number, line.strip()[:80]))
        else:
            scans.append(Scan(code, at))
    return scans, wrong


def _cells(line: str) -> list[str]:
    separator = next((each for each in (";", "\t", ",") if each in line), ";")
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator))]


def _moment(text: str, event: Event) -> datetime | None:
    """A full date and time, or hours and minutes of the event's first day; None when it is neither."""
    try:
        moment = parse_datetime(text)
        clock: time | None = None if moment else parse_time(text)
    except ValueError:
        return None
    if moment is None and clock is not None:
        moment = datetime.combine(timezone.localdate(event.starts_at), clock)
    if moment is None:
        return None
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)

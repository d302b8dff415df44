"""Shifts as minutes of local days: who a pupil is in law on a day, what was worked on it, and when it began and ended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from microcities.decisions.engine import EngineInputError
from microcities.summerjobs.engines.eligibility import age_on
from microcities.summerjobs.engines.working_time_input import (
    Band,
    DatedRules,
    GroupRules,
    Holidays,
    Pupil,
    Season,
    Shift,
)

MINUTE = timedelta(minutes=1)


class Piece(NamedTuple):
    """Work without a break within one local day, as instants in UTC."""

    starts_at: datetime
    ends_at: datetime
    job: str

    @property
    def minutes(self) -> int:
        return (self.ends_at - self.starts_at) // MINUTE


@dataclass(frozen=True)
class Standing:
    """What the law says of a pupil on a day: the version, the group, its rules, and its hours (None: no work at all)."""

    version: str
    age: int
    season: Season
    rules: GroupRules
    band: Band | None
    least_age: int


@dataclass
class WorkDay:
    """A local day with work: its pieces in order."""

    on: date
    standing: Standing
    pieces: list[Piece] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(each.minutes for each in self.pieces)

    @property
    def jobs(self) -> tuple[str, ...]:
        return tuple(sorted({each.job for each in self.pieces}))


def rules_on(rules: Sequence[DatedRules], on: date) -> DatedRules:
    """The rules of the work day; EngineInputError when none is in force."""
    for each in rules:
        if each.from_on <= on and (each.to_on is None or on <= each.to_on):
            return each
    raise EngineInputError.at(f"no rules are in force on {on}", "rules")


def season_on(holidays: Iterable[Holidays], on: date) -> Season:
    """Holiday or term."""
    return "holiday" if any(each.first_on <= on <= each.last_on for each in holidays) else "term"


def standing_on(rules: Sequence[DatedRules], holidays: Sequence[Holidays], pupil: Pupil, on: date) -> Standing:
    """A child is below 15, or below 18 with basic education unfinished; who has turned an age has it from that day on."""
    law, age = rules_on(rules, on), age_on(pupil.born_on, on)
    finished = pupil.basic_finished_on is not None and pupil.basic_finished_on <= on
    young = "child" if age < law.child_below or not finished else "teenager"
    name = "adult" if age >= law.young_below else young
    season = season_on(holidays, on)
    fitting = [
        each for each in law.bands if each.group == name and each.season == season and each.age_from <= age
    ]
    group = next(each for each in law.groups if each.group == name)
    band = max(fitting, key=lambda each: each.age_from, default=None) if age >= law.least_age else None
    return Standing(law.version, age, season, group, band, law.least_age)


def pieces_of(shifts: Iterable[Shift], zone: tzinfo) -> list[tuple[date, Piece]]:
    """Shifts less their breaks, cut at local midnight; lengths are real time, also over a change of the clock."""
    found = []
    for shift in shifts:
        begin = shift.starts_at.astimezone(UTC)
        for pause in sorted(shift.breaks, key=lambda each: each.starts_at):
            found += _cut(begin, pause.starts_at.astimezone(UTC), shift.job, zone)
            begin = pause.ends_at.astimezone(UTC)
        found += _cut(begin, shift.ends_at.astimezone(UTC), shift.job, zone)
    return sorted(found, key=lambda each: (each[1].starts_at, each[1].ends_at, each[1].job))


def _cut(begin: datetime, end: datetime, job: str, zone: tzinfo) -> list[tuple[date, Piece]]:
    found = []
    while begin < end:
        on = begin.astimezone(zone).date()
        midnight = datetime.combine(on + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
        until = min(end, midnight)
        found.append((on, Piece(begin, until, job)))
        begin = until
    return found

"""What the benchmark engine refuses: names that stand twice or nowhere, a pupil in two classes at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from microcities.careers.engines.benchmark_input import BenchmarksInput, Criterion, Pupil
from microcities.decisions.engine import EngineInputError


def check_input(inp: BenchmarksInput) -> None:
    """Raise EngineInputError with the place of the first thing that does not fit together."""
    _no_doubles("groups", [group.id for group in inp.groups])
    _no_doubles("pupils", [pupil.id for pupil in inp.pupils])
    _no_doubles("encounters", [encounter.id for encounter in inp.encounters])
    _no_doubles("criteria", [criterion.code for criterion in inp.criteria])
    if inp.earlier is not None and inp.earlier >= inp.day:
        raise EngineInputError.at("the earlier day is not before the day", "earlier")
    _check_stages(inp)
    _check_scoring(inp)
    groups = {group.id for group in inp.groups}
    for index, pupil in enumerate(inp.pupils):
        _check_pupil(index, pupil, groups)
    pupils = {pupil.id for pupil in inp.pupils}
    for index, encounter in enumerate(inp.encounters):
        if not pupils.issuperset(encounter.pupils):
            stranger = next(place for place, pupil in enumerate(encounter.pupils) if pupil not in pupils)
            raise EngineInputError.at("there is no pupil with this id", "encounters", index, "pupils", stranger)


def _no_doubles(field: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for index, name in enumerate(names):
        if name in seen:
            raise EngineInputError.at(f"{name} stands twice", field, index)
        seen.add(name)


def _check_stages(inp: BenchmarksInput) -> None:
    levels = {level.code for level in inp.stages.levels}
    for index, milestone in enumerate(inp.stages.milestones):
        if not levels.issuperset((milestone.first_level, milestone.last_level)):
            raise EngineInputError.at("there is no such level", "stages", "milestones", index)
    for index, group in enumerate(inp.groups):
        if group.level not in levels:
            raise EngineInputError.at(f"there is no level {group.level}", "groups", index, "level")
    milestones = {milestone.code for milestone in inp.stages.milestones}
    for index, criterion in enumerate(inp.criteria):
        _check_criterion(index, criterion, levels, milestones)
    for field in ("year_starts", "roll_closes"):
        _check_day(inp, field)


def _check_day(inp: BenchmarksInput, field: str) -> None:
    try:
        date(2023, *getattr(inp.stages, field))  # not a leap year, so that the day is there every year
    except ValueError:
        raise EngineInputError.at("month and day of every year", "stages", field) from None


def _check_criterion(index: int, criterion: Criterion, levels: set[str], milestones: set[str]) -> None:
    for field in ("from_level", "to_level"):
        level = getattr(criterion, field)
        if level is not None and level not in levels:
            raise EngineInputError.at(f"there is no level {level}", "criteria", index, field)
    if criterion.window == "by_milestone" and criterion.basis == "pupils" and criterion.milestone not in milestones:
        raise EngineInputError.at("there is no such milestone", "criteria", index, "milestone")
    if criterion.basis == "pupils" and not criterion.kinds:
        raise EngineInputError.at("no kind of encounter can meet this criterion", "criteria", index, "kinds")
    if criterion.basis != "pupils" and not criterion.record_kinds:
        raise EngineInputError.at("no record can meet this criterion", "criteria", index, "record_kinds")


def _check_scoring(inp: BenchmarksInput) -> None:
    shares = [(band.at_least, band.excluded) for band in inp.scoring.bands]
    if shares != sorted(shares):
        raise EngineInputError.at("bands stand from the lowest", "scoring", "bands")


def _check_pupil(index: int, pupil: Pupil, groups: set[str]) -> None:
    for place, stay in enumerate(pupil.enrolments):
        if stay.group not in groups:
            raise EngineInputError.at("there is no group with this id", "pupils", index, "enrolments", place, "group")
        if stay.ends_on is not None and stay.ends_on < stay.starts_on:
            raise EngineInputError.at("ends before it starts", "pupils", index, "enrolments", place, "ends_on")
    if _overlap([(stay.starts_on, stay.ends_on or date.max) for stay in pupil.enrolments]):
        raise EngineInputError.at("this pupil is in two classes on one day", "pupils", index, "enrolments")


def _overlap(stays: Sequence[tuple[date, date]]) -> bool:
    return any(after[0] <= before[1] for before, after in pairwise(sorted(stays)))

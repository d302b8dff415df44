"""Counts, shares with intervals, bands and states, for a class, a school, everybody, and each benchmark."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from microcities.careers.engines.benchmark_cohorts import Calendar
from microcities.careers.engines.benchmark_input import (
    BenchmarksInput,
    Criterion,
    Group,
    SchoolRecord,
    Scoring,
)
from microcities.careers.engines.benchmark_needs import Lack, Met, Standing, interpretation_of, standing
from microcities.careers.engines.benchmark_output import (
    BenchmarkResult,
    CriterionResult,
    GroupResult,
    LackOf,
    SchoolResult,
    State,
    Tally,
)
from microcities.decisions.intervals import wilson


class Judged(NamedTuple):
    """A criterion of pupils: who stands where, of whom it is not asked, and of whom it cannot be told."""

    criterion: Criterion
    standings: list[Standing]
    not_applied: list[tuple[str, Group]]
    unknown: list[tuple[str, Group]]


class Counter:
    """Makes tallies by one scoring profile and one level of confidence."""

    def __init__(self, scoring: Scoring, quantile: float) -> None:
        self.scoring, self.quantile = scoring, quantile
        self.credits = {band.code: band.credit for band in scoring.bands}

    def tally(self, numerator: int, denominator: int, criterion: Criterion) -> Tally:
        """The count with its share, interval, band and state."""
        if denominator == 0:
            return Tally(numerator=0, denominator=0, share=None, low=None, high=None, band=None, state="not_applicable")
        share = numerator / denominator
        low, high = wilson(numerator, denominator, self.quantile)
        return Tally(
            numerator=numerator,
            denominator=denominator,
            share=share,
            low=low,
            high=high,
            band=self._band(share),
            state=_state(share, self.threshold(criterion)),
        )

    def threshold(self, criterion: Criterion) -> float:
        """The share at which a criterion is achieved; what a school shows by records it shows whole."""
        return criterion.threshold or (1.0 if criterion.basis == "record" else self.scoring.passes_at)

    def credit(self, tally: Tally, basis: str) -> float:
        """What a criterion brings to its benchmark: all when achieved, else its band's credit; records by their share."""
        if tally.state == "achieved":
            return 1.0
        return tally.share or 0.0 if basis == "record" else self.credits.get(tally.band or "", 0.0)

    def _band(self, share: float) -> str | None:
        fitting = [
            band for band in self.scoring.bands
            if share > band.at_least or (share == band.at_least and not band.excluded)
        ]
        return fitting[-1].code if fitting else None


def judge(criterion: Criterion, calendar: Calendar, met: Met) -> Judged:
    """Each pupil of the cohort against the criterion."""
    cohort = calendar.cohort(criterion)
    standings: list[Standing] = []
    not_applied: list[tuple[str, Group]] = []
    for due in cohort.due:
        read = interpretation_of(due.pupil, criterion, calendar.day) if due.pupil.interpretations else None
        if read is not None and read.effect == "not_applied":
            not_applied.append((due.pupil.id, due.group))
        else:
            standings.append(standing(criterion, due, met, calendar, read))
    return Judged(criterion, standings, not_applied, [(pupil.id, group) for pupil, group in cohort.unknown])


def pupil_result(judged: Judged, counter: Counter) -> CriterionResult:
    """The criterion by class, by school and over all."""
    criterion = judged.criterion
    groups = _group_results(judged, counter)
    schools = [
        SchoolResult(
            school=school,
            tally=_sum((each.tally for each in rows), criterion, counter),
            not_applied=sum(len(each.not_applied) for each in rows),
            unknown=sum(len(each.unknown) for each in rows),
        )
        for school, rows in sorted(_by_school(groups).items())
    ]
    return CriterionResult(
        code=criterion.code,
        benchmark=criterion.benchmark,
        basis=criterion.basis,
        everywhere=_sum((each.tally for each in schools), criterion, counter),
        schools=tuple(schools),
        groups=tuple(groups),
    )


def _group_results(judged: Judged, counter: Counter) -> list[GroupResult]:
    standings: dict[str, list[Standing]] = {}
    groups: dict[str, Group] = {}
    aside: dict[str, tuple[list[str], list[str]]] = {}
    for each in judged.standings:
        standings.setdefault(each.due.group.id, []).append(each)
        groups[each.due.group.id] = each.due.group
    for place, rows in enumerate((judged.not_applied, judged.unknown)):
        for pupil, group in rows:
            aside.setdefault(group.id, ([], []))[place].append(pupil)
            groups[group.id] = group
    results = []
    for key, group in sorted(groups.items(), key=lambda item: (item[1].school, item[0])):
        here = standings.get(key, [])
        missing = [each for each in here if not each.met]
        not_applied, unknown = aside.get(key, ([], []))
        results.append(
            GroupResult(
                group=key,
                school=group.school,
                tally=counter.tally(len(here) - len(missing), len(here), judged.criterion),
                met=_ids(each for each in here if each.met),
                missing=_ids(missing),
                lacks=_lacks(missing),
                not_counted=_ids(each for each in missing if each.uncounted),
                too_late=_ids(each for each in missing if each.too_late),
                not_applied=tuple(sorted(not_applied)),
                unknown=tuple(sorted(unknown)),
            )
        )
    return results


def _lacks(missing: Iterable[Standing]) -> tuple[LackOf, ...]:
    """The missing pupils by what they lack, the least first."""
    found: dict[Lack, list[str]] = {}
    for each in missing:
        found.setdefault(each.lack, []).append(each.due.pupil.id)
    return tuple(
        LackOf(short=lack.short, linked=lack.linked, values=lack.values, pupils=tuple(sorted(pupils)))
        for lack, pupils in sorted(found.items())
    )


def record_result(criterion: Criterion, inp: BenchmarksInput, calendar: Calendar, counter: Counter) -> CriterionResult:
    """A criterion that a school shows by records; over all it counts the schools that achieve it."""
    by_school: dict[str, list[SchoolRecord]] = {school: [] for school in calendar.schools}
    for record in inp.records:
        if record.school in by_school and record.kind in criterion.record_kinds and _valid(record, criterion, calendar.day):
            by_school[record.school].append(record)
    show = _staff if criterion.basis == "staff" else _parts
    schools = tuple(show(school, records, criterion, counter) for school, records in sorted(by_school.items()))
    achieved = sum(each.tally.state == "achieved" for each in schools)
    return CriterionResult(
        code=criterion.code,
        benchmark=criterion.benchmark,
        basis=criterion.basis,
        everywhere=counter.tally(achieved, len(schools), criterion),
        schools=schools,
        groups=(),
    )


def _parts(school: str, records: Sequence[SchoolRecord], criterion: Criterion, counter: Counter) -> SchoolResult:
    shown = {(record.kind, record.audience if criterion.audiences else "") for record in records}
    wanted = [(kind, audience) for kind in criterion.record_kinds for audience in (criterion.audiences or ("",))]
    lacking = [part for part in wanted if part not in shown]
    return SchoolResult(
        school=school,
        tally=counter.tally(len(wanted) - len(lacking), len(wanted), criterion),
        not_applied=0,
        unknown=0,
        missing_parts=tuple(f"{kind}:{audience}" if audience else kind for kind, audience in lacking),
    )


def _staff(school: str, records: Sequence[SchoolRecord], criterion: Criterion, counter: Counter) -> SchoolResult:
    """The latest record; of two of one day the one with the smaller share. Without one nobody was reached."""
    told = [(each.starts_on, each.reached, each.total) for each in records if each.total and each.reached is not None]
    _day, reached, total = max(told, key=lambda row: (row[0], -row[1] / row[2], row[2]), default=(None, 0, 0))
    lacking = () if total else criterion.record_kinds
    tally = counter.tally(min(reached, total), total, criterion)
    if not total:  # nothing shown is not "does not apply"
        tally = tally.model_copy(update={"state": "not_yet"})
    return SchoolResult(school=school, tally=tally, not_applied=0, unknown=0, missing_parts=lacking)


def _valid(record: SchoolRecord, criterion: Criterion, day: date) -> bool:
    if record.starts_on > day or (record.ends_on is not None and record.ends_on < day):
        return False
    months = criterion.valid_months
    return months is None or record.starts_on > _months_before(day, months)


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def benchmark_results(criteria: Sequence[CriterionResult], schools: Iterable[str], counter: Counter) -> list[BenchmarkResult]:
    """Each benchmark of each school: the mean credit of its criteria that apply."""
    tallies: dict[tuple[str, int], list[tuple[Tally, str]]] = {}
    for criterion in criteria:
        for row in criterion.schools:
            if row.tally.state != "not_applicable":
                tallies.setdefault((row.school, criterion.benchmark), []).append((row.tally, criterion.basis))
    numbers = sorted({criterion.benchmark for criterion in criteria})
    return [
        _benchmark(school, number, tallies.get((school, number), []), counter) for school in schools for number in numbers
    ]


def _benchmark(school: str, number: int, tallies: Sequence[tuple[Tally, str]], counter: Counter) -> BenchmarkResult:
    achieved = sum(tally.state == "achieved" for tally, _basis in tallies)
    percentage = math.fsum(counter.credit(*row) for row in tallies) / len(tallies) if tallies else None
    state: State = "not_applicable"
    if percentage is not None:
        state = "achieved" if achieved == len(tallies) else "partly" if percentage > 0 else "not_yet"
    return BenchmarkResult(
        school=school, benchmark=number, percentage=percentage, state=state, achieved=achieved, criteria=len(tallies)
    )


def _state(share: float, threshold: float) -> State:
    return "achieved" if share >= threshold else "partly" if share > 0 else "not_yet"


def _sum(tallies: Iterable[Tally], criterion: Criterion, counter: Counter) -> Tally:
    rows = list(tallies)
    return counter.tally(sum(row.numerator for row in rows), sum(row.denominator for row in rows), criterion)


def _by_school(groups: Iterable[GroupResult]) -> Mapping[str, list[GroupResult]]:
    found: dict[str, list[GroupResult]] = {}
    for each in groups:
        found.setdefault(each.school, []).append(each)
    return found


def _ids(standings: Iterable[Standing]) -> tuple[str, ...]:
    return tuple(sorted(each.due.pupil.id for each in standings))

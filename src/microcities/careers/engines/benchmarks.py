"""The benchmarks of good career guidance, derived from dated, attended, counted encounters of each pupil."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from microcities.careers.engines.benchmark_actions import next_best_actions, open_checks
from microcities.careers.engines.benchmark_changes import changes
from microcities.careers.engines.benchmark_checks import check_input
from microcities.careers.engines.benchmark_cohorts import Calendar
from microcities.careers.engines.benchmark_input import BenchmarksInput
from microcities.careers.engines.benchmark_needs import Met, by_kind_and_pupil
from microcities.careers.engines.benchmark_output import (
    BenchmarkResult,
    BenchmarksOutput,
    CriterionResult,
    SchoolTotal,
)
from microcities.careers.engines.benchmark_tallies import (
    Counter,
    Judged,
    benchmark_results,
    judge,
    pupil_result,
    record_result,
)
from microcities.decisions.engine import engine
from microcities.decisions.intervals import normal_quantile


class _Figures(NamedTuple):
    """All criteria on one day; a criterion shown by records has nobody judged."""

    calendar: Calendar
    rows: list[tuple[CriterionResult, Judged | None]]

    @property
    def results(self) -> list[CriterionResult]:
        return [result for result, _judged in self.rows]

    @property
    def judged(self) -> list[Judged]:
        return [judged for _result, judged in self.rows if judged is not None]


@engine(
    "careers.benchmarks",
    version="1.0.0",
    summary="Benchmarks of career guidance by criterion, school and class, who is missing, and what to do next",
    source=(
        "Gatsby Foundation, Good Career Guidance (2014; colleges 2018; updated 2024); interval: Wilson, J. Am. Stat. "
        "Assoc. 22 (1927) 209-212; steps: greedy by exact gain"
    ),
    rulebooks=("careers.school_framework", "careers.college_framework", "careers.stages", "careers.scoring"),
)
def benchmarks(inp: BenchmarksInput, *, seed: int) -> BenchmarksOutput:
    """Count each criterion of a framework on a day, as the Gatsby Foundation's statements have it, with the cohort, the
    window and the number of encounters given as data. Deterministic: the seed is not used.
    """
    check_input(inp)
    counter = Counter(inp.scoring, normal_quantile(inp.level))
    met = by_kind_and_pupil(inp.encounters, _since(inp))
    now = _figures(inp, inp.day, met, counter)
    before = _figures(inp, inp.earlier, met, counter) if inp.earlier else None
    schools = now.calendar.schools
    marks = benchmark_results(now.results, schools, counter)
    return BenchmarksOutput(
        day=inp.day,
        roll_on=now.calendar.roll_on,
        school_year_from=now.calendar.year_from,
        reading=inp.reading,
        years=inp.years,
        criteria=tuple(now.results),
        benchmarks=tuple(marks),
        schools=tuple(_total(school, marks, now.calendar) for school in schools),
        next_best_actions=tuple(next_best_actions(now.judged, now.results, counter, inp.actions)),
        open_checks=tuple(open_checks(now.judged, inp.actions)),
        changes=tuple(changes(before.rows, now.rows)) if before else (),
    )


def _since(inp: BenchmarksInput) -> dict[str, date]:
    """The first day on which an encounter of a kind can matter: years long past need not be looked through."""
    this_year = Calendar(inp, inp.earlier or inp.day).year_from
    found: dict[str, date] = {}
    for criterion in inp.criteria:
        yearly = criterion.window == "each_year" and inp.years == "current"
        for kind in criterion.kinds:
            found[kind] = min(found.get(kind, date.max), this_year if yearly else date.min)
    return found


def _figures(inp: BenchmarksInput, day: date, met: Met, counter: Counter) -> _Figures:
    calendar = Calendar(inp, day)
    rows: list[tuple[CriterionResult, Judged | None]] = []
    for criterion in inp.criteria:
        if criterion.basis == "pupils":
            judged = judge(criterion, calendar, met)
            rows.append((pupil_result(judged, counter), judged))
        else:
            rows.append((record_result(criterion, inp, calendar, counter), None))
    return _Figures(calendar, rows)


def _total(school: str, marks: Sequence[BenchmarkResult], calendar: Calendar) -> SchoolTotal:
    here = [mark for mark in marks if mark.school == school and mark.state != "not_applicable"]
    return SchoolTotal(
        school=school,
        achieved=sum(mark.state == "achieved" for mark in here),
        benchmarks=len(here),
        pupils=sum(each.group.school == school for each in calendar.present),
    )

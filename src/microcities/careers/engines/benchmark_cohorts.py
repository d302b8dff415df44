"""Who is asked about a criterion on a day, and which days count for each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from microcities.careers.engines.benchmark_input import (
    BenchmarksInput,
    Criterion,
    Enrolment,
    Group,
    Milestone,
    Pupil,
)

ONE_DAY = timedelta(days=1)


class Span(NamedTuple):
    """Days that count, both included."""

    first: date
    last: date


class Due(NamedTuple):
    """A pupil of a cohort: the class of the roll, the spans in each of which enough is needed, and the deadline."""

    pupil: Pupil
    group: Group
    spans: tuple[Span, ...]
    deadline: date


class Cohort(NamedTuple):
    """Who is asked, and who might be but cannot be told (no birthday, plans not asked, subjects not given)."""

    due: list[Due]
    unknown: list[tuple[Pupil, Group]]


class Present(NamedTuple):
    """A pupil on the roll with the present class and the earlier ones from the first."""

    pupil: Pupil
    group: Group
    years: tuple[tuple[Enrolment, Group], ...]


class Calendar:
    """The school year of one day, the roll of that day, and each pupil's deadlines."""

    def __init__(self, inp: BenchmarksInput, day: date) -> None:
        self.inp, self.day = inp, day
        self.groups = {group.id: group for group in inp.groups}
        self.ranks = {level.code: level.rank for level in inp.stages.levels}
        self.milestones = {milestone.code: milestone for milestone in inp.stages.milestones}
        self.year_from = self.year_start(day)
        self.year_to = self.next_start(self.year_from) - ONE_DAY
        self.roll_on = min(day, self._roll_close())
        self.this_year = (Span(self.year_from, day),)

    def year_start(self, day: date) -> date:
        """The first day of the school year that holds a day."""
        start = date(day.year, *self.inp.stages.year_starts)
        return start if start <= day else date(day.year - 1, *self.inp.stages.year_starts)

    def next_start(self, start: date) -> date:
        """The first day of the school year after the one that starts on a day."""
        return date(start.year + 1, *self.inp.stages.year_starts)

    def _roll_close(self) -> date:
        close = date(self.year_from.year, *self.inp.stages.roll_closes)
        return close if close >= self.year_from else date(self.year_from.year + 1, *self.inp.stages.roll_closes)

    def judges(self, school: str) -> bool:
        """True if the school is one of those asked about."""
        return not self.inp.schools or school in self.inp.schools

    @cached_property
    def present(self) -> list[Present]:
        """Everybody on the roll of the schools that are judged."""
        return [each for each in self.roll if self.judges(each.group.school)]

    @cached_property
    def schools(self) -> list[str]:
        """The schools that are judged, sorted: those named, or all with anybody on the roll."""
        return sorted(set(self.inp.schools) or {each.group.school for each in self.present})

    @cached_property
    def roll(self) -> list[Present]:
        """Everybody on the roll of any school, in the order of the input."""
        found = []
        for pupil in self.inp.pupils:
            years = tuple((stay, self.groups[stay.group]) for stay in pupil.enrolments if stay.starts_on <= self.roll_on)
            here = next((group for stay, group in years if _holds(stay, self.roll_on)), None)
            if here is not None:
                found.append(Present(pupil, here, years))
        return found

    @cached_property
    def leavers(self) -> list[tuple[Pupil, Group, date]]:
        """Pupils who left a school for good, with its last class and their last day; one row a pupil."""
        here = {each.pupil.id: each.group.school for each in self.roll}
        found = []
        for pupil in self.inp.pupils:
            gone = [
                (stay.ends_on, self.groups[stay.group])
                for stay in pupil.enrolments
                if stay.ends_on is not None and stay.ends_on < self.roll_on
                and self.groups[stay.group].school != here.get(pupil.id)
                and self.judges(self.groups[stay.group].school)
            ]
            if gone:
                last, group = max(gone, key=lambda item: (item[0], item[1].id))
                found.append((pupil, group, last))
        return found

    def at_school(self, pupil: Pupil, span: Span) -> bool:
        """True if the pupil was in some class of these records in the span."""
        return any(
            stay.starts_on <= span.last and (stay.ends_on is None or stay.ends_on >= span.first)
            for stay in pupil.enrolments
        )

    def cohort(self, criterion: Criterion) -> Cohort:
        """Everybody of whom the criterion is asked on the day."""
        if criterion.window == "after_leaving":
            return Cohort(list(self._left(criterion)), [])
        due: list[Due] = []
        unknown: list[tuple[Pupil, Group]] = []
        asked = self._levels_of(criterion)
        for present in self.present:
            if present.group.level not in asked:
                continue
            no_subjects = criterion.each_own_subject and not present.group.subjects
            found = None if no_subjects else self._deadlines(criterion, present, asked)
            plans = present.pupil.considering_higher_education if criterion.condition else True
            if found is None or (plans is None and found):
                unknown.append((present.pupil, present.group))
            elif found and plans:
                deadline, spans = found
                due.append(Due(present.pupil, present.group, spans, deadline))
        return Cohort(due, unknown)

    def _deadlines(
        self, criterion: Criterion, present: Present, asked: set[str]
    ) -> tuple[date, tuple[Span, ...]] | tuple[()] | None:
        """Deadline and spans; empty when not due this school year, None when it cannot be told."""
        if criterion.window == "each_year":
            return self.year_to, self._years(present, asked)
        if criterion.window == "by_programme_end":
            return self._programme(present)
        if criterion.window == "each_stage":
            for milestone in self.inp.stages.milestones:
                found = self._milestone(milestone, present, further=True)
                if found != ():
                    return found
            return ()
        return self._milestone(self.milestones[criterion.milestone or ""], present, further=criterion.further)

    def _years(self, present: Present, asked: set[str]) -> tuple[Span, ...]:
        """The school year to the day, or under the reading "every" each known school year in the levels asked."""
        if self.inp.years == "current":
            return self.this_year
        starts = {self.year_start(stay.starts_on) for stay, group in present.years if group.level in asked}
        earlier = sorted(start for start in starts if start < self.year_from)
        return (*(Span(start, self.next_start(start) - ONE_DAY) for start in earlier), *self.this_year)

    def _programme(self, present: Present) -> tuple[date, tuple[Span, ...]] | tuple[()]:
        """Due in the last year; what counts began with the first class at this school."""
        if not present.group.final:
            return ()
        first = min(stay.starts_on for stay, group in present.years if group.school == present.group.school)
        return self.year_to, (Span(first, self.day),)

    def _milestone(
        self, milestone: Milestone, present: Present, *, further: bool
    ) -> tuple[date, tuple[Span, ...]] | tuple[()] | None:
        if self.inp.reading == "birthday":
            return self._birthday(milestone, present.pupil, further=further)
        if self.ranks[present.group.level] != self.ranks[milestone.last_level]:
            return ()
        first = date.min
        if further:
            lowest = self.ranks[milestone.first_level]
            first = min(
                self.year_start(stay.starts_on)
                for stay, group in present.years
                if self.ranks[group.level] >= lowest
            )
        return self.year_to, (Span(first, self.day),)

    def _birthday(
        self, milestone: Milestone, pupil: Pupil, *, further: bool
    ) -> tuple[date, tuple[Span, ...]] | tuple[()] | None:
        """Due in the school year of the birthday; what happened on the birthday still counts."""
        if pupil.born_on is None:
            return None
        birthday = birthday_of(pupil.born_on, milestone.age)
        if not self.year_from <= birthday <= self.year_to:
            return ()
        before = self._before(milestone) if further else None
        first = birthday_of(pupil.born_on, before.age) + ONE_DAY if before else date.min
        return birthday, (Span(first, min(self.day, birthday)),)

    def _before(self, milestone: Milestone) -> Milestone | None:
        order: Sequence[Milestone] = self.inp.stages.milestones
        place = order.index(milestone)
        return order[place - 1] if place else None

    def _levels_of(self, criterion: Criterion) -> set[str]:
        """The levels of whose pupils the criterion is asked."""
        low, high = criterion.from_level, criterion.to_level
        return {
            code
            for code, rank in self.ranks.items()
            if (low is None or self.ranks[low] <= rank) and (high is None or rank <= self.ranks[high])
        }

    def _left(self, criterion: Criterion) -> Iterator[Due]:
        """Leavers of the last years: one span for each school year completed since, at least the present one."""
        asked = self._levels_of(criterion)
        for pupil, group, last in self.leavers:
            left_in = self.year_start(last)
            years = self.year_from.year - left_in.year
            if not 1 <= years <= criterion.leaver_years or group.level not in asked:
                continue
            starts = [self.next_start(left_in)]
            while starts[-1] < self.year_from:
                starts.append(self.next_start(starts[-1]))
            completed = starts[:-1] or starts
            spans = tuple(
                Span(max(start, last + ONE_DAY), min(self.day, self.next_start(start) - ONE_DAY)) for start in completed
            )
            yield Due(pupil, group, spans, spans[-1].last)


def birthday_of(born_on: date, age: int) -> date:
    """The day somebody reaches an age; who was born on 29 February does so on 1 March of other years."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def _holds(stay: Enrolment, day: date) -> bool:
    return stay.starts_on <= day and (stay.ends_on is None or day <= stay.ends_on)

"""The days and minutes that a pupil is to work at a post, and whether the law of each of those days allows them."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from microcities.rulebooks.place import here
from microcities.rulebooks.registry import registry, rule
from microcities.summerjobs.engines.working_time import WorkingTimeOutput, working_time
from microcities.summerjobs.engines.working_time_days import Standing, standing_on
from microcities.summerjobs.engines.working_time_input import (
    Break,
    DatedRules,
    Holidays,
    Job,
    Pupil,
    Shift,
    WorkingTimeInput,
)
from microcities.summerjobs.models import Post, SummerPeriod, SummerScheme
from microcities.summerjobs.rulebook.time_values import PublicHolidays, WorkingTime

TOPIC = "summerjobs.working_time"
# Findings of the engine summerjobs.working_time that are papers or depend on other jobs: they close no post.
PAPERS = frozenset({
    "consent_missing", "consent_late", "informed_missing", "informed_late", "medical_missing", "medical_late", "overlap",
})
SATURDAY, MINUTES_OF_HOUR = 5, 60


@dataclass(frozen=True)
class YoungWorker:
    """What the law asks of a pupil: the birthday, since when basic education is finished (None: not yet), and the check-up."""

    born_on: date
    basic_finished_on: date | None = None
    medical_on: date | None = None

    def as_engine(self, code: str, jobs: Sequence[Job] = (), shifts: Sequence[Shift] = ()) -> Pupil:
        """The same for the engine, with jobs and shifts."""
        return Pupil(
            id=code, born_on=self.born_on, basic_finished_on=self.basic_finished_on, medical_on=self.medical_on,
            jobs=tuple(jobs), shifts=tuple(shifts),
        )


@dataclass(frozen=True)
class PlannedDay:
    """A day of work: when it begins, minutes of work, and minutes of the break in its middle."""

    on: date
    starts_at: time
    minutes: int
    break_minutes: int = 0

    @property
    def ends_at(self) -> time:
        """The last minute, the break included."""
        return (self._begin + timedelta(minutes=self.minutes + self.break_minutes)).time()

    @property
    def _begin(self) -> datetime:
        return datetime.combine(self.on, self.starts_at, timezone.get_default_timezone())

    def as_shift(self, job: str) -> Shift:
        """The same as a shift of the engine."""
        begin, end = self._begin, self._begin + timedelta(minutes=self.minutes + self.break_minutes)
        pause = begin + timedelta(minutes=self.minutes // 2)
        breaks = (Break(starts_at=pause, ends_at=pause + timedelta(minutes=self.break_minutes)),)
        return Shift(job=job, starts_at=begin, ends_at=end, breaks=breaks if self.break_minutes else ())


def laws_between(first: date, last: date) -> tuple[DatedRules, ...]:
    """The versions of the working-time law that are in force on any of the days, the law of this installation's country.

    NoRuleInForceError for days before the first version.
    """
    territory = rule(WorkingTime, on=last, territory=here()).territory
    found = [
        version.values.as_engine(version.version, version.valid_from, version.valid_to)
        for version in registry().topic(TOPIC).versions
        if version.territory == territory and version.valid_from <= last
        and (version.valid_to is None or version.valid_to >= first)
    ]
    return tuple(DatedRules.model_validate_json(json.dumps(each)) for each in found)


def holidays_of(scheme: SummerScheme) -> tuple[Holidays, ...]:
    """The days of the scheme's summer without school."""
    return (Holidays(first_on=scheme.holidays_from_on, last_on=scheme.holidays_until_on),)


def working_dates(period: SummerPeriod, work_days: int) -> list[date]:
    """The first so many working days of a period: Mondays to Fridays that are no public holidays; fewer in a short period."""
    closed = rule(PublicHolidays, on=period.first_on, territory=here()).values
    length = (period.last_on - period.first_on).days + 1
    days = (period.first_on + timedelta(days=count) for count in range(length))
    return [day for day in days if day.weekday() < SATURDAY and not closed.holds(day)][:work_days]


class Law:
    """The law of the days of one scheme, looked up once for many pupils and posts."""

    def __init__(self, scheme: SummerScheme) -> None:
        self.scheme = scheme
        periods = list(scheme.periods.all())
        first = min((each.first_on for each in periods), default=scheme.holidays_from_on)
        last = max((each.last_on for each in periods), default=scheme.holidays_until_on)
        self.rules, self.holidays = laws_between(first, last), holidays_of(scheme)

    def standing(self, worker: YoungWorker, on: date) -> Standing:
        """What the pupil is before the law on a day, and its hours."""
        return standing_on(self.rules, self.holidays, worker.as_engine("pupil"), on)

    def planned_days(self, post: Post, worker: YoungWorker) -> list[PlannedDay]:
        """The post's days for this pupil: the shortest of what scheme, employer and law allow on each; none if too young.

        The scheme's rules go by age in years; a week's limit is spread evenly over its five days.
        """
        found = []
        for on in working_dates(post.period, post.work_days):
            standing = self.standing(worker, on)
            if standing.band is None:
                continue
            minutes = min(self._allowed(post, standing))
            pause = post.break_minutes if minutes > standing.rules.break_after else 0
            found.append(PlannedDay(on, post.starts_at, minutes, pause))
        return found

    def _allowed(self, post: Post, standing: Standing) -> list[int]:
        band = standing.band
        limits = [band.day, band.week // 5] if band is not None else [0]
        if (hours := self.scheme.rules.hours_at(standing.age)) is not None:
            limits += [hours.day_hours * MINUTES_OF_HOUR, hours.week_hours * MINUTES_OF_HOUR // 5]
        return [*limits, post.day_minutes] if post.day_minutes is not None else limits

    def check(self, worker: YoungWorker, jobs: Iterable[tuple[Job, Sequence[PlannedDay]]]) -> WorkingTimeOutput:
        """The engine's findings on all of a pupil's jobs together; each job with its days."""
        pairs = list(jobs)
        shifts = [day.as_shift(job.id) for job, days in pairs for day in days if day.minutes]
        pupil = worker.as_engine("pupil", [job for job, _days in pairs], shifts)
        return working_time(WorkingTimeInput(rules=self.rules, holidays=self.holidays, pupils=(pupil,)), seed=0)

"""Is a pupil's work lawful, day by day, by the law in force on each work day, over all employers together?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.summerjobs.engines.working_time_days import MINUTE, Piece, WorkDay, pieces_of, standing_on
from microcities.summerjobs.engines.working_time_input import Job, Pupil, WorkingTimeInput

FindingCode = Literal[
    "break_missing", "consent_late", "consent_missing", "daily_rest", "day_hours", "informed_late", "informed_missing",
    "medical_late", "medical_missing", "night", "not_light_work", "overlap", "study_and_work_day", "study_and_work_week",
    "too_young", "week_hours", "weekend", "weekly_rest", "work_days",
]
SATURDAY, DAYS_OF_WEEK = 5, 7


class Finding(EngineModel):
    """One rule broken: when (of a week its first day over the limit), by which jobs, `found` against `limit`.

    Minutes: hours, rest, break, night, overlap. Days: work_days. Years: too_young. Papers have no figures; `on` is the first
    day of work that needed them.
    """

    code: FindingCode
    on: date
    jobs: tuple[str, ...]
    version: str
    found: int | None = None
    limit: int | None = None


class PupilResult(EngineModel):
    """A pupil: lawful exactly when there is no finding. `minutes` and `days` are of all work."""

    pupil: str
    lawful: bool
    minutes: int
    days: int
    findings: tuple[Finding, ...]


class WorkingTimeOutput(EngineModel):
    """Every pupil, in the order of their codes."""

    pupils: tuple[PupilResult, ...]
    lawful: int
    unlawful: int


@engine(
    "summerjobs.working_time",
    version="1.0.1",
    summary="Young people's hours, nights, rests, breaks and papers by the law of each work day, over all employers",
    source=(
        "Latvian Labour Law, sections 37, 130-133, 138, 142, 143, 145; Directive 94/33/EC, articles 8 to 12; the Ministry of "
        "Welfare and the State Labour Inspectorate on their application"
    ),
    rulebooks=("summerjobs.working_time",),
)
def working_time(inp: WorkingTimeInput, *, seed: int) -> WorkingTimeOutput:
    """Times in minutes, weeks from Monday to Sunday. Deterministic: `seed` is not used.

    In a week in which a limit changes (a birthday, the end of school) what has been worked by the end of each work day is held
    against the limit of that day: a higher limit later does not heal what was too much before, and a lower one counts at once.
    """
    _check(inp)
    zone = ZoneInfo(inp.timezone)
    results = tuple(_result(inp, pupil, zone) for pupil in sorted(inp.pupils, key=lambda each: each.id))
    lawful = sum(each.lawful for each in results)
    return WorkingTimeOutput(pupils=results, lawful=lawful, unlawful=len(results) - lawful)


def _check(inp: WorkingTimeInput) -> None:
    _each_once([each.id for each in inp.pupils], "pupils")
    for number, pupil in enumerate(inp.pupils):
        jobs = {each.id for each in pupil.jobs}
        _each_once([each.id for each in pupil.jobs], "pupils", number, "jobs")
        for place, shift in enumerate(pupil.shifts):
            at = ("pupils", number, "shifts", place)
            if shift.job not in jobs:
                raise EngineInputError.at(f"there is no job {shift.job!r}", *at, "job")
            if not timedelta(0) < shift.ends_at - shift.starts_at <= timedelta(days=2):
                raise EngineInputError.at("a shift ends after it begins, within two days", *at, "ends_at")
            edges = [shift.starts_at]
            for each in sorted(shift.breaks, key=lambda pause: pause.starts_at):
                edges += [each.starts_at, each.ends_at]
            if [*edges, shift.ends_at] != sorted([*edges, shift.ends_at]):
                raise EngineInputError.at("breaks lie within the shift and not in one another", *at, "breaks")


def _each_once(codes: list[str], *at: str | int) -> None:
    seen: set[str] = set()
    for number, code in enumerate(codes):
        if code in seen:
            raise EngineInputError.at(f"{code!r} is there twice", *at, number)
        seen.add(code)


def _result(inp: WorkingTimeInput, pupil: Pupil, zone: ZoneInfo) -> PupilResult:
    days: dict[date, WorkDay] = {}
    for on, piece in pieces_of(pupil.shifts, zone):
        if on not in days:
            days[on] = WorkDay(on, standing_on(inp.rules, inp.holidays, pupil, on))
        days[on].pieces.append(piece)
    worked = [days[on] for on in sorted(days)]
    studied: Counter[date] = Counter()
    for each in pupil.study:
        studied[each.on] += each.minutes
    found = [
        *_papers(pupil, worked),
        *(finding for day in worked for finding in _of_day(day, pupil, studied, zone)),
        *_daily_rest(worked),
        *(finding for week in _weeks(worked) for finding in _of_week(week, worked, studied, zone)),
    ]
    found.sort(key=lambda each: (each.on, each.code, each.jobs))
    return PupilResult(
        pupil=pupil.id, lawful=not found, minutes=sum(day.minutes for day in worked), days=len(worked), findings=tuple(found)
    )


def _finding(code: FindingCode, day: WorkDay, found: int | None = None, limit: int | None = None) -> Finding:
    return Finding(code=code, on=day.on, jobs=day.jobs, version=day.standing.version, found=found, limit=limit)


def _of_day(day: WorkDay, pupil: Pupil, studied: Counter[date], zone: ZoneInfo) -> Iterator[Finding]:
    standing, rules = day.standing, day.standing.rules
    if standing.band is None:
        yield _finding("too_young", day, standing.age, standing.least_age)
    elif day.minutes > standing.band.day:
        yield _finding("day_hours", day, day.minutes, standing.band.day)
    if rules.light_work_only and (heavy := _heavy(day, pupil)):
        yield Finding(code="not_light_work", on=day.on, jobs=heavy, version=standing.version)
    if not rules.weekends and day.on.weekday() >= SATURDAY:
        yield _finding("weekend", day)
    if night := _night_minutes(day, zone):
        yield _finding("night", day, night, 0)
    if over := _overlap(day.pieces):
        yield _finding("overlap", day, over, 0)
    yield from _break(day)
    yield from _study(day, studied)


def _heavy(day: WorkDay, pupil: Pupil) -> tuple[str, ...]:
    light = {each.id for each in pupil.jobs if each.light}
    return tuple(job for job in day.jobs if job not in light)


def _night_minutes(day: WorkDay, zone: ZoneInfo) -> int:
    """Minutes of the local day before the morning and after the evening of the group's night."""
    rules = day.standing.rules
    if rules.night_from is None or rules.night_to is None:
        return 0
    morning, evening = (_instant(day.on, clock, zone) for clock in (rules.night_to, rules.night_from))
    total = 0
    for piece in day.pieces:
        total += max(timedelta(0), min(piece.ends_at, morning) - piece.starts_at) // MINUTE
        total += max(timedelta(0), piece.ends_at - max(piece.starts_at, evening)) // MINUTE
    return total


def _instant(on: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, clock, zone).astimezone(UTC)


def _overlap(pieces: Sequence[Piece]) -> int:
    """Minutes in which two jobs were worked at once; pieces come in order of their beginning."""
    total, reached = timedelta(0), None
    for piece in pieces:
        if reached is not None:
            total += max(timedelta(0), min(reached, piece.ends_at) - piece.starts_at)
        reached = piece.ends_at if reached is None else max(reached, piece.ends_at)
    return total // MINUTE


def _break(day: WorkDay) -> Iterator[Finding]:
    """A work day longer than the limit needs one pause long enough between its first and its last minute."""
    rules = day.standing.rules
    if day.minutes <= rules.break_after:
        return
    longest, reached = 0, day.pieces[0].ends_at
    for piece in day.pieces[1:]:
        longest = max(longest, (piece.starts_at - reached) // MINUTE)
        reached = max(reached, piece.ends_at)
    if longest < rules.break_least:
        yield _finding("break_missing", day, longest, rules.break_least)


def _study(day: WorkDay, studied: Counter[date]) -> Iterator[Finding]:
    limit, study = day.standing.rules.with_study, studied[day.on]
    if limit is not None and study and day.minutes + study > limit[0]:
        yield _finding("study_and_work_day", day, day.minutes + study, limit[0])


def _daily_rest(worked: Sequence[WorkDay]) -> Iterator[Finding]:
    """Rest before each work day that follows another; work over midnight is one stretch and leaves none."""
    for before, day in pairwise(worked):
        if day.on - before.on > timedelta(days=1):
            continue
        rest = max(0, (day.pieces[0].starts_at - max(each.ends_at for each in before.pieces)) // MINUTE)
        if rest < day.standing.rules.rest_day:
            yield _finding("daily_rest", day, rest, day.standing.rules.rest_day)


def _weeks(worked: Sequence[WorkDay]) -> Iterator[list[WorkDay]]:
    for _week, days in groupby(worked, key=lambda day: day.on.isocalendar()[:2]):
        yield list(days)


def _of_week(
    week: list[WorkDay], worked: Sequence[WorkDay], studied: Counter[date], zone: ZoneInfo
) -> Iterator[Finding]:
    """Study of the whole week counts beside the work done by the end of each day: also what comes after the last work day."""
    monday = week[0].on - timedelta(days=week[0].on.weekday())
    study = sum(studied[monday + timedelta(days=number)] for number in range(DAYS_OF_WEEK))
    total, told = 0, set[str]()
    for number, day in enumerate(week, start=1):
        total += day.minutes
        standing, rules = day.standing, day.standing.rules
        checks: list[tuple[FindingCode, int, int | None]] = [
            ("week_hours", total, standing.band.week if standing.band else None),
            ("work_days", number, rules.work_days),
            ("study_and_work_week", total + study, rules.with_study[1] if rules.with_study and study else None),
        ]
        for code, found, limit in checks:
            if limit is not None and found > limit and code not in told:
                told.add(code)
                yield _finding(code, day, found, limit)
    rest = _longest_rest(monday, worked, zone)
    if rest < week[-1].standing.rules.rest_week:
        yield _finding("weekly_rest", week[-1], rest, week[-1].standing.rules.rest_week)


def _longest_rest(monday: date, worked: Sequence[WorkDay], zone: ZoneInfo) -> int:
    """The longest rest, in minutes, of which a part lies in the week, its whole length counted."""
    begin, end = (_instant(monday + timedelta(days=days), time(), zone) for days in (0, 7))
    pieces = [piece for day in worked for piece in day.pieces]
    edges = [(begin - timedelta(days=7), begin - timedelta(days=7))]
    edges += [(each.starts_at, each.ends_at) for each in sorted(pieces)]
    edges.append((end + timedelta(days=7), end + timedelta(days=7)))
    longest, reached = timedelta(0), edges[0][1]
    for starts_at, ends_at in edges[1:]:
        if starts_at > begin and reached < end:
            longest = max(longest, starts_at - reached)
        reached = max(reached, ends_at)
    return longest // MINUTE


def _papers(pupil: Pupil, worked: Sequence[WorkDay]) -> Iterator[Finding]:
    """What must be there before work: consent and medical check before the first day, the risks before the contract."""
    for job in sorted(pupil.jobs, key=lambda each: each.id):
        days = [day for day in worked if job.id in day.jobs]
        if consent := next((day for day in days if day.standing.rules.consent), None):
            yield from _paper("consent", job.consent_on, consent, consent.on, job)
        if informed := next((day for day in days if day.standing.rules.informed), None):
            yield from _paper("informed", job.informed_on, informed, job.agreed_on or informed.on, job)
    if young := next((day for day in worked if day.standing.rules.medical), None):
        yield from _paper("medical", pupil.medical_on, young, young.on, None)


def _paper(
    name: Literal["consent", "informed", "medical"], given: date | None, day: WorkDay, needed: date, job: Job | None
) -> Iterator[Finding]:
    if given is None or given > needed:
        code: FindingCode = f"{name}_missing" if given is None else f"{name}_late"  # type: ignore[assignment]
        jobs = day.jobs if job is None else (job.id,)
        yield Finding(code=code, on=day.on, jobs=jobs, version=day.standing.version)


"""What pupils of each age may work at a post, for whoever offers or reads it."""

from dataclasses import dataclass
from datetime import date

from microcities.summerjobs.engines.working_time_input import Job
from microcities.summerjobs.models import Post
from microcities.summerjobs.working_days import PAPERS, Law, PlannedDay, YoungWorker

BASIC_FINISHED_AT = 16


@dataclass(frozen=True)
class Allowed:
    """At an age on the first day: days, minutes of the longest day and of all days; no minutes where the work is closed."""

    age: int
    days: int
    longest: int
    minutes: int
    reason: str = ""


def worker_aged(age: int, on: date) -> YoungWorker:
    """Somebody who is so old on a day; basic education is taken as finished from 16."""
    born_on = date(on.year - age, on.month, 1)
    finished = date(on.year, 1, 1) if age >= BASIC_FINISHED_AT else None
    return YoungWorker(born_on, finished)


def allowed_minutes(post: Post, law: Law | None = None) -> list[Allowed]:
    """For each age that the post names; an unlawful one has no minutes and the code of the first finding."""
    law = law or Law(post.host.scheme)
    return [_at(post, law, age) for age in range(post.age_from, post.age_to + 1)]


def _at(post: Post, law: Law, age: int) -> Allowed:
    worker = worker_aged(age, post.period.first_on)
    days: list[PlannedDay] = [day for day in law.planned_days(post, worker) if day.minutes]
    if not days:
        return Allowed(age, 0, 0, 0, "too_young")
    job = Job(id="post", employer=str(post.host_id), light=bool(post.light_task))
    findings = law.check(worker, [(job, days)]).pupils[0].findings
    if wrong := next((each.code for each in findings if each.code not in PAPERS), ""):
        return Allowed(age, 0, 0, 0, wrong)
    return Allowed(age, len(days), max(day.minutes for day in days), sum(day.minutes for day in days))

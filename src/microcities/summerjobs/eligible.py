"""Which posts a pupil may wish for and be given, and for each closed one the reason in code and in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.summerjobs.engines.eligibility import (
    Days,
    EligibilityInput,
    Pupil,
    Reason,
    SubProgramme,
    Verdict,
    age_on,
    eligibility,
)
from microcities.summerjobs.engines.working_time_input import Job
from microcities.summerjobs.models import Application, Post, SummerPeriod, SummerScheme
from microcities.summerjobs.working_days import PAPERS, Law, YoungWorker
from microcities.ui.numbers import format_day


@dataclass(frozen=True)
class Shut:
    """Why a post is closed to a pupil: the code that stands in the draw, and a sentence for the pupil."""

    code: str
    words: str


def worker_of(application: Application, medical_on: date | None = None) -> YoungWorker | None:
    """What the law asks of the applicant; None without a date of birth."""
    born_on = application.person.birth_on
    return None if born_on is None else YoungWorker(born_on, application.basic_finished_on, medical_on)


def group_of(application: Application, law: Law, on: date) -> str:
    """`child`, `teenager` or `adult` before the law on a day; a child where the date of birth is not known."""
    worker = worker_of(application)
    return "child" if worker is None else law.standing(worker, on).rules.group


class Openness:
    """Tells for a scheme which posts are open to which applicants; asks rules and law once."""

    def __init__(self, scheme: SummerScheme) -> None:
        self.scheme, self.law = scheme, Law(scheme)
        # By application and period: many posts are asked about one after the other.
        self._verdicts: dict[tuple[int, int], dict[str, Verdict]] = {}
        self.programmes = [
            SubProgramme(
                code=each.code, age_from=each.age_from, age_to=each.age_to, age_counted_on=each.age_counted_on,
                places=(scheme.city.place,), residence_required=each.residence_required, declared_by=each.declared_by,
                school_required=each.school_required,
                priority_groups=tuple(group.code for group in scheme.rules.priority),
            )
            for each in scheme.rules.programmes
        ]

    def verdicts(self, application: Application, period: SummerPeriod) -> dict[str, Verdict]:
        """By code of the sub-programme: whether the applicant is eligible in a period, and why not."""
        key = (application.pk, period.pk)
        if key not in self._verdicts:
            self._verdicts[key] = self._judged(application, period)
        return self._verdicts[key]

    def _judged(self, application: Application, period: SummerPeriod) -> dict[str, Verdict]:
        if (born_on := application.person.birth_on) is None:
            return {}
        sent = application.submitted_at or timezone.now()
        pupil = Pupil(
            id=application.code, born_on=born_on, residence=application.residence or None,
            declared_on=application.declared_on, school_place=application.school.place or None if application.school else None,
            level=application.level or None, groups=tuple(each.group for each in application.groups.all()),
        )
        days = Days(
            application_day=timezone.localdate(sent), first_work_day=period.first_on, last_work_day=period.last_on
        )
        found = eligibility(EligibilityInput(days=days, programmes=tuple(self.programmes), pupils=(pupil,)), seed=0)
        return {each.programme: each for each in found.verdicts}

    def shut(self, application: Application, post: Post) -> Shut | None:
        """Why the post is closed to the applicant, the weightiest reason first; None when it is open."""
        worker = worker_of(application)
        if worker is None:
            return Shut("no_birth_date", _("Your date of birth is not known. Ask the city to enter it."))
        verdict = self.verdicts(application, post.period).get(post.programme.code)
        if verdict is not None and verdict.reasons:
            return Shut(verdict.reasons[0].code, reason_words(verdict.reasons[0]))
        age = age_on(worker.born_on, post.period.first_on)
        if not post.age_from <= age <= post.age_to:
            words = _("The employer takes pupils from %(first)s to %(last)s years. You will be %(age)s.")
            return Shut("post_age", words % {"first": post.age_from, "last": post.age_to, "age": age})
        return self._unlawful(worker, post)

    def _unlawful(self, worker: YoungWorker, post: Post) -> Shut | None:
        days = self.law.planned_days(post, worker)
        if not any(day.minutes for day in days):
            return Shut("too_young", _("By law you are too young for work on these days."))
        job = Job(id="post", employer=str(post.host_id), light=bool(post.light_task))
        findings = self.law.check(worker, [(job, days)]).pupils[0].findings
        code = next((each.code for each in findings if each.code not in PAPERS), None)
        return None if code is None else Shut(code, law_words(code))


def reason_words(reason: Reason) -> str:
    """A reason of the engine summerjobs.eligibility as a sentence to the pupil."""
    needed = reason.needed[0] if reason.needed else ""
    limit = format_day(needed) if isinstance(needed, date) else str(needed)
    sentences = {
        "too_young": _("You are %(found)s years old on the day that counts. The least age is %(limit)s."),
        "too_old": _("You are %(found)s years old on the day that counts. The highest age is %(limit)s."),
        "residence_unknown": _("You have not said where your residence is declared."),
        "residence_elsewhere": _("Your declared residence is in another municipality."),
        "declared_day_unknown": _("You have not said since when your residence is declared here."),
        "declared_too_late": _("Your residence here was declared too late: the last day was %(limit)s."),
        "no_school": _("You have not named your school."),
        "school_elsewhere": _("Your school is in another municipality."),
        "level_not_included": _("This part of the scheme is for other levels of education."),
        "not_in_group": _("This part of the scheme is for other groups of pupils."),
    }
    return sentences[reason.code] % {"found": reason.found, "limit": limit}


def law_words(code: str) -> str:
    """A finding of the engine summerjobs.working_time as a sentence to the pupil."""
    sentences = {
        "too_young": _("By law you are too young for work on these days."),
        "not_light_work": _("By law you may do only light work of the Cabinet's list, and this work is not on it."),
        "night": _("The work would go on into hours that the law calls night for your age."),
        "weekend": _("By law you may not work at the weekend."),
    }
    return sentences.get(code, _("The hours of this work are longer than the law allows at your age."))


def open_posts(openness: Openness, application: Application, posts: Iterable[Post]) -> list[tuple[Post, Shut | None]]:
    """Each post with the reason why it is closed to the applicant, or None."""
    return [(post, openness.shut(application, post)) for post in posts]


def closed_for_draw(openness: Openness, application: Application, posts: Iterable[Post]) -> list[dict[str, Any]]:
    """What the draw is told of posts that the applicant wished for and may not have."""
    return [
        {"post": f"post-{post.pk}", "reason": shut.code}
        for post, shut in open_posts(openness, application, posts) if shut is not None
    ]

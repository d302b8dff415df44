"""What employer and pupil agree on: days, hours, work, place and pay, without anybody's name; and whether the law allows it."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.utils import timezone

from microcities.rulebooks.place import here
from microcities.rulebooks.registry import NoRuleInForceError, rule
from microcities.summerjobs.eligible import law_words, worker_of
from microcities.summerjobs.engines.claim_input import WorkingTime
from microcities.summerjobs.engines.claim_money import working_days
from microcities.summerjobs.engines.eligibility import age_on
from microcities.summerjobs.engines.working_time_input import Job
from microcities.summerjobs.models import Placement
from microcities.summerjobs.placement_days import days_of
from microcities.summerjobs.rulebook.money_values import MinimumWage
from microcities.summerjobs.working_days import MINUTES_OF_HOUR, PAPERS, Law, PlannedDay

CENT, ADULT = Decimal("0.01"), 18


@dataclass(frozen=True)
class Pay:
    """The least gross pay of all planned hours, in EUR; whether the wage of every day is known yet."""

    amount: Decimal
    known: bool


def terms_of(placement: Placement, law: Law) -> dict[str, Any]:
    """The terms as they go into an agreement. Pay is the rule of the scheme, or the employer's higher monthly wage."""
    post, days = placement.post, days_of(placement, law)
    return {
        "work": post.name, "tasks": post.tasks, "address": post.address,
        "supervisor": post.supervisor_id, "employer": post.host.organisation_id,
        "days": [
            {"on": day.on.isoformat(), "from": f"{day.starts_at:%H:%M}", "to": f"{day.ends_at:%H:%M}", "minutes": day.minutes,
             "break": day.break_minutes}
            for day in days
        ],
        "minutes": sum(day.minutes for day in days),
        "wage": post.host.scheme.rules.wage,
        "monthly_wage": str(post.monthly_wage) if post.monthly_wage is not None else None,
        "rules": post.host.scheme.rules_version,
    }


def least_pay(placement: Placement, law: Law) -> Pay:
    """By the minimum wage of each day's month: exact until the whole is rounded to the cent, halves up."""
    total, known = Fraction(0), True
    born_on = placement.person.birth_on
    for day in days_of(placement, law):
        try:
            wage = rule(MinimumWage, on=day.on, territory=here()).values
        except NoRuleInForceError:
            known = False
            continue
        hourly = wage.hourly_cents(working_days(day.on, WorkingTime()), age_on(born_on, day.on) if born_on else 0)
        if placement.post.monthly_wage is not None:
            hourly *= max(Fraction(1), Fraction(int(placement.post.monthly_wage * 100), wage.monthly_cents))
        total += hourly * Fraction(day.minutes, MINUTES_OF_HOUR)
    cents = (Decimal(total.numerator) / Decimal(total.denominator) / 100).quantize(CENT, ROUND_HALF_UP)
    return Pay(cents, known)


def objections(placement: Placement, law: Law) -> list[str]:
    """What the law has against the planned days, together with the pupil's other live placements; papers are no objection."""
    worker = worker_of(placement.application, placement.medical_on)
    if worker is None:
        return [law_words("too_young")]
    live = Placement.objects.live().filter(person=placement.person_id).select_related(
        "post__host__scheme__city", "post__period__scheme", "application__person", "person"
    )
    jobs: list[tuple[Job, list[PlannedDay]]] = []
    for each in live.order_by("pk"):
        job = Job(id=str(each.pk), employer=str(each.post.host_id), light=bool(each.post.light_task))
        jobs.append((job, days_of(each, law if each.pk == placement.pk else Law(each.post.host.scheme))))
    findings = law.check(worker, jobs).pupils[0].findings
    codes = dict.fromkeys(each.code for each in findings if each.code == "overlap" or each.code not in PAPERS)
    return list(dict.fromkeys(law_words(code) for code in codes))


def is_minor_at_work(placement: Placement) -> bool:
    """Whether the pupil is under age on the first day of work; somebody without a date of birth is."""
    born_on = placement.person.birth_on
    return born_on is None or age_on(born_on, min(placement.first_on, timezone.localdate())) < ADULT


def standing_on(placement: Placement, law: Law, on: date) -> str:
    """`child`, `teenager` or `adult` before the law on a day."""
    worker = worker_of(placement.application)
    return "child" if worker is None else law.standing(worker, on).rules.group

"""Somebody writes the own career plan, adds and finishes steps, shows it to counsellors or deletes it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.models import CareerPlan, PlanStep
from microcities.careers.rules import may_keep_plan
from microcities.people.models import Account, Person
from microcities.privacy.kept_files import forget_with_files
from microcities.trail.actions import forget_rows
from microcities.trail.context import change

MOST_STEPS = 50


def write_plan(*, actor: Account, person: Person, goal: str, reason: str = "", strengths: str = "") -> CareerPlan:
    """Write the goal, or write it anew; the steps stay. Raises RefusedError."""
    require(may_keep_plan(actor, person.pk))
    if not goal.strip():
        raise RefusedError(_("Write a goal. One sentence is enough."))
    words = {"goal": goal.strip(), "reason": reason.strip(), "strengths": strengths.strip()}
    with change("careers.write_plan", actor=actor):
        plan, _is_new = CareerPlan.objects.update_or_create(
            person=person, defaults={**words, "written_on": timezone.localdate()}
        )
    return plan


def add_step(*, actor: Account, plan: CareerPlan, what: str, due_on: date | None = None) -> PlanStep:
    """Add a step that is to be done until `due_on`, if the person sets a day. Raises RefusedError."""
    if not what.strip():
        raise RefusedError(_("Write what is to be done."))
    if due_on is not None and due_on < timezone.localdate():
        raise RefusedError(_("This day has passed. Choose today or a later day."))
    with change("careers.add_plan_step", actor=actor):
        locked = _locked(actor, plan)
        if locked.steps.count() >= MOST_STEPS:
            words = _("A plan holds %(most)s steps. Remove one that you do not need any more.")
            raise RefusedError(words % {"most": MOST_STEPS})
        return PlanStep.objects.create(plan=locked, what=what.strip(), due_on=due_on, added_on=timezone.localdate())


def finish_step(*, actor: Account, step: PlanStep, done: bool = True) -> PlanStep:
    """The step is done since today, or is open again. Raises RefusedError."""
    with change("careers.finish_plan_step", actor=actor):
        _locked(actor, step.plan)
        locked = PlanStep.objects.get(pk=step.pk)
        if done and locked.done_on:
            return locked
        locked.done_on = timezone.localdate() if done else None
        locked.save(update_fields=["done_on"])
    return locked


def remove_step(*, actor: Account, step: PlanStep) -> None:
    """The step is gone, from the history too. Raises RefusedError."""
    with change("careers.remove_plan_step", actor=actor):
        _locked(actor, step.plan)
        PlanStep.objects.filter(pk=step.pk).delete()
        forget_rows(PlanStep._meta.db_table, [step.pk])


def share_plan(*, actor: Account, plan: CareerPlan, shared: bool) -> CareerPlan:
    """Show the plan to the counsellors, or no longer. Raises RefusedError."""
    with change("careers.share_plan", actor=actor):
        locked = _locked(actor, plan)
        if shared != bool(locked.shared_on):
            locked.shared_on = timezone.localdate() if shared else None
            locked.save(update_fields=["shared_on"])
    return locked


def delete_plan(*, actor: Account, plan: CareerPlan) -> None:
    """The plan, its steps and its documents are gone, from the history too. Raises RefusedError."""
    with change("careers.delete_plan", actor=actor):
        locked = _locked(actor, plan)
        number, steps = locked.pk, list(locked.steps.values_list("pk", flat=True))
        forget_with_files(locked.documents.all())
        locked.delete()
        forget_rows(PlanStep._meta.db_table, steps)
        forget_rows(CareerPlan._meta.db_table, [number])


def _locked(actor: Account, plan: CareerPlan) -> CareerPlan:
    locked = CareerPlan.objects.select_for_update().get(pk=plan.pk)
    require(may_keep_plan(actor, locked.person_id))
    return locked

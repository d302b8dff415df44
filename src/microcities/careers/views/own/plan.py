"""One's own career plan: the goal, steps, the next talk; show it to counsellors, delete it. Counsellors read a shown one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.plans import add_step, delete_plan, finish_step, remove_step, share_plan, write_plan
from microcities.careers.counsellors import seen_by_counsellors
from microcities.careers.forms.plans import GoalForm, StepForm
from microcities.careers.models import CareerPlan, PlanStep
from microcities.careers.own_record import counsellors_for, talks_of
from microcities.careers.rules import may_give_guidance
from microcities.careers.views.own.record import crumbs, own_person
from microcities.people.models import Account, Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.ui.numbers import format_bytes
from microcities.ui.pages import form_page, page


def own_plan(request: HttpRequest) -> CareerPlan:
    """The plan of whoever looks; 404 while there is none."""
    rows = CareerPlan.objects.filter(person_id=account_of(request).person_id or 0)
    return get_object_or_404(rows.select_related("person"))


def _own_step(request: HttpRequest, number: int) -> PlanStep:
    rows = PlanStep.objects.filter(plan__person_id=account_of(request).person_id or 0)
    return get_object_or_404(rows.select_related("plan"), pk=number)


def _context(account: Account, person: Person, plan: CareerPlan | None) -> dict[str, Any]:
    """What both readers see: the plan, its steps and the person's next talk."""
    talks = talks_of(account, person)
    today = timezone.localdate()
    return {
        "person": person, "plan": plan, "steps": plan.steps.in_order() if plan else (), "today": today,
        "documents": [(each, format_bytes(each.size)) for each in plan.documents.all()] if plan else (),
        "coming": next((line for line in talks if line.is_coming), None),
        "agreed": next((line for line in talks if line.talk.next_on and line.talk.next_on >= today), None),
    }


@allow(has_record)
def plan(request: HttpRequest) -> HttpResponse:
    """The plan of whoever looks, or how to begin one."""
    account, person = account_of(request), own_person(request)
    found = CareerPlan.objects.filter(person=person).first()
    context = _context(account, person, found) | {
        "own": True, "may_book": bool(counsellors_for(person)), "seen": seen_by_counsellors(person),
        "crumbs": crumbs(person, account, (_("Career plan"), "")),
    }
    return page(request, "careers/own/plan.html", context)


@allow(may_give_guidance)
def shown_plan(request: HttpRequest, number: int) -> HttpResponse:
    """A plan that its person shows to the counsellors; every look is logged."""
    account = account_of(request)
    found = get_object_or_404(CareerPlan.objects.shown_to(account).select_related("person"), pk=number)
    log_look(found.person, reason="careers.plan", what=_("a career plan"))
    way = [
        (_("Home"), reverse("programme:home")),
        (found.person.name, reverse("persons:person", args=[found.person.public_id])), (_("Career plan"), ""),
    ]
    return page(request, "careers/own/plan.html", _context(account, found.person, found) | {"own": False, "crumbs": way})


def _form_page(request: HttpRequest, form: Any, title: str, lead: str = "") -> HttpResponse:
    way = crumbs(
        own_person(request), account_of(request), (_("Career plan"), reverse("careers:career-plan")), (title, "")
    )
    back = reverse("careers:career-plan")
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, lead=lead)


@allow(has_record, methods=("GET", "POST"))
def goal(request: HttpRequest) -> HttpResponse:
    """Write the goal, or write it anew."""
    person = own_person(request)
    known: Any = CareerPlan.objects.filter(person=person).values("goal", "reason", "strengths").first()
    form = GoalForm(request.POST or None, initial=known)
    if form.is_valid():
        with refusals_on(form):
            write_plan(actor=account_of(request), person=person, **form.cleaned_data)
            return redirect("careers:career-plan")
    return _form_page(request, form, _("My goal"))


@allow(has_record, methods=("GET", "POST"))
def step_new(request: HttpRequest) -> HttpResponse:
    """Add a step."""
    found = own_plan(request)
    form = StepForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            add_step(actor=account_of(request), plan=found, **form.cleaned_data)
            return redirect("careers:career-plan")
    return _form_page(request, form, _("Add a step"), found.goal)


@allow(has_record, methods=("POST",))
def step_done(request: HttpRequest, number: int) -> HttpResponse:
    """The step is done, or open again."""
    step, done = _own_step(request, number), request.POST.get("done") != "no"
    said = _("Done. Well done!") if done else _("The step is open again.")
    try_to(finish_step, request, said, actor=account_of(request), step=step, done=done)
    return redirect("careers:career-plan")


@allow(has_record, methods=("POST",))
def step_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The step is not needed."""
    step = _own_step(request, number)
    try_to(remove_step, request, _("The step is removed."), actor=account_of(request), step=step)
    return redirect("careers:career-plan")


@allow(has_record, methods=("POST",))
def share(request: HttpRequest) -> HttpResponse:
    """Show the plan to the counsellors, or stop showing it."""
    found, shared = own_plan(request), request.POST.get("shared") == "yes"
    said = _("Your counsellors see the plan now.") if shared else _("Your counsellors do not see the plan any more.")
    try_to(share_plan, request, said, actor=account_of(request), plan=found, shared=shared)
    return redirect("careers:career-plan")


@allow(has_record, methods=("GET", "POST"))
def delete(request: HttpRequest) -> HttpResponse:
    """Ask once, and then the plan is gone for good."""
    found = own_plan(request)
    if request.method == "POST":
        try_to(delete_plan, request, _("Your plan is deleted."), actor=account_of(request), plan=found)
        return redirect("careers:career-plan")
    way = crumbs(found.person, account_of(request), (_("Career plan"), reverse("careers:career-plan")), (_("Delete"), ""))
    return page(request, "careers/own/plan_delete.html", {"plan": found, "crumbs": way})

"""Pages of an event's questions and hosts."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import try_to
from microcities.events.actions.details import add_host, remove_host, set_questions
from microcities.events.forms.planning import HostForm, QuestionForm
from microcities.events.models import Event
from microcities.events.rules import may_manage_events
from microcities.events.views.organising import run_crumbs, run_event_of
from microcities.people.models import Organisation
from microcities.people.sign_in import account_of
from microcities.ui.pages import page

MOST_QUESTIONS = 10
Questions: Any = forms.formset_factory(QuestionForm, extra=2, max_num=MOST_QUESTIONS, absolute_max=MOST_QUESTIONS)


@allow(may_manage_events, methods=("GET", "POST"))
def questions(request: HttpRequest, uid: str) -> HttpResponse:
    """What is asked of whoever registers."""
    event, problem = run_event_of(request, uid), ""
    names = ("kind", "text", "text_en", "choices", "choices_en", "is_required")
    formset = Questions(request.POST or None, initial=list(event.questions.values(*names)))
    if request.method == "POST" and formset.is_valid():
        asked = [question for form in formset if form.has_changed() or form.initial if (question := form.question)]
        try:
            set_questions(actor=account_of(request), event=event, questions=asked)
        except RefusedError as refusal:
            problem = str(refusal.reason)
        else:
            messages.success(request, _("The questions are kept."))
            return redirect("events:run-event", uid)
    wrong = bool(problem) or (formset.is_bound and not formset.is_valid())
    context = {
        "event": event, "formset": formset, "problem": problem, "crumbs": run_crumbs(event, (_("Questions"), "")),
        "back": reverse("events:run-event", args=[uid]),
    }
    return page(request, "events/questions.html", context, status=422 if wrong else 200)


@allow(may_manage_events, methods=("GET", "POST"))
def hosts(request: HttpRequest, uid: str) -> HttpResponse:
    """Whom people meet at the event."""
    event = run_event_of(request, uid)
    form = HostForm(request.POST or None, event=event)
    if form.is_valid():
        organisation = form.cleaned_data["organisation"]
        try_to(add_host, request, _("The host is added."), actor=account_of(request), event=event, organisation=organisation)
        return redirect("events:hosts", uid)
    context = {
        "event": event, "form": form, "hosts": event.hosts.select_related("organisation").order_by("pk"),
        "crumbs": run_crumbs(event, (_("Hosts"), "")),
    }
    return page(request, "events/hosts.html", context)


@allow(may_manage_events, methods=("POST",))
def host_remove(request: HttpRequest, uid: str, number: int) -> HttpResponse:
    """Take a host off."""
    event: Event = run_event_of(request, uid)
    organisation = get_object_or_404(Organisation, hosted_events__event=event, pk=number)
    try_to(remove_host, request, _("The host is taken off."), actor=account_of(request), event=event, organisation=organisation)
    return redirect("events:hosts", uid)

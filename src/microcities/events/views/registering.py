"""Registering oneself, a child or a class: who comes, the questions, check the answers, the confirmation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, signed_in
from microcities.events.actions.registrations import register as register_people
from microcities.events.choosing import groups_of
from microcities.events.forms.registering import AnswersForm, ChooseForm
from microcities.events.models import Event, Question
from microcities.events.rules import may_register_now
from microcities.events.views.public import crumbs, event_of
from microcities.events.wording import when_words, where_words
from microcities.people.sign_in import account_of
from microcities.ui.pages import page


@allow(signed_in, methods=("GET", "POST"))
def register(request: HttpRequest, uid: str) -> HttpResponse:
    """Three steps on one address; what was said before travels along in the form, so nothing of it is in an address."""
    event = event_of(request, uid)
    if not (answer := may_register_now(event, timezone.now())):
        messages.error(request, str(answer.reason))
        return redirect("events:event", event.uid)
    step = request.POST.get("step", "find")
    asking = step in {"find", "class"}
    choose = _choose_form(request, event, bound=not asking)
    if asking or not choose.is_valid():
        return _shown(request, event, "choose", choose, {"text": request.POST.get("q", "")})
    questions = list(event.questions.all())
    answers = AnswersForm(
        None if step == "answers" and questions else request.POST, questions=questions, people=choose.chosen_people
    )
    if not answers.is_valid():
        return _shown(request, event, "answers", answers, {"kept": _kept(request, without="a-")})
    if step == "register":
        return _registered(request, event, choose, answers)
    return _checked(request, event, choose, answers)


def _choose_form(request: HttpRequest, event: Event, *, bound: bool) -> ChooseForm:
    """The first step: bound when it is sent on, filled in again while people are being searched for."""
    chosen = request.POST.getlist("people")
    account = account_of(request)
    initial: dict[str, Any] = {key: request.POST[key] for key in ("key", "organisation", "label") if key in request.POST}
    if request.POST.get("step") == "class":
        chosen, told = _with_class(request, event, chosen)
        initial |= told
    alone = account.person is not None and not request.POST and not groups_of(account, event)
    initial |= {"people": chosen or ([str(account.person.public_id)] if alone and account.person else [])}
    return ChooseForm(
        request.POST if bound else None, account=account, event=event, chosen=chosen,
        text="" if bound else request.POST.get("q", ""), initial=initial,
    )


def _with_class(request: HttpRequest, event: Event, chosen: list[str]) -> tuple[list[str], dict[str, Any]]:
    """Those chosen and a whole class, with what is said of it: the school, and the names of the classes."""
    asked = request.POST.get("group", "")
    group = next((each for each in groups_of(account_of(request), event) if each.key == asked), None)
    if group is None:
        return chosen, {}
    people = [str(person.public_id) for person in group.people()]
    named = [name for name in request.POST.get("label", "").split(", ") if name]
    label = ", ".join(dict.fromkeys([*named, group.name]))
    return list(dict.fromkeys([*chosen, *people])), {"organisation": group.organisation.pk, "label": label[:60]}


def _registered(request: HttpRequest, event: Event, choose: ChooseForm, answers: AnswersForm) -> HttpResponse:
    try:
        made = register_people(actor=account_of(request), event=event, answers=answers.answers, **choose.values)
    except RefusedError as refusal:
        return _checked(request, event, choose, answers, str(refusal))
    if made.state == "confirmed":
        messages.success(request, _("You are registered. The place is confirmed."))
    else:
        messages.warning(request, _("The event is full. You are in the waiting list; we write to you when a place is free."))
    return redirect("events:registration", made.pk)


def _checked(
    request: HttpRequest, event: Event, choose: ChooseForm, answers: AnswersForm, problem: str = ""
) -> HttpResponse:
    data = choose.cleaned_data
    context = {
        "people": choose.chosen_people, "lines": answers.lines, "kept": _kept(request), "problem": problem,
        "organisation": data.get("organisation"), "label_given": data.get("label", ""),
        "comes_at": data.get("comes_at"), "leaves_at": data.get("leaves_at"),
    }
    return _shown(request, event, "check", choose, context, status=422 if problem else 200)


def _kept(request: HttpRequest, without: str = "") -> list[tuple[str, str]]:
    """All that was said before, for hidden fields."""
    dropped = {"csrfmiddlewaretoken", "step", "q", "group"}
    return [
        (key, str(value)) for key, values in request.POST.lists() for value in values
        if key not in dropped and not (without and key.startswith(without))
    ]


def _shown(
    request: HttpRequest, event: Event, name: str, form: Any, context: dict[str, Any], status: int = 0
) -> HttpResponse:
    names = [_("Who comes"), *([_("Questions")] if Question.objects.filter(event=event).exists() else []), _("Check")]
    place = {"choose": 1, "answers": 2, "check": len(names)}[name]
    context |= {
        "event": event, "form": form, "when": when_words(event), "where": where_words(event), "names": names, "place": place,
        "crumbs": crumbs((str(event), reverse("events:event", args=[event.uid])), (_("Register"), "")),
    }
    return page(request, f"events/register_{name}.html", context, status=status or (422 if form.errors else 200))

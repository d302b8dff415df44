"""One's questions to counsellors: ask, read the answer, write on, close."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.questions import ask_question, close_question, write_again
from microcities.careers.counsellors import advising
from microcities.careers.forms.questions import QuestionForm, WriteAgainForm
from microcities.careers.models import Question
from microcities.careers.question_rules import may_ask_for, may_close_question, may_write_again
from microcities.careers.question_words import state_words
from microcities.careers.views.own.record import crumbs, own_person
from microcities.people.models import Account
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.ui.pages import page


def _own_question(request: HttpRequest, number: int) -> Question:
    """A question of one's own; a guardian's look at a child's is logged."""
    account = account_of(request)
    rows = Question.objects.own(account).select_related("person", "organisation", "talk__booking")
    found = get_object_or_404(rows, pk=number)
    if found.person_id != account.person_id:
        log_look(found.person, reason="careers.question", what=_("a question to counsellors"))
    return found


@allow(has_record, methods=("GET", "POST"))
def ask(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Begin a question; where no counsellor can be asked the page says so."""
    account, person = account_of(request), own_person(request, reference)
    for_child = person.pk != account.person_id
    can = bool(may_ask_for(account, person)) and advising(person).exists()
    form = QuestionForm(request.POST or None, person=person, for_child=for_child)
    if can and form.is_valid():
        with refusals_on(form):
            made = ask_question(actor=account, person=person, **form.values)
            messages.success(request, _("Your question is sent. You are told when it is answered."))
            return redirect("careers:own-question", made.pk)
    context = {
        "form": form, "can": can, "person": person, "own": not for_child,
        "crumbs": crumbs(person, account, (_("Ask a counsellor"), "")),
    }
    return page(request, "careers/own/ask.html", context)


@allow(has_record, methods=("GET", "POST"))
def question(request: HttpRequest, number: int) -> HttpResponse:
    """The thread, and room to write on."""
    account, found = account_of(request), _own_question(request, number)
    form = WriteAgainForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            write_again(actor=account, question=found, **form.cleaned_data)
            messages.success(request, _("Sent. You are told when it is answered."))
            return redirect("careers:own-question", number)
    return page(request, "careers/own/question.html", _context(account, found, form))


def _context(account: Account, found: Question, form: WriteAgainForm) -> dict[str, Any]:
    may_write = may_write_again(account, found)
    return {
        "question": found, "turns": found.turns.all(), "form": form, "may_write": may_write,
        "may_close": may_close_question(account, found), "state": state_words(found, timezone.localdate()),
        "offered": found.talk is not None and found.talk.state == "offered",
        "crumbs": crumbs(found.person, account, (_("Question to counsellors"), "")),
    }


@allow(has_record, methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    """The question is answered, or nobody needs an answer any more."""
    found = _own_question(request, number)
    try_to(close_question, request, _("The question is closed."), actor=account_of(request), question=found)
    address = reverse("careers:record", args=[found.person.public_id])
    return redirect(address)

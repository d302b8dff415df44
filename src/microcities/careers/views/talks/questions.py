"""Questions put to the counsellors of an organisation: the list, one thread, the answer, closing."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.questions import answer_question, close_question
from microcities.careers.forms.questions import AnswerForm
from microcities.careers.models import Question
from microcities.careers.question_rules import may_answer_question, may_close_question
from microcities.careers.question_tables import question_table, questions_to_show, tabs_of
from microcities.careers.question_words import state_words, waiting_words
from microcities.careers.rules import may_give_guidance
from microcities.careers.views.talks.lists import crumbs
from microcities.people.models import Account
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.ui.pages import page


def _question(request: HttpRequest, number: int) -> Question:
    """A question put to the counsellor's organisation; the look at a minor's is logged."""
    rows = Question.objects.to_counsellor(account_of(request)).select_related("person", "organisation", "guardian", "talk")
    found = get_object_or_404(rows, pk=number)
    log_look(found.person, reason="careers.question", what=_("a question to counsellors"))
    return found


@allow(may_give_guidance)
def questions(request: HttpRequest) -> HttpResponse | FileResponse:
    """What waits, the longest first, or all."""
    account = account_of(request)
    shown = "all" if request.GET.get("show") == "all" else "waiting"
    table = question_table(questions_to_show(account, shown), request.GET, latest_first=shown == "all")
    if table.export_format:
        return table.export("questions")
    log_shown(table.page.rows, _("a question to counsellors"), lambda row: (row.person,))
    context = {"table": table, "tabs": tabs_of(shown), "crumbs": crumbs((_("Questions"), ""))}
    return page(request, "careers/talks/questions.html", context, part="table")


@allow(may_give_guidance, methods=("GET", "POST"))
def question(request: HttpRequest, number: int) -> HttpResponse:
    """The thread, and room to answer."""
    account, found = account_of(request), _question(request, number)
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            answer_question(actor=account, question=found, **form.cleaned_data)
            messages.success(request, _("The answer is sent. Whoever asked is told."))
            return redirect("careers:question", number)
    return page(request, "careers/talks/question.html", _context(account, found, form))


def _context(account: Account, found: Question, form: AnswerForm) -> dict[str, Any]:
    today = timezone.localdate()
    return {
        "question": found, "turns": found.turns.all(), "form": form, "may_answer": may_answer_question(account, found),
        "may_close": may_close_question(account, found), "state": state_words(found, today),
        "waits": waiting_words(found.waits_since, today), "crumbs": crumbs((found.person.name, "")),
    }


@allow(may_give_guidance, methods=("POST",))
def close(request: HttpRequest, number: int) -> HttpResponse:
    """Nothing more is to be said."""
    found = _question(request, number)
    try_to(close_question, request, _("The question is closed."), actor=account_of(request), question=found)
    return redirect("careers:questions")

"""Pages of requests: those open to employers, one request, a school that asks, an employer that answers."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.exchange import ask_for_encounter, withdraw_request
from microcities.careers.actions.proposals import answer_request, refuse_request
from microcities.careers.exchange_rules import (
    may_answer_request,
    may_give_encounters,
    may_see_exchange,
    may_withdraw_request,
)
from microcities.careers.exchange_tables import days_words, proposal_table, request_table, request_word
from microcities.careers.forms.exchange import AnswerForm, RequestForm, own_firms
from microcities.careers.models import EncounterRequest, Proposal
from microcities.careers.rules import may_keep, may_keep_schools
from microcities.careers.views.exchange.finding import crumbs, request_of
from microcities.careers.views.schools.finding import crumbs as school_crumbs
from microcities.careers.views.schools.finding import kept_school
from microcities.people.sign_in import account_of
from microcities.ui.pages import Crumbs, form_page, page


@allow(may_give_encounters)
def requests(request: HttpRequest) -> HttpResponse | FileResponse:
    """What schools ask of the account's firms, or of all, in the cities that the firms chose."""
    rows = EncounterRequest.objects.for_firms(account_of(request), timezone.localdate()).with_taken()
    table = request_table(rows, request.GET)
    if table.export_format:
        return table.export("requests")
    context = {"table": table, "crumbs": crumbs((_("Schools ask"), ""))}
    return page(request, "careers/exchange/requests.html", context, part="table")


def _way(found: EncounterRequest, request: HttpRequest, *steps: tuple[str, str]) -> Crumbs:
    """The way to a request: by the school's page for its people, by the list for employers."""
    here = reverse("careers:exchange-request", args=[found.pk]) if steps else ""
    if may_keep(account_of(request), found.school):
        back = reverse("careers:exchange-school", args=[found.school_id])
        return school_crumbs(found.school, (_("Employers"), back), (found.name, here), *steps)
    return crumbs((_("Schools ask"), reverse("careers:exchange-requests")), (found.name, here), *steps)


@allow(may_see_exchange)
def school_request(request: HttpRequest, number: int) -> HttpResponse:
    """One request: for its school with the answers, for an employer with the way to answer."""
    account, found = account_of(request), request_of(request, number)
    own = may_keep(account, found.school)
    answers = Proposal.objects.visible_to(account).filter(request=found)
    firms = own_firms(account) if may_give_encounters(account) else []
    context = {
        "asked": found, "standing": request_word(found), "days": days_words(found.from_on, found.until_on), "own": own,
        "may_withdraw": may_withdraw_request(account, found),
        "may_answer": any(may_answer_request(account, each, found) for each in firms),
        "table": proposal_table(answers, request.GET, for_host=not own), "crumbs": _way(found, request),
    }
    return page(request, "careers/exchange/request.html", context)


@allow(may_keep_schools, methods=("GET", "POST"))
def ask(request: HttpRequest, number: int) -> HttpResponse:
    """A school asks one employer, or all in the city."""
    school, account = kept_school(request, number), account_of(request)
    form = RequestForm(request.POST or None, school=school)
    if form.is_valid():
        with refusals_on(form, "answer_by"):
            made = ask_for_encounter(actor=account, school=school, **form.cleaned_data)
            messages.success(request, _("The request is open. Answers come to My work."))
            return redirect("careers:exchange-request", made.pk)
    title, back = _("Ask employers"), reverse("careers:exchange-school", args=[number])
    way = school_crumbs(school, (_("Employers"), back), (title, ""))
    return form_page(request, form, title=title, back=back, button=_("Ask"), crumbs=way)


@allow(may_keep_schools, methods=("POST",))
def request_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Ask no more."""
    found = request_of(request, number)
    try_to(
        withdraw_request, request, _("The request is withdrawn. What was agreed stays agreed."),
        actor=account_of(request), request=found,
    )
    return redirect("careers:exchange-request", number)


@allow(may_give_encounters, methods=("GET", "POST"))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """An employer answers: a day and places, or no with a reason."""
    account, found = account_of(request), request_of(request, number)
    form = AnswerForm(request.POST or None, account=account, request=found)
    if form.is_valid():
        data = form.cleaned_data
        with refusals_on(form, "places" if data["answer"] == "yes" else "reason"):
            if data["answer"] == "yes":
                said = {name: data[name] for name in ("host", "held_on", "places", "note")}
                made = answer_request(actor=account, request=found, **said)
            else:
                made = refuse_request(actor=account, request=found, host=data["host"], reason=data["reason"])
            messages.success(request, _("The school has your answer."))
            return redirect("careers:exchange-proposal", made.pk)
    title, back = _("Answer the request"), reverse("careers:exchange-request", args=[number])
    lead = f"{found.school}, {days_words(found.from_on, found.until_on)}"
    way = _way(found, request, (title, ""))
    return form_page(request, form, title=f"{title}: {found.name}", back=back, button=title, crumbs=way, lead=lead)

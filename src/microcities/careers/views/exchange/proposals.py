"""Pages of proposals: what both sides say, agreeing, answering, declining, withdrawing, calling off."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.proposals import agree, call_off, decline, reply, withdraw
from microcities.careers.exchange_rules import (
    PROPOSAL_CHANGES,
    may_change_proposal,
    may_give_encounters,
    may_see_exchange,
    side_of,
)
from microcities.careers.exchange_tables import days_words, proposal_word
from microcities.careers.forms.exchange import ReasonForm, ReplyForm
from microcities.careers.models import EncounterOffer, Proposal
from microcities.careers.rules import may_keep, may_keep_schools
from microcities.careers.views.exchange.finding import crumbs, proposal_of, require_page
from microcities.people.sign_in import account_of
from microcities.ui.pages import Crumbs, form_page, page

REASONED = {
    "decline": (gettext_lazy("Decline"), decline, gettext_lazy("Declined. The other side is told.")),
    "call-off": (gettext_lazy("Call it off"), call_off, gettext_lazy("Called off. The other side is told.")),
}


def _way(proposal: Proposal, request: HttpRequest, *steps: tuple[str, str]) -> Crumbs:
    if may_keep(account_of(request), proposal.school):
        first = (_("Employers"), reverse("careers:exchange-school", args=[proposal.school_id]))
    else:
        first = (_("Encounters with schools"), reverse("careers:exchange-employer"))
    here = reverse("careers:exchange-proposal", args=[proposal.pk]) if steps else ""
    return crumbs(first, (str(proposal), here), *steps)


@allow(may_see_exchange)
def proposal(request: HttpRequest, number: int) -> HttpResponse:
    """What is proposed or agreed, beside what was offered or asked for."""
    account, found = account_of(request), proposal_of(request, number)
    about = found.about
    fits = found.held_on is not None and about.from_on <= found.held_on <= about.until_on
    context = {
        "proposal": found, "about": about, "is_offer": isinstance(about, EncounterOffer), "standing": proposal_word(found),
        "days": days_words(about.from_on, about.until_on), "fits": fits, "sides": side_of(account, found),
        "may": {verb: may_change_proposal(account, found, verb) for verb in PROPOSAL_CHANGES},
        "is_school": bool(may_keep(account, found.school)), "crumbs": _way(found, request),
    }
    return page(request, "careers/exchange/proposal.html", context)


@allow(may_keep_schools, methods=("POST",))
def proposal_agree(request: HttpRequest, number: int) -> HttpResponse:
    """The school agrees."""
    found = proposal_of(request, number)
    try_to(agree, request, _("Agreed: the encounter is planned."), actor=account_of(request), proposal=found)
    return redirect("careers:exchange-proposal", number)


@allow(may_give_encounters, methods=("GET", "POST"))
def proposal_reply(request: HttpRequest, number: int) -> HttpResponse:
    """The employer answers a school's proposal."""
    account, found = account_of(request), proposal_of(request, number)
    require_page(may_change_proposal(account, found, "reply"))
    form = ReplyForm(request.POST or None, proposal=found)
    if form.is_valid():
        with refusals_on(form, "places"):
            reply(actor=account, proposal=found, **form.cleaned_data)
            messages.success(request, _("The school has your answer."))
            return redirect("careers:exchange-proposal", number)
    title, back = _("Propose a day"), reverse("careers:exchange-proposal", args=[number])
    return form_page(request, form, title=title, back=back, button=title, crumbs=_way(found, request, (title, "")))


@allow(may_see_exchange, methods=("POST",))
def proposal_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take a proposal back that waits for the other side."""
    found = proposal_of(request, number)
    try_to(withdraw, request, _("Withdrawn. The other side is told."), actor=account_of(request), proposal=found)
    return redirect("careers:exchange-proposal", number)


@allow(may_see_exchange, methods=("GET", "POST"))
def proposal_reasoned(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """Decline, or call off what was agreed, with a reason."""
    account, found = account_of(request), proposal_of(request, number)
    title, act, said = REASONED[step]
    require_page(may_change_proposal(account, found, step.replace("-", "_")))
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "reason"):
            act(actor=account, proposal=found, reason=form.cleaned_data["reason"])
            messages.success(request, str(said))
            return redirect("careers:exchange-proposal", number)
    back, way = reverse("careers:exchange-proposal", args=[number]), _way(found, request, (str(title), ""))
    return form_page(request, form, title=f"{title}: {found}", back=back, button=str(title), crumbs=way)

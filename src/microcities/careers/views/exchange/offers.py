"""Pages of offers: those open to schools, one offer, making and changing it, and a school that takes places."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.exchange import change_offer, make_offer, withdraw_offer
from microcities.careers.actions.proposals import take_places
from microcities.careers.employers import asked_in_month
from microcities.careers.exchange_rules import may_act_for, may_change_offer, may_give_encounters, may_see_exchange, may_take
from microcities.careers.exchange_tables import days_words, offer_table, offer_word, proposal_table
from microcities.careers.forms.exchange import OfferForm, TakeForm
from microcities.careers.models import EncounterOffer, Proposal, ProposalState, School
from microcities.careers.rules import may_keep_schools, may_open_schools
from microcities.careers.views.exchange.finding import crumbs, offer_of, offers_way, require_page
from microcities.events.models import EventLanguage
from microcities.people.sign_in import account_of
from microcities.ui.pages import form_page, page


@allow(may_open_schools)
def offers(request: HttpRequest) -> HttpResponse | FileResponse:
    """What employers offer to schools now."""
    rows = EncounterOffer.objects.open_on(timezone.localdate()).with_taken()
    table = offer_table(rows, request.GET)
    if table.export_format:
        return table.export("offers")
    schools = list(School.objects.kept_by(account_of(request)).select_related("organisation").in_latvian_order())
    context = {"table": table, "schools": schools, "crumbs": crumbs((_("Employers' offers"), ""))}
    return page(request, "careers/exchange/offers.html", context, part="table")


@allow(may_see_exchange)
def offer(request: HttpRequest, number: int) -> HttpResponse:
    """One offer: for schools with the way to take places, for its employer with who took them."""
    account, found = account_of(request), offer_of(request, number)
    own, languages = may_act_for(account, found.host_id), dict(EventLanguage.choices)
    answers = Proposal.objects.visible_to(account).filter(offer=found)
    kept = School.objects.kept_by(account).first()
    context = {
        "offer": found, "standing": offer_word(found), "left": max(0, found.places - found.taken),  # type: ignore[attr-defined]
        "days": days_words(found.from_on, found.until_on), "own": own, "may_change": may_change_offer(account, found),
        "may_take": kept is not None and may_take(account, kept, found), "today": timezone.localdate(),
        "languages": ", ".join(str(languages.get(each, each)) for each in found.languages),
        "asked": asked_in_month(timezone.localdate()).get(found.host_id, 0),
        "table": proposal_table(answers, request.GET, for_host=bool(own)), "crumbs": offers_way(request, (found.name, "")),
    }
    return page(request, "careers/exchange/offer.html", context)


@allow(may_give_encounters, methods=("GET", "POST"))
def offer_new(request: HttpRequest) -> HttpResponse:
    """Make an offer."""
    account = account_of(request)
    form = OfferForm(request.POST or None, account=account)
    if form.is_valid():
        with refusals_on(form, "until_on"):
            made = make_offer(actor=account, **form.cleaned_data)
            messages.success(request, _("The offer is made. Schools see it now."))
            return redirect("careers:exchange-offer", made.pk)
    title, back = _("Make an offer"), reverse("careers:exchange-employer")
    return form_page(request, form, title=title, back=back, button=_("Make the offer"), crumbs=offers_way(request, (title, "")))


@allow(may_give_encounters, methods=("GET", "POST"))
def offer_change(request: HttpRequest, number: int) -> HttpResponse:
    """Change an offer; what is agreed stays."""
    account, found = account_of(request), offer_of(request, number)
    require_page(may_change_offer(account, found))
    form = OfferForm(request.POST or None, instance=found, account=account)
    if form.is_valid():
        with refusals_on(form):
            change_offer(actor=account, offer=found, **form.cleaned_data)
            messages.success(request, _("The offer is changed."))
            return redirect("careers:exchange-offer", number)
    title, back = _("Change the offer"), reverse("careers:exchange-offer", args=[number])
    way = offers_way(request, (str(form.initial["name"]), back), (title, ""))
    return form_page(request, form, title=title, back=back, button=_("Save"), crumbs=way)


@allow(may_give_encounters, methods=("POST",))
def offer_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Offer it no more."""
    found = offer_of(request, number)
    try_to(
        withdraw_offer, request, _("The offer is withdrawn. What was agreed stays agreed."),
        actor=account_of(request), offer=found,
    )
    return redirect("careers:exchange-offer", number)


@allow(may_keep_schools, methods=("GET", "POST"))
def take(request: HttpRequest, number: int) -> HttpResponse:
    """A school takes places, or proposes another day."""
    account, found = account_of(request), offer_of(request, number)
    form = TakeForm(request.POST or None, account=account, offer=found)
    if form.is_valid():
        with refusals_on(form, "places"):
            made = take_places(actor=account, offer=found, **form.cleaned_data)
            agreed = made.state == ProposalState.AGREED
            messages.success(request, _("Agreed: the encounter is planned.") if agreed else _("The employer is asked."))
            return redirect("careers:exchange-proposal", made.pk)
    title, back = _("Take places"), reverse("careers:exchange-offer", args=[number])
    way, lead = offers_way(request, (found.name, back), (title, "")), days_words(found.from_on, found.until_on)
    return form_page(request, form, title=f"{title}: {found.name}", back=back, button=title, crumbs=way, lead=lead)

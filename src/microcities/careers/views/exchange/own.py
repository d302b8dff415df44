"""Each side's own page: what an employer offered, agreed and gave, and how it may be asked; what a school asked and agreed."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.actions.exchange import set_terms
from microcities.careers.comparisons import given_by
from microcities.careers.exchange_rules import may_give_encounters
from microcities.careers.exchange_tables import offer_table, proposal_table, request_table
from microcities.careers.forms.exchange import TermsForm, own_firms
from microcities.careers.models import Encounter, EncounterOffer, EncounterRequest, ExchangeTerms, Proposal
from microcities.careers.rules import may_keep, may_open_schools
from microcities.careers.views.exchange.finding import crumbs, offers_way
from microcities.careers.views.schools.finding import crumbs as school_crumbs
from microcities.careers.views.schools.finding import school_of
from microcities.people.sign_in import account_of
from microcities.ui.pages import form_page, page


@allow(may_give_encounters)
def employer(request: HttpRequest) -> HttpResponse:
    """What the account's firms offered, agreed and gave."""
    account, today = account_of(request), timezone.localdate()
    firms = list(own_firms(account))
    rows = ExchangeTerms.objects.filter(organisation__in=firms).prefetch_related("cities")
    kept = {each.organisation_id: each for each in rows}
    held = Encounter.objects.filter(host__in=firms, held_on__lte=today)
    context = {
        "firms": [(each, kept.get(each.pk)) for each in firms], "today": today, "given": given_by(held),
        "offers": offer_table(EncounterOffer.objects.of_firms(account).with_taken(), request.GET, own=True),
        "proposals": proposal_table(Proposal.objects.of_firms(account), request.GET, for_host=True),
        "open": EncounterRequest.objects.for_firms(account, today).count(),
        "crumbs": crumbs((_("Encounters with schools"), "")),
    }
    return page(request, "careers/exchange/employer.html", context)


@allow(may_give_encounters, methods=("GET", "POST"))
def terms(request: HttpRequest, public_id: str) -> HttpResponse:
    """How an employer wants to be asked."""
    account = account_of(request)
    firm = get_object_or_404(own_firms(account), public_id=public_id)
    form = TermsForm(request.POST or None, instance=ExchangeTerms.objects.filter(organisation=firm).first())
    if form.is_valid():
        with refusals_on(form):
            set_terms(actor=account, organisation=firm, **form.cleaned_data | {"cities": list(form.cleaned_data["cities"])})
            messages.success(request, _("Saved."))
            return redirect("careers:exchange-employer")
    title, back = _("How schools may ask"), reverse("careers:exchange-employer")
    way = offers_way(request, (title, ""))
    return form_page(request, form, title=f"{title}: {firm}", back=back, button=_("Save"), crumbs=way)


@allow(may_open_schools)
def school(request: HttpRequest, number: int) -> HttpResponse:
    """What a school asked employers for, and what was agreed."""
    found = school_of(request, number)
    proposals = Proposal.objects.filter(school=found)
    asked = EncounterRequest.objects.filter(school=found).with_taken()
    context = {
        "school": found, "may_keep": may_keep(account_of(request), found),
        "proposals": proposal_table(proposals, request.GET, for_host=False),
        "requests": request_table(asked, request.GET, own=True),
        "crumbs": school_crumbs(found, (_("Employers"), "")),
    }
    return page(request, "careers/exchange/school.html", context)

"""Finds the offer, request or proposal of an address for whoever may see it, and leads the way back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import Answer
from microcities.careers.exchange_rules import may_give_encounters
from microcities.careers.models import EncounterOffer, EncounterRequest, Proposal
from microcities.people.sign_in import account_of
from microcities.ui.pages import Crumbs


def offer_of(request: HttpRequest, number: int) -> EncounterOffer:
    """The offer, with the places `taken`, for whoever may see it."""
    seen = EncounterOffer.objects.visible_to(account_of(request)).values("pk")
    rows = EncounterOffer.objects.filter(pk__in=seen).with_taken().select_related("host", "city")
    return get_object_or_404(rows, pk=number)


def request_of(request: HttpRequest, number: int) -> EncounterRequest:
    """The request, with the places `taken`, for whoever may see it."""
    seen = EncounterRequest.objects.visible_to(account_of(request), timezone.localdate()).values("pk")
    rows = EncounterRequest.objects.filter(pk__in=seen).with_taken()
    return get_object_or_404(rows.select_related("school__organisation", "school__city", "host", "school_class"), pk=number)


def proposal_of(request: HttpRequest, number: int) -> Proposal:
    """The proposal, for people of its school or employer."""
    seen = Proposal.objects.visible_to(account_of(request))
    related = ("offer__host", "request__school", "school__organisation", "host", "school_class", "encounter")
    return get_object_or_404(seen.select_related(*related), pk=number)


def require_page(answer: Answer) -> None:
    """Answer 403 with the reason when the page is not for this account."""
    if not answer:
        raise PermissionDenied(answer.reason)


def crumbs(*steps: tuple[str, str]) -> Crumbs:
    """The way to a page."""
    return [(_("Home"), "/"), *steps]


def offers_way(request: HttpRequest, *steps: tuple[str, str]) -> Crumbs:
    """The way by the list in which this visitor finds offers: an employer the own ones, a school all."""
    if may_give_encounters(account_of(request)):
        return crumbs((_("Encounters with schools"), reverse("careers:exchange-employer")), *steps)
    return crumbs((_("Employers' offers"), reverse("careers:exchange-offers")), *steps)

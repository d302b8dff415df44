"""Questions asked of offers, requests and proposals. Each `visible_to` is the only way from an account to rows."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Q, Sum, Value
from django.db.models.functions import Coalesce

from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.careers.models import EncounterOffer, EncounterRequest, ExchangeTerms, Proposal
    from microcities.people.models import Account

TAKEN = Coalesce(Sum("proposals__places", filter=Q(proposals__state="agreed")), Value(0))


def cities_of(account: "Account") -> set[int] | None:
    """Cities from which the account's firms take requests; None for all of them, when one of the firms chose none."""
    firms = set(account.organisation_ids(Permission.GIVE_ENCOUNTERS))
    terms: Any = apps.get_model("careers.ExchangeTerms")
    chosen: dict[int, set[int]] = {}
    for firm, city in terms.objects.filter(organisation_id__in=firms).values_list("organisation_id", "cities"):
        chosen.setdefault(firm, set()).update([city] if city else [])
    if any(not chosen.get(firm) for firm in firms):
        return None
    return set().union(*chosen.values())


class ExchangeTermsQuerySet(models.QuerySet["ExchangeTerms"]):
    """How firms want to be asked."""

    def paused_on(self, day: date) -> "ExchangeTermsQuerySet":
        return self.filter(paused_until__gte=day)


class OfferQuerySet(models.QuerySet["EncounterOffer"]):
    """What employers offer."""

    def open_on(self, day: date) -> "OfferQuerySet":
        """Not withdrawn, and with a day that is still to come."""
        return self.filter(state="open", until_on__gte=day)

    def with_taken(self) -> "OfferQuerySet":
        """With the number of places that are agreed, as `taken`."""
        return self.annotate(taken=TAKEN)

    def of_firms(self, account: "Account") -> "OfferQuerySet":
        """Those of the account's own firms."""
        return self.filter(host_id__in=account.organisation_ids(Permission.GIVE_ENCOUNTERS))

    def visible_to(self, account: "Account") -> "OfferQuerySet":
        """One's own; for schools those that are offered now, and others on which they have agreed something."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(host_id__in=account.organisation_ids(Permission.GIVE_ENCOUNTERS))
        if schools := account.organisation_ids(Permission.MANAGE_CAREERS):
            proposal: Any = apps.get_model("careers.Proposal")
            theirs = proposal.objects.filter(school__organisation_id__in=schools, offer__isnull=False)
            seen |= Q(state="open") | Q(pk__in=theirs.values("offer_id"))
        return self.filter(seen)


class RequestQuerySet(models.QuerySet["EncounterRequest"]):
    """What schools ask for."""

    def open_on(self, day: date) -> "RequestQuerySet":
        """Not withdrawn, and answers are still wanted: the day itself closes a request, nobody has to."""
        return self.filter(state="open", answer_by__gte=day)

    def with_taken(self) -> "RequestQuerySet":
        """With the number of pupils for whom it is agreed, as `taken`."""
        return self.annotate(taken=TAKEN)

    def of_schools(self, account: "Account") -> "RequestQuerySet":
        """Those of the account's own schools."""
        return self.filter(school__organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS))

    def for_firms(self, account: "Account", day: date) -> "RequestQuerySet":
        """Open ones that the account's firms may answer: those put to them, and those put to all in the cities they chose."""
        firms, cities = account.organisation_ids(Permission.GIVE_ENCOUNTERS), cities_of(account)
        if not firms:
            return self.none()
        put_to_all = Q(host__isnull=True)
        if cities is not None:
            put_to_all &= Q(school__city_id__in=cities)
        return self.open_on(day).filter(Q(host_id__in=firms) | put_to_all)

    def visible_to(self, account: "Account", day: date) -> "RequestQuerySet":
        """A school's own; for a firm those it may answer now or has answered; nobody else's."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        firms = account.organisation_ids(Permission.GIVE_ENCOUNTERS)
        proposal: Any = apps.get_model("careers.Proposal")
        answered = proposal.objects.filter(host_id__in=firms, request__isnull=False)
        seen = Q(school__organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS))
        seen |= Q(pk__in=answered.values("request_id")) | Q(pk__in=self.model.objects.for_firms(account, day).values("pk"))
        return self.filter(seen | Q(host_id__in=firms))


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Answers to offers and requests, and what came of them."""

    def agreed(self) -> "ProposalQuerySet":
        return self.filter(state="agreed")

    def waiting(self, side: str, day: date) -> "ProposalQuerySet":
        """Those on which a side has the word; once their day has passed nothing waits any more."""
        return self.filter(state=f"with_{side}", held_on__gte=day)

    def of_firms(self, account: "Account") -> "ProposalQuerySet":
        """Those of the account's own firms."""
        return self.filter(host_id__in=account.organisation_ids(Permission.GIVE_ENCOUNTERS))

    def of_schools(self, account: "Account") -> "ProposalQuerySet":
        """Those of the account's own schools."""
        return self.filter(school__organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS))

    def visible_to(self, account: "Account") -> "ProposalQuerySet":
        """Those of one's own school or firm; nobody else's."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        own = Q(host_id__in=account.organisation_ids(Permission.GIVE_ENCOUNTERS))
        return self.filter(own | Q(school__organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS)))

"""Questions asked of summer schemes and all that belongs to them. Each `visible_to` is the only way from an account to rows.

Three sides look at these rows: the city's staff who run a scheme (MANAGE_SUMMER), people of employers (OFFER_SUMMER_POSTS), and
the pupil with the guardian. Whoever sees all people (the auditor, the programme's manager) reads everything.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from microcities.database.expressions import LatvianKey
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.people.models import Account
    from microcities.summerjobs.models import (
        Agreement,
        Application,
        Claim,
        Draw,
        Placement,
        Post,
        SummerHost,
        SummerScheme,
        Supervisor,
        WorkDay,
    )

# States of a placement in which a place is taken; models.draws.LIVE says the same with its enumeration.
LIVE_STATES = ("offered", "accepted", "completed")


def runs(account: "Account") -> list[int]:
    """Organisations whose schemes the account runs."""
    return account.organisation_ids(Permission.MANAGE_SUMMER)


def firms(account: "Account") -> list[int]:
    """Employers for which the account answers."""
    return account.organisation_ids(Permission.OFFER_SUMMER_POSTS)


def own_and_wards(account: "Account") -> set[int]:
    """Numbers of the account's own person and of the children whose guardian it is today."""
    if not account.person_id:
        return set()
    guardianship: Any = apps.get_model("people.Guardianship")
    wards = guardianship.objects.in_force(timezone.localdate()).filter(guardian_id=account.person_id)
    return {account.person_id, *wards.values_list("ward_id", flat=True)}


def _two_sides(account: "Account", scheme: str, host: str) -> Q:
    """Rows of schemes that the account runs, and of its own firms; `scheme` and `host` lead to them ("" is the row)."""
    return Q(**{f"{scheme}organisation_id__in": runs(account)}) | Q(**{f"{host}organisation_id__in": firms(account)})


class SchemeQuerySet(models.QuerySet["SummerScheme"]):
    """Schemes; those that are published are public."""

    def published(self) -> "SchemeQuerySet":
        return self.filter(published_at__isnull=False)

    def run_by(self, account: "Account") -> "SchemeQuerySet":
        return self.filter(organisation_id__in=runs(account))

    def visible_to(self, account: Any) -> "SchemeQuerySet":
        """Published ones for everybody, drafts for who runs them."""
        if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(published_at__isnull=False)
        if account.is_authenticated:
            seen |= Q(organisation_id__in=runs(account))
        return self.filter(seen)

    def taking_posts(self, day: date) -> "SchemeQuerySet":
        return self.published().filter(closed_at__isnull=True, posts_from_on__lte=day, posts_until_on__gte=day)

    def taking_applications(self, day: date) -> "SchemeQuerySet":
        return self.published().filter(closed_at__isnull=True, apply_from_on__lte=day, apply_until_on__gte=day)

    def newest_first(self) -> "SchemeQuerySet":
        return self.order_by("-year", LatvianKey("name"), "pk")


class HostQuerySet(models.QuerySet["SummerHost"]):
    """Employers in schemes."""

    def of_firms(self, account: "Account") -> "HostQuerySet":
        return self.filter(organisation_id__in=firms(account))

    def visible_to(self, account: "Account") -> "HostQuerySet":
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        return self.filter(_two_sides(account, "scheme__", ""))

    def in_latvian_order(self) -> "HostQuerySet":
        return self.order_by(LatvianKey("organisation__name"), "pk")


class SupervisorQuerySet(models.QuerySet["Supervisor"]):
    """Supervisors of pupils."""

    def on(self, day: date) -> "SupervisorQuerySet":
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=day))

    def in_latvian_order(self) -> "SupervisorQuerySet":
        return self.order_by(LatvianKey("person__family_name"), LatvianKey("person__given_name"), "pk")


class PostQuerySet(models.QuerySet["Post"]):
    """Posts; those that are approved in a published scheme are public."""

    def approved(self) -> "PostQuerySet":
        return self.filter(state="approved")

    def open(self) -> "PostQuerySet":
        """Approved, in a period that is not called off, of a published scheme that is not closed."""
        return self.approved().filter(
            period__called_off="", period__scheme__published_at__isnull=False, period__scheme__closed_at__isnull=True
        )

    def of_firms(self, account: "Account") -> "PostQuerySet":
        return self.filter(host__organisation_id__in=firms(account))

    def visible_to(self, account: Any) -> "PostQuerySet":
        """Approved ones for everybody; the others for the employer and for who runs the scheme."""
        if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(state="approved", period__scheme__published_at__isnull=False)
        if account.is_authenticated:
            seen |= _two_sides(account, "host__scheme__", "host__")
        return self.filter(seen)

    def with_taken(self) -> "PostQuerySet":
        """With the number of places that are taken, as `taken`."""
        return self.annotate(
            taken=Count("placements", filter=Q(placements__state__in=LIVE_STATES), distinct=True)
        )

    def in_order(self) -> "PostQuerySet":
        return self.order_by("period__first_on", LatvianKey("host__organisation__name"), LatvianKey("name"), "pk")


class ApplicationQuerySet(models.QuerySet["Application"]):
    """Pupils' applications."""

    def sent(self) -> "ApplicationQuerySet":
        """Sent and neither withdrawn nor refused."""
        return self.filter(submitted_at__isnull=False, withdrawn_at__isnull=True, refused_reason="")

    def of_people(self, persons: Iterable[int]) -> "ApplicationQuerySet":
        return self.filter(person_id__in=list(persons))

    def visible_to(self, account: "Account") -> "ApplicationQuerySet":
        """One's own and one's children's; for staff those of the schemes they run once they are sent; never for employers."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        theirs = Q(scheme__organisation_id__in=runs(account), submitted_at__isnull=False)
        return self.filter(theirs | Q(person_id__in=own_and_wards(account)))


class DrawQuerySet(models.QuerySet["Draw"]):
    """Draws; published ones are public, without anybody's name."""

    def published(self) -> "DrawQuerySet":
        return self.filter(published_at__isnull=False)

    def under_way(self) -> "DrawQuerySet":
        return self.filter(published_at__isnull=True, set_aside_at__isnull=True)

    def visible_to(self, account: Any) -> "DrawQuerySet":
        if account.is_authenticated and account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(published_at__isnull=False)
        if account.is_authenticated:
            seen |= Q(scheme__organisation_id__in=runs(account))
        return self.filter(seen)


class PlacementQuerySet(models.QuerySet["Placement"]):
    """Placements of pupils."""

    def live(self) -> "PlacementQuerySet":
        return self.filter(state__in=LIVE_STATES)

    def unanswered(self) -> "PlacementQuerySet":
        return self.filter(state="offered")

    def overdue(self, moment: datetime) -> "PlacementQuerySet":
        """Offers whose time to answer is over."""
        return self.unanswered().filter(answer_by__lt=moment)

    def of_firms(self, account: "Account") -> "PlacementQuerySet":
        """Those at the account's own firms which the pupil has accepted: before that an employer learns no name."""
        return self.filter(
            post__host__organisation_id__in=firms(account), state__in=("accepted", "dropped_out", "completed")
        )

    def visible_to(self, account: "Account") -> "PlacementQuerySet":
        """One's own and one's children's, those of schemes that the account runs, and accepted ones of its firms."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        at_firm = Q(
            post__host__organisation_id__in=firms(account), state__in=("accepted", "dropped_out", "completed")
        )
        theirs = Q(post__host__scheme__organisation_id__in=runs(account))
        return self.filter(at_firm | theirs | Q(person_id__in=own_and_wards(account)))

    def at_work_on(self, day: date) -> "PlacementQuerySet":
        return self.filter(state__in=("accepted", "completed"), first_on__lte=day, last_on__gte=day)

    def in_order(self) -> "PlacementQuerySet":
        return self.order_by("first_on", LatvianKey("person__family_name"), LatvianKey("person__given_name"), "pk")


class AgreementQuerySet(models.QuerySet["Agreement"]):
    """Agreements."""

    def in_force(self) -> "AgreementQuerySet":
        return self.filter(replaced_at__isnull=True)


class WorkDayQuerySet(models.QuerySet["WorkDay"]):
    """Days of work."""

    def noted(self) -> "WorkDayQuerySet":
        return self.filter(noted_at__isnull=False)

    def between(self, first: date, last: date) -> "WorkDayQuerySet":
        return self.filter(on__gte=first, on__lte=last)

    def in_order(self) -> "WorkDayQuerySet":
        return self.order_by("on", F("placement_id"))


class ClaimQuerySet(models.QuerySet["Claim"]):
    """Employers' claims."""

    def of_firms(self, account: "Account") -> "ClaimQuerySet":
        return self.filter(host__organisation_id__in=firms(account))

    def visible_to(self, account: "Account") -> "ClaimQuerySet":
        """Those of one's own firm; for staff those that were submitted in schemes they run."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        submitted = Q(host__scheme__organisation_id__in=runs(account)) & ~Q(state="draft")
        return self.filter(submitted | Q(host__organisation_id__in=firms(account)))

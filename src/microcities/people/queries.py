"""Questions asked of people and organisations. `visible_to(account)` is the only way from an account to persons."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone

from microcities.database.expressions import LatvianKey, SearchKey
from microcities.people.roles import Permission, roles_with

if TYPE_CHECKING:
    from microcities.people.models import (
        Account,
        Consent,
        Guardianship,
        Invitation,
        Membership,
        Organisation,
        Person,
        Registration,
        Session,
    )

# A person's full name as search compares it; the index person_name_search stands on this very expression.
NAME_KEY = SearchKey(Concat("given_name", Value(" "), "family_name"))
# An organisation's names in both languages; under organisation_name_search.
ORGANISATION_KEY = SearchKey(Concat("name", Value(" "), "name_en"))


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Roles of accounts in organisations."""

    def in_force(self, on: date) -> "MembershipQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)

    def allowing(self, permission: Permission) -> "MembershipQuerySet":
        return self.filter(role__in=roles_with(permission))


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Organisations are public knowledge; their people are not."""

    def in_latvian_order(self) -> "OrganisationQuerySet":
        return self.order_by(LatvianKey("name"), "pk")

    def of_account(self, account: "Account", permission: Permission) -> "OrganisationQuerySet":
        """Organisations in which the account holds the permission today."""
        return self.filter(pk__in=account.organisation_ids(permission))


class PersonQuerySet(models.QuerySet["Person"]):
    """Persons. Whoever has merged or been erased is not `current()`."""

    def visible_to(self, account: "Account") -> "PersonQuerySet":
        """Persons whom this account may see: all, or those of its organisations, or itself and its wards."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        own: list[int] = []
        if account.person_id:
            # Read now: so few persons by number let the database start from them.
            wards = _rows_of(self.model, "guardianships_as_ward").in_force(timezone.localdate())
            own = [account.person_id, *wards.filter(guardian_id=account.person_id).values_list("ward_id", flat=True)]
        organisations = account.organisation_ids(Permission.SEE_OWN_PEOPLE)
        if not organisations:
            return self.filter(pk__in=own)
        known = _rows_of(self.model, "registrations").filter(organisation_id__in=organisations)
        # One set of numbers to start from: "own or known" would have the database look at everybody.
        themselves = self.model._default_manager.filter(pk__in=own)
        return self.filter(pk__in=known.values("person_id").union(themselves.values("pk")))

    def current(self) -> "PersonQuerySet":
        return self.filter(merged_into__isnull=True, erased_at__isnull=True)

    def in_latvian_order(self) -> "PersonQuerySet":
        return self.order_by(LatvianKey("family_name"), LatvianKey("given_name"), "pk")

    def under_age(self, age: int, on: date) -> "PersonQuerySet":
        """Persons younger than `age` years on a day; whoever has no birth date counts as younger, to be safe."""
        try:
            limit = on.replace(year=on.year - age)
        except ValueError:
            limit = on.replace(year=on.year - age, day=28)
        return self.filter(Q(birth_on__gt=limit) | Q(birth_on__isnull=True))


def _rows_of(person_model: Any, link: str) -> Any:
    """The rows behind a reverse link of Person, whose model this module cannot import."""
    return person_model._meta.get_field(link).related_model.objects.all()


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """Which organisation knows which person."""

    def at(self, organisation: "Organisation") -> "RegistrationQuerySet":
        return self.filter(organisation=organisation)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Invitations into roles."""

    def open_at(self, moment: datetime) -> "InvitationQuerySet":
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=moment)

    def unanswered(self) -> "InvitationQuerySet":
        """Neither accepted nor withdrawn, though perhaps too old to be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True)


class GuardianshipQuerySet(models.QuerySet["Guardianship"]):
    """Who is whose guardian."""

    def in_force(self, on: date) -> "GuardianshipQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Consents, given and withdrawn."""

    def in_force(self, on: date) -> "ConsentQuerySet":
        """Neither withdrawn nor run out on a day."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), withdrawn_at__isnull=True)


class SessionQuerySet(models.QuerySet["Session"]):
    """Open and ended visits of browsers."""

    def of(self, account: "Account", moment: datetime) -> "SessionQuerySet":
        """The account's sessions that are not over, last used first."""
        return self.filter(account=account, expire_date__gt=moment).order_by("-used_at", "session_key")

    def ended(self, moment: datetime) -> "SessionQuerySet":
        """Sessions whose time is over, signed in or not."""
        return self.filter(expire_date__lte=moment)

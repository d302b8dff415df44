"""What employers, pupils, guardians and the city are told about summer employment; one letter, many sentences."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.people.models import Account, Membership, Person
from microcities.people.roles import Permission
from microcities.privacy.rules import is_minor
from microcities.trail.context import System

SUMMER = System("summerjobs")
KIND = register_kind("summerjobs.summer", _("Summer employment: posts, applications, placements, agreements and claims"))
Text = str | Promise


def tell(
    readers: Iterable[Account], *, key: str, subject: str, what: Text, url: tuple[str, Any], name: Text = "",
    details: Iterable[Text] = (),
) -> int:
    """Write to accounts: the subject (a marked sentence that may hold %(name)s), what happened, details line by line, the page.

    `key` names the event, told to each reader once. Returns how many were told.
    """
    told = 0
    for account in readers:
        with translation.override(account.language):
            lines = [str(each) for each in details if str(each)]
            context = {"name": str(name), "what": str(what), "details": lines}
            address = reverse(f"summerjobs:{url[0]}", args=[url[1]])
        told += notify(
            actor=SUMMER, reader=account, kind=KIND.slug, subject=subject, template="summerjobs/letters/letter.txt",
            context=context, dedupe_key=f"summerjobs.{key}", url=address,
        ) is not None
    return told


def people_of(organisation_id: int) -> Iterable[Account]:
    """Everybody who answers for the employer today."""
    return _members(organisation_id, Permission.OFFER_SUMMER_POSTS)


def city_of(organisation_id: int) -> Iterable[Account]:
    """Everybody who runs the organisation's schemes today."""
    return _members(organisation_id, Permission.MANAGE_SUMMER)


def pupil_of(person: Person) -> Iterable[Account]:
    """The pupil's own account, if there is one."""
    return Account.objects.filter(person=person, is_active=True)


def guardians_of(person: Person) -> Iterable[Account]:
    """Accounts of today's guardians of a pupil under age."""
    today = timezone.localdate()
    if not is_minor(person, today):
        return Account.objects.none()
    standing = person.guardianships_as_ward.in_force(today)
    return Account.objects.filter(person_id__in=standing.values("guardian_id"), is_active=True).order_by("pk")


def _members(organisation_id: int, permission: Permission) -> Iterable[Account]:
    rows = Membership.objects.in_force(timezone.localdate()).allowing(permission).filter(organisation_id=organisation_id)
    return Account.objects.filter(pk__in=rows.values("account_id"), is_active=True).order_by("pk")

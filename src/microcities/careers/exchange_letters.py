"""What schools and employers are told about requests and proposals. All employers of a city are never written to at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from microcities.careers.models import EncounterRequest, Proposal
from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.people.models import Account, Membership
from microcities.people.roles import Permission
from microcities.trail.context import System
from microcities.ui.numbers import format_day

EXCHANGE = System("careers")
KIND = register_kind("careers.exchange", _("Encounters between schools and employers: requests, answers and agreements"))


@dataclass(frozen=True)
class Letter:
    """What happened: its name, the subject, and the first sentence."""

    name: str
    subject: str
    what: "str | Promise"


ASKED = Letter("asked", gettext_noop("A school asks you: %(name)s"), _("A school asks your organisation for an encounter."))
ANSWERED = Letter(
    "answered", gettext_noop("An employer proposes a day: %(name)s"),
    _("An employer proposes a day and a number of places. Agree or decline."),
)
PROPOSED = Letter(
    "proposed", gettext_noop("A school proposes another day: %(name)s"),
    _("A school would like your offer on a day that is not among those offered. Propose a day or decline."),
)
AGREED = Letter("agreed", gettext_noop("Agreed: %(name)s"), _("The encounter is agreed."))
DECLINED = Letter("declined", gettext_noop("Declined: %(name)s"), _("The other side has declined."))
CLOSED = Letter("closed", gettext_noop("Withdrawn: %(name)s"), _("The other side has withdrawn this."))
CALLED_OFF = Letter("called_off", gettext_noop("Called off: %(name)s"), _("What was agreed is called off."))


def tell_asked(request: EncounterRequest) -> int:
    """The employer that is asked; of a request to all nobody is written to, it stands in the list."""
    if request.host_id is None:
        return 0
    context = {
        "name": request.name, "school": str(request.school), "host": "", "day": "", "places": request.pupils,
        "note": request.outcomes, "reason": "",
    }
    key, url = f"careers.exchange.asked:{request.pk}", ("careers:exchange-request", request.pk)
    return sum(_tell(account, ASKED, context, key, url) for account in _people_of(request.host_id))


def tell_answered(proposal: Proposal) -> int:
    """The school, whose word it is now."""
    return _tell_side(proposal, ANSWERED, to_host=False)


def tell_proposed(proposal: Proposal) -> int:
    """The employer, whose word it is now."""
    return _tell_side(proposal, PROPOSED, to_host=True)


def tell_agreed(proposal: Proposal) -> int:
    """The employer: the school was the one who agreed."""
    return _tell_side(proposal, AGREED, to_host=True)


def tell_declined(proposal: Proposal, *, by_host: bool) -> int:
    """The other side, with the reason."""
    return _tell_side(proposal, DECLINED, to_host=not by_host)


def tell_closed(proposal: Proposal, *, by_host: bool) -> int:
    """The other side: the proposal is withdrawn, alone or with what it answers."""
    return _tell_side(proposal, CLOSED, to_host=not by_host)


def tell_called_off(proposal: Proposal, *, by_host: bool) -> int:
    """The other side, with the reason."""
    return _tell_side(proposal, CALLED_OFF, to_host=not by_host)


def _tell_side(proposal: Proposal, letter: Letter, *, to_host: bool) -> int:
    readers = _people_of(proposal.host_id) if to_host else _of_school(proposal)
    context = {
        "name": str(proposal), "school": str(proposal.school), "host": str(proposal.host), "places": proposal.places,
        "reason": proposal.reason, "note": proposal.note, "held_on": proposal.held_on,
    }
    key, url = f"careers.exchange.{letter.name}:{proposal.pk}", ("careers:exchange-proposal", proposal.pk)
    return sum(_tell(account, letter, context, key, url) for account in readers)


def _tell(account: Account, letter: Letter, context: dict[str, Any], key: str, url: tuple[str, int]) -> int:
    with translation.override(account.language):
        held_on = context.get("held_on")
        told = context | {"what": str(letter.what), "day": format_day(held_on) if held_on else ""}
        address = reverse(url[0], args=[url[1]])
    notice = notify(
        actor=EXCHANGE, reader=account, kind=KIND.slug, subject=letter.subject, template="careers/letters/exchange.txt",
        context=told, dedupe_key=key, url=address,
    )
    return notice is not None


def _people_of(organisation_id: int) -> Iterable[Account]:
    """Everybody who answers for the employer today."""
    return _members(organisation_id, Permission.GIVE_ENCOUNTERS)


def _of_school(proposal: Proposal) -> list[Account]:
    """Whoever asked or took the places; when that person keeps the records no more, everybody who does."""
    keepers = list(_members(proposal.school.organisation_id, Permission.MANAGE_CAREERS))
    author = proposal.request.asked_by_id if proposal.request is not None else proposal.made_by_id
    return [each for each in keepers if each.pk == author] or keepers


def _members(organisation_id: int, permission: Permission) -> Iterable[Account]:
    rows = Membership.objects.in_force(timezone.localdate()).allowing(permission).filter(organisation_id=organisation_id)
    return Account.objects.filter(pk__in=rows.values("account_id"), is_active=True).order_by("pk")

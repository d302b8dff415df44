"""Whose signatures an agreement needs, who may make, sign and take back, and in which order the law wants it."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.summerjobs.agreement_terms import is_minor_at_work
from microcities.summerjobs.draw_rules import is_confirmed
from microcities.summerjobs.models import Agreement, Party, Placement
from microcities.summerjobs.queries import firms, runs
from microcities.summerjobs.rules import is_open, runs_scheme

BOTH_SIDES = frozenset({Party.EMPLOYER, Party.PUPIL})


def parties_of(placement: Placement) -> list[Party]:
    """Who signs: employer, city and pupil, and of a pupil under age a guardian first."""
    found = [Party.EMPLOYER, Party.CITY, Party.PUPIL]
    return [Party.GUARDIAN, *found] if is_minor_at_work(placement) else found


def signed_parties(agreement: Agreement) -> set[str]:
    """Parties whose signatures stand."""
    return {each.party for each in agreement.signatures.all()}


def is_signed(agreement: Agreement) -> bool:
    """Whether everybody has signed who must."""
    return set(parties_of(agreement.placement)) <= signed_parties(agreement)


def acts_as(account: Any, placement: Placement) -> list[Party]:
    """The parties for which this account may sign; one account may answer for two."""
    if not account.is_authenticated:
        return []
    scheme, found = placement.post.host.scheme, []
    if placement.post.host.organisation_id in firms(account):
        found.append(Party.EMPLOYER)
    if scheme.organisation_id in runs(account):
        found.append(Party.CITY)
    if account.person_id and account.person_id == placement.person_id:
        found.append(Party.PUPIL)
    standing = placement.person.guardianships_as_ward.in_force(timezone.localdate())
    if account.person_id and is_minor_at_work(placement) and standing.filter(guardian_id=account.person_id).exists():
        found.append(Party.GUARDIAN)
    return found


def may_make(account: Any, placement: Placement) -> Answer:
    """The city or the employer, of an accepted place whose decision file is confirmed, while no agreement stands."""
    if not {Party.EMPLOYER, Party.CITY} & set(acts_as(account, placement)):
        return no(_("The agreement is made by the employer or the city."))
    if not (answer := is_open(placement.post.host.scheme)) or not (answer := is_confirmed(placement)):
        return answer
    if placement.state != "accepted":
        return no(_("An agreement is made for a place that the pupil has accepted."))
    if placement.post.state != "approved":
        return no(_("The post was changed and waits for the city. The agreement is made after that."))
    if placement.agreements.in_force().exists():
        return no(_("There is an agreement already."))
    return YES


def may_sign(account: Any, agreement: Agreement, party: str) -> Answer:
    """The party itself, once. The guardian signs before employer and pupil have both signed: the law tells risks first."""
    if party not in acts_as(account, agreement.placement):
        return no(_("Only the party itself signs here."))
    return may_stand(agreement, party)


def may_bring(account: Any, agreement: Agreement, party: str) -> Answer:
    """A file that was signed on paper or with an e-signature is brought by the employer or the city, for any party."""
    if not {Party.EMPLOYER, Party.CITY} & set(acts_as(account, agreement.placement)):
        return no(_("Signed files are brought by the employer or the city."))
    if party not in parties_of(agreement.placement):
        return no(_("This party does not sign the agreement."))
    return may_stand(agreement, party)


def may_stand(agreement: Agreement, party: str) -> Answer:
    """Whether a signature of this party may be put under the agreement now."""
    placement, signed = agreement.placement, signed_parties(agreement)
    if agreement.replaced_at is not None:
        return no(_("The terms have changed. Sign the new agreement."))
    if placement.state != "accepted":
        return no(_("The placement has ended. There is nothing to sign any more."))
    if party in signed:
        return no(_("This party has signed already."))
    closes = party in BOTH_SIDES and {str(each) for each in BOTH_SIDES} - {party} <= signed
    if closes and is_minor_at_work(placement) and Party.GUARDIAN not in signed:
        return no(_("The guardian signs before the contract is made: the law asks that the guardian knows the risks first."))
    return YES


def may_take_back(account: Any, agreement: Agreement, party: str) -> Answer:
    """The party itself, until everybody has signed."""
    if party not in acts_as(account, agreement.placement):
        return no(_("Only the party itself takes its signature back."))
    if agreement.replaced_at is not None or party not in signed_parties(agreement):
        return no(_("There is no signature to take back."))
    if is_signed(agreement):
        return no(_("Everybody has signed. The agreement ends only with the placement."))
    return YES


def may_note_medical(account: Any, placement: Placement) -> Answer:
    """The employer, who by law sees the paper; the city where it runs the scheme."""
    if placement.post.host.organisation_id in firms(account):
        return YES
    return runs_scheme(account, placement.post.host.scheme)

"""Invitations into roles, their acceptance, and the end of a role."""

import hashlib
import secrets
from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from microcities.access.answers import require
from microcities.people.models import Account, Invitation, Membership, Organisation, Person
from microcities.people.rules import may_accept, may_end_membership, may_give_role
from microcities.trail.context import Actor, change

SEND_INVITATION = "people.send_invitation"


def invite_member(
    *,
    actor: Account,
    organisation: Organisation,
    email: str,
    role: str,
    language: str,
    valid_to: date | None = None,
    person: Person | None = None,
) -> Invitation:
    """Invite an address to a role; an open invitation of the same role is replaced. The mail leaves with the commit.

    Raises RefusedError when the actor may not give the role, or an auditor's role has no end.
    """
    require(may_give_role(actor, organisation, role))
    now = timezone.now()
    with change("people.invite_member", actor=actor):
        Invitation.objects.unanswered().filter(organisation=organisation, email=email.lower(), role=role).update(
            revoked_at=now, token_hash=None
        )
        invitation = Invitation.objects.create(
            organisation=organisation,
            email=email.lower(),
            role=role,
            language=language,
            valid_to=valid_to,
            person=person,
            invited_by_id=actor.pk,
            expires_at=now + timedelta(days=settings.INVITATION_DAYS),
        )
        app.configure_task(SEND_INVITATION, allow_unknown=False).defer(invitation_id=invitation.pk)
    return invitation


def make_token(*, invitation: Invitation) -> str:
    """A new secret for the link of an invitation, whose row is locked by the caller; the former link stops working."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_token(token)
    invitation.sent_at = timezone.now()
    invitation.save(update_fields=["token_hash", "sent_at"])
    return token


def hash_token(token: str) -> bytes:
    """SHA-256 of a token: enough for 256 random bits."""
    return hashlib.sha256(token.encode()).digest()


def revoke_invitation(*, actor: Account, invitation: Invitation) -> None:
    """Withdraw an invitation that nobody has accepted; raises RefusedError."""
    require(may_give_role(actor, invitation.organisation, invitation.role))
    with change("people.revoke_invitation", actor=actor):
        Invitation.objects.unanswered().filter(pk=invitation.pk).update(revoked_at=timezone.now(), token_hash=None)


def accept_invitation(*, actor: Account, addresses: list[str], token: str) -> Membership:
    """Take up the invitation of a token, once: the role begins today, the account gets the invited person.

    `addresses` are the account's verified e-mail addresses. Raises RefusedError with the reason.
    """
    with change("people.accept_invitation", actor=actor):
        invitation = (
            Invitation.objects.select_for_update(of=("self",)).filter(token_hash=hash_token(token)).first()
        ) or Invitation(expires_at=timezone.now())
        require(may_accept(actor, addresses, invitation))
        _tie_person(actor, invitation)
        today = timezone.localdate()
        membership, _created = Membership.objects.update_or_create(
            account=actor,
            organisation=invitation.organisation,
            role=invitation.role,
            valid_from=today,
            defaults={"valid_to": invitation.valid_to},
        )
        invitation.accepted_at, invitation.accepted_by, invitation.token_hash = timezone.now(), actor, None
        invitation.person = actor.person
        invitation.save(update_fields=["accepted_at", "accepted_by", "token_hash", "person"])
    actor.__dict__.pop("memberships_today", None)
    return membership


def _tie_person(account: Account, invitation: Invitation) -> None:
    """Give the account the person it was invited as; that person's earlier account keeps it."""
    person = invitation.person
    if person is None or account.person_id is not None:
        return
    if Account.objects.filter(person=person).exists():
        return
    account.person = person
    account.save(update_fields=["person"])


def end_membership(*, actor: Account, membership: Membership, reason: str = "") -> None:
    """End a role with yesterday, so that it carries nothing from now on; one begun today is taken back.

    Raises RefusedError.
    """
    require(may_end_membership(actor, membership))
    today = timezone.localdate()
    with change("people.end_membership", actor=actor, reason=reason):
        if membership.valid_from >= today:
            membership.delete()
        else:
            membership.valid_to = today - timedelta(days=1)
            membership.save(update_fields=["valid_to"])


def give_first_role(
    *, actor: Actor, account: Account, organisation: Organisation, role: str, valid_from: date | None = None,
    valid_to: date | None = None,
) -> Membership:
    """Give a role without an invitation, from today or `valid_from`: for the command line and the demo, above the rules."""
    with change("people.give_first_role", actor=actor):
        return Membership.objects.create(
            account=account, organisation=organisation, role=role, valid_from=valid_from or timezone.localdate(),
            valid_to=valid_to,
        )

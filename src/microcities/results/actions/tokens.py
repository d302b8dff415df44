"""Access tokens for programs: made, shown once, withdrawn."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.people.models import Account
from microcities.results.models import ApiToken, Scope
from microcities.results.rules import may_see_detail
from microcities.trail.context import change

PREFIX = "mc_"  # lets a scanner for leaked secrets recognise one
LONGEST_DAYS = 365
MOST_TOKENS = 10


def digest_of(secret: str) -> bytes:
    """SHA-256 of a token; enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def create_token(*, actor: Account, name: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Make a token of the actor's own account; returns it with the secret, which exists nowhere else.

    RefusedError without the right to see details, without name or scope, for more than a year, or above MOST_TOKENS.
    """
    require(may_see_detail(actor))
    if not name.strip() or not scopes or not set(scopes) <= set(Scope.values):
        raise RefusedError(_("Say what the token is for and what it may read."))
    if not 1 <= days <= LONGEST_DAYS:
        raise RefusedError(_("A token is good for 1 to %(days)s days.") % {"days": LONGEST_DAYS})
    secret = PREFIX + secrets.token_urlsafe(32)
    with change("results.create_token", actor=actor):
        Account.objects.select_for_update().get(pk=actor.pk)  # two at once do not slip over the limit
        if ApiToken.objects.usable_at(timezone.now()).filter(account=actor).count() >= MOST_TOKENS:
            raise RefusedError(_("You have %(count)s tokens already. Withdraw one you no longer need.")
                               % {"count": MOST_TOKENS})
        token = ApiToken.objects.create(
            account=actor, name=name.strip(), scopes=sorted(set(scopes)), digest=digest_of(secret), hint=secret[:8],
            expires_at=timezone.now() + timedelta(days=days),
        )
    return token, secret


def revoke_token(*, actor: Account, token: ApiToken) -> None:
    """Withdraw a token of one's own; it stops working at once."""
    if token.account_id != actor.pk:
        raise RefusedError(_("This is another account's token."))
    with change("results.revoke_token", actor=actor):
        ApiToken.objects.not_withdrawn().filter(pk=token.pk).update(revoked_at=timezone.now())

"""Staff sign in with a second factor: until one is set up, everything else waits."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest

from microcities.people.models import Account

PENDING_STEP = "pending_step"
SET_UP = "mfa_index"
REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def is_missing(account: Account) -> bool:
    """True for an account of the team that has neither an authenticator app nor a passkey."""
    if not (settings.STAFF_NEED_SECOND_FACTOR and account.is_team):
        return False
    return not Authenticator.objects.filter(user=account, type__in=REAL_FACTORS).exists()


def set_pending_step(request: HttpRequest, account: Account) -> None:
    """Note in the session whether the account must set up its second factor first (see access/guards.py)."""
    if is_missing(account):
        request.session[PENDING_STEP] = SET_UP
    else:
        request.session.pop(PENDING_STEP, None)


def factors_changed(sender: object, request: HttpRequest, user: Account, **kwargs: object) -> None:
    """Follow the setting up and removing of factors; a receiver of allauth's signals."""
    set_pending_step(request, user)

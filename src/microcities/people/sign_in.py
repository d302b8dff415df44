"""Who is signed in, and how guessing is slowed down for each address that is tried, wherever it comes from."""

import logging
from datetime import timedelta
from typing import cast

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from microcities.people.codes import keyed_hash
from microcities.people.devices import device_of
from microcities.people.models import Account, FailedSignIn
from microcities.people.session_store import DEVICE

security = logging.getLogger("microcities.security")


def account_of(request: HttpRequest) -> Account:
    """Who is signed in; only for views whose guard has made sure that somebody is."""
    return cast(Account, request.user)


def note_device(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Note by what browser and system somebody signed in; a receiver of Django's signal, see apps.py."""
    request.session[DEVICE] = device_of(request.META.get("HTTP_USER_AGENT", ""))


def note_failure(login: str) -> None:
    """Count one failed attempt at an address, known or not."""
    FailedSignIn.objects.create(login_hash=_hash(login))
    security.warning("sign-in failed login=%s", _hash(login).hex()[:12])


def note_success(request: HttpRequest, account: Account) -> None:
    """Log a sign-in and by which factors; the log names the account by its number only."""
    records = get_authentication_records(request, account)
    factors = "+".join(sorted({str(each.get("type") or each.get("method")) for each in records})) or "unknown"
    security.info("sign-in account=%s factors=%s", account.pk, factors)


def forget_failures(login: str) -> None:
    """Begin again after a success, so that an owner's typing errors do not add up over days."""
    FailedSignIn.objects.filter(login_hash=_hash(login)).delete()


def must_wait(login: str) -> bool:
    """True while an address has had too many failures; signing in by passkey or provider stays open."""
    since = timezone.now() - timedelta(minutes=settings.SIGN_IN_FAILURES_WITHIN_MINUTES)
    failures = FailedSignIn.objects.filter(login_hash=_hash(login), at__gt=since).count()
    if failures < settings.SIGN_IN_FAILURES_ALLOWED:
        return False
    security.warning("sign-in paused login=%s", _hash(login).hex()[:12])
    return True


def _hash(login: str) -> bytes:
    return keyed_hash("sign-in", login.strip().lower())

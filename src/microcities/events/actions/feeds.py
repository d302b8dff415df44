"""Personal calendar feeds: made, shown once, withdrawn."""

import hashlib
import secrets

from django.utils import timezone

from microcities.events.models import CalendarFeed
from microcities.people.models import Account
from microcities.trail.context import change


def feed_digest(secret: str) -> bytes:
    """SHA-256 of a feed's secret; enough for 256 random bits."""
    return hashlib.sha256(secret.encode()).digest()


def create_feed(*, actor: Account) -> str:
    """Make the actor's feed anew and end the one before; returns the secret, which exists nowhere else."""
    secret = secrets.token_urlsafe(32)
    with change("events.create_feed", actor=actor):
        Account.objects.select_for_update().get(pk=actor.pk)
        _end(actor)
        CalendarFeed.objects.create(account=actor, digest=feed_digest(secret))
    return secret


def revoke_feed(*, actor: Account) -> None:
    """Withdraw the actor's feed; its address stops working at once."""
    with change("events.revoke_feed", actor=actor):
        _end(actor)


def _end(account: Account) -> None:
    CalendarFeed.objects.filter(account=account, revoked_at__isnull=True).update(revoked_at=timezone.now())

"""The secret address at which a calendar program reads somebody's own events; the secret itself is never stored."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Account
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal


class CalendarFeed(models.Model):
    """An account's personal feed. `digest` is SHA-256 of a secret of 256 random bits; making a new one ends the old."""

    privacy = AboutPerson(path="account.person", impersonal=("id", "account", "digest", "revoked_at"))

    account = models.ForeignKey(Account, models.CASCADE, related_name="calendar_feeds")
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    created_at = personal(
        models.DateTimeField(_("made"), db_default=models.functions.Now()),
        purpose=Purpose.PARTICIPATE, retention="account", on_erasure=OnErasure.DELETE_ROW,
    )
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    class Meta:
        verbose_name = _("calendar feed")
        verbose_name_plural = _("calendar feeds")
        constraints = [
            models.UniqueConstraint(fields=["account"], condition=Q(revoked_at__isnull=True), name="calendar_feed_once")
        ]

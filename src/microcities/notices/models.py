"""Notices, each one message to one account or address, and who no longer wants which kind by e-mail."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.notices.queries import NoticeQuerySet
from microcities.people.models import Account
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal

CONTACT: dict[str, Any] = {"purpose": Purpose.CONTACT, "retention": "notice"}


class DeliveryState(models.TextChoices):
    """How far the e-mail of a notice is; `none` when it is shown in the platform only."""

    NONE = "none", _("not sent by e-mail")
    QUEUED = "queued", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("could not be sent")


class Notice(models.Model):
    """One message, rendered in the reader's language when it was made.

    `dedupe_key` names the event and the reader: the database refuses a second notice of the same event.
    """

    privacy = AboutPerson(
        path="account.person",
        impersonal=(
            "id", "public_id", "account", "kind", "language", "url", "dedupe_key", "state", "attempts", "next_try_at",
            "sent_at", "last_error", "created_at",
        ),
    )

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="notices")
    email = personal(models.EmailField(_("e-mail"), blank=True), **CONTACT, on_erasure=OnErasure.DELETE_ROW)
    kind = models.CharField(_("kind"), max_length=60)
    language = models.CharField(_("language"), max_length=8)
    subject = personal(models.CharField(_("subject"), max_length=200), **CONTACT, on_erasure=OnErasure.DELETE_ROW)
    text = personal(models.TextField(_("text")), **CONTACT, on_erasure=OnErasure.DELETE_ROW)
    url = models.CharField(_("link"), max_length=500, blank=True)
    dedupe_key = models.CharField(max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=DeliveryState)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=200, blank=True)
    read_at = personal(models.DateTimeField(_("read"), null=True), **CONTACT, on_erasure=OnErasure.DELETE_ROW)
    created_at = models.DateTimeField(default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        indexes = [
            models.Index(fields=["account", "-created_at"]),
            models.Index(fields=["next_try_at"], condition=Q(state="queued"), name="notice_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(account__isnull=False) | ~Q(email=""), name="notice_has_a_reader"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="notice_sent_at_a_time",
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="notice_state_known"),
        ]


class Refusal(models.Model):
    """An account no longer wants one kind of notice by e-mail; in the platform it still sees them."""

    privacy = AboutPerson(path="account.person", impersonal=("id", "account", "kind"))

    account = models.ForeignKey(Account, models.CASCADE, related_name="refusals")
    kind = models.CharField(_("kind"), max_length=60)
    at = personal(
        models.DateTimeField(_("since"), default=timezone.now),
        purpose=Purpose.CONTACT, retention="account", on_erasure=OnErasure.DELETE_ROW,
    )

    class Meta:
        verbose_name = _("refusal of a kind of e-mail")
        verbose_name_plural = _("refusals of kinds of e-mail")
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="refusal_once")]

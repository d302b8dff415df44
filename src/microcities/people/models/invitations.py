"""Invitations into a role of an organisation, and the count of failed sign-ins that slows guessing down."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.people.models.accounts import Account
from microcities.people.models.organisations import Organisation
from microcities.people.models.persons import Person
from microcities.people.queries import InvitationQuerySet
from microcities.people.roles import ROLE_CHOICES, ROLES
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal

SIGN_IN: dict[str, Any] = {"purpose": Purpose.SIGN_IN, "retention": "account"}


class Invitation(models.Model):
    """An organisation invites an e-mail address to a role; whoever holds the mailed link accepts once.

    The link's token exists in the mail only: the row keeps its SHA-256, and each sending makes a new one.
    """

    privacy = AboutPerson(
        path="person",
        impersonal=(
            "id", "organisation", "role", "person", "token_hash", "expires_at", "invited_by_id", "sent_at",
            "accepted_by", "accepted_at", "revoked_at", "created_at", "language", "valid_to",
        ),
        shared_with=("accepted_by.person",),
    )

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=40, choices=ROLE_CHOICES)
    email = personal(models.EmailField(_("e-mail")), **SIGN_IN, on_erasure=OnErasure.DELETE_ROW)
    # A record of the one person that the organisation knows already; accepting ties the account to it.
    person = models.ForeignKey(Person, models.CASCADE, null=True, blank=True, related_name="invitations")
    language = models.CharField(_("language"), max_length=8, default="lv")
    valid_to = models.DateField(_("role ends on"), null=True, blank=True)
    token_hash = models.BinaryField(null=True, unique=True, editable=False)
    invited_by_id = models.BigIntegerField()
    created_at = models.DateTimeField(db_default=models.functions.Now())
    expires_at = models.DateTimeField(_("open until"))
    sent_at = models.DateTimeField(_("sent"), null=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    accepted_by = models.ForeignKey(Account, models.SET_NULL, null=True, related_name="invitations_accepted")
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "role"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True), name="invitation_accepted_or_not"
            ),
            models.CheckConstraint(
                condition=~Q(role="auditor") | Q(valid_to__isnull=False), name="invitation_auditor_ends"
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="invitation_role_known"),
        ]

    def is_open_at(self, moment: datetime) -> bool:
        """True while it can still be accepted."""
        return self.accepted_at is None and self.revoked_at is None and moment < self.expires_at


class FailedSignIn(models.Model):
    """One failed attempt to sign in, counted for each address that was typed, wherever it came from."""

    privacy = NoPersonalData("keyed hash of what was typed; a day old it is deleted, and it leads to no person")

    login_hash = models.BinaryField()
    at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        indexes = [models.Index(fields=["login_hash", "at"])]

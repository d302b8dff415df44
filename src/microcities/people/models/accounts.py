"""Accounts and the roles they hold: who signs in, for which organisation, until when."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from microcities.people.models.organisations import Organisation
from microcities.people.models.persons import Person
from microcities.people.queries import MembershipQuerySet
from microcities.people.roles import ROLE_CHOICES, ROLES, Permission
from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal

if TYPE_CHECKING:
    from django.http import HttpRequest

ACCOUNT: dict[str, Any] = {"purpose": Purpose.SIGN_IN, "basis": Basis.CONTRACT, "retention": "account"}


class AccountManager(BaseUserManager["Account"]):
    """Django and allauth ask a user model for this manager; it only makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Account":
        account = self.model(email=self.normalize_email(email).lower(), **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(email__iexact=username)


class Account(AbstractBaseUser):
    """A way to sign in. Staff, pupils, guardians, foreigners alike: an e-mail is enough, no personal code is asked."""

    privacy = AboutPerson(path="person", impersonal=("id", "person", "is_active"))

    email = personal(models.EmailField(_("e-mail"), unique=True), **ACCOUNT)
    password = personal(models.CharField(_("password"), max_length=128), **ACCOUNT, in_export=False)
    last_login = personal(models.DateTimeField(_("last sign-in"), null=True, blank=True), **ACCOUNT)
    person = models.OneToOneField(Person, models.PROTECT, null=True, blank=True, related_name="account")
    language = personal(
        models.CharField(_("language"), max_length=8, default="lv"), **ACCOUNT, on_erasure=OnErasure.KEEP
    )
    is_active = models.BooleanField(_("open"), default=True)
    joined_at = personal(models.DateTimeField(_("opened"), default=timezone.now), **ACCOUNT, on_erasure=OnErasure.KEEP)

    objects = AccountManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")

    def __str__(self) -> str:
        return self.email

    @property
    def name(self) -> str:
        """The person's name, or the e-mail while no person is tied to the account."""
        return self.person.name if self.person is not None else self.email

    @cached_property
    def memberships_today(self) -> list["Membership"]:
        """Memberships in force today, with their organisations."""
        return list(self.memberships.in_force(timezone.localdate()).select_related("organisation"))

    def organisation_ids(self, permission: Permission) -> list[int]:
        """Organisations in which a role of today carries the permission."""
        return [m.organisation_id for m in self.memberships_today if permission in ROLES[m.role].permissions]

    def may(self, permission: Permission) -> bool:
        """True when any role of today carries the permission."""
        return self.is_active and bool(self.organisation_ids(permission))

    @property
    def is_team(self) -> bool:
        """True when a role of today is a staff role, which needs a second factor."""
        return any(ROLES[m.role].staff for m in self.memberships_today)

    @property
    def is_read_only(self) -> bool:
        """True when a role of today may change nothing (the auditor's); see access/guards.py."""
        return any(ROLES[m.role].read_only for m in self.memberships_today)

    def pending_step(self, request: "HttpRequest") -> str | None:
        """The URL name of what must be done before anything else, or None; set at sign-in."""
        return request.session.get("pending_step")


class Membership(models.Model):
    """An account's role in an organisation, with an end where one is known (the auditor's always has one)."""

    privacy = AboutPerson(path="account.person", impersonal=("id", "account", "organisation", "role"))

    account = models.ForeignKey(Account, models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=40, choices=ROLE_CHOICES)
    valid_from = personal(
        models.DateField(_("from"), default=date.today), purpose=Purpose.SECURE, on_erasure=OnErasure.KEEP
    )
    valid_to = personal(
        models.DateField(_("to"), null=True, blank=True), purpose=Purpose.SECURE, on_erasure=OnErasure.KEEP
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("role in an organisation")
        verbose_name_plural = _("roles in organisations")
        constraints = [
            models.UniqueConstraint(fields=["account", "organisation", "role", "valid_from"], name="membership_once"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="membership_dates"
            ),
            models.CheckConstraint(
                condition=~Q(role="auditor") | Q(valid_to__isnull=False), name="membership_auditor_ends"
            ),
            models.CheckConstraint(condition=Q(role__in=list(ROLES)), name="membership_role_known"),
        ]

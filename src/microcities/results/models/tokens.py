"""Tokens with which programs read results in an account's name; the secret itself is never stored."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Account
from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal
from microcities.results.queries import ApiTokenQuerySet


class Scope(models.TextChoices):
    """What a token may read; never more than its account may."""

    RESULTS = "results:read", _("figures that are not published, by city, payer and state of knowledge")
    EVIDENCE = "evidence:read", _("the records behind the figures")
    REPORTS = "reports:read", _("approved reports")


class ApiToken(models.Model):
    """A token of an account. `digest` is SHA-256 of a secret of 256 random bits, `hint` its first letters.

    There is no "last used": reading writes nothing, and looks at minors' records are in the trail under the account.
    """

    privacy = AboutPerson(
        path="account.person",
        impersonal=("id", "account", "digest", "hint", "scopes", "expires_at", "revoked_at"),
    )

    account = models.ForeignKey(Account, models.CASCADE, related_name="api_tokens")
    name = personal(
        models.CharField(_("what it is for"), max_length=80),
        purpose=Purpose.SIGN_IN, basis=Basis.CONTRACT, retention="account", on_erasure=OnErasure.DELETE_ROW,
    )
    digest = models.BinaryField(max_length=32, unique=True, editable=False)
    hint = models.CharField(_("begins with"), max_length=12)
    scopes = ArrayField(models.CharField(max_length=20), verbose_name=_("may read"))
    created_at = personal(
        models.DateTimeField(_("made"), db_default=models.functions.Now()),
        purpose=Purpose.SECURE, retention="account", on_erasure=OnErasure.DELETE_ROW,
    )
    expires_at = models.DateTimeField(_("ends"))
    revoked_at = models.DateTimeField(_("withdrawn"), null=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(scopes__len=0), name="api_token_named_and_scoped"),
            models.CheckConstraint(condition=Q(scopes__contained_by=Scope.values), name="api_token_scopes_known"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="api_token_ends"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope_words(self) -> list[str]:
        """What it may read, in words."""
        return [str(Scope(scope).label) for scope in self.scopes]

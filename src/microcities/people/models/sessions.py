"""Sessions, each with the account it belongs to, so that people see where they are signed in and can end it."""

import hashlib
from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from microcities.people.models.accounts import Account
from microcities.people.queries import SessionQuerySet
from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal

SECURE: dict[str, Any] = {
    "purpose": Purpose.SECURE, "basis": Basis.LEGAL_DUTY, "retention": "security", "on_erasure": OnErasure.DELETE_ROW,
}


class Session(AbstractBaseSession):
    """A visit of a browser, signed in or not. Kind of browser and system are kept, address and place are not.

    The columns beside the content are copied from it at each saving, see people.session_store.
    """

    privacy = AboutPerson(path="account.person", impersonal=("expire_date", "account"))
    trail_exempt = "changes with each visit; sign-ins are in the security log"

    session_key = personal(
        models.CharField(_("session"), max_length=40, primary_key=True), **SECURE, in_export=False
    )
    session_data = personal(models.TextField(_("content of the session")), **SECURE, in_export=False)
    expire_date = models.DateTimeField(_("ends at"), db_index=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, related_name="sessions")
    device = personal(models.CharField(_("device"), max_length=60, blank=True), **SECURE)
    signed_in_at = personal(models.DateTimeField(_("signed in"), null=True), **SECURE)
    used_at = personal(models.DateTimeField(_("last used"), null=True), **SECURE)

    objects = SessionQuerySet.as_manager()  # type: ignore[misc,assignment]

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")

    @classmethod
    def get_session_store_class(cls) -> Any:
        """Only `get_decoded` asks for it, which nothing of ours does: what must be known is a column."""
        raise NotImplementedError("read a session by people.session_store.SessionStore")

    @property
    def reference(self) -> str:
        """Names the session in a form without giving its key away."""
        return hashlib.sha256(b"session\x1f" + self.session_key.encode()).hexdigest()[:20]

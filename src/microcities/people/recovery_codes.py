"""Recovery codes that are kept as Argon2 hashes, because eight figures are soon tried through (ASVS 5.0, 6.5.2).

allauth keeps one encrypted seed from which it makes all codes again. Here the codes can be seen once, after they were
made: until then they wait encrypted, from then on only their hashes stand in the database.
"""

import json
import secrets

from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt, encrypt
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

HASHES, UNSEEN = "hashes", "unseen"


class HashedRecoveryCodes(RecoveryCodes):
    """Stands in for allauth's class; `data` holds a hash for each unused code, and the codes while nobody saw them."""

    instance: Authenticator

    def __init__(self, instance: Authenticator) -> None:
        super().__init__(instance)
        self._shown: list[str] | None = None

    @classmethod
    def activate(cls, user: AbstractBaseUser) -> "HashedRecoveryCodes":
        """The codes of this account; new ones when it has none."""
        known = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).first()
        if known is not None:
            return cls(known)
        codes = [_new_code() for _each in range(app_settings.RECOVERY_CODE_COUNT)]
        data = {HASHES: [make_password(code) for code in codes], UNSEEN: encrypt(json.dumps(codes))}
        made = Authenticator(user=user, type=Authenticator.Type.RECOVERY_CODES, data=data)
        made.save()
        return cls(made)

    def generate_codes(self) -> list[str]:
        """The codes themselves while they may be seen; afterwards nobody can make them again."""
        if self._shown is not None:
            return self._shown
        unseen = self.instance.data.get(UNSEEN)
        return list(json.loads(decrypt(unseen))) if unseen else []

    def get_unused_codes(self) -> list[str]:
        """The codes while they may be seen, else one empty text for each that is left: allauth counts them."""
        return self.generate_codes() or [""] * len(self.instance.data.get(HASHES, ()))

    @transaction.atomic
    def validate_code(self, code: str) -> bool:
        """True for an unused code, which is then used up."""
        self.instance = Authenticator.objects.select_for_update().get(pk=self.instance.pk)
        hashes: list[str] = self.instance.data.get(HASHES, [])
        found = next((each for each in hashes if check_password(code.strip(), each)), None)
        if found is None:
            return False
        self.instance.data = {HASHES: [each for each in hashes if each != found], "viewed_at": True}
        self.instance.save(update_fields=["data"])
        return True

    def mark_as_viewed(self) -> None:
        """Keep the codes for this one answer and the hashes alone from now on."""
        self._shown = self.generate_codes()
        self.instance.data = {HASHES: self.instance.data.get(HASHES, []), "viewed_at": True}
        self.instance.save(update_fields=["data"])


def keep_codes_hashed() -> None:
    """Put our class where allauth looks for its own: it has no setting for it."""
    auth.RecoveryCodes = flows.RecoveryCodes = HashedRecoveryCodes


def _new_code() -> str:
    digits = app_settings.RECOVERY_CODE_DIGITS
    return str(secrets.randbelow(10**digits)).zfill(digits)

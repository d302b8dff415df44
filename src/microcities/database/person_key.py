"""Notices when the key of personal codes is another than yesterday's: a lost key would be made anew without a word."""

import hashlib
import hmac
import os

from django.conf import settings
from django.core.management.base import CommandError

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import last_upkeep, note_upkeep

REPLACED = "MICROCITIES_PERSON_HASH_KEY_REPLACED"


def fingerprint() -> str:
    """16 hexadecimal digits that tell one key from another and nothing of the key (HMAC-SHA-256, cut)."""
    return hmac.new(settings.PERSON_HASH_KEY.encode(), b"which key is it", hashlib.sha256).hexdigest()[:16]


def require_same_key() -> None:
    """Note the key's fingerprint the first time; CommandError with the remedy when it is another one since."""
    mine, known = fingerprint(), last_upkeep(UpkeepKind.KEY)
    if known is not None and known.facts["fingerprint"] == mine:
        return
    if known is not None and os.environ.get(REPLACED) != mine:
        raise CommandError(
            "The key of personal codes is not the one this database was filled with, so nobody would be found by a personal "
            f"code. Bring back the former MICROCITIES_PERSON_HASH_KEY (fingerprint {known.facts['fingerprint']}), which is not "
            f"in the backups. If it is lost for good, start once with {REPLACED}={mine}: people are then entered anew with "
            "their codes."
        )
    note_upkeep(UpkeepKind.KEY, good=True, fingerprint=mine)

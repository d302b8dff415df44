"""Remembers outside the database which records were erased, so that a restored backup can be made to forget them too.

Each line holds the moment and the reference of the record: a random number that names nobody once the record is blank.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.utils import timezone


def ledger() -> Path:
    """The file; it lies in the data folder, which a backup leaves out and a restore leaves alone."""
    return Path(settings.DATA) / "erased-persons.txt"


def note_erased(references: Iterable[UUID]) -> None:
    """Add these records; called once their erasure is committed."""
    lines = "".join(f"{timezone.now().isoformat(timespec='seconds')} {reference}\n" for reference in references)
    ledger().parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(ledger(), os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600), "a") as file:
        file.write(lines)


def erased_references() -> list[UUID]:
    """Every record that was ever erased here, the oldest first; each once."""
    if not ledger().exists():
        return []
    return list(dict.fromkeys(UUID(line.split()[1]) for line in ledger().read_text().splitlines() if line.strip()))

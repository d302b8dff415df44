"""Finds and removes letters in files, where an installation without a mail server keeps what it would have sent.

Django's backend writes a file for each connection, messages divided by a line of hyphens. With a mail server there is
nothing here: what has been sent lies with whoever received it.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from email import message_from_bytes
from email.policy import default
from email.utils import getaddresses
from pathlib import Path

from django.conf import settings
from django.utils import timezone

FILE_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
DIVIDER = b"\n" + b"-" * 79 + b"\n"


def forget_letters_to(addresses: frozenset[str]) -> int:
    """Remove the letters to these addresses, whatever the case of their letters; returns how many."""
    wanted = {address.lower() for address in addresses}
    return _remove(lambda letter: not wanted.isdisjoint(_recipients(letter))) if wanted else 0


def forget_letters_before(day: date) -> int:
    """Remove the files that were last written before a day; returns how many."""
    old = [path for path in _files() if _written_on(path) < day]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _files() -> Iterator[Path]:
    folder = Path(settings.EMAIL_FILE_PATH)
    if settings.EMAIL_BACKEND == FILE_BACKEND and folder.is_dir():
        yield from sorted(folder.glob("*.log"))


def _written_on(path: Path) -> date:
    return timezone.localdate(datetime.fromtimestamp(path.stat().st_mtime, tz=timezone.get_current_timezone()))


def _remove(unwanted: Callable[[bytes], bool]) -> int:
    removed = 0
    for path in _files():
        letters = [letter for letter in path.read_bytes().split(DIVIDER) if letter.strip()]
        kept = [letter for letter in letters if not unwanted(letter)]
        removed += len(letters) - len(kept)
        if not kept:
            path.unlink(missing_ok=True)
        elif len(kept) < len(letters):
            path.write_bytes(b"".join(letter + DIVIDER for letter in kept))
    return removed


def _recipients(letter: bytes) -> set[str]:
    message = message_from_bytes(letter.lstrip(b"\n"), policy=default)
    named = [str(value) for name in ("To", "Cc", "Bcc") for value in message.get_all(name, [])]
    return {address.lower() for _name, address in getaddresses(named) if address}

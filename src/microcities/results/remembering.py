"""Remembers slow breakdowns for as long as no evidence changes, so that a page of millions of records stays quick."""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection

Answer = TypeVar("Answer")
SECONDS = 3600


def evidence_state() -> tuple[int, int]:
    """Changes with every change of an evidence row: the tally only grows, one line or more for each.

    The count is there for transactions that commit out of the order of their numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0), count(*) FROM evidence_tally")
        row = cursor.fetchone()
    return row[0], row[1]


def remembered(what: str, key: Any, compute: Callable[[], Answer]) -> Answer:
    """The answer of `compute`, or the one it gave for the same key while the evidence is the same."""
    text = f"{connection.settings_dict['NAME']}|{what}|{key!r}|{evidence_state()}"
    name = f"results:{hashlib.sha256(text.encode()).hexdigest()}"
    found: Answer | None = cache.get(name)
    if found is None:
        found = compute()
        cache.set(name, found, SECONDS)
    return found

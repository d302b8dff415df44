"""Remembers what was worked out of records for as long as none of those records has changed.

    state = state_of(Indicator, Target, Encounter.objects.filter(school=school))
    answer = remembered("benchmarks", (school.pk, day), state, lambda: work_out(school, day))

Each version of a row has a transaction and a place of its own (xmin, ctid). Their sum over the rows is a name for what they
say: a row added, changed or deleted gives another name in the very next question, whoever wrote it and however.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

Answer = TypeVar("Answer")
SECONDS = 3600


def state_of(*parts: "type[Model] | QuerySet[Any]") -> str:
    """A name for these rows as this transaction sees them, whole tables or what a query finds; one question."""
    pieces: list[str] = []
    values: list[Any] = []
    for part in parts:
        model = part.model if isinstance(part, QuerySet) else part
        piece = f'SELECT sum(hashtextextended(v.xmin::text || v.ctid::text, 0)) FROM "{model._meta.db_table}" AS v'  # noqa: S608
        if isinstance(part, QuerySet):
            inside, given = part.order_by().values("pk").query.sql_with_params()
            piece += f" WHERE v.id IN ({inside})"
            values += given
        pieces.append(f"({piece})")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(pieces)}", values)
        return repr(cursor.fetchone())


def remembered(what: str, key: Any, state: str, compute: Callable[[], Answer]) -> Answer:
    """The answer of `compute`, or the one it gave for the same key while state, language and day are the same."""
    return remembered_as(name_of(what, key, state), compute)


def remembered_as(name: str, compute: Callable[[], Answer]) -> Answer:
    """The same with a name that `name_of` gave before."""
    found: Answer | None = cache.get(name)
    if found is None:
        found = compute()
        cache.set(name, found, SECONDS)
    return found


def name_of(what: str, key: Any, state: str) -> str:
    """What an answer is remembered under. Of another database, state, language or day it is another."""
    asked = (connection.settings_dict["NAME"], what, key, get_language(), timezone.localdate(), state)
    return f"remembered:{hashlib.sha256(repr(asked).encode()).hexdigest()}"

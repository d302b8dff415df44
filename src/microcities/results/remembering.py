"""Remembers what was worked out of the results for as long as nothing that they are made of has changed.

A figure is the same for all who may see it, so it is worked out once and not for every reader. What is remembered is
forgotten with the next change of the evidence, of a definition or of a name, in the very next question.
"""

import hashlib
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import get_language

from microcities.people.models import Organisation
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.results.models import Indicator, Observation, Period, Publication, PublishedLine, Report, Target

Answer = TypeVar("Answer")
SECONDS = 3600
# Small tables, read whole: whatever a figure is made of, beside the evidence. test_remembering.py holds them complete.
DEFINED_BY: tuple[type[Model], ...] = (
    Programme, City, FundingSource, Partner, Organisation, Indicator, Target, Observation, Period, Report, Publication,
    PublishedLine, Programme.cities.through,
)


def results_state() -> str:
    """A name of all that figures are made of, as this transaction sees it; one query.

    The evidence: its tally only grows, one line or more for each change; the count is there for transactions that commit
    out of the order of their numbers. The rest: each version of a row has a transaction and a place of its own.
    """
    version = "(SELECT sum(hashtextextended(xmin::text || ctid::text, 0)) FROM {})"
    versions = ", ".join(version.format(each._meta.db_table) for each in DEFINED_BY)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0), count(*), {versions} FROM evidence_tally")  # noqa: S608 - tables' names
        return repr(cursor.fetchone())


def remembered(what: str, key: Any, compute: Callable[[], Answer]) -> Answer:
    """The answer of `compute`, or the one it gave for the same key while results, language and day are the same."""
    return remembered_as(name_of(what, key), compute)


def remembered_as(name: str, compute: Callable[[], Answer]) -> Answer:
    """The same with a name that `name_of` gave before."""
    found: Answer | None = cache.get(name)
    if found is None:
        found = compute()
        cache.set(name, found, SECONDS)
    return found


def name_of(what: str, key: Any) -> str:
    """What an answer is remembered under. Of another database, state, language or day it is another."""
    asked = (connection.settings_dict["NAME"], what, key, get_language(), timezone.localdate(), results_state())
    return f"results:{hashlib.sha256(repr(asked).encode()).hexdigest()}"

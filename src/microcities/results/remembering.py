"""What the results are made of, so that what was worked out of them is remembered until something of it changes.

A figure is the same for all who may see it: it is worked out once and not for every reader.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

from microcities.database import remembering
from microcities.people.models import Organisation
from microcities.programme.models import City, FundingSource, Partner, Programme
from microcities.results.models import Indicator, Observation, Period, Publication, PublishedLine, Report, Target

Answer = TypeVar("Answer")
# Small tables, read whole: whatever a figure is made of, beside the evidence. test_remembering.py holds them complete.
DEFINED_BY: tuple[type[Model], ...] = (
    Programme, City, FundingSource, Partner, Organisation, Indicator, Target, Observation, Period, Report, Publication,
    PublishedLine, Programme.cities.through,
)


def results_state() -> str:
    """A name of all that figures are made of, as this transaction sees it; two questions.

    The evidence is millions of rows, but its tally only grows, one line or more for each change; the count is there for
    transactions that commit out of the order of their numbers.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0), count(*) FROM evidence_tally")
        return f"{cursor.fetchone()} {remembering.state_of(*DEFINED_BY)}"


def name_of(what: str, key: Any) -> str:
    """What an answer about results is remembered under."""
    return remembering.name_of(what, key, results_state())


def remembered(what: str, key: Any, compute: Callable[[], Answer]) -> Answer:
    """The answer of `compute`, or the one it gave for the same key while the results are the same."""
    return remembering.remembered_as(name_of(what, key), compute)

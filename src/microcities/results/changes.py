"""Names the action behind each row that began or ceased to count."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from microcities.evidence.registry import REGISTRY
from microcities.trail.models import Action, Change
from microcities.trail.reading import verb_words


def effect_of(row: Any, since: datetime, until: datetime) -> str:
    """Whether the row counts now, does not count any more, or was put in another's place."""
    if row.known_to is not None and since < row.known_to <= until:
        return _("no longer counted as it was")
    return _("counted since")


def actions_behind(rows: Iterable[Any], since: datetime, until: datetime) -> dict[int, str]:
    """Words of the action that changed each row's record, by row number.

    A row opens and closes at the moment its transaction began; the record's change carries a moment shortly after, so
    the first change of the record or its subject from then on is the one. Rows loaded without an action have none.
    """
    wanted = {row.pk: (*_places(row), moment_of(row, since, until)) for row in rows}
    tables: dict[str, set[str]] = {}
    for record, subject, _at in wanted.values():
        for table, number in (record, subject):
            tables.setdefault(table, set()).add(number)
    condition = Q(pk__in=[])
    for table, numbers in tables.items():
        condition |= Q(table_name=table, row_id__in=numbers)
    changes = list(
        Change.objects.filter(condition, at__gt=since, action_id__isnull=False)
        .order_by("at", "id").values_list("table_name", "row_id", "at", "action_id")
    )
    lines = Action.objects.in_bulk({change[3] for change in changes})
    found = {}
    for number, (record, subject, at) in wanted.items():
        for place in (record, subject):
            line = next((c[3] for c in changes if (c[0], c[1]) == place and c[2] >= at), None)
            if line is not None and line in lines:
                found[number] = str(verb_words(lines[line].verb))
                break
    return found


def _places(row: Any) -> tuple[tuple[str, str], tuple[str, str]]:
    source = REGISTRY.sources.get(row.source)
    record = source.record.lower().replace(".", "_") if source else row.source
    return (record, str(row.record_id)), (f"people_{row.subject_kind}", str(row.subject_id))


def moment_of(row: Any, since: datetime, until: datetime) -> datetime:
    """When the row closed in that time, else when it opened."""
    closed = row.known_to is not None and since < row.known_to <= until
    return row.known_to if closed else row.known_from

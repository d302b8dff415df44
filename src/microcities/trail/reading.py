"""Turns the changes the triggers wrote into a row's history: who, when, what from what to what, and why.

A model's rows have a page once somebody says who may see it:

    presented("people.Person", rule=may_see_person, name=str)
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from psycopg import sql

from microcities.trail.models import Action, Change, Operation

Values = dict[str, Any]
EMPTY = (None, "")
# Whether an account may see a row: true or not, with a `reason` where it has one (microcities.access.answers.Answer).
RowRule = Callable[[Any, models.Model], Any]


@dataclass(frozen=True)
class Presentation:
    """How a model's history is shown: who may see a row's, what the row is called, which columns stay hidden.

    `looked_at` says which person a viewer has looked at, when the model tells of persons whose looks are logged.
    """

    model: type[models.Model]
    rule: RowRule
    name: Callable[[Any], str]
    hidden: frozenset[str] = frozenset()
    looked_at: Callable[[Any], int | None] = lambda row: None


@dataclass(frozen=True)
class ValueChange:
    """One column: what it held before and after, as JSON values."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Step:
    """One change of one row. `forgotten` says that the values were blanked when a person was erased."""

    id: int
    at: datetime
    operation: str
    action: Action | None
    values: tuple[ValueChange, ...] = ()
    forgotten: bool = False


_presentations: dict[str, Presentation] = {}
_verbs: dict[str, "str | Promise"] = {}


def presented(
    label: str,
    *,
    rule: RowRule,
    name: Callable[[Any], str] = str,
    hidden: Iterable[str] = (),
    looked_at: Callable[[Any], int | None] = lambda row: None,
) -> None:
    """Give the rows of a model (Django label) a history page, for those whom `rule(account, row)` allows.

    Called from an app's `ready()`, so that the model is there; a second call for the same model replaces the first.
    """
    model = apps.get_model(label)
    _presentations[model._meta.db_table] = Presentation(model, rule, name, frozenset(hidden), looked_at)


def presentation_of(table: str) -> Presentation | None:
    """How the rows of a table are presented, or None when they have no page."""
    return _presentations.get(table)


def name_verb(verb: str, words: "str | Promise") -> None:
    """Say in words what an action does ("merged two records"); the code stands where nobody did."""
    _verbs[verb] = words


def verb_words(verb: str) -> "str | Promise":
    """The words of an action, or its code."""
    return _verbs.get(verb, verb)


def key_column(model: type[models.Model]) -> str:
    """The column whose value names a row in the history; TypeError for a model without a key of its own."""
    if model._meta.pk is None:
        raise TypeError(f"{model._meta.label} has no primary key")
    return model._meta.pk.column


def histories(table: str, row_ids: Iterable[Any], key: str = "id") -> dict[str, list[Step]]:
    """The history of each row, newest first, by row id as text; a row without changes is left out."""
    ids = [str(row_id) for row_id in row_ids]
    changes = list(Change.objects.filter(table_name=table, row_id__in=ids).order_by("-id"))
    numbers = {change.action_id for change in changes if change.action_id is not None}
    actions = Action.objects.in_bulk(list(numbers))
    present = _present_rows(table, ids, key)
    found: dict[str, _Walk] = {}
    for change in changes:
        walk = found.setdefault(change.row_id, _Walk(dict(present.get(change.row_id, {}))))
        walk.back_over(change, actions.get(change.action_id) if change.action_id else None)
    return {row_id: walk.steps for row_id, walk in found.items()}


def history_of(table: str, row_id: Any, key: str = "id") -> list[Step]:
    """The history of one row, newest first; empty when the trail knows nothing of it."""
    return histories(table, [row_id], key).get(str(row_id), [])


def _present_rows(table: str, ids: list[str], key: str) -> dict[str, Values]:
    query = sql.SQL("SELECT to_jsonb(t) ->> {key}, to_jsonb(t) FROM {table} AS t WHERE t.{column}::text = ANY(%s)")
    with connection.cursor() as cursor:
        cursor.execute(
            query.format(key=sql.Literal(key), table=sql.Identifier(table), column=sql.Identifier(key)), [ids]
        )
        return {row_id: json.loads(content) for row_id, content in cursor.fetchall()}


@dataclass
class _Walk:
    """Goes back from what a row holds now, change by change, because a change keeps former values only."""

    state: Values
    certain: bool = True
    steps: list[Step] = field(default_factory=list)

    def back_over(self, change: Change, action: Action | None) -> None:
        values: list[ValueChange] = []
        if change.operation == Operation.UPDATE:
            self.certain = self.certain and change.old is not None
            for column, before in (change.old or {}).items():
                values.append(ValueChange(column, before, self.state.get(column)))
                self.state[column] = before
        elif change.operation == Operation.DELETE:
            self.certain = change.old is not None
            self.state = dict(change.old or {})
            values = [ValueChange(column, value, None) for column, value in self.state.items() if value not in EMPTY]
        elif change.operation == Operation.INSERT and self.certain:
            values = [ValueChange(column, None, value) for column, value in self.state.items() if value not in EMPTY]
        forgotten = not self.certain and change.operation != Operation.BASELINE
        shown = () if forgotten and change.old is None else tuple(values)
        self.steps.append(Step(change.id, change.at, change.operation, action, shown, forgotten))

"""Erases persons as the declarations say: the record becomes unreadable, the figures it counted in stay."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.core.files.storage import Storage
from django.db import connection, models, transaction
from django.db.models.functions import TruncYear
from django.utils import timezone
from django.utils.functional import Promise
from psycopg import sql

from microcities.privacy.accounts import accounts_of, close_accounts
from microcities.privacy.declarations import OnErasure
from microcities.privacy.ledger import note_erased
from microcities.privacy.letters import forget_letters_to
from microcities.privacy.models import Request, RequestState
from microcities.privacy.reach import Ids, Marks, Reach, marks_of, persons_as_one, rows_about, strays
from microcities.privacy.rules import may_be_erased
from microcities.privacy.walk import (
    ACCOUNT,
    PERSON,
    AnyField,
    AnyModel,
    about_person,
    models_about_person,
    personal_fields,
)
from microcities.trail.actions import forget_rows
from microcities.trail.context import Actor, change
from microcities.trail.install import is_traced
from microcities.trail.reading import key_column


class ErasureRefusedError(Exception):
    """The record must stay for now; `reason` says why, in words for the person who asked."""

    def __init__(self, reason: "str | Promise") -> None:
        self.reason = reason
        super().__init__(str(reason))


@dataclass
class Erased:
    """What an erasure did: persons (merged records included), rows by model, files, and changes of history emptied."""

    persons: Ids
    rows: Counter[str] = field(default_factory=Counter)
    files: int = 0
    changes: int = 0


def erase_person(*, actor: Actor, person: Any, reason: str) -> Erased:
    """Erase a person and every record merged into it; ErasureRefusedError when something stands in the way.

    Rows are blanked, coarsened or deleted as declared, accounts closed, files deleted, history emptied. Numbers stay,
    so that evidence and approved figures hold. `reason` stays in the trail for ever: it must not name the person.
    """
    with change("privacy.erase_person", actor=actor, reason=reason):
        model: Any = apps.get_model(PERSON)
        locked = model.objects.select_for_update().get(pk=person.pk)
        if not (answer := may_be_erased(locked, timezone.localdate())):
            raise ErasureRefusedError(answer.reason)
        erased = _erase(persons_as_one(locked))
    person.refresh_from_db()
    return erased


def erase_persons(*, actor: Actor, numbers: Iterable[Any], reason: str) -> tuple[Erased, list[tuple[Any, str]]]:
    """Erase many persons in one transaction, as `erase_person` does one.

    Returns what was done, and the number and reason of each person whom the rules keep for now.
    """
    refused: list[tuple[Any, str]] = []
    allowed: list[Any] = []
    with change("privacy.erase_person", actor=actor, reason=reason):
        model: Any = apps.get_model(PERSON)
        for person in model.objects.select_for_update().filter(pk__in=list(numbers)).order_by("pk"):
            if answer := may_be_erased(person, timezone.localdate()):
                allowed.append(person)
            else:
                refused.append((person.pk, str(answer.reason)))
        return (_erase(persons_as_one(*allowed)) if allowed else Erased(set())), refused


def _erase(persons: Ids) -> Erased:
    """The steps of an erasure inside its transaction. Files go last: by then nothing else can fail.

    What could still be asked about these persons is closed with them.
    """
    erased = Erased(persons)
    marks, accounts, reach = marks_of(persons), accounts_of(persons), Reach(persons)
    touched: list[tuple[AnyModel, Ids]] = []
    files: list[tuple[Storage, str]] = []
    for model in models_about_person():
        present = _present(model, persons, marks)
        touched.append((model, _once_personal(model, reach.ever(model) | present)))
        files += _files(model, present)
        erased.rows[model._meta.label] += len(present)
    close_accounts(accounts)
    for model, present in _in_order(persons, marks):
        _erase_rows(model, present)
    now = timezone.now()
    Request.objects.open().filter(person_id__in=persons).update(state=RequestState.WITHDRAWN, decided_at=now)
    person: Any = apps.get_model(PERSON)
    person.objects.filter(pk__in=persons).update(erased_at=now)
    references = list(person.objects.filter(pk__in=persons).order_by("pk").values_list("public_id", flat=True))
    transaction.on_commit(partial(note_erased, references))
    for model, ids in touched:
        if ids and is_traced(model):
            erased.changes += forget_rows(model._meta.db_table, ids, key_column(model))
    for storage, name in files:
        storage.delete(name)
    erased.files = len(files) + forget_letters_to(marks.addresses)
    erased.rows += Counter()  # drops the models without a row
    return erased


def _in_order(persons: Ids, marks: Marks) -> Iterable[tuple[AnyModel, Ids]]:
    """Each model with its rows, the person last, because the others are found through it; accounts are closed."""
    others = [model for model in models_about_person() if model._meta.label not in (PERSON, ACCOUNT)]
    for model in (*others, apps.get_model(PERSON)):
        yield model, _present(model, persons, marks)


def _present(model: AnyModel, persons: Ids, marks: Marks) -> Ids:
    rows = set(rows_about(model, persons).values_list("pk", flat=True))
    return rows | set(strays(model, marks).values_list("pk", flat=True))


def _erase_rows(model: AnyModel, ids: Ids) -> None:
    if not ids:
        return
    rows = model._default_manager.filter(pk__in=ids)
    if goes_whole(model):
        rows.delete()
        return
    values = {
        each.name: _erased_value(each, how.on_erasure)
        for each, how in personal_fields(model)
        if how.on_erasure is not OnErasure.KEEP
    }
    if values:
        rows.update(**values)


def goes_whole(model: AnyModel) -> bool:
    """True when erasing a person deletes the model's rows."""
    return any(how.on_erasure is OnErasure.DELETE_ROW for _field, how in personal_fields(model))


def _erased_value(each: AnyField, how: OnErasure) -> Any:
    if how is OnErasure.COARSEN:
        return TruncYear(each.name)
    if each.null:
        return None
    if isinstance(each, models.JSONField):
        return each.get_default() if each.has_default() else {}
    return b"" if isinstance(each, models.BinaryField) else ""


def _once_personal(model: AnyModel, ids: Ids) -> Ids:
    """Those rows whose history holds something that must be forgotten; the rest keeps its history for the auditor.

    That is a row in which a field that erasure empties has, or once had, a value.
    """
    if not ids or not is_traced(model) or goes_whole(model):
        return ids
    columns = [each.column for each, how in personal_fields(model) if how.on_erasure is not OnErasure.KEEP]
    names = sql.SQL(", ").join(map(sql.Literal, columns or [""]))
    query = sql.SQL(
        "SELECT content.id FROM (SELECT to_jsonb(t) ->> {key} AS id, to_jsonb(t) AS held FROM {table} AS t "
        "WHERE t.{column} = ANY(%s) UNION ALL SELECT row_id, old FROM trail_change "
        "WHERE table_name = {name} AND row_id = ANY(%s) AND old IS NOT NULL) AS content "
        "WHERE EXISTS (SELECT FROM jsonb_each_text(content.held) AS pair "
        "WHERE pair.key IN ({columns}) AND pair.value IS NOT NULL AND pair.value NOT IN ('', '[]', '{{}}'))"
    ).format(
        key=sql.Literal(key_column(model)),
        table=sql.Identifier(model._meta.db_table),
        column=sql.Identifier(key_column(model)),
        name=sql.Literal(model._meta.db_table),
        columns=names,
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [list(ids), [str(each) for each in ids]])
        key: Any = model._meta.pk
        return {key.to_python(row_id) for (row_id,) in cursor.fetchall()}


def _files(model: AnyModel, ids: Ids) -> list[tuple[Storage, str]]:
    """The stored files of these rows."""
    found = []
    for name in about_person(model).files:
        storage: Storage = model._meta.get_field(name).storage  # type: ignore[union-attr]
        stored = model._default_manager.filter(pk__in=ids).exclude(**{name: ""}).values_list(name, flat=True)
        found += [(storage, path) for path in stored if path]
    return found

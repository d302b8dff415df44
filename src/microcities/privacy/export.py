"""Everything on record about one person, as data and as words, so that the person can look at it and take it along."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.privacy.accounts import accounts_of, outside_rows
from microcities.privacy.declarations import BASIS_WORDS, PURPOSE_WORDS, AboutPerson, PersonalField
from microcities.privacy.outside import OutsideTable
from microcities.privacy.reach import everything_about, persons_as_one
from microcities.privacy.record import clock_name, table_name
from microcities.privacy.walk import AnyField, AnyModel, about_person, declaration_of, personal_fields
from microcities.trail.install import is_traced
from microcities.trail.models import Look, Operation
from microcities.trail.reading import Step, histories, key_column, verb_words
from microcities.trail.sentences import change_words, column_words, value_words, who_acted
from microcities.ui.numbers import format_moment

FORMAT = "microcities personal data 1"
Json = dict[str, Any]


def export_person(person: Any) -> Json:
    """All data about a person, merged records included, in the active language; every value can be written as JSON.

    `records` lists the tables with their rows: `fields` hold name, label, value, the value in words, purpose, basis
    and retention; `context` says what the row is about; `history` who changed what when. `looks` lists who opened
    the record.
    """
    persons = persons_as_one(person)
    accounts = accounts_of(persons)
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "language": get_language() or settings.LANGUAGE_CODE,
        "person": str(person.public_id),
        "name": person.name,
        "records": [
            *(_table(model, rows) for model, rows in everything_about(persons)),
            *(_outside_table(table, rows) for table, rows in outside_rows(accounts) if rows.exists()),
        ],
        "looks": looks_at(persons),
    }


def export_json(person: Any) -> bytes:
    """The export as UTF-8 JSON, indented for reading; `files` holds what the person has stored, in base64 by its path."""
    content = {**export_person(person), "files": list(_stored_files(persons_as_one(person)))}
    return json.dumps(content, ensure_ascii=False, indent=2).encode()


def _stored_files(persons: set[Any]) -> Iterator[Json]:
    """Files of rows that the export shows, as far as they are still there."""
    for model, rows in everything_about(persons):
        shown = {field.name for field, how in personal_fields(model) if how.in_export}
        for row in rows:
            for name in shown.intersection(about_person(model).files):
                stored = getattr(row, name)
                if stored and stored.storage.exists(stored.name):
                    with stored.open("rb") as file:
                        yield {"path": stored.name, "base64": base64.b64encode(file.read()).decode()}


def _table(model: AnyModel, rows: "models.QuerySet[Any]") -> Json:
    found = list(rows)
    steps = (
        histories(model._meta.db_table, [row.pk for row in found], key_column(model)) if is_traced(model) else {}
    )
    return {
        "table": model._meta.label,
        "name": table_name(model._meta.label),
        "rows": [_row(model, row, steps.get(str(row.pk), [])) for row in found],
    }


def _row(model: AnyModel, row: models.Model, steps: list[Step]) -> Json:
    shown = [(field, how) for field, how in personal_fields(model) if how.in_export]
    return {
        "fields": [_field(model, row, field, how) for field, how in shown],
        "context": list(_context(model, row)),
        "history": _history(model, steps, {field.column for field, _how in shown}),
    }


def _field(model: AnyModel, row: models.Model, field: AnyField, how: PersonalField) -> Json:
    value = plain(getattr(row, field.attname))
    return {
        "name": field.name,
        "label": column_words(model, field.column),
        "value": value,
        "words": value_words(model, field.column, value),
        "purpose": str(PURPOSE_WORDS[how.purpose]),
        "basis": str(BASIS_WORDS[how.basis]),
        "kept": clock_name(how.retention),
    }


def _context(model: AnyModel, row: models.Model) -> Iterator[Json]:
    """What the row is about besides the person: the activity, the organisation, the state; never another person."""
    for field in model._meta.concrete_fields:
        related: Any = field.related_model
        about_nobody = related is not None and not isinstance(declaration_of(related), AboutPerson)
        value = getattr(row, field.attname)
        if value in (None, "") or not (about_nobody or (field.choices and getattr(field, "personal", None) is None)):
            continue
        yield {"label": column_words(model, field.column), "words": value_words(model, field.column, plain(value))}


def _history(model: AnyModel, steps: list[Step], columns: set[str]) -> list[Json]:
    """Changes of the columns shown, newest first; a step that changed none of them is left out."""
    who = who_acted(((step.action.actor_id, step.at) for step in steps if step.action), names=False)
    found = []
    for step in steps:
        values = [change_words(model, value) for value in step.values if value.column in columns]
        if not values and not step.forgotten:
            continue
        found.append(
            {
                "at": step.at.isoformat(timespec="seconds"),
                "what": str(Operation(step.operation).label) if step.operation in Operation.values else step.operation,
                "who": who[step.action.actor_id, timezone.localdate(step.at)] if step.action else "",
                "action": str(verb_words(step.action.verb)) if step.action else "",
                "changes": [{"label": label, "before": before, "after": after} for label, before, after in values],
            }
        )
    return found


def _outside_table(table: OutsideTable, rows: "models.QuerySet[Any]") -> Json:
    shown = [(name, how) for name, how in table.fields.items() if how.in_export]
    return {
        "table": rows.model._meta.label,
        "name": table_name(rows.model._meta.label),
        "rows": [
            {
                "fields": [
                    {
                        "name": name,
                        "label": str(table.label(name)),
                        "value": (value := plain(getattr(row, name))),
                        "words": value_words(rows.model, name, value),
                        "purpose": str(PURPOSE_WORDS[how.purpose]),
                        "basis": str(BASIS_WORDS[how.basis]),
                        "kept": clock_name(how.retention),
                    }
                    for name, how in shown
                ],
                "context": [],
                "history": [],
            }
            for row in rows
        ],
    }


def looks_at(persons: set[Any]) -> list[Json]:
    """Who opened the record, newest first: role and organisation, when, why and what was shown."""
    looks = list(Look.objects.filter(person_id__in=persons).order_by("-at", "-id"))
    who = who_acted(((look.actor_id, look.at) for look in looks), names=False)
    return [
        {
            "at": look.at.isoformat(timespec="seconds"),
            "who": who[look.actor_id, timezone.localdate(look.at)],
            "why": look_words(look.reason),
            "what": look_words(look.what),
        }
        for look in looks
    ]


def in_words(export: Json) -> Json:
    """The same export with its moments as people write them and a bare language code, for pages and paper."""
    records = [
        {**table, "rows": [{**row, "history": moments_in_words(row["history"])} for row in table["rows"]]}
        for table in export["records"]
    ]
    return {
        **export,
        "records": records,
        "looks": moments_in_words(export["looks"]),
        "made_at": format_moment(datetime.fromisoformat(export["made_at"])),
        "language": export["language"].split("-")[0],
    }


def moments_in_words(entries: list[Json]) -> list[Json]:
    """Entries with `at` as people write it."""
    return [{**entry, "at": format_moment(datetime.fromisoformat(entry["at"]))} for entry in entries]


def look_words(code: str) -> str:
    """The reason or part of a look in words; actions and looks share their vocabulary (trail.reading.name_verb)."""
    return str(verb_words(code)) if code else _("not said")


def plain(value: Any) -> Any:
    """A field's value as JSON can hold it: moments in ISO form with their zone, amounts as text."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal | UUID | timedelta):
        return str(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, models.fields.files.FieldFile):
        return value.name
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(item) for item in value]
    return value

"""Turns the typed values of rules into rows, tables and differences in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.rulebooks.reading import AnyRule
from microcities.rulebooks.schema import EVERYWHERE, Label, RuleValues, Text
from microcities.ui.numbers import NBSP, format_day, format_quantity

HOUSE_UNITS = frozenset({"EUR", "share"})


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A list of values as a table; the first cell of each row names the row."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between a version and the one before it; an empty text means: not in that version."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule ready for the page: its facts in words, single values as rows, lists as tables, what changed."""

    rule: AnyRule
    anchor: str
    topic_title: str
    title: str
    territory: str
    note: str
    source: str
    rows: tuple[tuple[str, str], ...]
    tables: tuple[ValueTable, ...]
    changes: tuple[Change, ...] = ()
    has_earlier: bool = False
    in_force: bool = True


def anchor_of(rule: AnyRule) -> str:
    """Where on the pages of rules a version stands."""
    return f"{rule.topic}.{rule.version}".replace(".", "-")


def show(rule: AnyRule, on: date, earlier: AnyRule | None = None) -> ShownRule:
    """A rule in the active language; `earlier` is the version before it in the same territory, if any."""
    language = get_language() or "en"
    rows, tables = _values(rule.values, language)
    return ShownRule(
        rule=rule,
        anchor=anchor_of(rule),
        topic_title=rule.topic_title.in_language(language),
        title=rule.title.in_language(language),
        territory=territory_name(rule.territory),
        note=rule.note.in_language(language) if rule.note else "",
        source=rule.source.title_in(language),
        rows=tuple(rows),
        tables=tuple(tables),
        changes=tuple(_changes(earlier.values, rule.values, language, "")) if earlier else (),
        has_earlier=earlier is not None,
        in_force=rule.in_force(on),
    )


def timeline(versions: Sequence[AnyRule], on: date) -> list[ShownRule]:
    """All versions of a topic, newest first, each with what changed against its territory's one before."""
    earlier: dict[str, AnyRule] = {}
    shown = []
    for version in sorted(versions, key=lambda item: item.valid_from):
        shown.append(show(version, on, earlier.get(version.territory)))
        earlier[version.territory] = version
    return shown[::-1]


def territory_name(code: str) -> str:
    """A territory in words with its code; a region or local unit is its code alone."""
    names = {EVERYWHERE: _("everywhere"), "EU": _("European Union"), "LV": _("Latvia")}
    return names.get(code, code)


def _values(values: RuleValues, language: str) -> tuple[list[tuple[str, str]], list[ValueTable]]:
    rows, tables = [], []
    for label, value in _fields(values):
        if not label.shown:
            continue
        if _is_table(value):
            tables.append(_table(label.name(language), value, language))
        elif isinstance(value, RuleValues):
            inner_rows, inner_tables = _values(value, language)
            rows += [(f"{label.name(language)}: {name}", text) for name, text in inner_rows]
            tables += inner_tables
        else:
            rows.append((label.name(language), _text(values, label, value, language)))
    return rows, tables


def _table(caption: str, items: Sequence[RuleValues], language: str) -> ValueTable:
    """The shown fields of the items as columns; a column in which nothing is set is left out."""
    columns = [
        (label, [getattr(item, field) for item in items])
        for field, label in type(items[0]).labels().items()
        if label.shown and any(getattr(item, field) not in (None, ()) for item in items)
    ]
    cells = [
        [_text(item, label, value, language) for item, value in zip(items, column, strict=True)]
        for label, column in columns
    ]
    headers = tuple(label.name(language) for label, _column in columns)
    return ValueTable(caption, headers, tuple(zip(*cells, strict=True)))


def _text(owner: RuleValues, label: Label, value: Any, language: str) -> str:
    """One value in words; a list of field names is given by the labels of those fields."""
    if value is None or value == ():
        return _("not set")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Text):
        return value.in_language(language)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, int | Decimal):
        unit = label.unit(language)
        return format_quantity(value, unit) if unit in HOUSE_UNITS else _counted(value, unit)
    if isinstance(value, tuple):
        labels = owner.labels()
        return ", ".join(
            labels[item].name(language) if isinstance(item, str) and item in labels else str(item)
            for item in value
        )
    return str(value)


def _counted(value: int | Decimal, unit: str) -> str:
    return format_quantity(value) + (f"{NBSP}{unit}" if unit else "")


def _changes(before: RuleValues, after: RuleValues, language: str, inside: str) -> Iterator[Change]:
    for (label, old), (_label, new) in zip(_fields(before), _fields(after), strict=True):
        if old == new:
            continue
        what = f"{inside}{label.name(language)}"
        if _is_table(old) and _is_table(new):
            yield from _row_changes(old, new, language, f"{what}: ")
        elif isinstance(old, RuleValues) and isinstance(new, RuleValues):
            yield from _changes(old, new, language, f"{what}: ")
        else:
            yield Change(what, _text(before, label, old, language), _text(after, label, new, language))


def _row_changes(
    old: Sequence[RuleValues], new: Sequence[RuleValues], language: str, inside: str
) -> Iterator[Change]:
    """Rows are the same row when their first field is the same."""
    before, after = {_key(row): row for row in old}, {_key(row): row for row in new}
    for key in before.keys() - after.keys():
        name = _row_name(before[key], language)
        yield Change(f"{inside}{name}", name, "")
    for key, row in after.items():
        name = _row_name(row, language)
        if key in before:
            yield from _changes(before[key], row, language, f"{name}: ")
        else:
            yield Change(f"{inside}{name}", "", name)


def _fields(values: RuleValues) -> list[tuple[Label, Any]]:
    return [(label, getattr(values, field)) for field, label in values.labels().items()]


def _key(row: RuleValues) -> Any:
    return getattr(row, next(iter(row.labels())))


def _row_name(row: RuleValues, language: str) -> str:
    """The first shown field of a row."""
    label, value = next((label, value) for label, value in _fields(row) if label.shown)
    return _text(row, label, value, language)


def _is_table(value: Any) -> bool:
    return isinstance(value, tuple) and bool(value) and isinstance(value[0], RuleValues)

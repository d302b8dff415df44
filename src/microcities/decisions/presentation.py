"""Turns the JSON of a decision file into lists and tables that a person can read, each under its path."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from microcities.decisions.canonical import json_path
from microcities.ui.numbers import as_decimal, format_number

MOST_ROWS = 100  # of one list; the file has them all
MOST_VALUES = 60  # of one series
MOST_LETTERS = 300  # of one cell
MOST_DECIMALS = 15
REASON_KEYS = frozenset({"reason", "reasons", "because"})
# What tells one item of a list from the others, the best first.
NAMING_KEYS = ("id", "key", "person", "unit", "subject", "application", "name", "code")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class ValueTable:
    """A list of objects or of lists; the first column holds the position in the list, from 0 as in paths.

    Beside each text stands whether its column holds numbers only.
    """

    headers: tuple[tuple[str, bool], ...]
    rows: tuple[tuple[tuple[str, bool], ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One object or list of the document. `path` is empty for the whole; `left_out` items stand in the file only."""

    path: str
    rows: tuple[tuple[str, str], ...] = ()
    table: ValueTable | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something in the answer is as it is: where it stands, whom or what it is about, the reasons."""

    path: str
    about: str
    texts: tuple[str, ...]


def show(document: Mapping[str, Any]) -> list[Block]:
    """The document as blocks, outer ones before inner ones."""
    return list(_blocks(document, ()))


def reasons_in(document: Mapping[str, Any]) -> list[Reason]:
    """Every reason the answer gives, in its order: fields called reason, reasons or because."""
    return list(_reasons(document, ()))


def short(value: Any) -> str:
    """Any JSON value in one line of at most 300 letters."""
    if _is_plain(value):
        text = _plain_text(value)
    elif isinstance(value, list) and all(map(_is_plain, value)):
        text = _series(value)
    else:
        text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= MOST_LETTERS else f"{text[:MOST_LETTERS]}…"


def _blocks(value: Any, path: Path) -> Iterator[Block]:
    if isinstance(value, Mapping):
        inline = {key: item for key, item in value.items() if _fits_in_line(item)}
        rows = tuple((str(key), short(item)) for key, item in list(inline.items())[:MOST_ROWS])
        if rows:
            yield Block(_written(path), rows, left_out=max(0, len(inline) - MOST_ROWS))
        for key, item in value.items():
            if key not in inline:
                yield from _blocks(item, (*path, str(key)))
    elif isinstance(value, list):
        yield _listing(value, path)


def _listing(items: Sequence[Any], path: Path) -> Block:
    shown = items[:MOST_ROWS]
    if all(isinstance(item, Mapping) for item in shown):
        columns = list(dict.fromkeys(str(key) for item in shown for key in item))
        cells = [[item.get(column, "") for column in columns] for item in shown]
    else:
        width = max((len(item) for item in shown if isinstance(item, list)), default=1)
        columns = [f"[{number}]" for number in range(width)]
        cells = [(item if isinstance(item, list) else [item]) for item in shown]
        cells = [[*row, *[""] * (width - len(row))] for row in cells]
    numeric = [False, *(_is_numeric([row[index] for row in cells]) for index in range(len(columns)))]
    headers = tuple(zip((_("Place"), *columns), numeric, strict=True))
    rows = tuple(
        tuple(zip((f"[{number}]", *map(short, row)), numeric, strict=True)) for number, row in enumerate(cells)
    )
    return Block(_written(path), table=ValueTable(headers, rows), left_out=len(items) - len(shown))


def _reasons(value: Any, path: Path) -> Iterator[Reason]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            if key in REASON_KEYS and item and not isinstance(item, Mapping):
                texts = item if isinstance(item, list) else [item]
                yield Reason(json_path(path) if path else "", _about(value), tuple(map(_reason_text, texts)))
            else:
                yield from _reasons(item, (*path, str(key)))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from _reasons(item, (*path, number))


def _reason_text(reason: Any) -> str:
    if isinstance(reason, Mapping):
        return "; ".join(f"{key}: {short(item)}" for key, item in reason.items())
    return short(reason)


def _about(owner: Mapping[str, Any]) -> str:
    return next((short(owner[key]) for key in NAMING_KEYS if _is_plain(owner.get(key, []))), "")


def _fits_in_line(value: Any) -> bool:
    return _is_plain(value) or not value or (isinstance(value, list) and all(map(_is_plain, value)))


def _is_plain(value: Any) -> bool:
    return not isinstance(value, Mapping | list)


def _is_numeric(values: Sequence[Any]) -> bool:
    return all(as_decimal(value) is not None and not isinstance(value, str) for value in values)


def _series(values: Sequence[Any]) -> str:
    if not values:
        return _("empty")
    text = "; ".join(map(_plain_text, values[:MOST_VALUES]))
    return f"{text} …" if len(values) > MOST_VALUES else text


def _plain_text(value: Any) -> str:
    """A single value; numbers keep all their digits, because an auditor compares them."""
    if value is None:
        return _("not given")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str):
        return value or _("empty")
    number = as_decimal(value)
    exponent = number.normalize().as_tuple().exponent if number is not None else None
    if not isinstance(exponent, int) or exponent < -MOST_DECIMALS:
        return str(value)
    return format_number(value, max(0, -exponent))


def _written(path: Path) -> str:
    return json_path(path) if path else ""

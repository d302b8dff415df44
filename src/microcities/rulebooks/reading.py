"""Reads one rulebook file into checked versions, so that a mistake is reported with file, line and key."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, Generic, NamedTuple

from pydantic import ValidationError

from microcities.rulebooks.schema import (
    RulebookFile,
    Source,
    Text,
    Values,
    VersionEntry,
    plain,
    values_model,
)

KeyPath = tuple[str | int, ...]


class Problem(NamedTuple):
    """One finding in a rulebook file; `line` is None when the place cannot be told."""

    level: str  # "error" or "warning"
    file: str
    line: int | None
    path: str
    message: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class RuleUse(NamedTuple):
    """What a decision file keeps about a rule it used: enough to find it again and see it unchanged."""

    topic: str
    version: str
    digest: str


@dataclass(frozen=True, slots=True)
class Rule(Generic[Values]):
    """One version of a topic with its typed values.

    `valid_to` is the last day in force, None while no end is known. `digest` is the SHA-256 of topic,
    version, territory, first day and values: an end date set later or a better source leaves it as it is, a
    changed value does not.
    """

    topic: str
    version: str
    valid_from: date
    valid_to: date | None
    territory: str
    topic_title: Text
    title: Text
    source: Source
    status: str
    note: Text | None
    values: Values
    digest: str
    file: str

    @property
    def confirmed(self) -> bool:
        return self.status == "confirmed"

    def in_force(self, on: date) -> bool:
        """True on every day from `valid_from` to `valid_to`, both included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def use(self) -> RuleUse:
        """What to record when this rule was applied."""
        return RuleUse(self.topic, self.version, self.digest)

    def as_data(self) -> dict[str, Any]:
        """The rule as JSON can hold it: dates in ISO form, decimals as text, texts in both languages."""
        return {
            "topic": self.topic,
            "version": self.version,
            "digest": self.digest,
            "title": self.title.model_dump(),
            "territory": self.territory,
            "valid_from": self.valid_from.isoformat(),
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "status": self.status,
            "note": self.note.model_dump() if self.note else None,
            "source": plain(self.source.model_dump()),
            "values": plain(self.values.model_dump()),
        }

    def dates(self) -> str:
        """The days covered, for messages: "2018-05-25 to 2018-07-04", "from 2018-07-05"."""
        return f"from {self.valid_from}" if self.valid_to is None else f"{self.valid_from} to {self.valid_to}"


AnyRule = Rule[Any]


class Reading(NamedTuple):
    """What one file gave: its versions (possibly none) and what is wrong with it."""

    rules: tuple[AnyRule, ...]
    problems: tuple[Problem, ...]


def read_rulebook(path: Path, app: str) -> Reading:
    """Read and check one file in the rulebook folder of `app`; never raises for a mistake inside it."""
    name = f"{app}/{path.parent.name}/{path.name}"
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return Reading((), (Problem("error", name, line, "", "the file is not UTF-8 text"),))
    try:
        data = as_tuples(tomllib.loads(text, parse_float=Decimal))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        return Reading((), (Problem("error", name, int(place[1]) if place else None, "", str(error)),))
    places = _Lines(text)
    try:
        entries = RulebookFile.model_validate(data)
    except ValidationError as error:
        return Reading((), tuple(_problems(error, name, places, ())))
    return _check(entries, app, name, places)


def _check(entries: RulebookFile, app: str, name: str, places: _Lines) -> Reading:
    """The checks that need the whole file: owner, values, doubled ids, overlaps, gaps."""
    if entries.topic.split(".")[0] != app:
        message = f"a file in {app}/rulebook holds a topic of {app}, not {entries.topic}"
        return Reading((), (Problem("error", name, places.find(("topic",)), "topic", message),))
    model = values_model(entries.topic)
    if model is None:
        message = f"no values model is registered; declare one in {app}/rulebook/values.py with @rule_values"
        return Reading((), (Problem("error", name, places.find(("topic",)), "topic", message),))
    rules: list[AnyRule] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries.version):
        path: KeyPath = ("version", number)
        try:
            values = model.model_validate(entry.values)
        except ValidationError as error:
            problems += _problems(error, name, places, (*path, "values"))
            continue
        if any(rule.version == entry.id for rule in rules):
            message = f"version id {entry.id} is used twice"
            problems.append(
                Problem("error", name, places.find((*path, "id")), f"{_written(path)}.id", message)
            )
        rules.append(_rule(entries, entry, values, name))
    for level, rule, message in _sequence_findings(rules):
        number = next(i for i, entry in enumerate(entries.version) if entry.id == rule.version)
        path = ("version", number, "valid_from")
        problems.append(Problem(level, name, places.find(path), _written(path), message))
    return Reading(tuple(rules), tuple(problems))


def _rule(entries: RulebookFile, entry: VersionEntry, values: Any, name: str) -> AnyRule:
    return Rule(
        topic=entries.topic,
        version=entry.id,
        valid_from=entry.valid_from,
        valid_to=entry.valid_to,
        territory=entry.territory,
        topic_title=entries.title,
        title=entry.title,
        source=entry.source,
        status=entry.status,
        note=entry.note,
        values=values,
        digest=digest(entries.topic, entry),
        file=name,
    )


def digest(topic: str, entry: VersionEntry) -> str:
    """SHA-256 in hex over what a computation can depend on, written as JSON with sorted keys."""
    content = {
        "topic": topic,
        "version": entry.id,
        "territory": entry.territory,
        "valid_from": entry.valid_from,
        "values": entry.values,
    }
    text = json.dumps(plain(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _sequence_findings(rules: Sequence[AnyRule]) -> list[tuple[str, AnyRule, str]]:
    """Overlaps (errors) and gaps (warnings) between neighbouring versions of the same territory."""
    found = []
    for territory in sorted({rule.territory for rule in rules}):
        line = sorted(
            (rule for rule in rules if rule.territory == territory), key=lambda rule: rule.valid_from
        )
        for before, after in pairwise(line):
            if before.valid_to is None or before.valid_to >= after.valid_from:
                message = (
                    f"versions {before.version} ({before.dates()}) and {after.version} ({after.dates()}) "
                    f"of {territory} overlap"
                )
                found.append(("error", after, message))
            elif (free := before.valid_to + timedelta(days=1)) < after.valid_from:
                message = (
                    f"no version of {territory} from {free} to {after.valid_from - timedelta(days=1)}, "
                    f"between {before.version} and {after.version}"
                )
                found.append(("warning", after, message))
    return found


def as_tuples(value: Any) -> Any:
    """TOML arrays as tuples, because the strict models hold nothing that can change."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return tuple(as_tuples(item) for item in value) if isinstance(value, list) else value


def _problems(error: ValidationError, name: str, places: _Lines, inside: KeyPath) -> list[Problem]:
    found = []
    for item in error.errors(include_url=False, include_context=False):
        path = (*inside, *item["loc"])
        message = item["msg"].removeprefix("Value error, ")
        found.append(Problem("error", name, places.find(path), _written(path), message))
    return found


def _written(path: KeyPath) -> str:
    """A key path as people write it: version[1].values.age (the first version is 1)."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


class _Lines:
    """Finds the line of a key; tomllib keeps no positions, so headers and keys are looked up in the text."""

    def __init__(self, text: str) -> None:
        self.lines = text.splitlines()

    def find(self, path: KeyPath) -> int | None:
        """The line (from 1) of the deepest part of `path` that is written on a line of its own, else None."""
        begin, end = self._block(path)
        found = begin if path and path[0] == "version" and len(path) > 1 else None
        for key in path:
            if not isinstance(key, str) or key in {"version", "values"}:
                continue
            rows = self._rows(begin, end, rf"(\[+[^\]]*\b|\{{.*\b)?{re.escape(key)}\s*(=|\]|\.)")
            if rows:
                found = begin = rows[0]
                if not self.lines[found].rstrip().endswith(("]", "[", "{")):
                    break  # the rest of the path is written on this line
        return None if found is None else found + 1

    def _block(self, path: KeyPath) -> tuple[int, int]:
        """The lines that a path points into: its `[[version]]`, and in it the row of a list of values."""
        starts = self._rows(0, len(self.lines), r"\[\[\s*version\s*\]\]")
        begin, end = 0, starts[0] if starts else len(self.lines)
        if len(path) > 1 and path[0] == "version" and isinstance(path[1], int) and path[1] < len(starts):
            begin, end = self._nth(starts, path[1], len(self.lines))
        for key, number in pairwise(path[2:]):
            if not (isinstance(key, str) and isinstance(number, int)):
                continue
            rows = self._rows(begin, end, rf"\[\[[^\]]*\b{re.escape(key)}\s*\]\]")
            if not rows and (opened := self._rows(begin, end, rf"{re.escape(key)}\s*=")):
                rows = self._rows(opened[0], end, r"\{")
            if number < len(rows):
                begin, end = self._nth(rows, number, end)
        return begin, end

    def _rows(self, begin: int, end: int, pattern: str) -> list[int]:
        """The lines between the two that start with the pattern."""
        return [number for number in range(begin, end) if re.match(rf"\s*{pattern}", self.lines[number])]

    @staticmethod
    def _nth(starts: list[int], number: int, end: int) -> tuple[int, int]:
        return starts[number], (*starts, end)[number + 1]

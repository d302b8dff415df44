"""Works out what a list would do, row by row, without doing it.

The plan that people have looked at is applied only while all that it rests on is unchanged, or a fresh plan, made under
lock, comes to the same.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from microcities.participation.lists.comparing import (
    Existing,
    choose_record,
    disagreements,
    person_changes,
    record_changes,
)
from microcities.participation.lists.rows import Problem, ReadRow
from microcities.participation.models import RowOutcome
from microcities.people.matching.names import words_of
from microcities.people.matching.scoring import Record, email_key, phone_key
from microcities.people.matching.search import Candidate, Match, Matcher, Outcome

CONFLICTS = {
    "code": ("personal_code", "code_of_another"),
    "reference": ("local_reference", "reference_of_another"),
    "other_code": ("personal_code", "code_differs"),
}
Say = Callable[..., Problem]
Report = Callable[[int], None]


@dataclass(slots=True)
class PlannedRow(ReadRow):
    """A row with what it would do. person_id and participation_id are None where the row makes a new one."""

    outcome: RowOutcome = RowOutcome.REFUSED
    person_id: int | None = None
    participation_id: int | None = None
    first_number: int | None = None
    registers: bool = False
    changes: dict[str, dict[str, list[Any]]] = field(default_factory=dict)
    candidates: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Plan:
    """All rows of a list with their outcomes."""

    rows: list[PlannedRow]

    @property
    def outcomes(self) -> dict[str, int]:
        """How many rows have which outcome."""
        return dict(Counter(row.outcome.value for row in self.rows))

    @property
    def digest(self) -> str:
        """SHA-256 over all that the plan would do."""
        hasher = hashlib.sha256()
        for row in self.rows:
            said = (row.number, row.outcome.value, row.person_id, row.participation_id, row.first_number, row.registers,
                    sorted(row.values.items()), row.code, row.changes, row.candidates, row.problems)
            hasher.update(repr(said).encode())
        return hasher.hexdigest()


@dataclass(frozen=True)
class Known:
    """What the platform knows before the list: all persons to match, values of own persons, the activity's records."""

    records: Iterable[Record]
    own_persons: Mapping[int, Mapping[str, Any]]
    participations: Mapping[int, list[Existing]]


class Planner:
    """Makes a plan; rows are planned in the order of the list, and earlier ones are known to later ones."""

    def __init__(self, known: Known, say: Say, default_funding: int | None) -> None:
        self._matcher = Matcher(known.records)
        self._known = known
        self._say = say
        self._default_funding = default_funding
        self._said: defaultdict[int, dict[str, tuple[Any, int]]] = defaultdict(dict)
        self._planned: defaultdict[int, list[tuple[str, int]]] = defaultdict(list)
        self._taken: set[int] = set()

    def plan(self, rows: Iterable[ReadRow], report: Report = lambda done: None) -> Plan:
        """Plan all rows; `report` is told how many are done."""
        planned = []
        for row in rows:
            planned.append(self._plan_row(row))
            if len(planned) % 1000 == 0:
                report(len(planned))
        return Plan(planned)

    def _plan_row(self, read: ReadRow) -> PlannedRow:
        row = PlannedRow(read.number, read.values, read.code, list(read.problems))
        if row.problems:
            return row
        asked = record_of(row)
        match = self._matcher.find(asked)
        if match.outcome is Outcome.CONFLICT:
            return _refused(row, self._say(*CONFLICTS[match.by]))
        key = match.key if match.outcome is Outcome.SAME and match.key is not None else -row.number
        if problem := self._contradiction(key, row):
            return _refused(row, problem)
        self._place_person(row, match, key)
        if problem := self._place_record(row, key):
            return _refused(row, problem)
        self._learn(row, asked, match, key)
        return row

    def _contradiction(self, key: int, row: PlannedRow) -> Problem | None:
        """A problem when an earlier row says otherwise of the same person, or tells of the same start."""
        start = row.values.get("started_on", "")
        for other, number in self._planned[key]:
            if other == start or not other or not start:
                return self._say("started_on" if start else "applied_on", "twice_in_list", start) | {"row": str(number)}
        for name, value in disagreements(self._said[key], row.values, row.code):
            number = self._said[key][name][1]
            return self._say(name, "differs_in_list", value) | {"row": str(number)}
        return None

    def _place_person(self, row: PlannedRow, match: Match, key: int) -> None:
        if key > 0:
            row.person_id = key
            own = self._known.own_persons.get(key)
            row.registers = own is None
            if own is not None and (changes := person_changes(own, row.values, row.code)):
                row.changes |= changes
            return
        row.first_number = -key
        row.registers = True
        row.candidates = [_as_data(candidate) for candidate in match.candidates] if match.key is None else []

    def _place_record(self, row: PlannedRow, key: int) -> Problem | None:
        """Find the record that the row tells of, and what it changes there; a problem when several would fit."""
        free = [each for each in self._known.participations.get(key, []) if each.id not in self._taken]
        found = choose_record(free, row.values)
        if found == "several":
            return self._say("started_on", "two_records")
        if not isinstance(found, Existing):
            row.values.setdefault("funding", [self._default_funding] if self._default_funding else [])
            row.outcome = RowOutcome.KNOWN if key > 0 else RowOutcome.CANDIDATE if row.candidates else RowOutcome.NEW
            return None
        changes, code, name = record_changes(found, row.values, self._default_funding)
        if code:
            return self._say(name, code, row.values.get(name, ""))
        if changes:
            row.changes["participation"] = changes
        row.participation_id = found.id
        row.outcome = RowOutcome.CHANGED if row.changes or row.registers else RowOutcome.UNCHANGED
        return None

    def _learn(self, row: PlannedRow, asked: Record, match: Match, key: int) -> None:
        self._planned[key].append((row.values.get("started_on", ""), row.number))
        if row.participation_id:
            self._taken.add(row.participation_id)
        said = self._said[key]
        for name, value in (*row.values.items(), ("personal_code", row.code)):
            if value:
                said.setdefault(name, (value, row.number))
        if match.key is None or asked.code or asked.reference:
            self._matcher.add(replace(asked, key=key, own=True))


def record_of(row: ReadRow) -> Record:
    """A row as the search asks for it."""
    said = row.values
    sex = said.get("sex", "")
    return Record(
        key=-row.number,
        given=words_of(said["given_name"]),
        family=words_of(said["family_name"]),
        birth_on=date.fromisoformat(said["birth_on"]) if said.get("birth_on") else None,
        sex="" if sex == "unknown" else sex,
        email=email_key(said.get("email", "")),
        phone=phone_key(said.get("phone", "")),
        code=row.code,
        reference=said.get("local_reference", ""),
    )


def _refused(row: PlannedRow, problem: Problem) -> PlannedRow:
    return PlannedRow(row.number, row.values, row.code, [problem])


def _as_data(candidate: Candidate) -> dict[str, Any]:
    """A candidate as a row keeps it; a negative key is an earlier row of the same list."""
    reasons = [{"field": name, "verdict": str(verdict)} for name, verdict, _weight in candidate.reasons]
    return {"key": candidate.key, "score": int(candidate.score * 1000) / 1000, "reasons": reasons}

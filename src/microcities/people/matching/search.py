"""Finds the same person among many without comparing everybody with everybody.

Records are compared only within blocks: the same birth date and initials, the same contact, or the same whole name. Two wrong
first letters at once are therefore missed, as is a wrong first letter without a contact: the rarest of errors (Winkler 1990).
A code or the organisation's own reference decides at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import NamedTuple

from microcities.people.matching.names import NameVerdict, compare_names, stem
from microcities.people.matching.scoring import POSSIBLE, Comparison, Reason, Record, compare

MOST_CANDIDATES = 5


class Outcome(StrEnum):
    """What the search came to."""

    SAME = "same"              # one known person, beyond doubt
    CANDIDATE = "candidate"    # one or more known persons who may be this one: a person decides
    NEW = "new"
    CONFLICT = "conflict"      # the code or reference is that of somebody else


class Candidate(NamedTuple):
    """A known person who may be the one asked for."""

    key: int
    score: float
    reasons: tuple[Reason, ...]


class Match(NamedTuple):
    """The outcome. `key` is the known person for SAME and CONFLICT; `by` is what decided: code, reference, likeness, or
    other_code for a reference whose person has another code.
    """

    outcome: Outcome
    key: int | None = None
    by: str = ""
    candidates: tuple[Candidate, ...] = ()


NEW = Match(Outcome.NEW)


class Matcher:
    """Known persons, ready to be searched; `add` makes a further person known."""

    def __init__(self, known: Iterable[Record] = ()) -> None:
        self._by_code: dict[bytes, Record] = {}
        self._by_reference: dict[str, Record] = {}
        self._blocks: defaultdict[object, list[Record]] = defaultdict(list)
        for record in known:
            self.add(record)

    def add(self, record: Record) -> None:
        """Make a person known."""
        if record.code:
            self._by_code[record.code] = record
        if record.reference:
            self._by_reference[record.reference] = record
        for block in _blocks_of(record):
            self._blocks[block].append(record)

    def find(self, asked: Record) -> Match:
        """Who of the known persons this is."""
        by_code = self._by_code.get(asked.code) if asked.code else None
        by_reference = self._by_reference.get(asked.reference) if asked.reference else None
        if by_code and by_reference and by_code.key != by_reference.key:
            return Match(Outcome.CONFLICT, by_reference.key, "reference")
        if by_reference and asked.code and by_reference.code and asked.code != by_reference.code:
            return Match(Outcome.CONFLICT, by_reference.key, "other_code")
        if found := by_code or by_reference:
            by = "code" if by_code else "reference"
            return Match(Outcome.SAME if _plausible(found, asked) else Outcome.CONFLICT, found.key, by)
        return self._by_likeness(asked)

    def _by_likeness(self, asked: Record) -> Match:
        likely: list[tuple[Comparison, Record]] = []
        for record in self._near(asked):
            if asked.code and record.code:
                continue  # two different personal codes are two persons
            comparison = compare(record, asked)
            if comparison.score >= POSSIBLE:
                likely.append((comparison, record))
        if not likely:
            return NEW
        likely.sort(key=lambda pair: (-pair[0].score, pair[1].key))
        certain = {record.key for comparison, record in likely if comparison.certain}
        if len(certain) == 1:
            return Match(Outcome.SAME, certain.pop(), "likeness", (_candidate(*likely[0]),))
        return Match(Outcome.CANDIDATE, candidates=_best(likely))

    def _near(self, asked: Record) -> Iterator[Record]:
        seen: set[int] = set()
        for block in _blocks_of(asked):
            for record in self._blocks.get(block, ()):
                if id(record) not in seen:
                    seen.add(id(record))
                    yield record


def _best(likely: list[tuple[Comparison, Record]]) -> tuple[Candidate, ...]:
    best: dict[int, Candidate] = {}
    for comparison, record in likely:
        best.setdefault(record.key, _candidate(comparison, record))
    return tuple(best.values())[:MOST_CANDIDATES]


def _candidate(comparison: Comparison, record: Record) -> Candidate:
    return Candidate(record.key, comparison.score, comparison.reasons)


def _blocks_of(record: Record) -> list[object]:
    """The blocks in which a record is kept and looked for."""
    blocks: list[object] = []
    if record.birth_on is not None:
        day = record.birth_on.toordinal()
        blocks = list({
            (day, first[0], last[0]) if first[0] < last[0] else (day, last[0], first[0])
            for first in record.given for last in record.family
        })
    if record.email:
        blocks.append(record.email)
    if record.phone:
        blocks.append(record.phone)
    if record.given and record.family:
        blocks.append(" ".join(sorted((*record.given, *map(stem, record.family)))))
    return blocks


def _plausible(known: Record, asked: Record) -> bool:
    """The names do not contradict each other wholly; a mistyped code must not turn one person into another."""
    if not (known.given or known.family):
        return True
    given = compare_names(known.given, asked.given, False)
    family = compare_names(known.family, asked.family, True)
    swapped = compare_names(known.given, asked.family, True), compare_names(known.family, asked.given, False)
    pairs = ((given, family), swapped)
    # A family name changes by marriage and a given name may be shortened, but not both at once.
    return any(verdict is not NameVerdict.DIFFERENT for pair in pairs for verdict in pair)

"""Compares what a row says with what is known of the person and of the record, field by field."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from microcities.people.matching.names import words_of

PERSON_FIELDS = ("given_name", "family_name", "birth_on", "sex", "email", "phone", "country")
NAME_FIELDS = ("given_name", "family_name")
RECORD_FIELDS = (
    "applied_on", "started_on", "completed_on", "in_work_on", "dropped_out_on", "hours", "amount", "host",
    "proof_reference",
)
Changes = dict[str, list[Any]]


@dataclass(slots=True)
class Existing:
    """A participation that is there already: values as rows keep them, funding sources in their order."""

    id: int
    values: dict[str, Any]
    funding: list[int] = field(default_factory=list)
    verification: str = "unverified"


def choose_record(existing: Sequence[Existing], values: Mapping[str, Any]) -> Existing | Literal["none", "several"]:
    """The record a row tells of: the same start, or the only one where either start is not known."""
    start = values.get("started_on")
    if start:
        for each in existing:
            if each.values.get("started_on") == start:
                return each
    open_ones = [each for each in existing if not start or not each.values.get("started_on")]
    if not open_ones:
        return "none"
    return open_ones[0] if len(open_ones) == 1 else "several"


def record_changes(
    existing: Existing, values: Mapping[str, Any], default_funding: int | None
) -> tuple[Changes, str, str]:
    """What a row changes in a record; or a problem's code and its field when the result would contradict itself.

    An empty cell leaves what is there. Money is added, never taken away. A changed record has to be confirmed again.
    """
    changes: Changes = {
        name: [existing.values.get(name, ""), values[name]]
        for name in RECORD_FIELDS
        if values.get(name) and values[name] != existing.values.get(name, "")
    }
    asked = values.get("funding") or ([default_funding] if default_funding and not existing.funding else [])
    added = [number for number in asked if number not in existing.funding]
    if added:
        changes["funding"] = [existing.funding, [*existing.funding, *added]]
    if not changes:
        return {}, "", ""
    after = {**existing.values, **{name: pair[1] for name, pair in changes.items()}}
    if problem := _contradiction(after):
        return {}, *problem
    if existing.verification != "unverified":
        changes["verification"] = [existing.verification, "unverified"]
    return changes, "", ""


def _contradiction(after: Mapping[str, Any]) -> tuple[str, str] | None:
    started = after.get("started_on") or ""
    for name in ("completed_on", "dropped_out_on", "in_work_on"):
        if after.get(name) and started and after[name] < started:
            return "before_start", name
    if after.get("completed_on") and after.get("dropped_out_on"):
        return "completed_and_dropped", "completed_on"
    if after.get("completed_on") and not started:
        return "completed_without_start", "completed_on"
    return None


def person_changes(own: Mapping[str, Any], values: Mapping[str, Any], code: bytes | None) -> dict[str, Changes]:
    """What a row changes in a person of the own organisation and in the registration there."""
    person: Changes = {
        name: [own[name], values[name]]
        for name in PERSON_FIELDS
        if values.get(name) and values[name] != own[name] and not (name == "sex" and values[name] == "unknown")
    }
    if _same_name(own, values):
        for name in NAME_FIELDS:
            person.pop(name, None)
    if code and not own["has_code"]:
        person["personal_code"] = ["", "known"]
    changes = {"person": person} if person else {}
    reference = values.get("local_reference")
    if reference and reference != own["local_reference"]:
        changes["registration"] = {"local_reference": [own["local_reference"], reference]}
    return changes


def _same_name(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same words, whatever their order, capitals and diacritics: no reason to overwrite a name."""
    return _all_words(one) == _all_words(other)


def _all_words(person: Mapping[str, Any]) -> list[str]:
    return sorted(word for name in NAME_FIELDS for word in words_of(person[name]))


def disagreements(
    said: Mapping[str, tuple[Any, int]], values: Mapping[str, Any], code: bytes | None
) -> Iterator[tuple[str, str]]:
    """Fields of the person in which this row differs from what earlier rows of the list said."""
    if not said:
        return
    earlier = {name: value for name, (value, _number) in said.items()}
    for name in (*PERSON_FIELDS, "local_reference"):
        if name in NAME_FIELDS and _same_name(earlier, values):
            continue
        if values.get(name) and earlier.get(name) and values[name] != earlier[name]:
            yield name, values[name]
    if code and earlier.get("personal_code") and code != earlier["personal_code"]:
        yield "personal_code", ""

"""Is this the same person? The same comparison as the import of lists uses, open to anybody who wants to repeat it."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine
from microcities.people.matching.names import words_of
from microcities.people.matching.scoring import Reason, Record, email_key, phone_key
from microcities.people.matching.search import Candidate, Matcher

EXAMPLE: dict[str, Any] = {
    "given_name": "Līga", "family_name": "Bērziņa", "birth_on": "2004-03-12", "email": "liga@example.org",
}


class PersonRecord(EngineModel):
    """One record of a person. `code` is any text that stands for the personal code, such as its hash."""

    key: int = 0
    given_name: str = Field(max_length=120)
    family_name: str = Field(max_length=120)
    birth_on: date | None = None
    sex: str = Field(default="", pattern="^(female|male|other|)$")
    email: str = ""
    phone: str = ""
    code: str = ""
    local_reference: str = ""
    own: bool = Field(default=False, description="known to the organisation that asks")


class PersonMatchInput(EngineModel):
    """The person asked for and the known persons; keys of the known ones are distinct."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "asked": EXAMPLE,
                    "known": [{**EXAMPLE, "key": 7, "given_name": "Liga", "family_name": "Berzina"}],
                }
            ]
        }
    )

    asked: PersonRecord
    known: tuple[PersonRecord, ...] = Field(max_length=100_000)


class ReasonOutput(EngineModel):
    """One comparison: the field, how it agreed, its weight in bits."""

    field: str
    verdict: str
    weight: float


class CandidateOutput(EngineModel):
    """A known person who may be the one asked for, with the score (0 to 1) and why."""

    key: int
    score: float
    reasons: tuple[ReasonOutput, ...]


class PersonMatchOutput(EngineModel):
    """`outcome` is same, candidate, new or conflict; `by` is code, reference, likeness or empty."""

    outcome: str
    key: int | None
    by: str
    candidates: tuple[CandidateOutput, ...]


@engine(
    "people.person_match",
    version="1.0.0",
    summary="Whether a record is of a person already known: same, new, or for a person to decide, with reasons",
    source=(
        "Fellegi and Sunter, J. Am. Stat. Assoc. 64 (1969) 1183-1210; Winkler (1990), string comparator metrics; "
        "Levenshtein (1966)"
    ),
)
def person_match(inp: PersonMatchInput, *, seed: int) -> PersonMatchOutput:
    """Code and own reference first, else likeness within blocks. Deterministic: no use of the seed."""
    keys = [record.key for record in inp.known]
    if len(set(keys)) != len(keys):
        raise EngineInputError.at("two known persons have the same key", "known")
    match = Matcher(_record(each) for each in inp.known).find(_record(inp.asked))
    return PersonMatchOutput(
        outcome=match.outcome.value, key=match.key, by=match.by, candidates=tuple(map(_candidate, match.candidates))
    )


def _record(person: PersonRecord) -> Record:
    return Record(
        key=person.key,
        given=words_of(person.given_name),
        family=words_of(person.family_name),
        birth_on=person.birth_on,
        sex=person.sex,
        email=email_key(person.email),
        phone=phone_key(person.phone),
        code=person.code.encode() or None,
        reference=person.local_reference if person.own or not person.key else "",
        own=person.own,
    )


def _candidate(candidate: Candidate) -> CandidateOutput:
    return CandidateOutput(
        key=candidate.key, score=candidate.score, reasons=tuple(map(_reason, candidate.reasons))
    )


def _reason(reason: Reason) -> ReasonOutput:
    return ReasonOutput(field=reason.field, verdict=reason.verdict, weight=reason.weight)

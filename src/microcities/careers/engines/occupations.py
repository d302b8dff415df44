"""Reads the table of occupations with their Holland letters, and refuses one that cannot be read beside interests."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Annotated

from pydantic import Field

from microcities.careers.engines.documents import VersionedDocument, read_document, shipped_text
from microcities.careers.engines.interest_models import TYPES, Letters
from microcities.careers.engines.questionnaire import Bilingual, Words
from microcities.decisions.engine import EngineInputError


class Occupation(Bilingual):
    """A unit group of ISCO-08, its name in our words and the three letters we read in it."""

    isco: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    letters: Letters


class Occupations(VersionedDocument):
    """A versioned table; `status` is shown wherever its letters are."""

    status: Words
    read_on: date
    licence: Words
    note: Bilingual
    source: Bilingual
    occupations: tuple[Occupation, ...] = Field(min_length=6, max_length=1000)


def read_occupations(text: str) -> Occupations:
    """A table from TOML; EngineInputError says where and why it cannot be used."""
    found = read_document(Occupations, text)
    codes = Counter(each.isco for each in found.occupations)
    if twice := [code for code, number in codes.items() if number > 1]:
        raise EngineInputError.at(f"the code {twice[0]} stands twice", "occupations")
    first = {each.letters[0] for each in found.occupations}
    if without := [letter for letter in TYPES if letter not in first]:
        raise EngineInputError.at(f"no occupation begins with {without[0]}", "occupations")
    return found


def shipped_occupations(version: int = 1) -> Occupations:
    """The table that comes with the platform; LookupError for a version that does not exist."""
    return read_occupations(shipped_text("occupations", version))

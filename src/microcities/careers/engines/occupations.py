"""Reads the table of occupations with their Holland letters, and refuses one that cannot be read beside interests."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date
from typing import Annotated

from pydantic import Field, ValidationError

from microcities.careers.engines.interest_models import TYPES, Letters
from microcities.careers.engines.questionnaire import DATA, Bilingual, Words, as_tuples
from microcities.decisions.engine import EngineInputError, EngineModel


class Occupation(Bilingual):
    """A unit group of ISCO-08, its name in our words and the three letters we read in it."""

    isco: Annotated[str, Field(pattern=r"^[0-9]{4}$")]
    letters: Letters


class Occupations(EngineModel):
    """A versioned table; `status` is shown wherever its letters are."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    version: int = Field(ge=1)
    status: Words
    read_on: date
    licence: Words
    note: Bilingual
    source: Bilingual
    occupations: tuple[Occupation, ...] = Field(min_length=6, max_length=1000)

    @property
    def name(self) -> str:
        """What pages refer to: microcities-occupations-1."""
        return f"{self.id}-{self.version}"


def read_occupations(text: str) -> Occupations:
    """A table from TOML; EngineInputError says where and why it cannot be used."""
    try:
        found = Occupations.model_validate(as_tuples(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise EngineInputError.at(f"not TOML: {error}") from None
    except ValidationError as error:
        raise EngineInputError.from_validation(error) from None
    codes = Counter(each.isco for each in found.occupations)
    if twice := [code for code, number in codes.items() if number > 1]:
        raise EngineInputError.at(f"the code {twice[0]} stands twice", "occupations")
    first = {each.letters[0] for each in found.occupations}
    if without := [letter for letter in TYPES if letter not in first]:
        raise EngineInputError.at(f"no occupation begins with {without[0]}", "occupations")
    return found


def shipped_occupations(version: int = 1) -> Occupations:
    """The table that comes with the platform; LookupError for a version that does not exist."""
    path = DATA / f"occupations-{version}.toml"
    if not path.is_file():
        raise LookupError(f"there is no version {version} of the table of occupations")
    return read_occupations(path.read_text(encoding="utf-8"))

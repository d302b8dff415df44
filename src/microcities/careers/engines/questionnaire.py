"""Reads an interest questionnaire, ours or an operator's own licensed one, and refuses one that cannot be scored."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from microcities.careers.engines.interest_models import TYPES, Type
from microcities.decisions.engine import EngineInputError, EngineModel

DATA = Path(__file__).parents[1] / "data"
Words = Annotated[str, Field(min_length=1, max_length=1000)]


class Bilingual(EngineModel):
    """A text in both languages."""

    lv: Words
    en: Words

    def in_language(self, language: str) -> str:
        """The text for a language code; English for every language but Latvian."""
        return self.lv if language.split("-")[0] == "lv" else self.en


class Answer(Bilingual):
    """One point of the answer scale."""

    value: int


class Word(Bilingual):
    """A word of the check list; some do not exist."""

    exists: bool


class Statement(Bilingual):
    """One item and the type it belongs to."""

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
    type: Type


class Questionnaire(EngineModel):
    """A versioned instrument. `status` is shown with every result; `licence` says on what terms its texts are used."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,60}$")]
    version: int = Field(ge=1)
    status: Literal["not validated", "validated"]
    youngest: int = Field(ge=0, le=99)
    licence: Words
    title: Bilingual
    instruction: Bilingual
    notice: Bilingual
    origin: Bilingual
    answers: tuple[Answer, ...] = Field(min_length=2, max_length=11)
    words: tuple[Word, ...] = Field(default=(), max_length=60)
    items: tuple[Statement, ...] = Field(min_length=12, max_length=600)

    @property
    def name(self) -> str:
        """What results refer to: microcities-interests-1."""
        return f"{self.id}-{self.version}"


def read_questionnaire(text: str) -> Questionnaire:
    """A questionnaire from TOML; EngineInputError says where and why it cannot be used."""
    try:
        found = Questionnaire.model_validate(as_tuples(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise EngineInputError.at(f"not TOML: {error}") from None
    except ValidationError as error:
        raise EngineInputError.from_validation(error) from None
    _check(found)
    return found


def shipped_questionnaire(version: int = 1) -> Questionnaire:
    """The questionnaire that comes with the platform; LookupError for a version that does not exist."""
    path = DATA / f"interests-{version}.toml"
    if not path.is_file():
        raise LookupError(f"there is no version {version} of the interest questionnaire")
    return read_questionnaire(path.read_text(encoding="utf-8"))


def _check(found: Questionnaire) -> None:
    values = [answer.value for answer in found.answers]
    if values != list(range(values[0], values[0] + len(values))):
        raise EngineInputError.at("the answers count up by one", "answers")
    codes = Counter(item.code for item in found.items)
    if twice := [code for code, number in codes.items() if number > 1]:
        raise EngineInputError.at(f"the code {twice[0]} stands twice", "items")
    sizes = Counter(item.type for item in found.items)
    if few := [letter for letter in TYPES if sizes[letter] < 2]:
        raise EngineInputError.at(f"the type {few[0]} has fewer than two items", "items")


def as_tuples(value: Any) -> Any:
    """TOML arrays as tuples: the strict models hold nothing that can change."""
    if isinstance(value, dict):
        return {key: as_tuples(item) for key, item in value.items()}
    return tuple(as_tuples(item) for item in value) if isinstance(value, list) else value

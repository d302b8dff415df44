"""Reads an interest questionnaire, ours or an operator's own licensed one, and refuses one that cannot be scored."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Literal

from pydantic import Field

from microcities.careers.engines.documents import VersionedDocument, read_document, shipped_text
from microcities.careers.engines.interest_models import TYPES, Type
from microcities.decisions.engine import EngineInputError, EngineModel

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


class Questionnaire(VersionedDocument):
    """A versioned instrument. `status` is shown with every result; `licence` says on what terms its texts are used."""

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


def read_questionnaire(text: str) -> Questionnaire:
    """A questionnaire from TOML; EngineInputError says where and why it cannot be used."""
    found = read_document(Questionnaire, text)
    _check(found)
    return found


def shipped_questionnaire(version: int = 1) -> Questionnaire:
    """The questionnaire that comes with the platform; LookupError for a version that does not exist."""
    return read_questionnaire(shipped_text("interests", version))


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

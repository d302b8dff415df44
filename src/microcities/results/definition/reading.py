"""Reads a programme's definition of results from TOML and checks it before anything is written."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

PACKAGE = "microcities.results.definition"
Text = Annotated[str, Field(min_length=1)]


class Part(BaseModel):
    """A part of the file: no key may be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Promise(Part):
    """Where the targets come from, when they were decided, and when they are due unless one says otherwise."""

    source: Text
    url: str = ""
    decided_on: date
    due_on: date


class SeasonEntry(Part):
    """One season by its days."""

    name: Text
    name_en: Text
    starts_on: date
    ends_on: date

    @model_validator(mode="after")
    def in_order(self) -> "SeasonEntry":
        """A season ends after it starts."""
        if self.ends_on < self.starts_on:
            raise ValueError(f"{self.name_en} ends before it starts")
        return self


class Baseline(Part):
    """The value before the programme, with its day and source."""

    value: Decimal
    on: date
    source: Text


class IndicatorEntry(Part):
    """One indicator. `exposure` is "months" or a list of seasons by its name; no `target` names a direction only."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$", max_length=40)]
    name: Text
    name_en: Text
    definition: Text
    definition_en: Text
    unit: Text
    unit_en: Text
    direction: Literal["up", "down"] = "up"
    counting: Text
    measures: tuple[str, ...] = ()
    denominator_measures: tuple[str, ...] = ()
    source_service: Text
    empty_means: Literal["not_reported", "zero"] = "not_reported"
    over_time: Text
    over_cities: Text
    counts_from: date | None = None
    exposure: str = "months"
    common_codes: tuple[str, ...] = ()
    responsible: str = ""
    public: bool = True
    baseline: Baseline | None = None
    target: Decimal | None = None
    due_on: date | None = None


class Definition(Part):
    """A programme's results."""

    programme: Text
    promise: Promise
    seasons: dict[str, tuple[SeasonEntry, ...]] = {}
    indicator: tuple[IndicatorEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def consistent(self) -> "Definition":
        """Codes stand once; each exposure is months or a list of seasons of this file."""
        codes = [entry.code for entry in self.indicator]
        if doubled := {code for code in codes if codes.count(code) > 1}:
            raise ValueError(f"defined twice: {', '.join(sorted(doubled))}")
        for entry in self.indicator:
            if entry.exposure != "months" and entry.exposure not in self.seasons:
                raise ValueError(f"{entry.code}: there are no seasons called {entry.exposure!r}")
        return self


def read_definition(name: str) -> Definition:
    """The definition shipped under `name`; pydantic.ValidationError says what is wrong in it."""
    return parse_definition(resources.files(PACKAGE).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


def parse_definition(text: str) -> Definition:
    """A definition from the text of a TOML file."""
    return Definition.model_validate(tomllib.loads(text))

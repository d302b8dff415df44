"""Territory codes that change with time, so that a record carries the code that was valid on its own date."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, NamedTuple

from pydantic import Field, model_validator

from microcities.rulebooks.reading import Rule
from microcities.rulebooks.registry import registry, rule
from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values, territory_chain

Level = Literal["lau", "nuts3"]
LATVIA = "LV"


class Place(RuleValues):
    """The codes of one city in one span of time; a code is None where none is on record."""

    place: Annotated[str, Field(pattern=r"^[a-z]+(-[a-z]+)*$"), Label("Place", "Vieta", shown=False)]
    name: Annotated[Text, Label("Name", "Nosaukums")]
    lau: Annotated[
        str | None,
        Field(pattern=r"^(LV)?[0-9]{7}$"),
        Label("Local unit (LAU, ATVK)", "Vietējā vienība (LAU, ATVK)"),
    ] = None
    nuts3: Annotated[
        str | None,
        Field(pattern=r"^[A-Z]{2}[0-9A-Z]{3}$"),
        Label("Statistical region (NUTS 3)", "Statistiskais reģions (NUTS 3)"),
    ] = None
    region: Annotated[Text | None, Label("Name of the region", "Reģiona nosaukums")] = None
    unconfirmed: Annotated[
        tuple[Literal["lau", "nuts3"], ...], Label("Codes to be confirmed", "Vēl apstiprināmie kodi")
    ] = ()
    note: Annotated[Text | None, Label("Note", "Piezīme")] = None


@rule_values("programme.territories")
class Territories(RuleValues):
    """The places whose codes the programme uses: its own cities and those they are compared with."""

    places: Annotated[tuple[Place, ...], Field(min_length=1), Label("Places", "Vietas")]

    @model_validator(mode="after")
    def each_place_once(self) -> Territories:
        """A place, and a local code, stands in the table once."""
        for field in ("place", "lau"):
            codes = [code for row in self.places if (code := getattr(row, field)) is not None]
            if doubled := {code for code in codes if codes.count(code) > 1}:
                raise ValueError(f"{field} {', '.join(sorted(doubled))} stands in the table twice")
        return self

    def row(self, place: str) -> Place | None:
        """The row of a place, or None."""
        return next((row for row in self.places if row.place == place), None)


class UnknownPlaceError(LookupError):
    """No version of the territory table has this place."""


class NoTerritoryCodeError(LookupError):
    """The place is known, but no code of that level is on record for the date."""


class TerritoryCode(NamedTuple):
    """A code with the days on which it holds (`valid_to` is the last, None if open) and what it changed from.

    `confirmed` is False while the code still waits to be checked against the official list.
    """

    code: str
    level: Level
    place: str
    valid_from: date
    valid_to: date | None
    confirmed: bool
    note: Text | None
    changed_from: str | None


def territory_code(place: str, on: date, level: Level, *, country: str = LATVIA) -> TerritoryCode:
    """The code of a place on a date: level "lau" (local unit) or "nuts3" (statistical region).

    `place` is the short name in the rulebook: "ventspils", "valmiera". Raises UnknownPlaceError,
    NoTerritoryCodeError, and NoRuleInForceError for a date before the table begins.
    """
    current, row = _row(place, on, country)
    code = getattr(row, level)
    if code is None:
        raise NoTerritoryCodeError(f"no {level} code of {place} is on record for {on}")
    line = _versions(country)
    position = line.index(current)
    first = last = current
    changed_from = None
    for before in reversed(line[:position]):
        if (earlier := _code(before, place, level)) != code:
            changed_from = earlier
            break
        first = before
    for after in line[position + 1 :]:
        if _code(after, place, level) != code:
            break
        last = after
    note = row.note if level == "lau" else None
    if changed_from is not None:
        note = note or first.title
    confirmed = level not in row.unconfirmed
    return TerritoryCode(code, level, place, first.valid_from, last.valid_to, confirmed, note, changed_from)


def place_chain(place: str, on: date, *, country: str = LATVIA) -> tuple[str, ...]:
    """The territories of a place on a date from near to wide, to be given to `rule(..., territory=...)`.

    For Valmiera in 2025: LV0054010, LV0054000, LV00C, LV00, LV0, LV, EU, any.
    """
    _version, row = _row(place, on, country)
    local = row.lau if row.lau is None or row.lau.startswith(country) else country + row.lau
    near = [code for code in territory_chain(local) if len(code) > 5] if local else []
    return (*near, *territory_chain(row.nuts3 or country))


def places_on(on: date, *, country: str = LATVIA) -> tuple[Place, ...]:
    """Every place of the table in force on a date."""
    return rule(Territories, on=on, territory=country).values.places


def _row(place: str, on: date, country: str) -> tuple[Rule[Territories], Place]:
    current = rule(Territories, on=on, territory=country)
    if (row := current.values.row(place)) is not None:
        return current, row
    known = sorted({row.place for version in _versions(country) for row in version.values.places})
    if place in known:
        raise NoTerritoryCodeError(f"{place} has no codes on record for {on}")
    raise UnknownPlaceError(f"no territory codes for {place!r}; there are: {', '.join(known)}")


def _code(version: Rule[Territories], place: str, level: Level) -> str | None:
    row = version.values.row(place)
    return None if row is None else getattr(row, level)


def _versions(country: str) -> list[Rule[Territories]]:
    """All versions of the table of one country, oldest first."""
    return [
        version
        for version in registry().topic("programme.territories").versions
        if version.territory == country
    ]

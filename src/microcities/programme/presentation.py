"""Puts what the programme page shows into rows: partners by city, codes of territories by date, activities."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.database.collation import latvian_key
from microcities.programme.models import City, Partner, Programme
from microcities.programme.offers import Offer
from microcities.programme.territories import (
    Level,
    NoTerritoryCodeError,
    TerritoryCode,
    UnknownPlaceError,
    territory_code,
)
from microcities.rulebooks.registry import NoRuleInForceError
from microcities.ui.filters import ChoiceFilter, SearchFilter
from microcities.ui.tables import Column, Table

LEVELS: tuple[Level, ...] = ("lau", "nuts3")


@dataclass(frozen=True, slots=True)
class CityPartners:
    """A city with its partners, the lead first, then in Latvian order."""

    city: City
    partners: tuple[Partner, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A code began to hold on a day, and what the rulebook says of it, in the language of the page."""

    valid_from: date
    note: str


@dataclass(frozen=True, slots=True)
class CodeRow:
    """One kind of code of one city: on the programme's first and last day and today, None where none is on record."""

    city: City
    level: str
    codes: tuple[TerritoryCode | None, TerritoryCode | None, TerritoryCode | None]
    changes: tuple[Change, ...]


def partners_by_city(programme: Programme) -> list[CityPartners]:
    """Every city of the programme with its partners; a partner that has left is shown with its end."""
    partners = sorted(
        programme.partners.select_related("organisation", "city"),
        key=lambda partner: (not partner.is_lead, latvian_key(str(partner))),
    )
    cities = sorted(programme.cities.all(), key=lambda city: latvian_key(city.name))
    return [CityPartners(city, tuple(p for p in partners if p.city_id == city.pk)) for city in cities]


def code_rows(programme: Programme, today: date) -> list[CodeRow]:
    """The codes of each city by which statistics find it, by kind."""
    names = {"lau": _("Local unit (LAU, ATVK)"), "nuts3": _("Statistical region (NUTS 3)")}
    cities = sorted(programme.cities.all(), key=lambda city: latvian_key(city.name))
    days = (programme.starts_on, programme.ends_on, today)
    rows = []
    for city in cities:
        for level in LEVELS:
            first, last, now = (_code(city, day, level) for day in days)
            changes = tuple(_changes(city, level, now, programme.starts_on))
            rows.append(CodeRow(city, names[level], (first, last, now), changes))
    return rows


def _changes(city: City, level: Level, code: TerritoryCode | None, since: date) -> Iterator[Change]:
    """The changes since a day, the newest first."""
    language = get_language() or "lv"
    while code is not None and code.changed_from is not None and code.valid_from > since:
        yield Change(code.valid_from, code.note.in_language(language) if code.note else _("a new code"))
        code = _code(city, code.valid_from - timedelta(days=1), level)


def _code(city: City, on: date, level: Level) -> TerritoryCode | None:
    try:
        return territory_code(city.place, on, level)
    except (UnknownPlaceError, NoTerritoryCodeError, NoRuleInForceError):
        return None


def activities_table(offers: Iterable[Offer], params: QueryDict) -> Table:
    """All activities of a programme, the latest first, to be filtered, sorted and taken as a file."""
    rows = list(offers)

    def choices(name: str) -> list[tuple[str, Any]]:
        values = {getattr(offer, name) for offer in rows}
        return [(value, value) for value in sorted(values, key=latvian_key)]

    return Table(
        rows=rows,
        columns=[
            Column("title", _("Activity"), order_by="title", filter=SearchFilter("title"), link=lambda each: each.href),
            Column("kind", _("Kind"), order_by="kind", filter=ChoiceFilter("kind", choices=choices("kind"))),
            Column("city", _("City"), order_by="city", filter=ChoiceFilter("city", choices=choices("city"))),
            Column("organiser", _("Run by"), order_by="organiser"),
            Column("starts_on", _("From"), order_by="starts_on"),
            Column("ends_on", _("To"), order_by="ends_on"),
        ],
        params=params,
        caption=_("Activities of the programme"),
        default_sort="-starts_on",
        empty=_("No activity yet"),
        empty_hint=_("A partner's coordinator adds activities; they appear here at once."),
    )

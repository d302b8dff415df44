"""Crosses the parts of a figure: any two of sex, age, city, partner and service, with totals that come from the parts."""

from collections.abc import Mapping
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.people.models import Organisation
from microcities.programme.models import City
from microcities.results.breakdown import Breakdown, Cell
from microcities.results.models import Indicator
from microcities.results.parts import PartTable, Row, incomplete_words, names_of
from microcities.results.words import SERVICE_WORDS
from microcities.ui.numbers import format_number

DIMENSIONS = {
    "sex": gettext_lazy("Sex"),
    "age": gettext_lazy("Age when first counted"),
    "city": gettext_lazy("City"),
    "partner": gettext_lazy("Partner"),
    "service": gettext_lazy("Service"),
}
# Of whom these are known only together: whoever lacks one of the two is in the total only.
PERSONAL = ("sex", "age")
Names = Mapping[str, Mapping[object, str]]


def place_of(cell: Cell, dimension: str) -> object:
    """Where a cell stands in a dimension."""
    places: dict[str, object] = {
        "sex": cell.sex, "age": cell.age_band, "city": cell.city_id, "partner": cell.partner_id, "service": cell.service,
    }
    return places[dimension]


def names_in(found: Breakdown) -> dict[str, dict[object, str]]:
    """The names of every dimension's places, in their order; those that are not in the rulebook as the cells have them."""
    sexes, bands = names_of(found.scheme)
    cities = City.objects.filter(pk__in={cell.city_id for cell in found.cells}).in_latvian_order()
    partners = Organisation.objects.filter(pk__in={cell.partner_id for cell in found.cells}).in_latvian_order()
    services = sorted({cell.service for cell in found.cells})
    return {
        "sex": {code: sexes[code] for code in found.known_sexes},
        "age": {code: bands[code] for code in found.known_bands},
        "city": {city.pk: str(city) for city in cities},
        "partner": {partner.pk: str(partner) for partner in partners},
        "service": {code: str(SERVICE_WORDS.get(code, code)) for code in services},
    }


def crossed_table(indicator: Indicator, found: Breakdown, names: Names, rows: str, columns: str) -> PartTable:
    """One table: a dimension down, another across, totals on both sides, and below whoever the parts leave out."""
    personal = rows in PERSONAL or columns in PERSONAL
    sums = found.by(lambda cell: (place_of(cell, rows), place_of(cell, columns)), complete_only=personal)
    across = list(names[columns])
    body: list[Row] = [
        _line(name, [sums.get((place, other), Decimal(0)) for other in across]) for place, name in names[rows].items()
    ]
    body.append(_line(_("Together"), [
        sum((sums.get((place, other), Decimal(0)) for place in names[rows]), Decimal(0)) for other in across
    ]))
    if personal and found.incomplete:
        gap = ("",) * len(across)
        body += [(_("sex or age not known"), *gap, format_number(found.incomplete)),
                 (_("Everybody"), *gap, format_number(found.total))]
    caption = _("%(indicator)s: %(rows)s by %(columns)s") % {
        "indicator": indicator, "rows": DIMENSIONS[rows], "columns": DIMENSIONS[columns],
    }
    headings = [str(DIMENSIONS[rows]), *(names[columns][place] for place in across), _("Together")]
    return PartTable(caption, headings, body, incomplete_words(found.incomplete) if personal else "")


def _line(name: str, numbers: list[Decimal]) -> Row:
    return (name, *(format_number(number) for number in numbers), format_number(sum(numbers, Decimal(0))))

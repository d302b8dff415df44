"""The parts of a figure as tables whose totals come from the parts: by city, partner, sex, age, sex by age."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.evidence.queries import ANY
from microcities.people.models import Organisation
from microcities.programme.models import Programme
from microcities.results.breakdown import Breakdown, break_down, scheme_of
from microcities.results.computing import own_funding
from microcities.results.counts import Count, Grouping, Scope, count_indicators
from microcities.results.figures import Figure, State
from microcities.results.models import Counting, Indicator, Publication
from microcities.results.presentation import WITHHELD_WORDS, number_words, value_cell
from microcities.results.reading import Level, PublishedPart, Question, Reader, read_cities, read_published_parts
from microcities.results.remembering import remembered
from microcities.results.rulebook.values import Disaggregation
from microcities.ui.numbers import format_number

Row = tuple[Any, ...]


@dataclass(frozen=True)
class PartTable:
    """One table: headings, rows (the first cell names the row), and a sentence on what the numbers leave out."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Row]
    note: str = ""


def parts_of(
    figure: Figure, programme: Programme, reader: Reader, question: Question, publication: Publication | None
) -> list[PartTable]:
    """The tables this reader may see; none where there is no value to take apart."""
    tables = [_by_city(figure, programme, reader, question)] if question.city is None else []
    if not reader.counts_now(question):
        return tables + _published(figure, programme, publication)
    if figure.indicator.is_outside or figure.state != State.COUNTED:
        return tables
    return tables + _counted(figure, programme, reader, question)


def _by_city(figure: Figure, programme: Programme, reader: Reader, question: Question) -> PartTable:
    rows: list[Row] = []
    known = []
    for city, [local] in read_cities(programme, reader, question, only=figure.indicator).items():
        rows.append((str(city), value_cell(local)))
        known.append(local.value)
    adds_up = figure.value is not None and None not in known and not figure.indicator.is_share
    distinct = figure.indicator.over_cities == "distinct"
    overlap = sum((value for value in known if value is not None), Decimal(0)) - (figure.value or 0)
    if adds_up and distinct and overlap and reader.counts_now(question):
        rows.append((_("counted in more than one city"), f"\N{MINUS SIGN}{format_number(overlap)}"))
    is_own = question.own and not figure.indicator.is_outside
    rows.append((_("Your organisation") if is_own else _("Programme"), value_cell(figure)))
    return PartTable(_("By city"), [_("City"), _("Value")], rows)


# --- live: partners and the programme's team ---


def _counted(figure: Figure, programme: Programme, reader: Reader, question: Question) -> list[PartTable]:
    indicator = figure.indicator
    funding = own_funding(programme) if question.funding is None else question.funding
    scope = Scope(
        question.as_of, question.recorded_at, question.city.pk if question.city else ANY, funding, reader.partners
    )
    found = break_down(indicator, programme, scope)
    note = "" if reader.level == Level.ALL else _("Your own organisation's records only.")
    tables = [_by_partner(figure, scope, note)]
    if indicator.counting == Counting.DISTINCT_PEOPLE:
        tables += _people_tables(found, note)
    return [table for table in tables if table.rows]


def _by_partner(figure: Figure, scope: Scope, note: str) -> PartTable:
    """Distinct within each partner, with the overlap said, so that sum and total agree."""
    indicator = figure.indicator
    key = (indicator.pk, tuple(indicator.measures), scope)
    counts, whole = remembered("partners", key, lambda: _partner_counts(indicator, scope))
    names = Organisation.objects.in_bulk(list(counts))
    by_subject = indicator.counting in (Counting.DISTINCT_PEOPLE, Counting.DISTINCT_ORGANISATIONS, Counting.EVENTS)
    rows: list[Row] = [
        (str(names[number]), format_number(count.subjects if by_subject else count.records))
        for number, count in sorted(counts.items(), key=lambda item: str(names[item[0]]))
    ]
    if by_subject and rows:
        overlap = sum(count.subjects for count in counts.values()) - whole
        if overlap:
            rows.append((_("counted by more than one partner"), f"\N{MINUS SIGN}{format_number(overlap)}"))
        rows.append((_("All together"), format_number(whole)))
    return PartTable(_("By partner"), [_("Partner"), str(indicator.unit_here)], rows, note)


def _partner_counts(indicator: Indicator, scope: Scope) -> tuple[dict[int, Count], int]:
    """Counts by partner, and how many distinct subjects there are in all."""
    groupings: tuple[Grouping, ...] = ("partner", "quarter")
    found = [count_indicators([indicator], scope, by).get((indicator.pk, False), {}) for by in groupings]
    return found[0], sum(count.subjects for count in found[1].values())


def _people_tables(found: Breakdown, note: str) -> list[PartTable]:
    sexes, bands = names_of(found.scheme)
    by_sex = found.by(lambda cell: cell.sex, complete_only=True)
    by_band = found.by(lambda cell: cell.age_band, complete_only=True)
    crossed = found.by(lambda cell: (cell.sex, cell.age_band), complete_only=True)
    left_out = " ".join(filter(None, [note, incomplete_words(found.incomplete)]))

    def line(name: str, values: Iterable[Decimal]) -> Row:
        numbers = list(values)
        return (name, *(format_number(value) for value in numbers), format_number(sum(numbers, Decimal(0))))

    rows = [
        line(sexes[sex], (crossed.get((sex, band), Decimal(0)) for band in found.known_bands))
        for sex in found.known_sexes
    ]
    rows.append(line(_("Together"), (by_band.get(band, Decimal(0)) for band in found.known_bands)))
    ends: list[Row] = [(_("sex or age not known"), format_number(found.incomplete))] if found.incomplete else []
    ends.append((_("Everybody"), format_number(found.total)))
    by_sex_rows = [(sexes[sex], format_number(by_sex.get(sex, 0))) for sex in found.known_sexes]
    by_band_rows = [(bands[band], format_number(by_band.get(band, 0))) for band in found.known_bands]
    return [
        PartTable(_("By sex"), [_("Sex"), _("Persons")], [*by_sex_rows, *ends], left_out),
        PartTable(_("By age"), [_("Age when first counted"), _("Persons")], [*by_band_rows, *ends], left_out),
        PartTable(
            _("By sex and age"), [_("Sex"), *(bands[band] for band in found.known_bands), _("Together")], rows, left_out
        ),
    ]


def incomplete_words(count: Decimal) -> str:
    """How the parts deal with those of whom sex or age is not known."""
    if not count:
        return ""
    return _("%(count)s with unknown sex or age are in the total only.") % {"count": format_number(count)}


def names_of(scheme: Disaggregation) -> tuple[dict[str, str], dict[str, str]]:
    """The names of sexes and of age bands in the reader's language, in the rulebook's order."""
    language = "lv" if (get_language() or "lv").startswith("lv") else "en"
    return (
        {sex.code: sex.name.in_language(language) for sex in scheme.sexes},
        {band.code: band.name.in_language(language) for band in scheme.age_bands},
    )


# --- published ---


def _published(figure: Figure, programme: Programme, publication: Publication | None) -> list[PartTable]:
    parts = read_published_parts(figure.indicator, publication)
    if "sex" not in parts:
        return []
    sexes, bands = names_of(scheme_of(programme))
    # In the order of the rulebook; a key of both stands where its sex and then its band stand.
    order = [*sexes, *bands, *(f"{sex}/{band}" for sex in sexes for band in bands)]

    def table(caption: str, heading: str, dimension: str, name: Callable[[str], str]) -> PartTable:
        inside = sorted(parts.get(dimension, []), key=lambda part: order.index(part.key))
        rows = [(name(part.key), _shown(figure, part)) for part in inside]
        return PartTable(caption, [heading, _("Persons")], rows, _("Each person stands where first counted."))

    def both(key: str) -> str:
        sex, band = key.split("/")
        return f"{sexes[sex]}, {bands[band]}"

    return [
        table(_("By sex"), _("Sex"), "sex", sexes.__getitem__),
        table(_("By age"), _("Age when first counted"), "age", bands.__getitem__),
        table(_("By sex and age"), _("Sex and age"), "sex_age", both),
    ]


def _shown(figure: Figure, part: PublishedPart) -> str:
    if part.value is not None:
        return number_words(figure.indicator, part.value)
    return _("withheld (%(reason)s)") % {"reason": WITHHELD_WORDS[part.withheld]} if part.withheld else _("no data")

"""Publishes figures: each passes the disclosure gate, together with all that was ever published, or is withheld."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.evidence.registry import REGISTRY, SubjectKind
from microcities.people.models import Account
from microcities.programme.models import City, Programme
from microcities.results.breakdown import Breakdown, break_down
from microcities.results.computing import compute_by_city, compute_figures, own_funding
from microcities.results.counts import Scope
from microcities.results.disclosure_gate import BaseCell, Earlier, LineKey, decide, lines_of
from microcities.results.figures import Figure, State
from microcities.results.models import Counting, Indicator, Publication, PublishedCell, PublishedLine, Withheld
from microcities.results.rulebook.values import UNKNOWN, Disclosure
from microcities.results.rules import may_approve_reports
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule
from microcities.trail.context import change


def disclosure_rule(day: date) -> Disclosure:
    """The rule on withholding small figures in force on a day."""
    return rule(Disclosure, on=day, territory=here()).values


def publish_figures(*, actor: Account, programme: Programme, as_of: date) -> Publication:
    """Publish the figures of a day; those that would give few people away are kept back with the reason.

    Publications follow one another in time, because each is audited together with all before it.
    """
    require(may_approve_reports(actor))
    with change("results.publish_figures", actor=actor):
        Programme.objects.select_for_update().get(pk=programme.pk)
        former = list(programme.publications.order_by("as_of", "pk").values_list("as_of", flat=True))
        if former and as_of < former[-1]:
            raise RefusedError(_("A later day has been published already. Choose that day or a later one."))
        publication = Publication.objects.create(programme=programme, as_of=as_of, published_by_id=actor.pk)
        cities = list(programme.cities.in_latvian_order())
        whole = compute_figures(programme, as_of=as_of, public_only=True, with_forecast=False)
        by_city = compute_by_city(programme, as_of=as_of, public_only=True)
        for number, figure in enumerate(whole):
            if figure.indicator.counting == Counting.DISTINCT_PEOPLE and figure.state == State.COUNTED:
                _publish_people(publication, figure, cities)
            else:
                local = [figures[number] for figures in by_city.values()]
                PublishedLine.objects.bulk_create(_plain_lines(publication, figure, local))
    return publication


def _plain_lines(publication: Publication, whole: Figure, local: Sequence[Figure]) -> list[PublishedLine]:
    """Lines of places, shares of public registers, organisations, and of the nothings.

    What is counted of people otherwise than by heads (hours, a share) has no audit of its own: where any part of it
    tells of few people, the cities are withheld together, and the whole too if it is the whole that does.
    """
    withheld = [_tells_of_few_people(figure, publication.as_of) for figure in (whole, *local)]
    return [
        _plain_line(publication, figure, withhold=withheld[0] if place == 0 else any(withheld))
        for place, figure in enumerate((whole, *local))
    ]


def _plain_line(publication: Publication, figure: Figure, *, withhold: bool) -> PublishedLine:
    withhold = withhold and figure.value is not None
    value = None if figure.value is None or withhold else round(figure.value, 6)
    return PublishedLine(
        publication=publication, indicator=figure.indicator, dimension="city" if figure.city else "total",
        key=str(figure.city.pk) if figure.city else "", value=value,
        state=(State.SUPPRESSED if withhold else figure.state).value, withheld=Withheld.SMALL if withhold else "",
        numerator=None if withhold else figure.found.numerator,
        denominator=None if withhold else figure.found.denominator, records=0 if withhold else figure.records,
    )


def _tells_of_few_people(figure: Figure, day: date) -> bool:
    """True when a figure that rests on people's records rests on few of them, or leaves few out."""
    measures = (REGISTRY.measures.get(code) for code in figure.indicator.measures)
    if not any(measure is not None and measure.subject_kind == SubjectKind.PERSON for measure in measures):
        return False
    above, below = figure.found.numerator, figure.found.denominator
    parts = [figure.records] if above is None or below is None else [int(above), int(below - above), int(below)]
    return any(disclosure_rule(day).withholds_count(part) for part in parts)


def _publish_people(publication: Publication, figure: Figure, cities: list[City]) -> None:
    indicator, programme = figure.indicator, publication.programme
    found = break_down(indicator, programme, Scope(publication.as_of, funding_ids=own_funding(programme)))
    cells, space = base_cells(found), cell_space(found, cities)
    reasons = decide(cells, space, earlier_publications(indicator), disclosure_rule(publication.as_of))
    PublishedCell.objects.bulk_create(
        PublishedCell(publication=publication, indicator=indicator, city_id=city, sex=sex, age_band=band, count=count)
        for (city, sex, band), count in cells.items()
    )
    PublishedLine.objects.bulk_create(
        PublishedLine(
            publication=publication, indicator=indicator, dimension=line.key[0], key=line.key[1],
            state=(State.SUPPRESSED if reasons[line.key] else State.COUNTED).value, withheld=reasons[line.key] or "",
            value=None if reasons[line.key] else Decimal(line.value),
        )
        for line in lines_of(cells, space)
    )


def base_cells(found: Breakdown) -> dict[BaseCell, int]:
    """Counts by city, sex and age band."""
    return {key: int(count) for key, count in found.by(lambda cell: (cell.city_id, cell.sex, cell.age_band)).items()}


def cell_space(found: Breakdown, cities: Iterable[City]) -> list[BaseCell]:
    """Every base cell there could be: known sexes by known bands and one for the rest, in each city."""
    places = [(sex, band) for sex in found.known_sexes for band in found.known_bands] + [(UNKNOWN, UNKNOWN)]
    here = {city.pk for city in cities} | {cell.city_id for cell in found.cells}
    return [(city, sex, band) for city in sorted(here) for sex, band in places]


def earlier_publications(indicator: Indicator) -> list[Earlier]:
    """All that was ever published of an indicator of people, in its order; plain nothings published nothing."""
    cells: dict[int, dict[BaseCell, int]] = {}
    for row in PublishedCell.objects.filter(indicator=indicator):
        cells.setdefault(row.publication_id, {})[row.city_id, row.sex, row.age_band] = row.count
    lines: dict[int, dict[LineKey, int | None]] = {}
    rows = PublishedLine.objects.filter(indicator=indicator).order_by("publication__as_of", "publication_id", "pk")
    for line in rows:
        if line.state in (State.COUNTED.value, State.SUPPRESSED.value):
            value = None if line.value is None else int(line.value)
            lines.setdefault(line.publication_id, {})[line.dimension, line.key] = value
    return [Earlier(cells.get(number, {}), shown) for number, shown in lines.items()]

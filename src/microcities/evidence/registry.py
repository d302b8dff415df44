"""Where services offer what can be counted, so that `results` reads all of them blindly.

A service declares in its `indicators.py`:

    REGISTRY.offer(Source(
        name="participation",
        measures=(Measure("summerjobs.pupils", ...),),
        query="SELECT ... AS measure, ... ",
        depends={"participation_participation": "SELECT id FROM changed", ...},
    ))

The query is the one definition of what counts. From it come a view, the triggers that keep `evidence_row` up to date
whichever way the records are written, and the check that compares the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

# Columns of a source's query, in this order. `funding_ids` is an array of funding sources, the paying one first.
COLUMNS = (
    "measure",
    "record_id",
    "subject_kind",
    "subject_id",
    "fact_on",
    "city_id",
    "partner_id",
    "funding_ids",
    "quantity",
    "proof",
    "verification",
    "sex",
    "age",
)


class SubjectKind(StrEnum):
    """Whom or what a row tells of; distinct counts are distinct subjects."""

    PERSON = "person"
    ORGANISATION = "organisation"
    EVENT = "event"


@dataclass(frozen=True)
class Measure:
    """One thing that can be counted. `code` is `service.noun`; `unit` is in the plural, as charts label it."""

    code: str
    title: "str | Promise"
    unit: "str | Promise"
    subject_kind: SubjectKind


@dataclass(frozen=True)
class Source:
    """A service's declared query. `record` is the Django label of the record model that rows point to.

    `depends` names every table the query reads, with the SQL that turns that table's changed rows (the transition table
    `changed`) into record ids to look at again.
    """

    name: str
    record: str
    measures: tuple[Measure, ...]
    query: str
    depends: Mapping[str, str]

    @property
    def view(self) -> str:
        """Name of the view that holds the query."""
        return f"evidence_source_{self.name}"


@dataclass
class Registry:
    """All sources and measures of the services installed."""

    sources: dict[str, Source] = field(default_factory=dict)
    measures: dict[str, Measure] = field(default_factory=dict)
    _source_of: dict[str, str] = field(default_factory=dict)

    def offer(self, source: Source) -> None:
        """Add a source; a name or measure that is already taken is a programming error."""
        if source.name in self.sources:
            raise ValueError(f"evidence source {source.name!r} is offered twice")
        for measure in source.measures:
            if measure.code in self.measures:
                raise ValueError(f"measure {measure.code!r} is offered twice")
            self.measures[measure.code] = measure
            self._source_of[measure.code] = source.name
        self.sources[source.name] = source

    def source_of(self, measure: str) -> Source | None:
        """The source that offers a measure, or None when its service is not installed."""
        name = self._source_of.get(measure)
        return self.sources[name] if name else None


REGISTRY = Registry()

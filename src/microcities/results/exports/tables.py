"""What each file of results holds: named, typed, described columns and their rows, the same as CSV and as XLSX."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.programme.models import Programme
from microcities.results.breakdown import Breakdown, Cell
from microcities.results.figures import Figure, State, Status
from microcities.results.freezing import RowDifference
from microcities.results.models import Indicator, Withheld
from microcities.results.reading import Overview
from microcities.results.reading_for_export import Names, Part, Restatement, city_code

Kind = Literal["string", "integer", "number", "date", "datetime", "boolean"]
Text = str | Promise


@dataclass(frozen=True)
class Field:
    """One column: its name for programs, its title for people, its type, what it means, and the codes it may hold."""

    name: str
    title: Text
    kind: Kind = "string"
    meaning: Text = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A file without its format. `rows` may be read once."""

    name: str
    title: Text
    fields: tuple[Field, ...]
    rows: Iterable[Sequence[Any]]

    def header(self, format: str) -> list[str]:
        """Names for programs in CSV, titles for people in XLSX."""
        return [each.name if format == "csv" else str(each.title) for each in self.fields]


STATES = tuple(state.value for state in State)
_STATE = Field(
    "state", _("State"), meaning=_("Whether there is a value; otherwise which nothing stands in its place."), codes=STATES
)
_WITHHELD = Field("withheld", _("Withheld because"), meaning=_("Filled where the state is suppressed."),
                  codes=tuple(Withheld.values))
_INDICATOR = Field("indicator", _("Indicator"), meaning=_("Code of the indicator; it never changes."))
_CITY = Field("city", _("City"), meaning=_("Empty for the whole programme."))

RESULT_FIELDS = (
    Field("programme", _("Programme")),
    Field("as_of", _("As of"), "date", _("Facts up to this day count.")),
    _INDICATOR,
    Field("name_lv", _("Name in Latvian")),
    Field("name_en", _("Name in English")),
    Field("unit_lv", _("Unit")),
    Field("unit_en", _("Unit in English"), meaning=_("Different units are never added up.")),
    _CITY,
    Field("records_of", _("Whose records"), meaning=_("“own”: the reading partner's own records only."),
          codes=("programme", "own")),
    Field("lau", _("Local unit (LAU)"), meaning=_("The code in force on the day of the figures.")),
    Field("nuts3", _("Region (NUTS 3)"), meaning=_("The code in force on the day of the figures.")),
    Field("value", _("Value"), "number", _("Empty unless the state is “counted”. A share is a part of one. Zero is a value.")),
    _STATE,
    _WITHHELD,
    Field("numerator", _("Numerator"), "number"),
    Field("denominator", _("Denominator"), "number"),
    Field("records", _("Records"), "integer", _("Records behind the value; for partners and auditors only.")),
    Field("confirmed", _("Confirmed records"), "integer", _("For partners and auditors only.")),
    Field("baseline", _("Baseline"), "number"),
    Field("baseline_on", _("Baseline of"), "date"),
    Field("baseline_source", _("Source of the baseline")),
    Field("target", _("Target"), "number", _("Empty with a due date: more than the baseline.")),
    Field("target_due_on", _("Target due"), "date"),
    Field("target_source", _("Source of the target")),
    Field("achievement", _("Achievement"), "number", _("Share of the way from the baseline, or zero, to the target.")),
    Field("status", _("Status"), codes=tuple(status.value for status in Status)),
    Field("forecast", _("Forecast"), "number", _("Expected value on the day the target is due.")),
    Field("forecast_low_80", _("Forecast, 80 % from"), "integer"),
    Field("forecast_high_80", _("Forecast, 80 % to"), "integer"),
    Field("forecast_low_95", _("Forecast, 95 % from"), "integer"),
    Field("forecast_high_95", _("Forecast, 95 % to"), "integer"),
    Field("target_probability", _("Probability of the target"), "number"),
    Field("counting", _("How it is counted")),
    Field("source_service", _("Service that knows")),
    Field("source_document", _("Source document"), meaning=_("Of an outside figure.")),
    Field("source_url", _("Address of the document")),
)
PART_FIELDS = (
    Field("programme", _("Programme")),
    Field("as_of", _("As of"), "date", _("Facts up to this day count.")),
    _INDICATOR,
    Field("dimension", _("Broken down by"),
          meaning=_("“incomplete” are those of whom sex or age is not known; they are in the total only."),
          codes=("city", "sex", "age", "sex_age", "incomplete")),
    Field("key", _("Part"), meaning=_("Short name of the city, sex, age band, or sex/age band.")),
    Field("value", _("Value"), "number", _("Each person stands where first counted.")),
    _STATE,
    _WITHHELD,
)
CROSSED_FIELDS = (
    Field("programme", _("Programme")),
    Field("as_of", _("As of"), "date", _("Facts up to this day count.")),
    _INDICATOR,
    Field("city", _("City"), meaning=_("Short name of the city.")),
    Field("partner", _("Partner")),
    Field("partner_number", _("Partner's registration number")),
    Field("service", _("Service")),
    Field("sex", _("Sex"), meaning=_("“unknown” where sex or age is not known.")),
    Field("age_band", _("Age"), meaning=_("Age band on the day of the first fact; “unknown” where sex or age is not known.")),
    Field("value", _("Value"), "number", _("The values of all rows add up to the figure.")),
)
ROW_FIELDS = (
    _INDICATOR,
    Field("part", _("Part"), codes=("numerator", "denominator"), meaning=_("Everything but a share has a numerator only.")),
    Field("measure", _("Measure")),
    Field("source", _("Service")),
    Field("record", _("Record"), "integer", _("Number of the record in its service.")),
    Field("subject_kind", _("Kind of subject"), codes=("person", "organisation", "event")),
    Field("subject", _("Number of the subject"), "integer", _("The same number is the same person or organisation.")),
    Field("first_of_subject", _("First row of its subject"), "boolean",
          _("The rows that say true are the distinct people or organisations of this file.")),
    Field("fact_on", _("Date"), "date"),
    _CITY,
    Field("lau", _("Local unit (LAU)"), meaning=_("The code in force on the day of the fact.")),
    Field("partner", _("Partner")),
    Field("partner_number", _("Partner's registration number")),
    Field("paid_by", _("Paid by"), meaning=_("Codes of funding sources, the paying one first, separated by semicolons.")),
    Field("quantity", _("Quantity"), "number"),
    Field("proof", _("Proof")),
    Field("verification", _("Verification")),
    Field("sex", _("Sex")),
    Field("age", _("Age"), "integer", _("Completed years on the day of the fact.")),
)
FROZEN_FIELDS = (
    *ROW_FIELDS,
    Field("fingerprint", _("Fingerprint"), meaning=_("SHA-256 of the row as it was frozen.")),
)
DIFFERENCE_FIELDS = (
    _INDICATOR,
    Field("difference", _("Difference"), codes=("added", "removed", "changed")),
    Field("source", _("Service")),
    Field("record", _("Record"), "integer"),
    _CITY,
    Field("partner", _("Partner")),
    Field("fact_on_before", _("Date when frozen"), "date"),
    Field("fact_on_now", _("Date now"), "date"),
    Field("verification_before", _("Verification when frozen")),
    Field("verification_now", _("Verification now")),
)
RESTATEMENT_FIELDS = (
    Field("version", _("Version"), "integer"),
    Field("approved_at", _("Approved"), "datetime"),
    _INDICATOR,
    _CITY,
    Field("value_before", _("Value before"), "number"),
    Field("state_before", _("State before"), codes=STATES),
    Field("value_after", _("Value after"), "number"),
    Field("state_after", _("State after"), codes=STATES),
    Field("reason", _("Reason")),
)


def tidy(value: Decimal | None) -> Decimal | None:
    """At most six digits after the mark, without the zeros that say nothing."""
    if value is None:
        return None
    rounded = round(Decimal(value), 6).normalize()
    return rounded.quantize(Decimal(1)) if rounded == rounded.to_integral_value() else rounded


def results_sheet(programme: Programme, figures: Iterable[Figure], *, detail: bool, own: bool = False) -> Sheet:
    """Figures, one in a row; `detail` adds how many records stand behind each, `own` says they are one partner's."""
    rows = (figure_row(programme, figure, detail=detail, own=own) for figure in figures)
    return Sheet("results", _("Results"), RESULT_FIELDS, rows)


def figure_row(programme: Programme, figure: Figure, *, detail: bool, own: bool = False) -> tuple[Any, ...]:
    """A figure in the order of RESULT_FIELDS; outside figures are never one partner's."""
    indicator, found, target, city = figure.indicator, figure.found, figure.target, figure.city
    counted = detail and figure.state == State.COUNTED
    known = figure.state != State.SUPPRESSED
    return (
        programme.slug, figure.as_of, indicator.code, indicator.name, indicator.name_en, indicator.unit,
        indicator.unit_en, city.slug if city else "", "own" if own and not indicator.is_outside else "programme",
        city_code(city, figure.as_of, "lau"),
        city_code(city, figure.as_of, "nuts3"), tidy(figure.value), figure.state.value, figure.withheld,
        tidy(found.numerator) if known else None, tidy(found.denominator) if known else None,
        figure.records if counted else None, figure.confirmed if counted else None,
        tidy(indicator.baseline_value), indicator.baseline_on, indicator.baseline_source, tidy(figure.wanted),
        target.due_on if target else None, target.source if target else "", tidy(figure.achievement),
        figure.status.value, *_forecast_cells(figure), indicator.counting, indicator.source_service,
        found.observation.document_title if found.observation else "", found.observation.url if found.observation else "",
    )


def _forecast_cells(figure: Figure) -> tuple[Any, ...]:
    forecast = figure.forecast
    if forecast is None:
        return (None,) * 6
    chance = forecast.probability
    return (
        round(forecast.mean, 2), *forecast.interval(0.8), *forecast.interval(0.95),
        None if chance is None else round(chance, 4),
    )


def parts_sheet(programme: Programme, found: Overview, parts: dict[int, list[Part]]) -> Sheet:
    """Breakdowns of all figures, a part in a row."""
    rows = (
        (programme.slug, found.as_of, figure.indicator.code, part.dimension, part.key, tidy(part.value), part.state.value,
         part.withheld)
        for figure in found.figures for part in parts.get(figure.indicator.pk, [])
    )
    return Sheet("breakdown", _("Breakdown"), PART_FIELDS, rows)


def crossed_sheet(programme: Programme, indicator: Indicator, as_of: date, found: Breakdown, names: Names) -> Sheet:
    """A figure by all of its dimensions at once; cells of nobody are left out."""
    def cells(cell: Cell) -> tuple[Any, ...]:
        city, partner = names.cities.get(cell.city_id), names.partners.get(cell.partner_id)
        return (
            programme.slug, as_of, indicator.code, city.slug if city else "", partner.name if partner else "",
            partner.registration_number if partner else "", cell.service, cell.sex, cell.age_band, tidy(cell.amount),
        )

    return Sheet(f"{indicator.code}-crossed", _("Crossed"), CROSSED_FIELDS, map(cells, found.cells))


EMPTY_PARTS = Sheet("breakdown", _("Breakdown"), PART_FIELDS, ())


def rows_sheet(indicator: Indicator, rows: Iterable[tuple[str, Any]], names: Names) -> Sheet:
    """Evidence rows, each with its part. `rows` yields ("numerator" or "denominator", row with `place`)."""
    return Sheet(
        f"{indicator.code}-records", _("Records"), ROW_FIELDS,
        (_row_cells(indicator.code, part, row, names) for part, row in rows),
    )


def _row_cells(code: str, part: str, row: Any, names: Names) -> tuple[Any, ...]:
    city, partner = names.cities.get(row.city_id), names.partners.get(row.partner_id)
    return (
        code, part, row.measure, row.source, row.record_id, row.subject_kind, row.subject_id, row.place == 1, row.fact_on,
        city.slug if city else "", names.code(row.city_id, row.fact_on, "lau"), partner.name if partner else "",
        partner.registration_number if partner else "",
        ";".join(names.payers[number].code if number in names.payers else str(number) for number in row.funding_ids),
        tidy(row.quantity), row.proof, row.verification, row.sex, row.age,
    )


def frozen_cells(code: str, row: Any, names: Names) -> tuple[Any, ...]:
    """A frozen row in the order of FROZEN_FIELDS."""
    part = "denominator" if row.in_denominator else "numerator"
    return (*_row_cells(code, part, row, names), bytes(row.row_hash).hex())


def differences_sheet(
    name: str, differences: Iterable[RowDifference], codes: dict[int, str], names: Names
) -> Sheet:
    """Rows that are not as they were frozen. `codes` are indicator codes by number."""
    def cells(each: RowDifference) -> tuple[Any, ...]:
        city, partner = names.cities.get(each.city_id), names.partners.get(each.partner_id)
        return (
            codes[each.indicator_id], each.kind, each.source, each.record_id, city.slug if city else "",
            partner.name if partner else "", each.fact_before, each.fact_now, each.verification_before,
            each.verification_now,
        )

    return Sheet(name, _("What differs since approval"), DIFFERENCE_FIELDS, map(cells, differences))


def restatements_sheet(name: str, found: Iterable[Restatement]) -> Sheet:
    """Values that later versions of a report changed."""
    rows = (
        (each.version, each.approved_at, each.after.indicator.code, each.after.city.slug if each.after.city else "",
         tidy(each.before.value), each.before.state.value, tidy(each.after.value), each.after.state.value, each.reason)
        for each in found
    )
    return Sheet(name, _("Restatements"), RESTATEMENT_FIELDS, rows)

"""What the API answers with: shapes, and how figures, parts, rows and reports take them."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from ninja import Field, Schema

from microcities.programme.models import City
from microcities.results.figures import Figure, State, Status
from microcities.results.models import Direction, Indicator, Observation, Period, Report, Target
from microcities.results.reading_for_export import Names, Part, Restatement, SealOfReport, city_code

PartOfShare = Literal["numerator", "denominator"]


class ProblemOut(Schema):
    """Problem details of RFC 9457; `errors` names parameters."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[dict[str, str]] | None = None


class TextOut(Schema):
    """One text in both languages."""

    lv: str
    en: str


class CityOut(Schema):
    """A city with its codes on the day asked for."""

    slug: str
    name: TextOut
    lau: str | None = Field(description="Local unit (LAU) in force on that day")
    nuts3: str | None = Field(description="Region (NUTS 3) in force on that day")

    @classmethod
    def of(cls, city: City, on: date) -> "CityOut":
        name = TextOut(lv=city.name, en=city.name_en)
        codes = {"lau": city_code(city, on, "lau") or None, "nuts3": city_code(city, on, "nuts3") or None}
        return cls(slug=city.slug, name=name, **codes)


class TargetOut(Schema):
    """A target; `value` null promises more than the baseline."""

    value: float | None
    due_on: date
    decided_on: date
    reason: str
    source: str

    @classmethod
    def of(cls, target: Target) -> "TargetOut":
        return cls(value=number(target.value), due_on=target.due_on, decided_on=target.decided_on, reason=target.reason,
                   source=target.source)


class BaselineOut(Schema):
    """The value before the programme."""

    value: float
    on: date
    source: str

    @classmethod
    def of(cls, indicator: Indicator) -> "BaselineOut | None":
        if indicator.baseline_value is None or indicator.baseline_on is None:
            return None
        return cls(value=number(indicator.baseline_value), on=indicator.baseline_on, source=indicator.baseline_source)


class ForecastOut(Schema):
    """What the count will probably be on the day the target is due: mean, 80 and 95 % intervals, chance of the target."""

    mean: float
    low_80: int
    high_80: int
    low_95: int
    high_95: int
    probability_of_target: float | None

    @classmethod
    def of(cls, figure: Figure) -> "ForecastOut | None":
        if (found := figure.forecast) is None:
            return None
        (low, high), (lower, higher) = found.interval(0.8), found.interval(0.95)
        return cls(mean=round(found.mean, 2), low_80=low, high_80=high, low_95=lower, high_95=higher,
                   probability_of_target=found.probability)


class FigureOut(Schema):
    """A figure. `value` is null unless `state` is `counted`; a share is a part of one; 0 is a value."""

    indicator: str
    name: TextOut
    unit: TextOut
    direction: Direction
    counting: str
    city: str | None = Field(description="Short name of the city; null for the whole programme")
    as_of: date
    value: float | None
    state: State
    withheld: str | None = Field(description="Why a suppressed value is withheld: small, difference, deducible")
    numerator: float | None
    denominator: float | None
    records: int | None = Field(description="Records behind the value; with a token only")
    confirmed: int | None
    baseline: BaselineOut | None
    target: TargetOut | None
    achievement: float | None
    status: Status
    forecast: ForecastOut | None

    @classmethod
    def of(cls, figure: Figure, *, detail: bool) -> "FigureOut":
        indicator, found = figure.indicator, figure.found
        counted, known = detail and figure.state == State.COUNTED, figure.state != State.SUPPRESSED
        return cls(
            indicator=indicator.code, name=TextOut(lv=indicator.name, en=indicator.name_en),
            unit=TextOut(lv=indicator.unit, en=indicator.unit_en), direction=Direction(indicator.direction),
            counting=indicator.counting, city=figure.city.slug if figure.city else None, as_of=figure.as_of,
            value=number(figure.value), state=figure.state, withheld=figure.withheld or None,
            numerator=number(found.numerator) if known else None, denominator=number(found.denominator) if known else None,
            records=figure.records if counted else None, confirmed=figure.confirmed if counted else None,
            baseline=BaselineOut.of(indicator), target=TargetOut.of(figure.target) if figure.target else None,
            achievement=number(figure.achievement), status=figure.status, forecast=ForecastOut.of(figure),
        )


class ProgrammeOut(Schema):
    """The programme whose results these are."""

    slug: str
    name: TextOut
    starts_on: date
    ends_on: date


class ResultsOut(Schema):
    """All results as of a day. Without a token: those of the newest publication up to that day."""

    programme: ProgrammeOut
    as_of: date
    records_of: Literal["programme", "own"] = Field(description="own: of the token's organisation; outside figures never are")
    published_at: datetime | None
    cities: list[CityOut]
    results: list[FigureOut]


class PartOut(Schema):
    """One part of a breakdown: dimension city, sex, age, sex_age or incomplete; suppressed parts say why."""

    dimension: str
    key: str
    value: float | None
    state: State
    withheld: str | None

    @classmethod
    def of(cls, part: Part) -> "PartOut":
        return cls(dimension=part.dimension, key=part.key, value=number(part.value), state=part.state,
                   withheld=part.withheld or None)


class ResultOut(Schema):
    """One result with its definition, all targets, its course and its parts."""

    result: FigureOut
    records_of: Literal["programme", "own"]
    definition: TextOut
    common_codes: list[str]
    source_service: str
    over_time: str
    over_cities: str
    published_at: datetime | None
    targets: list[TargetOut]
    trend: list["PointOut"]
    breakdown: list[PartOut]


class PointOut(Schema):
    """The value as it stood on a day."""

    on: date
    value: float | None


class ObservationOut(Schema):
    """An outside figure with its document."""

    on: date
    city: str | None
    value: float | None
    numerator: float | None
    denominator: float | None
    document: str
    document_on: date | None
    url: str | None

    @classmethod
    def of(cls, seen: Observation) -> "ObservationOut":
        return cls(
            on=seen.on, city=seen.city.slug if seen.city else None, value=number(seen.value),
            numerator=number(seen.numerator), denominator=number(seen.denominator), document=seen.document_title,
            document_on=seen.document_on, url=seen.url or None,
        )


class RowOut(Schema):
    """One record that counts. `first_of_subject` marks the first of its person or organisation among the rows you may see."""

    part: PartOfShare
    measure: str
    source: str
    record: int
    subject_kind: str
    subject: int
    first_of_subject: bool
    fact_on: date
    city: str
    partner: str
    paid_by: list[str]
    quantity: float
    proof: str
    verification: str
    sex: str
    age: int | None

    @classmethod
    def of(cls, row: Any, names: Names, *, part: PartOfShare, first: bool) -> "RowOut":
        city, partner = names.cities.get(row.city_id), names.partners.get(row.partner_id)
        payers = (names.payers.get(each) for each in row.funding_ids)
        return cls(
            part=part, measure=row.measure, source=row.source, record=row.record_id, subject_kind=row.subject_kind,
            subject=row.subject_id, first_of_subject=first, fact_on=row.fact_on, city=city.slug if city else "",
            partner=partner.name if partner else "", paid_by=[payer.code for payer in payers if payer],
            quantity=row.quantity, proof=row.proof, verification=row.verification, sex=row.sex, age=row.age,
        )


class RowsOut(Schema):
    """A page of records; `next` is the `after` of the following page, null on the last."""

    rows: list[RowOut]
    next: str | None


class PeriodOut(Schema):
    """A reporting period."""

    code: str
    starts_on: date
    ends_on: date
    locked: bool

    @classmethod
    def of(cls, period: Period) -> "PeriodOut":
        return cls(code=period.code, starts_on=period.starts_on, ends_on=period.ends_on, locked=period.locked)


class ReportLineOut(Schema):
    """An approved report: whose, of which period and version, and the fingerprint of its rows."""

    number: int
    period: str
    partner: str | None
    version: int
    restates: int | None
    reason: str
    approved_at: datetime | None
    rows_hash: str

    @classmethod
    def of(cls, report: Report) -> "ReportLineOut":
        return cls(
            number=report.pk, period=report.period.code, partner=str(report.partner) if report.partner else None,
            version=report.version, restates=report.restates_id, reason=report.reason, approved_at=report.approved_at,
            rows_hash=report.rows_hash,
        )


class RestatementOut(Schema):
    """A value that a later version changed."""

    version: int
    indicator: str
    city: str | None
    value_before: float | None
    state_before: State
    value_after: float | None
    state_after: State
    reason: str

    @classmethod
    def of(cls, each: Restatement) -> "RestatementOut":
        city = each.after.city
        return cls(
            version=each.version, indicator=each.after.indicator.code, city=city.slug if city else None,
            value_before=number(each.before.value), state_before=each.before.state, value_after=number(each.after.value),
            state_after=each.after.state, reason=each.reason,
        )


class SealOut(Schema):
    """The link of the trail's hash chain that holds the approval; null while it waits to be sealed."""

    link: int | None
    hash: str | None

    @classmethod
    def of(cls, seal: SealOfReport) -> "SealOut":
        return cls(link=seal.seal_id, hash=seal.hash or None)


class ReportOut(ReportLineOut):
    """An approved report with its frozen figures, what was restated, and its seal."""

    intact: bool | None = Field(
        description="The frozen rows still give the fingerprint; null for a large report unless asked for by `check`"
    )
    seal: SealOut
    figures: list[FigureOut]
    restatements: list[RestatementOut]


def number(value: Decimal | None) -> Any:
    """A JSON number with at most six digits after the mark; None stays None."""
    return None if value is None else float(round(Decimal(value), 6))

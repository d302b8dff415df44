"""The evidence rows behind a figure: exactly those it was counted from, one for each record."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from microcities.evidence.models import EvidenceRow
from microcities.evidence.queries import EvidenceRowQuerySet
from microcities.programme.models import Programme
from microcities.results.computing import own_funding
from microcities.results.models import FrozenRow, Indicator, VerificationSample
from microcities.results.reading import Question


def evidence_rows(
    indicator: Indicator,
    programme: Programme,
    question: Question,
    partners: Sequence[int] | None,
    *,
    in_denominator: bool = False,
) -> EvidenceRowQuerySet:
    """Rows of an indicator for a question; `partners` None is every partner's, else only these organisations'."""
    measures = indicator.denominator_measures if in_denominator else indicator.measures
    rows = EvidenceRow.objects.known_at(question.recorded_at).of_measures(measures).up_to(question.as_of)
    funding = own_funding(programme) if question.funding is None else question.funding
    if funding:
        rows = rows.paid_by(funding)
    if question.city is not None:
        rows = rows.filter(city_id=question.city.pk)
    if partners is not None:
        rows = rows.filter(partner_id__in=partners)
    if len(measures) > 1:
        first = rows.order_by("source", "record_id", "fact_on", "pk").distinct("source", "record_id")
        rows = EvidenceRow.objects.filter(pk__in=first.values("pk"))
    return rows


def rows_changed(
    programme: Programme, indicators: Sequence[Indicator], since: datetime, until: datetime,
    partners: Sequence[int] | None,
) -> "QuerySet[EvidenceRow]":
    """Rows paid by the programme that began or ceased to count in (since, until]; `partners` None is every partner's."""
    measures = {code for each in indicators for code in (*each.measures, *each.denominator_measures)}
    rows = EvidenceRow.objects.of_measures(measures).filter(
        Q(known_from__gt=since, known_from__lte=until) | Q(known_to__gt=since, known_to__lte=until)
    )
    # What opened and closed in between without standing at either end changed no figure.
    rows = rows.exclude(known_from__gt=since, known_to__isnull=False, known_to__lte=until)
    if funding := own_funding(programme):
        rows = rows.paid_by(funding)
    return rows if partners is None else rows.filter(partner_id__in=partners)


def drawn_units(sample: VerificationSample, partners: Sequence[int] | None) -> list[str]:
    """The drawn records in the order of the draw; of these partners only, when some are given."""
    if partners is None:
        return list(sample.unit_ids)
    rows = FrozenRow.objects.filter(report=sample.report_id, indicator=sample.indicator_id, partner_id__in=partners)
    own = {f"{source}:{number}" for source, number in rows.values_list("source", "record_id")}
    return [unit for unit in sample.unit_ids if unit in own]

"""All results in one JSON document, for the command line and for whoever moves to another platform."""

from datetime import date
from typing import Any

from django.utils import timezone

from microcities.programme.models import Programme
from microcities.results import api_schemas as out
from microcities.results.models import Report, ReportState
from microcities.results.reading import Level, Question, Reader
from microcities.results.reading_for_export import (
    figures_with_cities,
    parts_of_all,
    report_figures,
    seal_of,
    shown_observations,
)

FORMAT = "microcities results 1"
EVERYTHING = Reader(Level.ALL)


def export_results(programme: Programme, as_of: date) -> dict[str, Any]:
    """Figures of the whole and of each city with definitions, targets, parts and outside figures; approved reports."""
    question = Question(as_of)
    found, figures = figures_with_cities(programme, EVERYTHING, question)
    parts = parts_of_all(programme, EVERYTHING, question, found)
    indicators = [
        {
            "indicator": figure.indicator.code,
            "definition": {"lv": figure.indicator.definition, "en": figure.indicator.definition_en},
            "measures": figure.indicator.measures,
            "denominator_measures": figure.indicator.denominator_measures,
            "common_codes": figure.indicator.common_codes,
            "over_time": figure.indicator.over_time,
            "over_cities": figure.indicator.over_cities,
            "targets": [_json(out.TargetOut.of(each)) for each in figure.indicator.targets.newest_first()],
            "trend": [_json(out.PointOut(on=point.on, value=out.number(point.value))) for point in figure.trend],
            "breakdown": [_json(out.PartOut.of(part)) for part in parts.get(figure.indicator.pk, [])],
            "observations": [
                _json(out.ObservationOut.of(seen))
                for seen in shown_observations(figure.indicator, EVERYTHING, as_of, None)
            ],
        }
        for figure in found.figures
    ]
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "programme": {"slug": programme.slug, "name": {"lv": programme.name, "en": programme.name_en}},
        "as_of": as_of.isoformat(),
        "figures": [_json(out.FigureOut.of(figure, detail=True)) for figure in figures],
        "indicators": indicators,
        "reports": [_report(report) for report in _approved(programme)],
    }


def _approved(programme: Programme) -> list[Report]:
    rows = Report.objects.filter(period__programme=programme, state=ReportState.APPROVED)
    return list(rows.select_related("period__programme", "partner__organisation").newest_first())


def _report(report: Report) -> dict[str, Any]:
    groups = report_figures(report, EVERYTHING).values()
    return {
        **_json(out.ReportLineOut.of(report)),
        "seal": _json(out.SealOut.of(seal_of(report))),
        "figures": [_json(out.FigureOut.of(figure, detail=True)) for group in groups for figure in group],
    }


def _json(answer: Any) -> Any:
    return answer.model_dump(mode="json")

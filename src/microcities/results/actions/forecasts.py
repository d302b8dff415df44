"""Keeps a forecast as a decision file: its input, rulebooks, seed and answer, to be run again by the auditor."""

from datetime import date

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.decisions.actions import record_run
from microcities.decisions.models import DecisionRun
from microcities.people.models import Account
from microcities.results.computing import compute_figures
from microcities.results.figures import Figure, forecast_input
from microcities.results.models import Indicator, Report
from microcities.results.rules import may_record_forecasts


def record_forecast(*, actor: Account, indicator: Indicator, as_of: date) -> DecisionRun:
    """Run and keep the forecast of one indicator as of a day; RefusedError where there is none."""
    require(may_record_forecasts(actor))
    figures = compute_figures(indicator.programme, as_of=as_of)
    figure = next(each for each in figures if each.indicator.pk == indicator.pk)
    return _record(actor, figure, "results.indicator", indicator.pk)


def record_forecasts_of(*, actor: Account, report: Report) -> list[DecisionRun]:
    """Keep the forecasts of all indicators as they stood at the end of a report's period."""
    figures = compute_figures(report.period.programme, as_of=report.period.ends_on)
    return [_record(actor, figure, "results.report", report.pk) for figure in figures if figure.forecast is not None]


def _record(actor: Account, figure: Figure, kind: str, number: int) -> DecisionRun:
    if figure.forecast is None or figure.target is None or figure.value is None:
        raise RefusedError(_("There is no forecast of this indicator for that day."))
    return record_run(
        actor=actor, name="results.forecast",
        data=forecast_input(figure.indicator, figure.value, figure.target, figure.forecast.exposure),
        seed=0, subject_kind=kind, subject_ref=number, subject_label=f"{figure.indicator.code} {figure.as_of}",
    )

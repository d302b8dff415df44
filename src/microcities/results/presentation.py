"""Says figures in words, the same on every page: values, nothings, targets, forecasts and how things stand."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from microcities.results.figures import Figure, Forecast, State, Status
from microcities.results.models import Counting, ExposureUnit, Indicator, Target, Withheld
from microcities.ui.components import StatusKind, status
from microcities.ui.lines import LineChart, Series, Sparkline
from microcities.ui.numbers import format_day, format_number, format_percent

Text = str | Promise
NEARLY_NEVER, NEARLY_ALWAYS = 0.01, 0.99

STATE_WORDS: dict[State, Text] = {
    State.NOT_REPORTED: gettext_lazy("not reported"),
    State.NOT_BEGUN: gettext_lazy("period not begun"),
    State.SUPPRESSED: gettext_lazy("withheld"),
    State.NO_SERVICE: gettext_lazy("service not in operation yet"),
    State.UNDEFINED: gettext_lazy("undefined: nothing to divide by"),
    State.PER_CITY: gettext_lazy("by city only"),
    State.NOT_PUBLISHED: gettext_lazy("not published yet"),
}
# What an export or the API writes where there is no number: one code for each nothing.
STATE_CODES: dict[State, str] = {state: "" if state == State.COUNTED else state.value for state in State}
STATUS_WORDS: dict[Status, tuple[Text, StatusKind]] = {
    Status.REACHED: (gettext_lazy("target reached"), "good"),
    Status.MISSED: (gettext_lazy("target missed"), "bad"),
    Status.ON_COURSE: (gettext_lazy("on course"), "good"),
    Status.OPEN: (gettext_lazy("open: may be reached"), "info"),
    Status.AT_RISK: (gettext_lazy("at risk"), "warning"),
    Status.NOT_YET: (gettext_lazy("not reached yet"), "neutral"),
    Status.NO_BASELINE: (gettext_lazy("cannot be judged without a baseline"), "neutral"),
    Status.UNKNOWN: (gettext_lazy("cannot be judged yet"), "neutral"),
}
WITHHELD_WORDS: dict[str, Text] = dict(Withheld.choices)


def number_words(indicator: Indicator, value: Decimal | None) -> str:
    """A value of this indicator without its unit: 66, 9.0 %, place 3, yes."""
    if indicator.is_share:
        return format_percent(value, 1)
    if indicator.counting == Counting.YES_NO and value is not None:
        return _("yes") if value else _("no")
    return format_number(value, 1 if indicator.counting == Counting.FTE else None)


def value_words(figure: Figure) -> str:
    """The figure's value, or the words of the nothing in its place."""
    if figure.value is None:
        return str(STATE_WORDS[figure.state])
    return number_words(figure.indicator, figure.value)


def value_cell(figure: Figure) -> SafeString:
    """The value for a page; a nothing looks different from a number and says why."""
    if figure.value is not None:
        return format_html("<strong>{}</strong>", value_words(figure))
    why = WITHHELD_WORDS.get(figure.withheld, "")
    if figure.found.missing_cities:
        why = _("missing: %(cities)s") % {"cities": ", ".join(figure.found.missing_cities)}
    hint = format_html(' <span class="hint">({})</span>', why) if why else ""
    return format_html('<span class="none" data-state="{}">{}</span>{}', figure.state.value, value_words(figure), hint)


def target_words(indicator: Indicator, target: Target | None) -> str:
    """The target with its day."""
    if target is None:
        return _("no target on that day")
    day = format_day(target.due_on)
    if target.value is None:
        return _("more than the baseline by %(date)s") % {"date": day}
    limit = number_words(indicator, target.value)
    if indicator.direction == "down":
        return _("at most %(value)s by %(date)s") % {"value": limit, "date": day}
    return _("%(value)s by %(date)s") % {"value": limit, "date": day}


def baseline_words(indicator: Indicator) -> str:
    """The baseline with its day, or that there is none on record."""
    if indicator.baseline_value is None or indicator.baseline_on is None:
        return _("no baseline on record")
    return _("%(value)s on %(date)s") % {
        "value": number_words(indicator, indicator.baseline_value), "date": format_day(indicator.baseline_on),
    }


def status_cell(figure: Figure) -> SafeString:
    """How the figure stands against its target."""
    word, kind = STATUS_WORDS[figure.status]
    return status(word, kind)


def achievement_words(figure: Figure) -> str:
    """How much of the way to the target is done; empty where that is undefined."""
    if figure.achievement is None:
        return ""
    share = format_percent(figure.achievement)
    if figure.indicator.baseline_value:
        return _("%(share)s of the way from the baseline to the target") % {"share": share}
    return _("%(share)s of the target") % {"share": share}


def chance_words(probability: float) -> str:
    """A probability without false precision at its ends."""
    if probability < NEARLY_NEVER:
        return _("under %(share)s") % {"share": format_percent(NEARLY_NEVER)}
    if probability > NEARLY_ALWAYS:
        return _("over %(share)s") % {"share": format_percent(NEARLY_ALWAYS)}
    return format_percent(round(probability, 2))


def forecast_words(figure: Figure) -> str:
    """Expected final count with its 80 % interval and the chance of the target; empty without a forecast."""
    if figure.forecast is None or figure.target is None:
        return ""
    low, high = figure.forecast.interval(0.8)
    text = _("about %(mean)s by %(date)s, with 80%% probability %(low)s to %(high)s") % {
        "mean": format_number(figure.forecast.mean, 0), "date": format_day(figure.target.due_on),
        "low": format_number(low), "high": format_number(high),
    }
    if figure.forecast.probability is None:
        return text
    return text + "; " + _("chance of the target %(chance)s") % {"chance": chance_words(figure.forecast.probability)}


def exposure_words(forecast: Forecast) -> str:
    """How much of the time for results has passed: 1 of 3 seasons."""
    units: dict[ExposureUnit, str] = {
        ExposureUnit.MONTHS: pgettext("of 36", "months"),
        ExposureUnit.SEASONS: pgettext("of 3", "seasons"),
        ExposureUnit.SCHOOL_YEARS: pgettext("of 3", "school years"),
        ExposureUnit.CALLS: pgettext("of 3", "calls"),
    }
    return _("%(done)s of %(total)s %(unit)s have passed") % {
        "done": format_number(forecast.exposure.done, 1), "total": format_number(forecast.exposure.total, 1),
        "unit": units[forecast.exposure.unit],
    }


def sparkline(figure: Figure) -> Sparkline | None:
    """The trend as a small line; None with fewer than two points."""
    if len(figure.trend) < 2:
        return None
    unit = "share" if figure.indicator.is_share else ""
    return Sparkline(_("Trend"), [point.value for point in figure.trend], unit=unit)


def trend_chart(figure: Figure) -> LineChart | None:
    """The trend with its target, and the forecast to the day the target is due; its table twin holds the numbers."""
    if not figure.trend:
        return None
    labels = [format_day(point.on) for point in figure.trend]
    values: list[object] = [point.value for point in figure.trend]
    name = _("counted") if figure.indicator.measures else _("observed")
    series = [Series(name, values)]
    if figure.forecast is not None and figure.target is not None and figure.value is not None:
        low, high = figure.forecast.interval(0.8)
        labels.append(format_day(figure.target.due_on))
        series = [Series(name, [*values, None])]
        gap: list[object] = [None] * (len(values) - 1)
        series.append(
            Series(
                _("expected"), [*gap, values[-1], round(figure.forecast.mean, 1)],
                low=[*gap, values[-1], low], high=[*gap, values[-1], high], dashed=True,
            )
        )
    return LineChart(
        _("How it has gone"), labels, series, target=figure.wanted,
        unit="share" if figure.indicator.is_share else "", decimals=1 if figure.indicator.is_share else None,
        id="trend", from_zero=figure.indicator.counting != Counting.RANK,
    )


@dataclass(frozen=True)
class FigureLine:
    """A figure as a row of the overview: everything in words."""

    figure: Figure
    value: SafeString
    target: str
    status: SafeString
    achievement: str
    forecast: str
    trend: Sparkline | None


def line_of(figure: Figure) -> FigureLine:
    """Put a figure into words."""
    return FigureLine(
        figure, value_cell(figure), target_words(figure.indicator, figure.target), status_cell(figure),
        achievement_words(figure), forecast_words(figure), sparkline(figure),
    )


def summary_words(figures: tuple[Figure, ...], as_of: date) -> str:
    """One sentence for the top of the overview."""
    reached = sum(figure.status == Status.REACHED for figure in figures)
    unknown = sum(figure.value is None for figure in figures)
    return _("On %(date)s, %(reached)s of %(all)s targets were reached; %(unknown)s have no figure yet.") % {
        "date": format_day(as_of), "reached": format_number(reached), "all": format_number(len(figures)),
        "unknown": format_number(unknown),
    }

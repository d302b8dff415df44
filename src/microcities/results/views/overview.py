"""The public pages: overview, one indicator, cities side by side."""

from dataclasses import replace
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.database.remembering import remembered_as
from microcities.programme.models import Programme
from microcities.results.computing import is_served
from microcities.results.models import Indicator
from microcities.results.parts import parts_of
from microcities.results.presentation import (
    achievement_words,
    baseline_words,
    exposure_words,
    forecast_words,
    line_of,
    number_words,
    status_cell,
    summary_words,
    target_words,
    trend_chart,
    value_cell,
)
from microcities.results.reading import Question, Reader, read_cities, read_overview
from microcities.results.rows import evidence_rows
from microcities.results.rules import may_edit_indicators
from microcities.results.views.asking import asked, crumbs, kept_as, the_indicator, the_programme
from microcities.results.words import COMMON_CODE_WORDS, SERVICE_WORDS
from microcities.ui.pages import page


@public
def overview(request: HttpRequest) -> HttpResponse:
    """Every target: value, forecast, trend and how it stands."""
    programme = the_programme(request)
    form, question, reader = asked(request, programme)

    found = cache(lambda: read_overview(programme, reader, question))
    context = {
        "form": form,
        "kept_as": kept_as(request, reader, question),
        "found": found,
        "lines": cache(lambda: [line_of(figure) for figure in found().figures]),
        "summary": lambda: "" if found().own else summary_words(found().figures, found().as_of),
        "question": question,
        "detail": reader.sees_detail,
        "query": request.GET.urlencode(),
    }
    return page(request, "results/overview.html", context, part="figures")


@public
def indicator_page(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: definition, targets with revisions, trend, and the figure taken apart."""
    programme = the_programme(request)
    indicator = the_indicator(programme, code)
    form, question, reader = asked(request, programme)
    if not indicator.is_public and not reader.counts_now(question):
        raise Http404
    name = kept_as(request, reader, question)
    sheet = cache(lambda: _sheet(indicator, programme, reader, question))
    may_revise = request.user.is_authenticated and bool(may_edit_indicators(request.user))
    context = {
        "form": form,
        "kept_as": name,
        "indicator": indicator,
        "sheet": sheet,
        "may_revise": may_revise,
        "may_keep_forecast": may_revise and remembered_as(f"{name}:forecast", lambda: bool(sheet()["forecast"])),
        "query": request.GET.urlencode(),
        "crumbs": crumbs((str(indicator), "")),
    }
    return page(request, "results/indicator.html", context)


def _sheet(indicator: Indicator, programme: Programme, reader: Reader, question: Question) -> dict[str, Any]:
    """All that the page tells of the indicator: its figure in words and parts, its definition, its targets."""
    found = read_overview(programme, reader, question, only=indicator)
    [figure] = found.figures
    counts_now = reader.counts_now(question) and not indicator.is_outside
    twice = evidence_rows(indicator, programme, question, reader.partners).paid_twice() if counts_now else None
    targets = list(indicator.targets.newest_first())
    return {
        "found": found,
        "counts_now": counts_now,
        "paid_twice": twice.count() if twice is not None else 0,
        "parts": parts_of(figure, programme, reader, question, found.publication),
        "figure": figure,
        "value": value_cell(figure),
        "status": status_cell(figure),
        "target": target_words(indicator, figure.target),
        "achievement": achievement_words(figure),
        "forecast": forecast_words(figure),
        "exposure": exposure_words(figure.forecast) if figure.forecast else "",
        "baseline": baseline_words(indicator),
        "targets": [(target, target_words(indicator, target)) for target in targets],
        "service": _service_words(indicator),
        "codes": [(code, COMMON_CODE_WORDS.get(code, "")) for code in indicator.common_codes],
        "chart": trend_chart(figure),
        "number": number_words(indicator, figure.value) if figure.value is not None else "",
    }


def _service_words(indicator: Indicator) -> str:
    """The service that keeps the records, and whether it is there yet."""
    words = str(SERVICE_WORDS.get(indicator.source_service, indicator.source_service))
    if indicator.is_outside or is_served(indicator):
        return words
    return _("%(service)s: not in operation yet") % {"service": words}


@public
def compare_cities(request: HttpRequest) -> HttpResponse:
    """The cities' figures side by side, with the whole programme's."""
    programme = the_programme(request)
    form, question, reader = asked(request, programme)
    del form.fields["city"]
    question = replace(question, city=None)
    context = {
        "form": form, "kept_as": kept_as(request, reader, question), "detail": reader.sees_detail,
        "sides": cache(lambda: _side_by_side(programme, reader, question)),
        "crumbs": crumbs((_("Cities side by side"), "")), "address": reverse("results:compare"),
    }
    return page(request, "results/compare.html", context)


def _side_by_side(programme: Programme, reader: Reader, question: Question) -> dict[str, Any]:
    """The whole programme, its cities, and a row of cells for each indicator."""
    whole = read_overview(programme, reader, question, with_forecast=False)
    cities = read_cities(programme, reader, question)
    rows = [
        (figure.indicator, [value_cell(figures[number]) for figures in cities.values()], value_cell(figure))
        for number, figure in enumerate(whole.figures)
    ]
    return {"found": whole, "cities": list(cities), "rows": rows}

"""Revising a target, and keeping a forecast as a decision file that the auditor can run again."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.decisions.engine import EngineError
from microcities.people.sign_in import account_of
from microcities.results.actions.forecasts import record_forecast
from microcities.results.actions.indicators import revise_target
from microcities.results.forms import TargetForm
from microcities.results.presentation import target_words
from microcities.results.rules import may_edit_indicators, may_record_forecasts
from microcities.results.views.asking import asked, crumbs, the_indicator, the_programme
from microcities.ui.pages import page


@allow(may_edit_indicators, methods=("GET", "POST"))
def revise(request: HttpRequest, code: str) -> HttpResponse:
    """Decide another target with its reason; the former one stays on record."""
    indicator = the_indicator(the_programme(request), code)
    former = indicator.targets.filter(superseded_by__isnull=True).first()
    initial: dict[str, Any] = {"due_on": former.due_on, "value": former.value} if former else {}
    form = TargetForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            revise_target(actor=account_of(request), indicator=indicator, **form.cleaned_data)
            messages.success(request, _("The new target is in force. The former one stays on record."))
            return redirect("results:indicator", code)
    context = {
        "form": form, "indicator": indicator, "former": target_words(indicator, former) if former else "",
        "crumbs": crumbs((str(indicator), reverse("results:indicator", args=[code])), (_("Revise the target"), "")),
    }
    return page(request, "results/target.html", context)


@allow(may_record_forecasts, methods=("POST",))
def forecast_file(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the forecast of a day as a decision file."""
    programme = the_programme(request)
    indicator = the_indicator(programme, code)
    _form, question, _reader = asked(request, programme)
    try:
        run = record_forecast(actor=account_of(request), indicator=indicator, as_of=question.as_of)
    except (RefusedError, EngineError) as refused:
        messages.error(request, str(refused))
        return redirect("results:indicator", code)
    messages.success(request, _("The forecast is kept as a decision file. Anybody who may see it can run it again."))
    return redirect("decisions:decision", run.public_id)

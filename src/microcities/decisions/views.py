"""Pages of decision files, their repetition, and the engines with a page to try each."""

import inspect
import uuid
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow, read_only
from microcities.access.outcome import refusals_on, try_to
from microcities.decisions.actions import confirm_run, discard_run
from microcities.decisions.engine import Engine, UnknownEngineError, get_engine
from microcities.decisions.forms import DiscardForm, TrialForm
from microcities.decisions.models import DecisionRun
from microcities.decisions.presentation import MOST_ROWS, reasons_in, show
from microcities.decisions.rerun import decision_document, rerun
from microcities.decisions.rules import may_confirm, may_confirm_decisions, may_discard, may_see_decisions
from microcities.decisions.run_table import engine_table, run_table
from microcities.decisions.run_words import (
    differences_in_words,
    engine_of,
    in_the_order_of_the_engine,
    rules_in_words,
    state_of,
    who,
)
from microcities.decisions.schema_words import example_of, schema_tables
from microcities.decisions.trial import Trial, try_engine
from microcities.people.models import Account
from microcities.ui.pages import Crumbs, page


@allow(may_see_decisions)
def decision_list(request: HttpRequest) -> HttpResponseBase:
    """All decision files that this account may see, the newest first."""
    runs = DecisionRun.objects.visible_to(_account(request)).without_contents()
    table = run_table(runs, request.GET)
    if table.export_format:
        return table.export("decisions")
    return page(request, "decisions/list.html", {"table": table}, part="table")


@allow(may_see_decisions)
def decision(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """One decision file: what went in, by which rules and engine, what came out and why, who confirmed."""
    return _decision_page(request, _run(request, number), DiscardForm())


@allow(may_see_decisions)
def decision_again(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Run the engine again and compare. A GET that writes nothing, so that the auditor can do it."""
    run = _run(request, number)
    again = rerun(run)
    context = {
        "run": run,
        "again": again,
        "differences": differences_in_words(again),
        "problems": again.problems,
        "changed_rules": [rule for rule in rules_in_words(run.uses) if not rule.unchanged],
        "crumbs": [*_crumbs(run), (_("Run again"), "")],
    }
    return page(request, "decisions/again.html", context)


@allow(may_see_decisions)
def decision_download(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """The decision file as JSON, as `microcities engine run NAME < file` takes it."""
    run = _run(request, number)
    response = JsonResponse(decision_document(run), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{run.engine}-{str(run.public_id)[:8]}.json"'
    return response


@allow(may_confirm_decisions, methods=("POST",))
def decision_confirm(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """A person confirms."""
    run = _run(request, number)
    try_to(confirm_run, request, _("The decision is confirmed."), actor=_account(request), run=run)
    return redirect("decisions:decision", run.public_id)


@allow(may_confirm_decisions, methods=("POST",))
def decision_discard(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """A person sets the proposal aside and says why."""
    run = _run(request, number)
    form = DiscardForm(request.POST)
    if form.is_valid():
        with refusals_on(form, "reason"):
            discard_run(actor=_account(request), run=run, reason=form.cleaned_data["reason"])
            messages.success(request, _("The decision is discarded. Its file stays."))
            return redirect("decisions:decision", run.public_id)
    return _decision_page(request, run, form)


@allow(may_see_decisions)
def engine_list(request: HttpRequest) -> HttpResponseBase:
    """Every engine with its version, what it answers and where it comes from."""
    table = engine_table(request.GET)
    if table.export_format:
        return table.export("engines")
    context = {"table": table, "crumbs": [_home(), (_("Engines"), "")]}
    return page(request, "decisions/engines.html", context, part="table")


@allow(may_see_decisions)
def engine_page(request: HttpRequest, name: str) -> HttpResponse:
    """One engine: documentation, source, rulebooks, and the fields of its input and output."""
    engine = _engine(name)
    described = engine.describe()
    context = {
        "engine": engine,
        "documentation": inspect.getdoc(engine.function) or "",
        "example": example_of(described["input_schema"]),
        "schemas": [
            (_("Input"), "input", schema_tables(described["input_schema"])),
            (_("Output"), "output", schema_tables(described["output_schema"])),
        ],
        "crumbs": [_home(), (_("Engines"), reverse("decisions:engines")), (name, "")],
    }
    return page(request, "decisions/engine.html", context)


@allow(may_see_decisions)
def engine_schema(request: HttpRequest, name: str) -> HttpResponse:
    """What `microcities engine describe NAME` prints."""
    return JsonResponse(_engine(name).describe(), json_dumps_params={"ensure_ascii": False, "indent": 2})


# `own_account` lets the auditor in: the POST carries a large input and runs where the database refuses every write.
@allow(may_see_decisions, methods=("GET", "POST"), own_account=True)
def engine_trial(request: HttpRequest, name: str) -> HttpResponse:
    """Run an engine on an input of one's own; nothing of it is kept."""
    engine = _engine(name)
    initial = {"input": example_of(engine.input_model.model_json_schema())}
    form = TrialForm(request.POST if request.method == "POST" else None, initial=initial)
    trial = Trial()
    if form.is_valid():
        with read_only():
            trial = try_engine(name, form.cleaned_data["input"], form.cleaned_data["seed"])
        for problem in trial.problems:
            form.add_error("input", problem)
    context = {"engine": engine, "form": form, "document": trial.document, "crumbs": _trial_crumbs(name)}
    if trial.document:
        context |= _contents(trial.document["input"], trial.document["output"])
        context |= {"comparison": trial.comparison, "differences": differences_in_words(trial)}
    return page(request, "decisions/trial.html", context)


def _decision_page(request: HttpRequest, run: DecisionRun, form: DiscardForm) -> HttpResponse:
    context = {
        "run": run,
        "state": state_of(run),
        "engine": engine_of(run),
        "rules": rules_in_words(run.uses),
        "who": who(run),
        "may_confirm": may_confirm(request.user, run),
        "may_discard": may_discard(request.user, run),
        "may_settle": may_confirm_decisions(request.user),
        "form": form,
        "crumbs": _crumbs(run, last=True),
        **_contents(*in_the_order_of_the_engine(run)),
    }
    return page(request, "decisions/decision.html", context)


def _contents(went_in: dict[str, Any], came_out: dict[str, Any]) -> dict[str, Any]:
    reasons = reasons_in(came_out)
    return {
        "input_blocks": show(went_in),
        "output_blocks": show(came_out),
        "reasons": reasons[:MOST_ROWS],
        "reasons_left_out": max(0, len(reasons) - MOST_ROWS),
    }


def _account(request: HttpRequest) -> Account:
    """Whoever the rule of the view has let in."""
    return cast(Account, request.user)


def _run(request: HttpRequest, number: uuid.UUID) -> DecisionRun:
    runs = DecisionRun.objects.visible_to(_account(request)).select_related("organisation")
    return get_object_or_404(runs, public_id=number)


def _engine(name: str) -> Engine:
    try:
        return get_engine(name)
    except UnknownEngineError:
        raise Http404(_("There is no engine of that name.")) from None


def _home() -> tuple[str, str]:
    return _("Decisions"), reverse("decisions:list")


def _crumbs(run: DecisionRun, *, last: bool = False) -> Crumbs:
    return [_home(), (run.about, "" if last else reverse("decisions:decision", args=[run.public_id]))]


def _trial_crumbs(name: str) -> Crumbs:
    engines = (_("Engines"), reverse("decisions:engines"))
    return [_home(), engines, (name, reverse("decisions:engine", args=[name])), (_("Try it"), "")]

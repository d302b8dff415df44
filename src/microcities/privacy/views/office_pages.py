"""The data protection officer's pages: requests, looks, holds, clocks."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.privacy.actions import grant_request, lift_hold, place_hold, refuse_request, start_clock
from microcities.privacy.forms import AnswerForm, ClockForm, HoldForm, LiftForm, RunForm
from microcities.privacy.looks import log_look
from microcities.privacy.models import LegalHold, Request, RequestState, RetentionStart
from microcities.privacy.retention import CLOCK_WORDS, Due, due, programme_last_days, run
from microcities.privacy.rules import handles_privacy, may_be_erased
from microcities.privacy.tables import due_table, holds_table, looks_table, requests_table
from microcities.ui.components import Tab
from microcities.ui.pages import form_page, page
from microcities.ui.tables import Table


def _office(current: str) -> list[Tab]:
    """The parts of the office as tabs."""
    parts = (
        ("requests", _("Requests")),
        ("all-looks", _("Looks")),
        ("holds", _("Legal holds")),
        ("retention", _("Retention")),
    )
    return [Tab(words, reverse(f"privacy:{name}"), current=name == current) for name, words in parts]


@allow(handles_privacy)
def requests(request: HttpRequest) -> HttpResponse:
    """Requests, the most urgent first."""
    table = requests_table(request.GET)
    if table.export_format:
        return table.export("requests")  # type: ignore[return-value]
    return page(request, "privacy/requests.html", {"table": table, "office": _office("requests")})


@allow(handles_privacy, methods=("GET", "POST"))
def answer(request: HttpRequest, number: int) -> HttpResponse:
    """One request with its answer."""
    asked = get_object_or_404(Request.objects.select_related("person"), pk=number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act: Any = grant_request if form.cleaned_data["decision"] == "grant" else refuse_request
        with refusals_on(form, "decision"):
            act(actor=request.user, request=asked, answer=form.cleaned_data["answer"])
            messages.success(request, _("The request is answered."))
            return redirect("privacy:requests")
    log_look(asked.person, reason="privacy.request")
    hindrance = may_be_erased(asked.person, timezone.localdate()) if asked.state == RequestState.OPEN else None
    context = {
        "asked": asked,
        "form": form,
        "hindrance": hindrance,
        "open": asked.state == RequestState.OPEN,
        "office": _office("requests"),
    }
    return page(request, "privacy/request.html", context)


@allow(handles_privacy)
def all_looks(request: HttpRequest) -> HttpResponse:
    """Who opened whose record: every logged look."""
    table = looks_table(request.GET)
    if table.export_format:
        return table.export("looks")  # type: ignore[return-value]
    return page(request, "privacy/all_looks.html", {"table": table, "office": _office("all-looks")})


@allow(handles_privacy)
def holds(request: HttpRequest) -> HttpResponse | FileResponse:
    """All holds, those in force first."""
    today = timezone.localdate()
    rows = LegalHold.objects.select_related("person", "programme")
    for each in rows:
        if each.person is not None:
            log_look(each.person, reason="privacy.place_hold")
    in_force = {each.pk for each in LegalHold.objects.in_force(today)}
    table = holds_table(rows, in_force, request.GET)
    if table.export_format:
        return table.export("holds")
    return page(request, "privacy/holds.html", {"table": table, "office": _office("holds")})


@allow(handles_privacy, methods=("GET", "POST"))
def new_hold(request: HttpRequest) -> HttpResponse:
    """Place a hold."""
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        place_hold(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The hold is in place."))
        return redirect("privacy:holds")
    return form_page(request, form, title=_("Place a legal hold"), button=_("Place the hold"), back=reverse("privacy:holds"))


@allow(handles_privacy, methods=("GET", "POST"))
def end_hold(request: HttpRequest, number: int) -> HttpResponse:
    """Say when the proceedings ended."""
    hold = get_object_or_404(LegalHold, pk=number)
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form, "to_on"):
            lift_hold(actor=request.user, hold=hold, to_on=form.cleaned_data["to_on"])
            return redirect("privacy:holds")
    return form_page(request, form, title=_("End a legal hold"), button=_("Save"), back=reverse("privacy:holds"))


@allow(handles_privacy, methods=("GET", "POST"))
def retention(request: HttpRequest) -> HttpResponse | FileResponse:
    """What the clocks say is due today, and the button that does it."""
    today = timezone.localdate()
    form = RunForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = run(actor=request.user, on=today)
        text = _("Persons erased: %(persons)s. Accounts closed: %(accounts)s. Notices deleted: %(notices)s.")
        messages.success(request, text % vars(done))
        for _number, reason in done.refused:
            messages.warning(request, reason)
        return redirect("privacy:retention")
    groups = _grouped(due(today), request.GET)
    for table, _held in groups:
        if table.export_format:
            return table.export(f"due-{table.name}")
    last_days = programme_last_days(today)
    starts = [
        (start, last_days.get(start.programme_id)) for start in RetentionStart.objects.select_related("programme")
    ]
    context = {"form": form, "groups": groups, "starts": starts, "today": today, "office": _office("retention")}
    return page(request, "privacy/retention.html", context)


def _grouped(found: list[Due], params: QueryDict) -> list[tuple[Table, int]]:
    """(the rows, how many of them are held) for each clock with something due."""
    by_clock = [(clock, [each for each in found if each.clock is clock]) for clock in CLOCK_WORDS]
    return [
        (due_table(rows, str(CLOCK_WORDS[clock]), clock.value, params), sum(row.held is not None for row in rows))
        for clock, rows in by_clock
        if rows
    ]


@allow(handles_privacy, methods=("GET", "POST"))
def clock(request: HttpRequest) -> HttpResponse:
    """Record from when a programme's papers are kept."""
    form = ClockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        start_clock(actor=request.user, **form.cleaned_data)
        messages.success(request, _("The clock of the programme has begun."))
        return redirect("privacy:retention")
    return form_page(request, form, title=_("Start a retention clock"), button=_("Save"), back=reverse("privacy:retention"))

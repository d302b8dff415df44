"""Reports: the list, one report with its frozen and present figures, its rows, and its steps."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.decisions.models import DecisionRun
from microcities.people.roles import Permission
from microcities.people.sign_in import account_of
from microcities.results.actions.reports import (
    approve_report,
    draft_report,
    lock_period,
    open_period,
    restate_report,
    return_report,
    submit_report,
)
from microcities.results.forms import DraftForm, PeriodForm
from microcities.results.models import FrozenRow, Period, Report, ReportState
from microcities.results.reading import reader_of
from microcities.results.reported import ReportView, view_of
from microcities.results.rules import (
    may_answer_for,
    may_approve_reports,
    may_change_state,
    may_restate,
    may_see_all_rows,
    may_see_detail,
    may_see_report,
)
from microcities.results.tables import frozen_table, period_table
from microcities.results.views.asking import crumbs, the_indicator, the_programme
from microcities.results.views.evidence import note_minors, record_link
from microcities.ui.filters import ChoiceFilter
from microcities.ui.pages import form_page, page
from microcities.ui.tables import Column, Table, worded


@allow(may_see_detail)
def report_list(request: HttpRequest) -> HttpResponseBase:
    """All reports this reader may see, the newest period first."""
    programme = the_programme(request)
    rows = Report.objects.visible_to(account_of(request)).filter(period__programme=programme).newest_first()
    columns = [
        Column("report", _("Report"), value=str, heading=True, order_by=("period__starts_on", "period__ends_on"),
               link=lambda row: reverse("results:report", args=[row.pk])),
        Column("state", _("State"), value=worded(ReportState, "state"), order_by="state",
               filter=ChoiceFilter("state", choices=ReportState.choices)),
        Column("submitted", _("Submitted"), value="submitted_at", order_by="submitted_at"),
        Column("approved", _("Approved"), value="approved_at", order_by="approved_at"),
    ]
    table = Table(rows=rows.select_related("period", "partner__organisation"), columns=columns, params=request.GET,
                  caption=_("Reports"), empty=_("There is no report yet"),
                  empty_hint=_("Begin one as soon as a period is open."))
    periods = period_table(request, programme)
    if table.export_format or periods.export_format:
        return table.export("reports") if table.export_format else periods.export("periods")
    account = account_of(request)
    context = {
        "table": table, "periods": periods,
        "may_draft": bool(account.organisation_ids(Permission.SUBMIT_REPORTS)),
        "may_approve": bool(may_approve_reports(account)), "crumbs": crumbs((_("Reports"), "")),
    }
    return page(request, "results/reports.html", context)


@allow(may_see_detail, methods=("GET", "POST"))
def draft(request: HttpRequest) -> HttpResponse:
    """Begin a report on a period."""
    form = DraftForm(request.POST or None, programme=the_programme(request), account=account_of(request))
    return _by_form(request, form, _("Begin a report"), _("Begin"), draft_report)


@allow(may_approve_reports, methods=("GET", "POST"))
def period(request: HttpRequest) -> HttpResponse:
    """Open a reporting period, or lock one (`lock` names it)."""
    programme = the_programme(request)
    if request.method == "POST" and "lock" in request.POST:
        try:
            chosen = get_object_or_404(Period, programme=programme, pk=request.POST["lock"])
            lock_period(actor=account_of(request), period=chosen)
        except RefusedError as refused:
            messages.error(request, str(refused.reason))
        return redirect("results:reports")
    form = PeriodForm(request.POST or None)
    return _by_form(
        request, form, _("Open a reporting period"), _("Open the period"),
        lambda **values: open_period(programme=programme, **values),
    )


def _by_form(request: HttpRequest, form: Any, title: str, action: str, verb: Callable[..., object]) -> HttpResponse:
    """Show a form and carry out its verb; a refusal stands on top of the form."""
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            verb(actor=account_of(request), **form.cleaned_data)
            messages.success(request, _("Done."))
            return redirect("results:reports")
    steps = crumbs((_("Reports"), reverse("results:reports")), (title, ""))
    return form_page(request, form, title=title, button=action, back=reverse("results:reports"), crumbs=steps)


def _report(request: HttpRequest, pk: int) -> Report:
    found = get_object_or_404(
        Report.objects.select_related("period__programme", "partner__organisation", "restates", "restated_by"), pk=pk
    )
    if not (answer := may_see_report(account_of(request), found)):
        raise PermissionDenied(answer.reason)
    return found


@allow(may_see_detail)
def report_page(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: its figures as frozen and as they are now, what differs, and what can be done with it."""
    report = _report(request, pk)
    account = account_of(request)
    shown: ReportView = view_of(report, reader_of(account), check="check" in request.GET)
    context = {
        "report": report,
        "shown": shown,
        "may_submit": bool(may_change_state(account, report, "submit")),
        "may_return": bool(may_change_state(account, report, "return")),
        "may_approve": bool(may_change_state(account, report, "approve")),
        "may_restate": bool(may_restate(account, report)),
        "forecasts": DecisionRun.objects.visible_to(account).without_contents().filter(
            subject_kind="results.report", subject_ref=str(pk), engine="results.forecast"
        ).order_by("pk"),
        "is_own": bool(may_answer_for(account, report.period.programme, report.partner)),
        "crumbs": crumbs((_("Reports"), reverse("results:reports")), (str(report), "")),
    }
    return page(request, "results/report.html", context)


@allow(may_see_detail, methods=("POST",))
def change_state(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Submit, return, approve or restate a report."""
    report = _report(request, pk)
    account = account_of(request)
    reason = request.POST.get("reason", "")
    steps: dict[str, Callable[[], Report]] = {
        "submit": lambda: submit_report(actor=account, report=report, note=request.POST.get("note", "")),
        "return": lambda: return_report(actor=account, report=report, reason=reason),
        "approve": lambda: approve_report(actor=account, report=report),
        "restate": lambda: restate_report(actor=account, report=report, reason=reason),
    }
    if verb not in steps:
        raise Http404
    try:
        report = steps[verb]()
    except RefusedError as refused:
        messages.error(request, str(refused.reason))
    else:
        messages.success(request, _("The report is now “%(state)s”.") % {"state": report.get_state_display()})
    return redirect("results:report", report.pk)


@allow(may_see_detail)
def frozen_rows(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """The rows of a reported figure as they were when the report was approved."""
    report = _report(request, pk)
    if report.state != ReportState.APPROVED:
        raise Http404
    indicator = the_indicator(report.period.programme, code)
    rows = FrozenRow.objects.filter(report=report, indicator=indicator)
    account = account_of(request)
    if not may_see_all_rows(account):
        rows = rows.filter(partner_id__in=account.organisation_ids(Permission.SEE_RESULTS_DETAIL))
    table = frozen_table(rows, request.GET, record_link)
    table.on_export = partial(note_minors, what=indicator.code, reason="results.export")
    if table.export_format:
        return table.export(f"{report.period.code}-{code}-frozen")
    note_minors(table.page.rows, indicator.code)
    steps = crumbs((str(report), reverse("results:report", args=[pk])), (str(indicator), ""))
    context = {"table": table, "indicator": indicator, "report": report, "crumbs": steps}
    return page(request, "results/rows.html", context, part="table")

"""The verification sample of a reported figure: drawing it, and noting what each check found."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.people.sign_in import account_of
from microcities.results.actions.reports import check_sampled_record, draw_sample
from microcities.results.forms import CheckForm
from microcities.results.models import Report, VerificationSample
from microcities.results.reading import reader_of
from microcities.results.rows import drawn_units
from microcities.results.rules import may_check_samples, may_see_detail, may_see_report
from microcities.results.tables import sample_table
from microcities.results.views.asking import crumbs, the_indicator
from microcities.ui.pages import page


@allow(may_see_detail, methods=("GET", "POST"))
def sample(request: HttpRequest, pk: int, code: str) -> HttpResponse | FileResponse:
    """The sample with its findings; those who verify draw it and note each check here."""
    report = get_object_or_404(Report.objects.select_related("period__programme", "partner__organisation"), pk=pk)
    account = account_of(request)
    if not (answer := may_see_report(account, report)):
        raise PermissionDenied(answer.reason)
    indicator = the_indicator(report.period.programme, code)
    drawn = VerificationSample.objects.filter(report=report, indicator=indicator).first()
    units = drawn_units(drawn, reader_of(account).partners) if drawn else []
    form = _form(request, drawn, units)
    if request.method == "POST" and _done(request, report, indicator, drawn, form):
        return redirect("results:report-sample", pk, code)
    checks = {check.unit_id: check for check in drawn.checks.filter(unit_id__in=units)} if drawn else {}
    table = sample_table(units, checks, request.GET)
    if table.export_format:
        return table.export(f"{report.period.code}-{code}-sample")
    context = {
        "report": report, "indicator": indicator, "sample": drawn,
        "form": form if len(checks) < len(units) else None,
        "table": table,
        "may_check": bool(may_check_samples(account)),
        "crumbs": crumbs((str(report), reverse("results:report", args=[pk])), (_("Verification sample"), "")),
    }
    return page(request, "results/sample.html", context)


def _form(request: HttpRequest, drawn: VerificationSample | None, units: list[str]) -> CheckForm | None:
    if drawn is None:
        return None
    checked = set(drawn.checks.values_list("unit_id", flat=True))
    left = [unit for unit in units if unit not in checked]
    data = request.POST if "unit_id" in request.POST else None
    return CheckForm(data, units=left)


def _done(request: HttpRequest, report: Report, indicator: Any, drawn: VerificationSample | None, form: Any) -> bool:
    """Draw the sample or note a check; False when the form has to be shown again."""
    account = account_of(request)
    if drawn is not None and not form.is_valid():
        return False
    try:
        if drawn is None:
            draw_sample(actor=account, report=report, indicator=indicator)
        else:
            check_sampled_record(actor=account, sample=drawn, **form.cleaned_data)
    except RefusedError as refused:
        messages.error(request, str(refused.reason))
    return True

"""The operator's page: what needs attention first, then every part of the installation."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities import __version__
from microcities.access.guards import allow
from microcities.access.outcome import try_to
from microcities.database.models import UpkeepKind
from microcities.operations.actions import note_trial, retry_job, set_job_aside
from microcities.operations.findings import findings, setting_findings, worker_is_alive
from microcities.operations.forms import TrialForm
from microcities.operations.readings import read_failed_jobs, read_installation
from microcities.operations.rules import may_see_operations
from microcities.people.sign_in import account_of
from microcities.ui.pages import page


@allow(may_see_operations)
def operations(request: HttpRequest) -> HttpResponse:
    """How the installation is, without anybody's data."""
    state = read_installation()
    notes = state.upkeep
    context: dict[str, Any] = {
        "findings": findings(state), "setting_findings": setting_findings(), "version": __version__,
        "site": settings.SITE_URL, "database": state.database, "disk": state.disk,
        "worker_seen_at": state.worker_seen_at, "worker_alive": worker_is_alive(state, timezone.now()),
        "queues": state.queues, "failed": read_failed_jobs(), "mail": state.mail,
        "backup": notes.get("good backup"), "restored": notes.get(UpkeepKind.RESTORE),
        "trial": notes.get(UpkeepKind.TRIAL), "check_trail": notes.get(UpkeepKind.CHECK_TRAIL),
        "check_evidence": notes.get(UpkeepKind.CHECK_EVIDENCE),
        "check_reports": notes.get(UpkeepKind.CHECK_REPORTS), "retention": notes.get(UpkeepKind.RETENTION),
        "sealed_at": state.sealed_at,
    }
    return page(request, "operations/operations.html", context)


@allow(may_see_operations, methods=("POST",))
def job(request: HttpRequest, number: int, verb: str) -> HttpResponse:
    """Do a failed job again, or set it aside."""
    deeds = {
        "again": (retry_job, _("The job waits for the worker again.")),
        "aside": (set_job_aside, _("The job is set aside.")),
    }
    if verb not in deeds:
        raise Http404
    act, said = deeds[verb]
    try_to(act, request, said, actor=account_of(request), number=number)
    return redirect("operations:page")


@allow(may_see_operations, methods=("GET", "POST"))
def trial(request: HttpRequest) -> HttpResponse:
    """Note that a restore was tried on another machine."""
    form = TrialForm(request.POST or None)
    if form.is_valid():
        found = form.cleaned_data
        note_trial(
            actor=account_of(request), on=found["on"], good=found["outcome"] == "good", words=found["words"]
        )
        messages.success(request, _("The trial is noted."))
        return redirect("operations:page")
    return page(request, "operations/trial.html", {"form": form})

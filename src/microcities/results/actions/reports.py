"""Reports: open a period, draft, submit, return, approve and freeze, restate, draw and check a sample."""

import contextlib
import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.decisions.actions import record_run
from microcities.people.models import Account
from microcities.programme.models import Partner, Programme
from microcities.results.actions.forecasts import record_forecasts_of
from microcities.results.freezing import freeze
from microcities.results.models import (
    FrozenRow,
    Indicator,
    Period,
    Report,
    ReportState,
    SampleCheck,
    VerificationSample,
)
from microcities.results.rulebook.values import Sampling
from microcities.results.rules import (
    ALLOWED_CHANGES,
    may_approve_reports,
    may_change_state,
    may_check_samples,
    may_draft,
    may_restate,
)
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import rule, versions_used
from microcities.trail.context import change
from microcities.trail.sealing import BusyError, seal

# A figure of a small population is verified by a plain share of its records; a larger one by a discovery sample:
# if one record in twenty is wrong, at least one wrong record is seen with probability 95 %.
FAULTY_SHARE, MISS_RISK = 0.05, 0.05


def open_period(*, actor: Account, programme: Programme, code: str, starts_on: date, ends_on: date) -> Period:
    """Open a reporting period; RefusedError when it overlaps another one."""
    require(may_approve_reports(actor))
    with change("results.open_period", actor=actor):
        Programme.objects.select_for_update().get(pk=programme.pk)
        if programme.periods.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise RefusedError(_("The period overlaps another one. Correct its dates."))
        if ends_on < starts_on:
            raise RefusedError(_("The period ends before it starts."))
        if programme.periods.filter(code=code).exists():
            raise RefusedError(_("Another period has this code. Choose a different one."))
        return Period.objects.create(programme=programme, code=code, starts_on=starts_on, ends_on=ends_on)


def lock_period(*, actor: Account, period: Period) -> None:
    """Lock a period: no new report, only restatements. RefusedError while a report of it is open."""
    require(may_approve_reports(actor))
    with change("results.lock_period", actor=actor):
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.reports.exclude(state=ReportState.APPROVED).exists():
            raise RefusedError(_("A report of this period is not approved yet."))
        period.locked = True
        period.save(update_fields=["locked"])


def draft_report(*, actor: Account, period: Period, partner: Partner | None = None, note: str = "") -> Report:
    """Begin a partner's report, or the whole programme's; its figures are computed until approval freezes them."""
    require(may_draft(actor, period, partner))
    with change("results.draft_report", actor=actor):
        period = Period.objects.select_for_update().get(pk=period.pk)
        if period.reports.filter(partner=partner).exists():
            raise RefusedError(_("There is a report of this period already. Continue it, or restate it once approved."))
        return Report.objects.create(period=period, partner=partner, note=note, drafted_by_id=actor.pk)


def _locked(report: Report) -> Report:
    """The report as it is now, held until the transaction ends, so that two decisions come one after the other."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("period__programme", "partner")
    return rows.get(pk=report.pk)


def submit_report(*, actor: Account, report: Report, note: str = "") -> Report:
    """Hand in a draft or returned report."""
    with change("results.submit_report", actor=actor):
        report = _locked(report)
        require(may_change_state(actor, report, "submit"))
        report.state = ALLOWED_CHANGES["submit"][1]
        report.note = note or report.note
        report.submitted_by_id, report.submitted_at = actor.pk, timezone.now()
        report.save(update_fields=["state", "note", "submitted_by_id", "submitted_at"])
    return report


def return_report(*, actor: Account, report: Report, reason: str) -> Report:
    """Send a submitted report back with the reason."""
    if not reason.strip():
        raise RefusedError(_("Say why the report is returned."))
    with change("results.return_report", actor=actor, reason=reason):
        report = _locked(report)
        require(may_change_state(actor, report, "return"))
        report.state, report.returned_because = ALLOWED_CHANGES["return"][1], reason
        report.save(update_fields=["state", "returned_because"])
    return report


def approve_report(*, actor: Account, report: Report) -> Report:
    """Approve a submitted report: its rows are frozen, fingerprinted and, after the commit, sealed in the trail."""
    with change("results.approve_report", actor=actor):
        report = _locked(report)
        require(may_change_state(actor, report, "approve"))
        report.rows_hash = freeze(report)
        report.state = ALLOWED_CHANGES["approve"][1]
        report.approved_by_id, report.approved_at = actor.pk, timezone.now()
        report.save(update_fields=["state", "rows_hash", "counted_by", "approved_by_id", "approved_at"])
        if report.partner is None:
            record_forecasts_of(actor=actor, report=report)
        transaction.on_commit(_seal)
    return report


def _seal() -> None:
    with contextlib.suppress(BusyError):  # somebody writes for long; the next sealing run takes these entries too
        seal()


def restate_report(*, actor: Account, report: Report, reason: str) -> Report:
    """Begin a new version of an approved report; the approved one stays, and both are shown with the reason."""
    if not reason.strip():
        raise RefusedError(_("A restatement needs its reason."))
    with change("results.restate_report", actor=actor, reason=reason):
        report = _locked(report)
        require(may_restate(actor, report))
        return Report.objects.create(
            period=report.period, partner=report.partner, version=report.version + 1, restates=report, reason=reason,
            drafted_by_id=actor.pk,
        )


def draw_sample(*, actor: Account, report: Report, indicator: Indicator) -> VerificationSample:
    """Draw the records of a frozen figure that are to be checked.

    The seed comes from the report's own fingerprint: nobody chooses it, and drawing again gives the same records.
    """
    require(may_check_samples(actor))
    with change("results.draw_sample", actor=actor):
        report = _locked(report)
        if report.state != ReportState.APPROVED:
            raise RefusedError(_("A sample is drawn from an approved report."))
        units = [
            {"id": f"{source}:{record_id}", "stratum": str(city_id)}
            for source, record_id, city_id in FrozenRow.objects.filter(
                report=report, indicator=indicator, in_denominator=False
            ).order_by("source", "record_id").values_list("source", "record_id", "city_id")
        ]
        if not units:
            raise RefusedError(_("This figure has no records to check."))
        seed = int(hashlib.sha256(f"{report.rows_hash}/{indicator.code}".encode()).hexdigest()[:12], 16)
        with versions_used() as used:
            settings = _sample_settings(report.period.ends_on, len(units))
        run = record_run(
            actor=actor, name="results.verification_sample", data={**settings, "units": units, "stratified": True},
            seed=seed, subject_kind="results.report", subject_ref=report.pk,
            subject_label=f"{indicator.code} {report.pk}", uses=used,
        )
        return VerificationSample.objects.create(
            report=report, indicator=indicator, seed=seed, method=str(settings["method"]), population=len(units),
            size=run.output["size"], unit_ids=run.output["drawn"], drawn_by_id=actor.pk, decision_id=run.public_id,
        )


def _sample_settings(on: date, population: int) -> dict[str, object]:
    found = rule(Sampling, on=on, territory=here()).values
    if found.is_small(population):
        return {"method": "fixed", "size": max(1, found.minimum_size(population))}
    return {"method": "discovery", "faulty_share": FAULTY_SHARE, "miss_risk": MISS_RISK}


def check_sampled_record(
    *, actor: Account, sample: VerificationSample, unit_id: str, in_order: bool, finding: str = ""
) -> SampleCheck:
    """Note what the check of one drawn record found; a fault is described."""
    require(may_check_samples(actor))
    if unit_id not in sample.unit_ids:
        raise RefusedError(_("This record was not drawn."))
    if not in_order and not finding.strip():
        raise RefusedError(_("Describe what is wrong with the record."))
    with change("results.check_sampled_record", actor=actor):
        if sample.checks.filter(unit_id=unit_id).exists():
            raise RefusedError(_("This record has been checked already."))
        return SampleCheck.objects.create(
            sample=sample, unit_id=unit_id, in_order=in_order, finding=finding, checked_by_id=actor.pk
        )

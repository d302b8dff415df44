"""Puts results where people find them: the navigation, and My work of those for whom a report or figure waits."""

from collections.abc import Iterable

from django.db.models import Count, F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Account
from microcities.people.roles import Permission
from microcities.results.models import Observation, Report, ReportState, VerificationSample
from microcities.results.rules import may_check_samples, may_see_detail, may_see_report
from microcities.ui.shell import register_nav

register_nav("main", _("Results"), "results:overview", 20)
register_nav("main", _("Reports"), "results:reports", 40, rule=may_see_detail)
register_nav("footer", _("Open data"), "open-data:index", 40)


@waits_for("results.reports")
def reports_waiting(account: Account) -> Iterable[Task]:
    """Submitted reports wait for approval; drafts and returned ones for those who answer for them."""
    states = [ReportState.SUBMITTED] if account.may(Permission.APPROVE_REPORTS) else []
    for report in Report.objects.filter(state__in=states).select_related("period", "partner__organisation"):
        yield Task(_("Approve or return a report"), reverse("results:report", args=[report.pk]), detail=str(report))
    organisations = account.organisation_ids(Permission.SUBMIT_REPORTS)
    if organisations:
        open_states = (ReportState.DRAFT, ReportState.RETURNED)
        own = Report.objects.filter(state__in=open_states).select_related("period", "partner__organisation")
        for report in own.answered_for_by(organisations):
            yield Task(_("Finish and submit a report"), reverse("results:report", args=[report.pk]), detail=str(report))


@waits_for("results.observations")
def observations_waiting(account: Account) -> Iterable[Task]:
    """Outside figures that somebody else recorded wait for confirmation."""
    if account.may(Permission.CONFIRM_OBSERVATIONS):
        for row in Observation.objects.waiting().exclude(recorded_by_id=account.pk).select_related("indicator"):
            yield Task(
                _("Confirm an outside figure"), reverse("results:observation", args=[row.pk]), detail=str(row)
            )


@waits_for("results.samples")
def samples_waiting(account: Account) -> Iterable[Task]:
    """Drawn samples with records that nobody has checked yet."""
    if may_check_samples(account):
        drawn = VerificationSample.objects.annotate(checked=Count("checks")).filter(checked__lt=F("size"))
        for row in drawn.select_related("indicator", "report__period", "report__partner__organisation").order_by("pk"):
            if may_see_report(account, row.report):
                yield Task(
                    _("Check the records drawn from a report"),
                    reverse("results:report-sample", args=[row.report_id, row.indicator.code]),
                    count=row.size - row.checked, detail=f"{row.report}, {row.indicator}",
                )

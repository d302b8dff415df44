"""Keeps records of an approved report from being taken back in bulk: corrections restate it one by one, visibly."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from microcities.participation.models import Activity
from microcities.participation.rules import freezes_days
from microcities.results.models import Report, ReportState


@freezes_days("results.reports")
def approved_reports(activity: Activity, first: date, last: date) -> str:
    """The reason when an approved report of the partner, or of the whole programme, covers any of these days."""
    report = (
        Report.objects.filter(
            Q(partner__isnull=True) | Q(partner__organisation_id=activity.organisation_id),
            state=ReportState.APPROVED, period__programme_id=activity.programme_id,
            period__starts_on__lte=last, period__ends_on__gte=first,
        )
        .select_related("period").order_by("pk").first()
    )
    if report is None:
        return ""
    return _("Its records are part of the approved report on %(period)s. Correct them one by one and restate the report.") % {
        "period": report.period
    }

"""Keeps records of an approved report from being taken back in bulk: corrections restate it one by one, visibly."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.participation.rules import keeps_records
from microcities.results.models import Report, ReportState
from microcities.spreadsheets.told import filled

SOURCE = "participation"


@keeps_records("results.reports")
def approved_reports(numbers: Sequence[int]) -> "str | Promise":
    """The reason when any of these participations is among the rows that a report in force has frozen."""
    report = (
        Report.objects.filter(
            state=ReportState.APPROVED, rows__source=SOURCE, rows__record_id__in=list(numbers),
        )
        .exclude(restated_by__state=ReportState.APPROVED)
        .select_related("period").order_by("pk").first()
    )
    if report is None:
        return ""
    return filled(
        _("Its records are part of the approved report on %(period)s. Correct them one by one and restate the report."),
        period=report.period,
    )

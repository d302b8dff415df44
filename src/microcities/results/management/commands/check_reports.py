"""`microcities check reports`: do the frozen rows of every approved report still give its fingerprint?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep
from microcities.results.freezing import is_intact
from microcities.results.models import Report, ReportState


class Command(BaseCommand):
    """Computes every fingerprint anew; fails when one differs."""

    help = "Compares the frozen rows and figures of approved reports with the fingerprint of their approval."

    def handle(self, **_: Any) -> None:
        approved = Report.objects.filter(state=ReportState.APPROVED).newest_first()
        reports = approved.select_related("period", "partner__organisation")
        changed = 0
        for report in reports:
            good = is_intact(report)
            changed += not good
            self.stdout.write(f"{report}: {report.rows_hash} {'holds' if good else 'DOES NOT HOLD'}")
        note_upkeep(UpkeepKind.CHECK_REPORTS, good=not changed, reports=len(reports))
        if changed:
            raise CommandError(f"{changed} reports were changed. Run `microcities check trail` to see who changed what.")
        self.stdout.write("Every approved report is as it was approved.")

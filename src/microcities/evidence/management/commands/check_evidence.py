"""`microcities check evidence`: are the figures what the records say?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep
from microcities.evidence.checking import check_evidence


class Command(BaseCommand):
    """Compares evidence with the services' records; fails when they differ."""

    help = "Compares evidence rows and counts with the services' records."

    def handle(self, **_: Any) -> None:
        found = check_evidence(self.stdout.write)
        note_upkeep(UpkeepKind.CHECK_EVIDENCE, good=not found, differences=len(found))
        for drift in found:
            self.stderr.write(f"{drift.measure}: {drift.words}")
        if found:
            raise CommandError(f"{len(found)} differences. Run `microcities check trail` to see who changed what.")
        self.stdout.write("Evidence is what the records say.")

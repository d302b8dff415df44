"""`microcities restore FILE`: a backup brought back, all of it or nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from microcities.database.backup import restore
from microcities.database.errors import DatabaseProblemError
from microcities.database.management.commands.backup import private_files
from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep

NEXT = (
    "Restored what was saved at {made_at} by microcities {version}.\n"
    "Next: put the two secrets back, run `microcities migrate`, `microcities check trail` and `microcities check "
    "evidence`, and start the platform."
)


class Command(BaseCommand):
    """Verifies the whole file before it touches anything that exists."""

    help = "Restores a backup into an empty database and folder. Stop the platform first."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file that `microcities backup` wrote")
        parser.add_argument("--force", action="store_true", help="empty the database and the files first")

    def handle(self, *, file: Path, force: bool, **_: Any) -> None:
        connection.close()
        try:
            manifest = restore(file, database=connection.settings_dict, files=private_files(), force=force)
        except DatabaseProblemError as problem:
            # The command line has a name for what the function calls force.
            raise CommandError(str(problem).replace("restore with force", "restore with --force")) from problem
        note_upkeep(UpkeepKind.RESTORE, good=True, file=file.name, made_at=manifest.made_at)
        self.stdout.write(NEXT.format(made_at=manifest.made_at, version=manifest.version))

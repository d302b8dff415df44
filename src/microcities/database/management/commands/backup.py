"""`microcities backup FILE`: the database and the private files in one file."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from microcities.database.backup import backup
from microcities.database.errors import DatabaseProblemError
from microcities.database.models import UpkeepKind
from microcities.database.upkeep import note_upkeep

SECRETS = (
    "The two secrets MICROCITIES_SECRET_KEY and MICROCITIES_PERSON_HASH_KEY are not in it. Keep copies of them "
    "elsewhere; unless you set them yourself, they are in {folder}."
)


def private_files() -> Path:
    """Where uploaded files lie."""
    return Path(default_storage.path(""))


class Command(BaseCommand):
    """Writes one .tar file, readable by its owner alone; never over another file."""

    help = "Writes the database and the private files to a new .tar file. The platform may run meanwhile."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a new file, for example /var/backups/microcities-2026-11-23.tar")

    def handle(self, *, file: Path, **_: Any) -> None:
        try:
            manifest = backup(file, database=connection.settings_dict, files=private_files())
        except DatabaseProblemError as problem:
            note_upkeep(UpkeepKind.BACKUP, good=False, file=file.name)
            raise CommandError(str(problem)) from problem
        note_upkeep(UpkeepKind.BACKUP, good=True, file=file.name, bytes=file.stat().st_size)
        self.stdout.write(
            f"{file}: {file.stat().st_size} bytes, {len(manifest.members) - 1} files, microcities {manifest.version}, "
            f"PostgreSQL {manifest.server}."
        )
        self.stdout.write(SECRETS.format(folder=settings.DATA / "secrets"))

"""Takes the database and the private files away in one file, and brings them back.

The secrets of the installation stay out on purpose: with the key of the keyed hashes beside them, a stolen
backup would give away the personal codes. The operator keeps them elsewhere.
"""

import contextlib
import datetime
import itertools
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psycopg

from microcities import __version__
from microcities.database.archive import (
    FORMAT,
    Manifest,
    chunks_of,
    extract,
    new_archive,
    verified_manifest,
)
from microcities.database.clients import command, environment
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import embedded_installation
from microcities.database.settings import connection_parameters

DUMP = "database.dump"
FILES = "files"
# Extensions and `public` may belong to the administrator of the server: their comments are not ours to set.
NOT_OURS = (" COMMENT - EXTENSION ", " COMMENT - SCHEMA ")
# Settings at the head of every dump that servers before PostgreSQL 17 do not know; ours need none of them.
UNKNOWN_TO_OLDER = {b"SET transaction_timeout = 0;\n"}
HEAD_LINES = 40
# Removes all schemas and everything in them; the new `public` is as in a new database.
EMPTY = rb"""
SET lock_timeout = '10s';
DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\_%' LOOP
        EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
END $$;
CREATE SCHEMA public AUTHORIZATION pg_database_owner;
GRANT USAGE ON SCHEMA public TO PUBLIC;
COMMENT ON SCHEMA public IS 'standard public schema';
"""
USER_RELATIONS = """
    SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
"""


def backup(path: Path, *, database: Mapping[str, Any], files: Path) -> Manifest:
    """Writes the database (an entry of DATABASES) and all files below `files` to a new .tar file, mode 0600.

    The database is read first, as of one moment; a file added meanwhile is in the backup and simply unused.
    Raises DatabaseProblemError when the path exists, or the database cannot be read or has nothing in it.
    """
    if path.exists():
        raise DatabaseProblemError(f"{path} exists already.", "A backup never overwrites one.", "Name another.")
    if not path.parent.is_dir():
        raise DatabaseProblemError(f"There is no folder {path.parent}.", "", "Make it, or name another.")
    try:
        empty = is_empty(database)
    except psycopg.OperationalError as error:
        raise DatabaseProblemError(
            "The database could not be read.", f"It said: {str(error).strip()}", "Nothing was written."
        ) from None
    if empty:
        raise DatabaseProblemError(
            f"The database {database.get('NAME')} is empty.",
            "A backup of it would look like one and save nothing.",
            "Are DATABASE_URL and MICROCITIES_DATA those of the installation?",
        )
    with new_archive(path) as archive:
        archive.add(DUMP, _dump(database))
        for file in sorted(file for file in files.rglob("*") if file.is_file() and not file.is_symlink()):
            with file.open("rb") as content:
                archive.add(f"{FILES}/{file.relative_to(files).as_posix()}", chunks_of(content))
        made_at = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        manifest = Manifest(__version__, made_at, _server_version(database), dict(archive.members))
        archive.finish(manifest)
    return manifest


def restore(path: Path, *, database: Mapping[str, Any], files: Path, force: bool = False) -> Manifest:
    """Brings a backup back. Everything is verified and unpacked before anything that exists is touched.

    With `force`, the database and `files` are emptied first. Raises DatabaseProblemError when the
    backup is damaged or newer than this release, when something exists and `force` is not given, or when the
    database refuses; whatever the reason, database and files are then as they were.
    """
    manifest = verified_manifest(path)
    _refuse_newer(path, manifest)
    if not force:
        _refuse_occupied(database, files)
    files.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=files.parent, prefix=".restore-") as folder:
        stage = Path(folder)
        extract(path, stage)
        (stage / FILES).mkdir(exist_ok=True, mode=0o700)
        _load(database, stage / DUMP, EMPTY if force else b"")
        _replace(files, stage)
    return manifest


def _replace(files: Path, stage: Path) -> None:
    """Moves what is in the folder away and the restored files in; the folder itself may be a mount point."""
    files.mkdir(exist_ok=True, mode=0o700)
    (stage / "replaced").mkdir()
    for old in list(files.iterdir()):
        shutil.move(old, stage / "replaced" / old.name)
    for new in (stage / FILES).iterdir():
        shutil.move(new, files / new.name)


def is_empty(database: Mapping[str, Any]) -> bool:
    """Whether the database holds no table or view beyond those of extensions."""
    with psycopg.connect(**connection_parameters(database)) as connection:  # type: ignore[arg-type]
        row = connection.execute(USER_RELATIONS).fetchone()
    return row is not None and row[0] == 0


def _dump(database: Mapping[str, Any]) -> Iterator[bytes]:
    """The output of pg_dump as it comes."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 our own programs and arguments
            command("pg_dump", database, "--format=custom", "--no-owner", "--no-privileges"),
            env=environment(database),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        with process:
            try:
                if process.stdout is not None:
                    yield from chunks_of(process.stdout)
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            said.seek(0)
            raise DatabaseProblemError(
                "The database could not be read.",
                f"pg_dump said: {said.read().decode(errors='replace').strip()}",
                "Nothing was written.",
            )


def _load(database: Mapping[str, Any], dump: Path, before: bytes) -> None:
    """Runs the statements in `before` and restores the dump in one transaction: all of it or nothing.

    By way of psql, because pg_restore itself sets options that servers before PostgreSQL 17 do not know.
    """
    pg_restore = embedded_installation().program("pg_restore")  # it meets no server
    listed = subprocess.run(  # noqa: S603 our own programs and arguments
        [pg_restore, "--list", str(dump)], check=True, capture_output=True, text=True
    )
    wanted = dump.with_suffix(".list")
    lines = listed.stdout.splitlines(keepends=True)
    wanted.write_text("".join(line for line in lines if not any(entry in line for entry in NOT_OURS)))
    script = ("--file=-", "--no-owner", "--no-privileges", f"--use-list={wanted}", str(dump))
    psql = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    with tempfile.TemporaryFile() as said:
        reader = subprocess.Popen(  # noqa: S603 our own programs and arguments
            [pg_restore, *script], stdout=subprocess.PIPE, stderr=said
        )
        writer = subprocess.Popen(  # noqa: S603 our own programs and arguments
            command("psql", database, *psql),
            env=environment(database),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        with reader, writer:
            _pass_on(reader, writer, before)
        if reader.returncode or writer.returncode:
            said.seek(0)
            raise DatabaseProblemError(
                "The backup could not be restored.",
                f"PostgreSQL said: {said.read().decode(errors='replace').strip()}",
                "The database is as it was, and so is the backup. If something uses the database, stop it and try again.",
            )


def _pass_on(reader: subprocess.Popen[bytes], writer: subprocess.Popen[bytes], before: bytes) -> None:
    """Copies the script; psql sees its end, and commits, only when pg_restore ended well."""
    if reader.stdout is None or writer.stdin is None:
        return
    try:
        writer.stdin.write(before)
        for line in itertools.islice(reader.stdout, HEAD_LINES):
            if line not in UNKNOWN_TO_OLDER:
                writer.stdin.write(line)
        for chunk in chunks_of(reader.stdout):
            writer.stdin.write(chunk)
        writer.stdin.flush()
    except BrokenPipeError:  # psql met an error and says which
        reader.kill()
    if reader.wait():
        writer.kill()
    with contextlib.suppress(BrokenPipeError):
        writer.stdin.close()


def _server_version(database: Mapping[str, Any]) -> str:
    with psycopg.connect(**connection_parameters(database)) as connection:  # type: ignore[arg-type]
        return connection.info.parameter_status("server_version") or ""


def _refuse_newer(path: Path, manifest: Manifest) -> None:
    if manifest.format > FORMAT or _release(manifest.version) > _release(__version__):
        raise DatabaseProblemError(
            f"{path} was made by microcities {manifest.version}.",
            f"This is {__version__}, which does not know what the newer release changed.",
            "Restore it with that release or a later one.",
        )


def _release(version: str) -> tuple[int, ...]:
    """(1, 4) for 1.4.2: within one such release the tables do not change."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _refuse_occupied(database: Mapping[str, Any], files: Path) -> None:
    occupied = [f"the database {database.get('NAME')}"] if not is_empty(database) else []
    if files.exists() and any(files.iterdir()):
        occupied.append(str(files))
    if occupied:
        raise DatabaseProblemError(
            f"There is something in {' and in '.join(occupied)} already.",
            "A restore would replace it.",
            "Make a backup of it first; then restore with force.",
        )

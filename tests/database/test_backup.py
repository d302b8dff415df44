"""A backup brings back exactly what was there, is refused when damaged, and overwrites nothing unasked."""

import io
import json
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from microcities.database.archive import verified_manifest
from microcities.database.backup import backup, is_empty, restore
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import embedded_installation
from microcities.database.settings import connection_parameters

Database = dict[str, object]
CONTENT = """
CREATE TABLE person (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, photo bytea);
CREATE INDEX person_order ON person ((latvian_key(name) COLLATE "C"));
CREATE TABLE booking (room int, during tstzrange, EXCLUDE USING gist (room WITH =, during WITH &&));
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END';
CREATE TRIGGER keep BEFORE DELETE ON person FOR EACH ROW EXECUTE FUNCTION refuse();
COMMENT ON TRIGGER keep ON person IS 'pgtrigger:hash';
CREATE SCHEMA history;
CREATE TABLE history.line AS SELECT 1 AS n;
INSERT INTO person (name, photo)
    SELECT 'Ģirts ' || n, decode(md5(n::text), 'hex') FROM generate_series(1, 2000) n;
INSERT INTO booking VALUES (1, '[2026-01-01, 2026-01-02)');
"""

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


def new_database(name: str) -> Iterator[Database]:
    name = f"{name}_{os.getpid()}"
    database = {**connection.settings_dict, "NAME": name}
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    yield database
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def old() -> Iterator[Database]:
    """A database with every kind of thing the platform uses."""
    with connection.cursor() as cursor:
        query = "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = ANY(%s) ORDER BY proname DESC"
        cursor.execute(query, [["latvian_key"]])
        functions = [row[0] for row in cursor.fetchall()]
    databases = new_database("old")
    database = next(databases)
    with psycopg.connect(**connection_parameters(database)) as session:
        session.execute("CREATE EXTENSION btree_gist; CREATE EXTENSION pg_trgm")
        for statement in (*functions, CONTENT):
            session.execute(statement)
    yield database
    next(databases, None)


@pytest.fixture
def new() -> Iterator[Database]:
    """An empty database."""
    yield from new_database("new")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Private files with names that are hard on archives."""
    folder = tmp_path / "files"
    for name, content in {
        "a.pdf": b"%PDF",
        "empty": b"",
        "proof/2019/" + "ļoti garš nosaukums " * 8 + ".png": os.urandom(3_000_001),
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


SERVERS_OWN = re.compile(r"^ALTER TABLE ONLY \S+ ALTER COLUMN \S+ SET \(pg_attver=\d+\);\n", re.M)


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def dump_of(database: Database) -> str:
    """All of a database as SQL, without the random key that newer pg_dumps print and what a server numbers for itself.

    PostgreSQL 15.20 gives every column a `pg_attver` of its own making, another one in each database.
    """
    parameters = connection_parameters(database)
    done = subprocess.run(
        [embedded_installation().program("pg_dump"), "--no-owner", "--restrict-key=x",
         f"--dbname={psycopg.conninfo.make_conninfo('', **parameters)}"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return SERVERS_OWN.sub("", done.stdout)


def change(database: Database, statement: str) -> None:
    with psycopg.connect(**connection_parameters(database)) as session:
        session.execute(statement)


def rewrite(path: Path, **changed: bytes) -> None:
    """The same archive with other content for some members (None leaves a member out)."""
    with tarfile.open(path) as archive:
        members = {info.name: archive.extractfile(info).read() for info in archive}  # type: ignore[union-attr]
    members |= changed
    with tarfile.open(path, "w") as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))


def test_restored_database_and_files_are_what_was_saved(
    old: Database, new: Database, files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    manifest = backup(path, database=old, files=files)
    before, content = dump_of(old), content_of(files)
    assert set(manifest.members) == {"database.dump", *(f"files/{name}" for name in content)}
    assert path.stat().st_mode & 0o777 == 0o600
    assert restore(path, database=new, files=tmp_path / "restored") == manifest
    assert dump_of(new) == before
    assert content_of(tmp_path / "restored") == content
    assert sorted(item.name for item in tmp_path.iterdir()) == ["backup.tar", "files", "restored"]


def test_archive_is_a_tar_that_others_can_read(old: Database, files: Path, tmp_path: Path) -> None:
    backup(tmp_path / "backup.tar", database=old, files=files)
    listed = subprocess.run(["tar", "-tf", tmp_path / "backup.tar"], check=True, capture_output=True, text=True)
    assert listed.stdout.splitlines()[0] == "database.dump"
    assert listed.stdout.splitlines()[-1] == "manifest.json"


def test_restore_into_something_needs_force(old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    before, content = dump_of(old), content_of(files)
    change(old, "INSERT INTO person (name) VALUES ('later'); CREATE TABLE later (n int)")
    (files / "later.txt").write_text("later")
    with pytest.raises(DatabaseProblemError, match=f"something in the database {old['NAME']} and in {files}"):
        restore(path, database=old, files=files)
    assert (files / "later.txt").exists()
    restore(path, database=old, files=files, force=True)
    assert dump_of(old) == before
    assert content_of(files) == content


def test_rules_of_the_restored_database_still_hold(old: Database, new: Database, files: Path, tmp_path: Path) -> None:
    backup(tmp_path / "backup.tar", database=old, files=files)
    restore(tmp_path / "backup.tar", database=new, files=tmp_path / "restored")
    with pytest.raises(psycopg.errors.ExclusionViolation):
        change(new, "INSERT INTO booking VALUES (1, '[2026-01-01, 2026-01-03)')")
    with pytest.raises(psycopg.errors.RaiseException):
        change(new, "DELETE FROM person")


def test_whole_platform_comes_back(new: Database, tmp_path: Path) -> None:
    platform: Database = dict(connection.settings_dict)
    backup(tmp_path / "backup.tar", database=platform, files=tmp_path / "none")
    restore(tmp_path / "backup.tar", database=new, files=tmp_path / "restored")
    # PostgreSQL itself writes `varchar IN (...)` another way after a restore, with the same meaning.
    casts = re.compile(r"::(character varying|text)(\[\])?|[()]")
    assert casts.sub("", dump_of(new)) == casts.sub("", dump_of(platform))


def test_flipped_byte_is_found_before_anything_is_touched(old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    with path.open("r+b") as file:
        file.seek(2000)
        byte = file.read(1)[0]
        file.seek(2000)
        file.write(bytes([byte ^ 1]))
    before = dump_of(old)
    with pytest.raises(
        DatabaseProblemError, match=r"not a whole backup\. Its manifest does not agree with database\.dump"
    ):
        restore(path, database=old, files=files, force=True)
    assert dump_of(old) == before


def test_cut_off_backup_is_refused(old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    os.truncate(path, path.stat().st_size // 2)
    with pytest.raises(DatabaseProblemError, match="not a whole backup"):
        verified_manifest(path)


@pytest.mark.parametrize("name", ["../outside", "/etc/outside", "files/../../outside"])
def test_member_that_would_land_outside_is_refused(name: str, old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    rewrite(path, **{name: b"x"})
    with pytest.raises(DatabaseProblemError, match="which no backup of ours would"):
        verified_manifest(path)


def test_added_member_is_refused(old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    rewrite(path, **{"files/added": b"x"})
    with pytest.raises(DatabaseProblemError, match="does not agree with files/added"):
        verified_manifest(path)


def test_backup_of_a_newer_release_is_refused(old: Database, files: Path, tmp_path: Path) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    with tarfile.open(path) as archive:
        manifest = json.loads(archive.extractfile("manifest.json").read())  # type: ignore[union-attr]
    rewrite(path, **{"manifest.json": json.dumps({**manifest, "version": "99.0.0"}).encode()})
    with pytest.raises(DatabaseProblemError, match=r"was made by microcities 99\.0\.0"):
        restore(path, database=old, files=files, force=True)


def test_file_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.tar").write_text("not a tar file")
    with pytest.raises(DatabaseProblemError, match=r"x\.tar is not a whole backup"):
        verified_manifest(tmp_path / "x.tar")


def test_backup_never_overwrites_and_leaves_nothing_when_it_fails(old: Database, files: Path, tmp_path: Path) -> None:
    (tmp_path / "there.tar").write_text("mine")
    with pytest.raises(DatabaseProblemError, match="exists already"):
        backup(tmp_path / "there.tar", database=old, files=files)
    with pytest.raises(DatabaseProblemError, match=r'It said: .*database "nowhere" does not exist'):
        backup(tmp_path / "new.tar", database={**old, "NAME": "nowhere"}, files=files)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["files", "there.tar"]


def test_backup_of_nothing_is_refused(new: Database, tmp_path: Path) -> None:
    """A nightly backup with the wrong settings would otherwise save nothing, night after night."""
    with pytest.raises(DatabaseProblemError, match=f"The database {new['NAME']} is empty"):
        backup(tmp_path / "backup.tar", database=new, files=tmp_path / "none")
    assert list(tmp_path.iterdir()) == []


def test_forced_restore_that_fails_leaves_database_and_files_as_they_were(
    old: Database, files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    change(old, "INSERT INTO person (name) VALUES ('later')")
    before, content = dump_of(old), content_of(files)
    with psycopg.connect(**connection_parameters(old)) as other:
        other.execute("SELECT count(*) FROM person")  # somebody still works there
        with pytest.raises(DatabaseProblemError, match="lock timeout"):
            restore(path, database=old, files=files, force=True)
    assert dump_of(old) == before
    assert content_of(files) == content


def test_restore_that_the_database_refuses_leaves_the_files_alone(
    old: Database, new: Database, files: Path, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar"
    backup(path, database=old, files=files)
    change(new, "CREATE FUNCTION refuse() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with pytest.raises(DatabaseProblemError, match="could not be restored"):
        restore(path, database=new, files=tmp_path / "restored")
    assert is_empty(new)
    assert not (tmp_path / "restored").exists()

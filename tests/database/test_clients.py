"""Backup goes encrypted to a server elsewhere, and says what is missing when it cannot."""

import subprocess
from pathlib import Path

import pytest

from microcities.database import clients
from microcities.database.backup import backup, restore
from microcities.database.clients import client_installation, needs_encryption
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import embedded_installation, installation_at
from microcities.database.settings import settings_from_url
from tests.database.conftest import encrypted_url
from tests.database_server import DEBIAN_15

needs_debian = pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 of Debian is not installed")


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ({}, False),
        ({"host": "/run/postgresql"}, False),
        ({"host": "127.0.0.1"}, False),
        ({"host": "localhost", "sslmode": "prefer"}, False),
        ({"host": "localhost", "sslmode": "require"}, True),
        ({"host": "/run/postgresql", "sslmode": "verify-full"}, True),
        ({"host": "db.example.lv"}, True),
        ({"host": "localhost,db.example.lv"}, True),
        ({"host": "db.example.lv", "sslmode": "disable"}, False),
    ],
)
def test_servers_elsewhere_and_strict_modes_need_encryption(parameters: dict[str, str], wanted: bool) -> None:
    assert needs_encryption(parameters) is wanted


def test_server_on_this_machine_is_met_by_the_embedded_programs() -> None:
    assert client_installation(settings_from_url("postgres://u@localhost/d")) == embedded_installation()


def test_missing_programs_are_named_with_a_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(clients, "DEBIAN", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DatabaseProblemError, match=r"postgresql-client.*sslmode=disable"):
        client_installation(settings_from_url("postgres://u@db.example.lv/d"))


@needs_debian
def test_newest_programs_of_the_system_are_taken() -> None:
    found = client_installation(settings_from_url("postgres://u@db.example.lv/d"))
    assert found.major >= installation_at(DEBIAN_15).major
    assert "PostgreSQL" in subprocess.run([found.program("psql"), "--version"], capture_output=True, text=True).stdout


@needs_debian
def test_backup_and_restore_over_an_encrypted_connection(data: Path, tmp_path: Path) -> None:
    database = settings_from_url(encrypted_url(data))
    files = tmp_path / "files"
    files.mkdir()
    (files / "a.pdf").write_bytes(b"%PDF")
    path = tmp_path / "backup.tar"
    backup(path, database=database, files=files)
    (files / "a.pdf").write_bytes(b"changed")
    restore(path, database=database, files=files, force=True)
    assert (files / "a.pdf").read_bytes() == b"%PDF"

"""The operator's whole way by the real command line: demo, backup, loss of everything, restore, checks, worker.

Each command is a process of its own on a data folder of its own with its own embedded server, as in production.
"""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from microcities.database.embedded import running_server, stop
from tests.database_server import remove, temporary_data

# What figures rest on.
TABLES = ("evidence_row", "evidence_tally", "participation_participation", "people_person", "trail_change", "trail_seal")


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    """A data folder with the demo in it; this process keeps its server running."""
    folder = temporary_data()
    done = microcities(folder, "demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    yield folder
    remove(folder)


def microcities(data: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command as an operator would, with nothing of this test session in its environment."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("MICROCITIES_", "DATABASE_URL"))}
    return subprocess.run(
        [sys.executable, "-m", "microcities.cli", *words], env={**ours, "MICROCITIES_DATA": str(data)},
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip


def content(data: Path) -> dict[str, tuple[int, str]]:
    """Rows of each table, and a digest over all of them."""
    server = running_server(data)
    assert server is not None
    with psycopg.connect(**server.parameters()) as connection:  # type: ignore[arg-type]
        return {
            table: connection.execute(  # type: ignore[misc]
                f"SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM {table} AS t"
            ).fetchone()
            for table in TABLES
        }


def test_backup_wipe_restore_brings_back_evidence_trail_and_files(data: Path, tmp_path: Path) -> None:
    file = data / "files" / "proof" / "contract.pdf"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"%PDF-1.7 signed")
    before = content(data)
    assert before["evidence_row"][0] > 1000
    saved = tmp_path / "microcities.tar"
    done = microcities(data, "backup", str(saved))
    assert done.returncode == 0, done.stderr
    assert "Keep copies of them elsewhere" in done.stdout
    assert saved.stat().st_mode & 0o777 == 0o600
    with tarfile.open(saved) as archive:
        kept = [f"files/{path.relative_to(data / 'files')}" for path in (data / "files").rglob("*") if path.is_file()]
        assert "files/proof/contract.pdf" in kept
        assert sorted(archive.getnames()) == sorted(["database.dump", *kept, "manifest.json"])
    secrets = {path.name: path.read_text() for path in (data / "secrets").iterdir()}
    assert sorted(secrets) == ["microcities_person_hash_key", "microcities_secret_key"]
    assert not [name for name, secret in secrets.items() if secret.encode() in saved.read_bytes()]

    refused = microcities(data, "restore", str(saved))
    assert (refused.returncode, "restore with --force" in refused.stderr) == (1, True)
    assert content(data) == before

    stop(data)
    for folder in ("postgres", "files", "secrets"):
        shutil.rmtree(data / folder)
    done = microcities(data, "restore", str(saved))
    assert done.returncode == 0, done.stderr
    assert "put the two secrets back" in done.stdout
    for name, value in secrets.items():
        (data / "secrets" / name).write_text(value)
    assert content(data) == before
    assert file.read_bytes() == b"%PDF-1.7 signed"
    trail = microcities(data, "check", "trail")
    assert (trail.returncode, trail.stdout.splitlines()[-1]) == (0, "The trail holds.")
    evidence = microcities(data, "check", "evidence")
    assert (evidence.returncode, evidence.stdout.splitlines()[-1]) == (0, "Evidence is what the records say.")


def test_worker_does_what_waits_and_stops(data: Path) -> None:
    """A job that waits is done by the worker's own process."""
    server = running_server(data)
    assert server is not None
    with psycopg.connect(**server.parameters()) as connection:  # type: ignore[arg-type]
        connection.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, args) "
            "VALUES ('housekeeping', 'trail.seal', '{\"timestamp\": 0}')"
        )
    done = microcities(data, "worker", "--once")
    assert done.returncode == 0, done.stderr
    with psycopg.connect(**server.parameters()) as connection:  # type: ignore[arg-type]
        states = connection.execute("SELECT DISTINCT status FROM procrastinate_jobs").fetchall()
        seals = connection.execute("SELECT count(*) FROM trail_seal").fetchone()
    assert states == [("succeeded",)]
    assert seals is not None
    assert seals[0] > 0

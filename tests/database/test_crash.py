"""After every kind of crash the next start finds the committed data and needs nobody's help.

The first start is never `fast`: what is committed must be on the disk.
"""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from microcities.database.embedded import ServerInfo, ensure_running, running_server, stop
from microcities.database.postmaster import live_postmaster


def write_row(server: ServerInfo, name: str) -> None:
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (name text)")
        connection.execute("INSERT INTO kept VALUES (%s)", [name])


def rows(server: ServerInfo) -> list[str]:
    with psycopg.connect(server.dsn()) as connection:
        return [row[0] for row in connection.execute("SELECT name FROM kept ORDER BY name").fetchall()]


def kill(pid: int) -> None:
    """As a power cut would; waits until the process no longer runs (a zombie does not)."""
    os.kill(pid, signal.SIGKILL)
    while state_of(pid) not in {"Z", ""}:
        time.sleep(0.005)


def state_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""


@contextmanager
def stranger(uid: int) -> Iterator[int]:
    """The id of a living process of the user that has nothing to do with us."""
    user = {"user": uid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], **user) as process:
        try:
            yield process.pid
        finally:
            process.kill()


def test_killed_postmaster_is_recovered_from(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    kill(first.pid)
    assert running_server(data) is None
    second = ensure_running(data)
    write_row(second, "after")
    assert (second.started, rows(second)) == (True, ["after", "before"])


def test_orphan_that_still_works_on_a_query_is_ended(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    busy = psycopg.connect(first.dsn(), autocommit=True)
    orphan = busy.info.backend_pid
    busy.execute("CREATE FUNCTION spin() RETURNS void LANGUAGE plpgsql AS 'BEGIN LOOP END LOOP; END'")
    busy.pgconn.send_query(b"SELECT spin()")
    time.sleep(0.2)
    kill(first.pid)
    assert state_of(orphan) == "R"
    second = ensure_running(data, fast=True)
    assert state_of(orphan) in {"Z", ""}
    assert rows(second) == ["before"]
    busy.close()


def test_whole_server_killed_at_once_is_recovered_from(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    children = Path(f"/proc/{first.pid}/task/{first.pid}/children").read_text().split()
    for pid in (first.pid, *map(int, children)):
        os.kill(pid, signal.SIGKILL)
    assert rows(ensure_running(data)) == ["before"]


def test_process_id_given_to_a_stranger_does_not_fool_the_start(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    kill(first.pid)
    cluster = first.layout.cluster
    with stranger(cluster.stat().st_uid) as pid:
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            lines = (cluster / name).read_text().split("\n")
            (cluster / name).write_text("\n".join([str(pid), *lines[1:]]))
        assert live_postmaster(first.layout) is None
        second = ensure_running(data, fast=True)
        assert rows(second) == ["before"]
        assert state_of(pid) == "S"


def test_stale_files_without_any_process_are_cleared(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    left = {name: (first.layout.cluster / name).read_text() for name in ("postmaster.pid", ".s.PGSQL.5432.lock")}
    stop(data)
    for name, text in left.items():
        (first.layout.cluster / name).write_text(text)
    (first.layout.cluster / ".s.PGSQL.5432").write_text("")
    assert rows(ensure_running(data, fast=True)) == ["before"]


def test_empty_pid_file_is_no_server(data: Path) -> None:
    first = ensure_running(data)
    write_row(first, "before")
    stop(data)
    first.layout.pid_file.write_text("")
    assert rows(ensure_running(data, fast=True)) == ["before"]

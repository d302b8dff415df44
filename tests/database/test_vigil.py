"""A killed server is started again by those who use it, and a stopped command leaves no server behind."""

import os
import signal
import time
from pathlib import Path

import psycopg
import pytest

from microcities.database.embedded import ensure_running, running_server
from microcities.database.vigil import keep_server
from tests.database.processes import start_python

WATCHING = """
import os, time
from microcities.database.embedded import ensure_running
from microcities.database.vigil import keep_server
ensure_running(os.environ["MICROCITIES_DATA"], fast=True)
keep_server(os.environ, every=0.1)
print("watching", flush=True)
time.sleep(120)
"""
# A shell starts what it puts into the background deaf to Ctrl-C, and so would be whatever the tests start then.
STOPPED = """
import os, signal, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from microcities.cli import end_in_order
from microcities.database.settings import prepare
end_in_order()
prepare(fast=True)
print("running", flush=True)
time.sleep(120)
"""


def test_killed_server_is_started_again(data: Path) -> None:
    watcher = start_python(WATCHING, MICROCITIES_DATA=str(data))
    try:
        assert watcher.stdout is not None
        assert watcher.stdout.readline() == "watching\n"
        first = running_server(data)
        assert first is not None
        os.kill(first.pid, signal.SIGKILL)
        deadline = time.monotonic() + 60
        while (found := running_server(data)) is None or found.pid == first.pid:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        with psycopg.connect(ensure_running(data, fast=True).dsn()) as session:
            assert session.execute("SELECT 1").fetchone() == (1,)
    finally:
        watcher.kill()
        watcher.communicate()


def test_server_named_by_url_is_left_to_its_keeper(data: Path) -> None:
    assert keep_server({"DATABASE_URL": "postgres://h/d", "MICROCITIES_DATA": str(data)}) is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_command_that_is_stopped_lets_go_of_its_server(data: Path, number: int) -> None:
    command = start_python(STOPPED, MICROCITIES_DATA=str(data / "own"))
    assert command.stdout is not None
    assert command.stdout.readline() == "running\n"
    assert running_server(data / "own") is not None
    command.send_signal(number)
    command.communicate(timeout=60)
    assert running_server(data / "own") is None


def test_folder_with_every_sign_a_shell_knows_holds_a_server(tmp_path: Path) -> None:
    command = start_python(STOPPED, MICROCITIES_DATA=str(tmp_path / "Mazās pilsētas' \"$HOME\" `x` \\ !"))
    assert command.stdout is not None
    assert command.stdout.readline() == "running\n"
    command.terminate()
    command.communicate(timeout=60)

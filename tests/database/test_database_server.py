"""The servers of test sessions come, stay apart and go, however the session ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from microcities.database.embedded import running_server
from tests.database.processes import REPOSITORY
from tests.database_server import DEBIAN_15, clear_abandoned

SETTINGS = """
import os
from microcities.database.settings import database_settings
INSTALLED_APPS = ["microcities.database"]
DATABASES = database_settings(os.environ)
SECRET_KEY = "test"
USE_TZ = True
"""
SESSION = """
import os, time
from django.db import connection
from tests.database_server import start_for_session
def test_it():
    start_for_session()
    print(os.environ["MICROCITIES_DATA"], flush=True)
    time.sleep(60)
"""


def start_session(folder: Path) -> tuple[subprocess.Popen[str], Path]:
    """A pytest session of its own that has started its server; its data folder."""
    (folder / "session_settings.py").write_text(SETTINGS)
    (folder / "test_session.py").write_text(SESSION)
    (folder / "pytest.ini").write_text("[pytest]\n")
    environ = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "MICROCITIES_DATA")}
    path = os.pathsep.join([str(folder), str(REPOSITORY), str(REPOSITORY / "src")])
    session = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-s", "-q", "-p", "tests.database_server", "-p", "no:cacheprovider",
         "--ds=session_settings", "test_session.py"],
        cwd=folder, env={**environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert session.stdout is not None
    return session, Path(session.stdout.readline().strip())


def test_sessions_stay_apart_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    sessions = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        sessions.append(start_session(tmp_path / name))
    servers = [running_server(data) for _, data in sessions]
    assert len({server.pid for server in servers if server}) == 2
    for session, data in sessions:
        session.send_signal(signal.SIGINT)
        session.communicate(timeout=180)
        assert not data.parent.exists()


def test_what_a_killed_session_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    session, data = start_session(tmp_path)
    server = running_server(data)
    assert server is not None
    clear_abandoned()
    assert running_server(data) == server  # not while the session lives
    session.kill()
    session.communicate()
    clear_abandoned()
    assert not data.parent.exists()
    deadline = time.monotonic() + 5
    while Path(f"/proc/{server.pid}/cwd").exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="Debian's PostgreSQL 15 is not installed")
def test_debian_15_runs_a_command_with_a_database_url_and_returns_its_code() -> None:
    code = (
        "import os, psycopg, sys; c = psycopg.connect(os.environ['DATABASE_URL']);"
        "print(c.info.server_version // 10000, c.info.dbname, c.info.user); sys.exit(7)"
    )
    path = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "src")])
    done = subprocess.run(
        [sys.executable, "-m", "tests.database_server", "debian15", "--", sys.executable, "-c", code],
        capture_output=True, text=True, cwd=REPOSITORY, env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (7, "15 microcities microcities\n")

"""Gives every pytest session its own PostgreSQL, and any command a Debian PostgreSQL 15.

As a pytest plugin (`-p tests.database_server` in pyproject.toml, so that it comes before Django reads its
settings): a session gets a temporary data folder and, without DATABASE_URL, an embedded server in it,
started by the first test that needs the database and removed at the end, also after Ctrl-C. What a killed
session left is cleared by the next.

As a command: `python -m tests.database_server debian15 -- python -m pytest -m sql` sets DATABASE_URL to a
throwaway cluster of /usr/lib/postgresql/15 and runs the command.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from django.db import connections

from microcities.database.embedded import ServerInfo, ensure_running, hold, in_use, release, stop
from microcities.database.installation import Installation, installation_at
from microcities.database.layout import APPLICATION_ROLE
from microcities.database.settings import prepare

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")
PREFIX = "microcities-test-"


def temporary_data() -> Path:
    """A new data folder in the system's temporary folder, whose path is short enough for a socket."""
    clear_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.geteuid()}-"))
    # Root hands the server to another account, which PostgreSQL 15 needs to come in by the full path.
    folder.chmod(0o711)
    (folder / "data").mkdir(mode=0o711)
    hold(folder / "data")
    return folder / "data"


def remove(data: Path) -> None:
    """Stops the server of a temporary data folder and removes the folder."""
    release(data)
    stop(data)
    shutil.rmtree(data.parent, ignore_errors=True)


def clear_abandoned() -> None:
    """Removes what killed sessions of this user left: folders whose database no living process holds."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}{os.geteuid()}-*"):
        data = folder / "data"
        if (data / ".postgres.users").exists() and not in_use(data):
            stop(data)
            shutil.rmtree(folder, ignore_errors=True)


def server_url(server: ServerInfo) -> str:
    """The server as a DATABASE_URL; the password stays in the pass file."""
    values = server.parameters()
    query = "&".join(f"{name}={quote(values[name], safe='')}" for name in ("host", "port", "passfile"))
    return f"postgresql://{values['user']}@/{values['dbname']}?{query}"


def start_temporary(installation: Installation | None = None) -> ServerInfo:
    """A server of its own in a temporary folder, fast, removed when this process ends."""
    data = temporary_data()
    atexit.register(remove, data)
    return ensure_running(data, fast=True, installation=installation)


def let_triggers_rest(server: ServerInfo) -> None:
    """Allow the tests' role what no installation allows: to put rows back without triggers (tests/remembered.py)."""
    with psycopg.connect(**server.parameters(superuser=True)) as connection:  # type: ignore[arg-type]
        connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {APPLICATION_ROLE}")


def run_with_debian_15(command: list[str]) -> int:
    """Runs the command with DATABASE_URL set to a throwaway PostgreSQL 15; returns its exit code."""
    server = start_temporary(installation_at(DEBIAN_15))
    let_triggers_rest(server)
    try:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": server_url(server)}).returncode
    finally:
        remove(server.layout.data)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Generator[None, object, object]:
    """Names the session's own data folder before pytest-django, which is no wrapper, loads the settings."""
    data = temporary_data()
    os.environ["MICROCITIES_DATA"] = str(data)
    early_config.add_cleanup(lambda: remove(data))
    atexit.register(remove, data)  # should pytest not come to its own end
    return (yield)


def start_for_session() -> None:
    """Called by the first test that needs it: starts this session's server, or names its own database."""
    if (server := prepare(fast=True)) is not None:
        let_triggers_rest(server)
    else:
        # Several sessions may share a server named by DATABASE_URL.
        settings = connections["default"].settings_dict
        settings["TEST"]["NAME"] = f"test_{settings['NAME']}_{os.getpid()}"


def main(arguments: list[str]) -> int:
    """`debian15 -- COMMAND...`"""
    if arguments[:2] != ["debian15", "--"] or not arguments[2:]:
        print("usage: python -m tests.database_server debian15 -- COMMAND...", file=sys.stderr)
        return 2
    return run_with_debian_15(arguments[2:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

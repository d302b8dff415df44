"""Runs the PostgreSQL inside the wheel, so that a newcomer needs no database server.

One data folder, one server, any number of processes. Each process that called `ensure_running` holds a
shared lock until it calls `release` or ends in whatever way; the last one that releases stops the server.
The server listens on a private unix socket, so no port can be taken; a TCP port on 127.0.0.1 is opened only
when asked for.
"""

import errno
import fcntl
import os
import socket
from dataclasses import dataclass
from pathlib import Path

from microcities.database.account import Account, server_account
from microcities.database.cluster import Programs
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import Installation, embedded_installation, reachable_installation
from microcities.database.layout import APPLICATION_ROLE, DATABASE, DEFAULT_PORT, SUPERUSER, Layout, layout_of
from microcities.database.postmaster import Postmaster, clear_leftovers, live_postmaster, settled_postmaster

LOOPBACK = "127.0.0.1"
# The shared locks this process holds, by data folder. A forked child inherits the descriptor, so the lock
# lasts until the last of the family has ended; only the process that took it may release it.
_uses: dict[Path, tuple[int, int]] = {}


@dataclass(frozen=True)
class ServerInfo:
    """Where a running server is and how to enter it. `started` says that this call started it."""

    layout: Layout
    pid: int
    port: int
    started: bool

    def parameters(self, *, superuser: bool = False, dbname: str = DATABASE) -> dict[str, str]:
        """Keyword arguments for `psycopg.connect`."""
        return {
            "host": str(self.layout.socket_folder),
            "port": str(self.port),
            "user": SUPERUSER if superuser else APPLICATION_ROLE,
            "dbname": dbname,
            "passfile": str(self.layout.passfile),
        }

    def dsn(self, *, superuser: bool = False, dbname: str = DATABASE) -> str:
        """The same as a libpq connection string; it names the file with the password, not the password."""
        values = self.parameters(superuser=superuser, dbname=dbname)
        escaped = ((name, value.replace("\\", "\\\\").replace("'", "\\'")) for name, value in values.items())
        return " ".join(f"{name}='{value}'" for name, value in escaped)


def ensure_running(
    data: str | Path,
    *,
    port: int | None = None,
    fast: bool = False,
    installation: Installation | None = None,
    server_user: str | None = None,
) -> ServerInfo:
    """Makes the database in the folder if there is none, starts its server if none runs, and joins it.

    `port`: also listen on 127.0.0.1 at this port. `fast`: for tests, forgets data when the machine stops.
    `installation`: other programs than the wheel's. `server_user`: the account root hands a new server to
    (default MICROCITIES_SERVER_USER, else nobody). Raises DatabaseProblemError with what, why and what to
    do.
    """
    layout = layout_of(data)
    _make_data_folder(layout)
    with layout.locked():
        account = server_account(layout.cluster, server_user or os.environ.get("MICROCITIES_SERVER_USER"))
        chosen = installation or embedded_installation()
        _refuse_foreign_folder(layout, chosen)
        running = settled_postmaster(layout)
        started = running is None
        if running is None:
            running = _start(layout, account, chosen, port, fast)
        _refuse_other_port(layout, running, port)
        hold(layout.data)
    return ServerInfo(layout, running.pid, running.port, started)


def hold(data: str | Path) -> None:
    """Says that this process uses the folder, so that nobody else's `release` stops its server."""
    layout = layout_of(data)
    if _uses.get(layout.data, (-1, -1))[1] != os.getpid():
        descriptor = layout.open_users()
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _uses[layout.data] = (descriptor, os.getpid())


def release(data: str | Path) -> bool:
    """Says that this process is done with the server; the last user stops it. True when stopped."""
    layout = layout_of(data)
    descriptor, owner = _uses.get(layout.data, (-1, -1))
    if owner != os.getpid():
        return False
    del _uses[layout.data]
    try:
        with layout.locked():
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False  # others still use it
            return _stop(layout)
    except FileNotFoundError:  # somebody removed the whole folder
        return False
    finally:
        os.close(descriptor)


def stop(data: str | Path) -> bool:
    """Stops the server of the folder, whoever uses it. Returns whether one was running."""
    layout = layout_of(data)
    if not layout.cluster.exists():
        return False
    with layout.locked():
        return _stop(layout)


def running_server(data: str | Path) -> ServerInfo | None:
    """The server of the folder when it runs, without starting, joining or changing anything."""
    layout = layout_of(data)
    found = live_postmaster(layout) if layout.cluster.exists() else None
    return ServerInfo(layout, found.pid, found.port, started=False) if found else None


def in_use(data: str | Path) -> bool:
    """Whether any living process holds the server of the folder."""
    layout = layout_of(data)
    descriptor = layout.open_users()
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _start(layout: Layout, account: Account, chosen: Installation, port: int | None, fast: bool) -> Postmaster:
    if port is not None:
        _refuse_taken_port(port)
    programs = Programs(reachable_installation(chosen, account), account)
    if not (layout.cluster / "PG_VERSION").exists():
        programs.make_cluster(layout, fast)
    clear_leftovers(layout)
    programs.start(layout, port, fast)
    running = live_postmaster(layout)
    if running is None:
        raise DatabaseProblemError(
            f"The database server of {layout.data} stopped right after its start.",
            "",
            f"Its log is {layout.log}.",
        )
    return running


def _stop(layout: Layout) -> bool:
    if live_postmaster(layout) is None:
        return False
    account = server_account(layout.cluster)
    # pg_ctl of any version stops a server: it sends a signal and waits.
    Programs(reachable_installation(embedded_installation(), account), account).stop(layout)
    if layout.socket_folder != layout.cluster and layout.socket_folder.exists():
        layout.socket_folder.rmdir()
    return True


def _make_data_folder(layout: Layout) -> None:
    try:
        layout.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise DatabaseProblemError(
            f"The data folder {layout.data} cannot be made.",
            f"({error})",
            "Name another one in MICROCITIES_DATA.",
        ) from None
    if not os.access(layout.data, os.R_OK | os.W_OK | os.X_OK):
        raise DatabaseProblemError(
            f"The data folder {layout.data} cannot be written.",
            "It belongs to another user or is read-only.",
            "Run the command as its owner, or name another folder in MICROCITIES_DATA.",
        )  # fmt: skip


def _refuse_foreign_folder(layout: Layout, installation: Installation) -> None:
    cluster = layout.cluster
    if not cluster.exists():
        return
    if not cluster.is_dir() or (any(cluster.iterdir()) and not (cluster / "PG_VERSION").exists()):
        raise DatabaseProblemError(
            f"{cluster} is not empty and is not a PostgreSQL database.",
            "A new database would be mixed with what is in there.",
            "Move that away, or name another folder in MICROCITIES_DATA.",
        )
    if any(cluster.iterdir()):
        made_by = (cluster / "PG_VERSION").read_text().strip()
        if made_by != str(installation.major):
            raise DatabaseProblemError(
                f"The database in {cluster} was made by PostgreSQL {made_by}.",
                f"This release brings PostgreSQL {installation.major}, which cannot open it.",
                "Make a backup with the release that made it, and restore that into a new MICROCITIES_DATA.",
            )


def _refuse_taken_port(port: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            raise DatabaseProblemError(
                f"The database cannot listen on {LOOPBACK}:{port}.",
                "Another program already listens there." if taken else f"({error})",
                "Choose another MICROCITIES_DB_PORT, or leave it out: the platform itself needs none.",
            ) from None


def _refuse_other_port(layout: Layout, running: Postmaster, port: int | None) -> None:
    if (running.port if running.tcp else None) != port:
        has = f"listens on {LOOPBACK}:{running.port}" if running.tcp else "listens on no port"
        raise DatabaseProblemError(
            f"The database of {layout.data} already runs and {has}.",
            f"This process wants {f'port {port}' if port else 'none'}.",
            "Use the same MICROCITIES_DB_PORT everywhere, or stop the server first.",
        )


def socket_port(port: int | None) -> int:
    """The number in the socket's name, which PostgreSQL takes from the port even when it opens none."""
    return port or DEFAULT_PORT

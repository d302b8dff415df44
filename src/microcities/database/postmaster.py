"""Tells whether the server of a cluster really runs, and clears away what a crashed one left behind."""

import os
import signal
import socket
import struct
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from microcities.database.errors import DatabaseProblemError
from microcities.database.layout import Layout

PROC = Path("/proc")
READY = "ready"
# "May we encrypt?": length 8 and code 80877103, which every server answers by one letter before any login.
ENCRYPTION_REQUEST = struct.pack("!ii", 8, 80877103)


@dataclass(frozen=True)
class Postmaster:
    """What `postmaster.pid` says of a live server."""

    pid: int
    port: int
    tcp: bool
    state: str


def live_postmaster(layout: Layout) -> Postmaster | None:
    """The running server of the layout, or None when there is none (whatever the pid file claims)."""
    try:
        lines = [line.strip() for line in layout.pid_file.read_text().splitlines()]
    except FileNotFoundError:
        return None
    if len(lines) < 1 or not lines[0].lstrip("-").isdigit():
        return None
    pid = abs(int(lines[0]))
    if not _is_server_of(layout.cluster, pid):
        return None
    lines += [""] * (8 - len(lines))
    return Postmaster(pid, int(lines[3] or 0), bool(lines[5]), lines[7])


def settled_postmaster(layout: Layout, seconds: float = 60.0) -> Postmaster | None:
    """Waits until a server found starting, stopping or dying is ready or gone."""
    deadline = time.monotonic() + seconds
    while (found := live_postmaster(layout)) is not None and not _answers(layout, found):
        if time.monotonic() > deadline:
            raise DatabaseProblemError(
                f"The database server of {layout.data} (process {found.pid}) neither starts nor stops.",
                f"It has said {found.state or 'nothing'!r} for {seconds:.0f} s; its log is {layout.log}.",
                "Look at the log, end that process, and try again.",
            )
        time.sleep(0.05)
    return found


def _answers(layout: Layout, found: Postmaster) -> bool:
    """Whether the server says anything at all: one that has just been killed still looks alive for a moment."""
    if found.state != READY:
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.settimeout(5)
        try:
            line.connect(str(layout.socket_folder / f".s.PGSQL.{found.port}"))
            line.sendall(ENCRYPTION_REQUEST)
            return line.recv(1) in {b"N", b"S"}
        except OSError:
            return False


def clear_leftovers(layout: Layout) -> None:
    """Makes a crashed cluster startable: ends orphaned server processes, removes stale pid and socket files.

    PostgreSQL does part of this itself, but refuses when the dead server's process id has been given to
    another process (after a restart of a container this is usual) or while an orphan still holds the shared
    memory. Call only under the layout's lock and when `live_postmaster` found nothing.
    """
    if layout.pid_file.exists():
        _end_orphans(layout.cluster)
        layout.pid_file.unlink(missing_ok=True)
    for stale in (layout.cluster, layout.socket_folder):
        for path in stale.glob(".s.PGSQL.*"):
            path.unlink(missing_ok=True)


def _end_orphans(cluster: Path) -> None:
    """Orphans mostly leave by themselves at once; a long query is told to, and in the end made to."""
    for sign, seconds in ((None, 1.0), (signal.SIGTERM, 3.0), (signal.SIGKILL, 5.0)):
        deadline = time.monotonic() + seconds
        for pid in list(_servers_in(cluster)) if sign else ():
            try:
                os.kill(pid, sign or 0)
            except ProcessLookupError:
                continue
        while any(True for _ in _servers_in(cluster)):
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
        else:
            return


def _servers_in(cluster: Path) -> Iterator[int]:
    """The process ids of all PostgreSQL processes that work in the cluster folder."""
    if PROC.exists():
        yield from (pid for name in os.listdir(PROC) if name.isdigit() and _is_server_of(cluster, pid := int(name)))


def _is_server_of(cluster: Path, pid: int) -> bool:
    """Whether a living (not zombie) process is PostgreSQL and in this cluster, not a reused id."""
    if not PROC.exists():  # macOS: no better way to tell without further packages
        return _exists(pid)
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
        in_cluster = os.path.samefile(PROC / str(pid) / "cwd", cluster)
        program = os.readlink(PROC / str(pid) / "exe").removesuffix(" (deleted)")
    except (OSError, IndexError):
        return False
    return state not in "ZX" and in_cluster and Path(program).name == "postgres"


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True

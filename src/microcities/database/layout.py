"""Knows where the embedded server keeps what, so that settings can name it before the server has ever run."""

import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

APPLICATION_ROLE = "microcities"
DATABASE = "microcities"
SUPERUSER = "postgres"
DEFAULT_PORT = 5432
# Linux allows 107 bytes for the path of a socket, macOS 103.
LONGEST_SOCKET_PATH = 100


@dataclass(frozen=True)
class Layout:
    """The places below one data folder (absolute path)."""

    data: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own folder: mode 0700, owned by the account that runs the server."""
        return self.data / "postgres"

    @property
    def passfile(self) -> Path:
        """The passwords in libpq's format, mode 0600, owned by whoever uses the platform."""
        return self.data / "postgres.pgpass"

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.cluster / "server.log"

    @property
    def pid_file(self) -> Path:
        """Written by PostgreSQL: process id, folder, start, port, socket folder, address, memory, state."""
        return self.cluster / "postmaster.pid"

    @property
    def socket_folder(self) -> Path:
        """The cluster folder, which is private already; a short private one when that path is too long."""
        if len(os.fsencode(self.cluster / f".s.PGSQL.{DEFAULT_PORT}")) <= LONGEST_SOCKET_PATH:
            return self.cluster
        uid = self.data.stat().st_uid if self.data.exists() else os.geteuid()
        digest = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]
        # Not TMPDIR: every process of this installation must find the same folder, whatever its
        # environment.
        return Path("/tmp") / f"microcities-{uid}-{digest}"  # noqa: S108 made private, and its owner is checked

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One process at a time creates, starts or stops the server of this folder."""
        with open(os.open(self.data / ".postgres.lock", os.O_RDWR | os.O_CREAT, 0o600), "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def open_users(self) -> int:
        """A descriptor of the file on which every process that uses the server holds a shared lock."""
        return os.open(self.data / ".postgres.users", os.O_RDWR | os.O_CREAT, 0o600)


def layout_of(data: str | Path) -> Layout:
    """The layout of a data folder; relative paths count from the current folder."""
    return Layout(Path(data).expanduser().resolve())


def layout_from(environ: Mapping[str, str]) -> Layout:
    """The layout that MICROCITIES_DATA names, or `.data` below the current folder."""
    return layout_of(environ.get("MICROCITIES_DATA") or ".data")

"""Runs PostgreSQL's own programs on a cluster folder: makes it, starts it, stops it."""

import os
import secrets
import shlex
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from microcities.database.account import Account
from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import Installation
from microcities.database.layout import APPLICATION_ROLE, DATABASE, DEFAULT_PORT, SUPERUSER, Layout

START_SECONDS = 120  # a crashed cluster first replays its log
STOP_SECONDS = 60
BUILTIN_LOCALE_SINCE = 17
# What the shell still reads between double quotes.
SHELL_SIGNS = frozenset('$`\\"!')
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "autovacuum_naptime": "5min"}
CONFIGURATION = """
# --- microcities: written once, when the folder was made; change what you like ---
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %a '
log_checkpoints = off
random_page_cost = 1.1
work_mem = '16MB'
maintenance_work_mem = '128MB'
"""


@dataclass(frozen=True)
class Programs:
    """The programs of one installation, run as one account on one cluster folder."""

    installation: Installation
    account: Account

    def run(self, cluster: Path, name: str, *arguments: str, stdin: int | None = None, text: str | None = None) -> None:
        """Runs a program with the cluster as current folder. Raises subprocess errors with what it said."""
        # Servers outlive us and would hold pipes open for ever, so output goes to a file.
        with tempfile.TemporaryFile("w+") as said:
            done = subprocess.run(  # noqa: S603 our own programs and arguments
                [self.installation.program(name), *arguments],
                cwd=cluster,
                env={"PATH": os.defpath, "LC_ALL": "C", "PGTZ": "UTC"},
                stdin=None if text else (subprocess.DEVNULL if stdin is None else stdin),
                input=text,
                stdout=said,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=START_SECONDS + STOP_SECONDS,
                **self.account.spawn_arguments(),
            )
            said.seek(0)
            if done.returncode:
                raise subprocess.CalledProcessError(done.returncode, name, said.read())

    def folder_argument(self, cluster: Path) -> str:
        """How the account names the cluster folder.

        Below a folder it cannot enter (root's home) the full path is useless to it; the child's current
        folder, which root enters for it, is not. pg_ctl puts the name between double quotes into a command of the
        shell, so one that means something there is not spelled out either.
        """
        if not self.account.can_reach(cluster):
            return "/proc/self/cwd"
        return "." if SHELL_SIGNS & set(str(cluster)) else str(cluster)

    def make_cluster(self, layout: Layout, fast: bool) -> None:
        """Makes a cluster with roles and database beside its place and renames it: it is whole or absent."""
        fresh = layout.data / "postgres.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        self.account.own(fresh)
        superuser, application = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        try:
            self._initdb(fresh, superuser, fast)
            with open(fresh / "postgresql.conf", "a") as file:
                file.write(CONFIGURATION)
            self._make_roles(fresh, application)
        except (subprocess.SubprocessError, OSError) as error:
            raise DatabaseProblemError(
                f"No database could be made in {layout.data}.",
                f"PostgreSQL said: {getattr(error, 'output', None) or error}",
                "Check the space on the disk and the rights of the folder, then try again.",
            ) from None
        _write_passfile(layout, superuser, application)
        try:
            if layout.cluster.exists():
                layout.cluster.rmdir()
            fresh.rename(layout.cluster)
        except OSError as error:
            raise DatabaseProblemError(
                f"{layout.cluster} cannot be replaced by the new database.",
                f"({error})",
                f"If it is a mount point, mount {layout.data} instead.",
            ) from None

    def _initdb(self, folder: Path, password: str, fast: bool) -> None:
        if self.installation.major >= BUILTIN_LOCALE_SINCE:
            # Code point order, and upper and lower case right for every alphabet on every machine.
            locale = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        else:
            locale = ["--locale=C.UTF-8"]
        with tempfile.TemporaryFile("w+") as file:
            file.write(password)
            file.flush()
            file.seek(0)
            if self.account.switch:
                os.fchown(file.fileno(), self.account.uid, self.account.gid)
            self.run(
                folder, "initdb", "-D", self.folder_argument(folder), "--encoding=UTF8", *locale,
                f"--username={SUPERUSER}", "--auth=scram-sha-256", "--pwfile=/dev/stdin", "--no-instructions",
                *(["--no-sync"] if fast else []), stdin=file.fileno(),
            )  # fmt: skip

    def _make_roles(self, folder: Path, password: str) -> None:
        """The platform itself is no superuser: it cannot switch off the triggers that keep its history."""
        statements = (
            f"CREATE ROLE {APPLICATION_ROLE} LOGIN CREATEDB PASSWORD '{password}'\n"
            f"CREATE DATABASE {DATABASE} OWNER {APPLICATION_ROLE}\n"
        )
        self.run(folder, "postgres", "--single", "-D", self.folder_argument(folder), SUPERUSER, text=statements)

    def start(self, layout: Layout, port: int | None, fast: bool) -> None:
        """Starts the server and waits until it accepts connections; the error holds its last words."""
        settings = {
            "listen_addresses": "127.0.0.1" if port else "",
            "port": str(port or DEFAULT_PORT),
            "unix_socket_directories": self._socket_directory(layout),
            "unix_socket_permissions": "0700",
            **(FAST if fast else {}),
        }
        options = " ".join(f"-c {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
        folder = self.folder_argument(layout.cluster)
        _keep_log_small(layout.log)
        try:
            self.run(
                layout.cluster, "pg_ctl", "start", "--silent", "--wait", f"--timeout={START_SECONDS}",
                "-D", folder, "--log", f"{folder}/{layout.log.name}", "-o", options,
            )  # fmt: skip
        except (subprocess.SubprocessError, OSError) as error:
            raise DatabaseProblemError(
                f"The database server of {layout.data} did not start.",
                f"Its last words: {last_words(layout.log) or getattr(error, 'output', None) or error}",
                f"The whole log is {layout.log}.",
            ) from None

    def stop(self, layout: Layout) -> None:
        """Ends all connections and stops the server; one that takes a minute is stopped at once."""
        folder = self.folder_argument(layout.cluster)
        for mode in ("fast", "immediate"):
            try:
                self.run(layout.cluster, "pg_ctl", "stop", "--silent", "--wait", f"--timeout={STOP_SECONDS}",
                         "--mode", mode, "-D", folder)  # fmt: skip
            except subprocess.SubprocessError:
                continue
            return

    def _socket_directory(self, layout: Layout) -> str:
        """The folder as the server names it; one outside the cluster is made, private, and checked."""
        folder = layout.socket_folder
        if folder == layout.cluster:
            return "."
        folder.mkdir(mode=0o700, exist_ok=True)
        found = folder.lstat()
        if folder.is_symlink() or found.st_uid not in {os.geteuid(), self.account.uid}:
            raise DatabaseProblemError(
                f"{folder}, where the database's socket belongs, was made by somebody else.",
                "Whoever owns it could listen in.", "Remove it, or choose a shorter MICROCITIES_DATA.",
            )  # fmt: skip
        folder.chmod(0o700)
        self.account.own(folder)
        return str(folder)


def last_words(log: Path, lines: int = 12) -> str:
    """The end of the server's log, or an empty text."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def _keep_log_small(log: Path, most: int = 10_000_000) -> None:
    if log.exists() and log.stat().st_size > most:
        log.replace(log.with_suffix(".log.old"))


def _write_passfile(layout: Layout, superuser: str, application: str) -> None:
    text = f"*:*:*:{SUPERUSER}:{superuser}\n*:*:*:{APPLICATION_ROLE}:{application}\n"
    layout.passfile.unlink(missing_ok=True)
    with open(os.open(layout.passfile, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(text)

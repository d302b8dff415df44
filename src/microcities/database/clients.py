"""Chooses the pg_dump and psql that can reach a database: the embedded ones speak no TLS, a server elsewhere asks for it."""

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import make_conninfo

from microcities.database.errors import DatabaseProblemError
from microcities.database.installation import Installation, embedded_installation, installation_at
from microcities.database.settings import connection_parameters

ENCRYPTED = {"require", "verify-ca", "verify-full"}
THIS_MACHINE = {"", "localhost", "127.0.0.1", "::1"}
# Where Debian puts the programs of each version; the command on the path is a chooser between them.
DEBIAN = Path("/usr/lib/postgresql")


def command(program: str, database: Mapping[str, Any], *arguments: str) -> list[str]:
    """A program of PostgreSQL and how it finds the database (an entry of DATABASES).

    The password is not in it: every user of the machine could see it there. It is in `environment`.
    """
    parameters = connection_parameters(database)
    parameters.pop("password", None)
    return [
        client_installation(database).program(program), *arguments, "--no-password",
        f"--dbname={make_conninfo('', **parameters)}",
    ]  # fmt: skip


def environment(database: Mapping[str, Any]) -> dict[str, str]:
    """The environment for `command`."""
    password = database.get("PASSWORD")
    return {**os.environ, "PGPASSWORD": password} if password else dict(os.environ)


def client_installation(database: Mapping[str, Any]) -> Installation:
    """The embedded programs for a server on this machine, else the newest of the system, which speak TLS.

    Raises DatabaseProblemError when TLS is wanted (`sslmode`, or a server elsewhere without `sslmode=disable`) and
    the system has none.
    """
    if not needs_encryption(connection_parameters(database)):
        return embedded_installation()
    found = system_installations()
    if not found:
        raise DatabaseProblemError(
            "The connection to this database is to be encrypted, and the programs that come with the platform cannot do that.",
            "pg_dump and psql of the operating system can.",
            "Install them (Debian: postgresql-client, of the server's version or newer), or, if the way to the server is "
            "private, add sslmode=disable to DATABASE_URL.",
        )
    return max(found, key=lambda each: each.major)


def needs_encryption(parameters: Mapping[str, str]) -> bool:
    """Whether libpq would, or had better, encrypt a connection with these parameters."""
    mode = parameters.get("sslmode", "")
    hosts = parameters.get("host", "").split(",")
    elsewhere = any(host not in THIS_MACHINE and not host.startswith("/") for host in hosts)
    return mode in ENCRYPTED or (elsewhere and mode != "disable")


def system_installations() -> list[Installation]:
    """The PostgreSQL programs installed beside the platform's own."""
    folders = [*DEBIAN.glob("*/bin")]
    if (on_path := shutil.which("psql")) and not folders:
        folders.append(Path(on_path).resolve().parent)
    return [installation_at(folder, "pg_dump") for folder in folders if (folder / "pg_dump").exists()]

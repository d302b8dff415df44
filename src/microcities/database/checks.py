"""Says at the start what is wrong with the server, before a query fails somewhere deep in a page."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

OLDEST, NEWEST = 15, 18
EXTENSIONS = ("btree_gist", "pg_trgm", "unaccent")
FIRST_MIGRATION = "0001_extensions_and_keys"


@register(Tags.database)
def check_server(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """Version, encoding and extensions of every database named; runs at `migrate` and `check --database`."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        try:
            connection.ensure_connection()
        except OperationalError as error:
            found.append(_unreachable(alias, error))
            continue
        found += [*check_version(server_major(connection)), *check_encoding(server_encoding(connection))]
        found += check_extensions(missing_extensions(connection))
    return found


def check_version(major: int) -> list[CheckMessage]:
    """An error below 15, a warning above 18."""
    if major < OLDEST:
        return [
            Error(
                f"The database server is PostgreSQL {major}; the platform needs {OLDEST} to {NEWEST}.",
                hint="Upgrade the server, or leave DATABASE_URL out and use the embedded one.",
                id="database.E002",
            )
        ]
    if major > NEWEST:
        return [
            Warning(
                f"PostgreSQL {major} is newer than any this release was tested with ({OLDEST} to {NEWEST}).",
                hint="Use a tested version, or run the test suite against this one first.",
                id="database.W001",
            )
        ]
    return []


def check_encoding(encoding: str) -> list[CheckMessage]:
    """An error for anything but UTF8, in which alone every name of Europe can be written."""
    if encoding == "UTF8":
        return []
    return [
        Error(
            f"The database stores text as {encoding}; names from all of Europe need UTF8.",
            hint="Create it anew: CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0.",
            id="database.E003",
        )
    ]


def check_extensions(missing: list[str]) -> list[CheckMessage]:
    """An error that names the missing extensions."""
    if not missing:
        return []
    return [
        Error(
            f"The database server lacks the extensions {', '.join(missing)}.",
            hint="Install PostgreSQL's contrib package on the server, then CREATE EXTENSION as the owner.",
            id="database.E004",
        )
    ]


def server_major(connection: BaseDatabaseWrapper) -> int:
    """15 for PostgreSQL 15.18."""
    return int(_one_value(connection, "SHOW server_version_num")) // 10000


def server_encoding(connection: BaseDatabaseWrapper) -> str:
    """How the database stores text."""
    return str(_one_value(connection, "SHOW server_encoding"))


def missing_extensions(connection: BaseDatabaseWrapper) -> list[str]:
    """Extensions that are not installed or, before the first migration, could not be."""
    query = "SELECT array_agg(name) FROM pg_available_extensions"
    if _first_migration_done(connection):
        query += " WHERE installed_version IS NOT NULL"
    present = set(_one_value(connection, query) or ())
    return [name for name in EXTENSIONS if name not in present]


def _first_migration_done(connection: BaseDatabaseWrapper) -> bool:
    if "django_migrations" not in connection.introspection.table_names():
        return False
    query = "SELECT count(*) FROM django_migrations WHERE app = 'database' AND name = %s"
    return bool(_one_value(connection, query, FIRST_MIGRATION))


def _one_value(connection: BaseDatabaseWrapper, query: str, *parameters: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


def _unreachable(alias: str, error: OperationalError) -> CheckMessage:
    return Error(
        f"The database {alias!r} cannot be reached: {error}",
        hint="Check DATABASE_URL, or leave it out and use the embedded server.",
        id="database.E001",
    )

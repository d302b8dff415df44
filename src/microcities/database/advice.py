"""Puts what the database driver raises into words for the operator, where the operator can do something about it."""

import psycopg
from django.db import Error, NotSupportedError

DRIVER_ERRORS = (Error, psycopg.Error)


def advice(error: Exception) -> str | None:
    """What is wrong, why, and what to do; None when the fault is ours and a traceback says more."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    said = str(error).strip().partition("\n")[0]
    if isinstance(error, NotSupportedError):
        return f"The database server cannot be used. {said} The platform runs on PostgreSQL 15 to 18: upgrade the server."
    if isinstance(cause, psycopg.errors.UndefinedTable | psycopg.errors.UndefinedColumn):
        return f"The database lacks a table or column of this release. ({said}) Run `microcities migrate`."
    if isinstance(cause, psycopg.ProgrammingError) and "connection option" in said:
        return f"DATABASE_URL cannot be used: {said}. What stands behind its question mark goes to PostgreSQL's own library."
    if isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None:
        return (
            f"The database cannot be reached. ({said}) Check DATABASE_URL and that the server runs; without DATABASE_URL "
            "the platform starts its own."
        )
    return None

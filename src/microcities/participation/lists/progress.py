"""Tells other connections how far a list's work is, from within the very transaction that does it.

A transaction shows nothing of its writes until it commits, but the name of its connection is seen at once by all who may
look at this database's activity. So the name carries the figures; when the work dies, the name is gone with it.
"""

from typing import NamedTuple

from django.db import connection

NAME = "microcities list {pk}: {step} {done}/{total}"


class Progress(NamedTuple):
    """How far: the step (`read`, `compare`, `write`), and how many of how many."""

    step: str
    done: int
    total: int


def report(pk: int, step: str, done: int, total: int) -> None:
    """Say how far the work on a list is."""
    name = NAME.format(pk=pk, step=step, done=done, total=total)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('application_name', %s, false)", [name])


def forget() -> None:
    """Take the figures away again; the connection may serve somebody else next."""
    with connection.cursor() as cursor:
        cursor.execute("RESET application_name")


def progress_of(pk: int) -> Progress | None:
    """How far the work on a list is, or None when nobody works on it at this moment."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT application_name FROM pg_stat_activity "
            "WHERE datname = current_database() AND application_name LIKE %s LIMIT 1",
            [f"microcities list {pk}: %"],
        )
        row = cursor.fetchone()
    if row is None:
        return None
    step, _, figures = row[0].partition(": ")[2].partition(" ")
    done, _, total = figures.partition("/")
    return Progress(step, int(done), int(total))

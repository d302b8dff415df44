"""Seals the trail: one link after another of a hash chain over each stream, without stopping those who write."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.utils import OperationalError

LOCK = "microcities.trail"
LONGEST_LINK = 100_000
WAIT = "200ms"


@dataclass(frozen=True)
class Stream:
    """One sealed table; every row of it has a number and an `entry_hash`."""

    name: str
    table: str


STREAMS = (Stream("change", "trail_change"), Stream("action", "trail_action"), Stream("look", "trail_look"))


class BusyError(Exception):
    """A transaction that writes has been open too long; nothing was sealed, the next run will do it."""


def seal() -> int:
    """Seal everything that is final and return the number of entries sealed; BusyError when writers do not let go.

    Safe to run twice at once: the second waits for the first and finds nothing left.
    """
    last = _last_final()
    sealed = 0
    for stream in STREAMS:
        while added := _seal_link(stream, last[stream.name]):
            sealed += added
    return sealed


def _last_final() -> dict[str, int]:
    """The highest number of each stream below which nothing can appear any more.

    Writers hold the shared lock from their first entry until they commit. Holding it alone for the moment of one
    question, we see all that has a number; a later writer gets a higher one.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{WAIT}'")
        try:
            with transaction.atomic():
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [LOCK])
        except OperationalError as error:
            raise BusyError("a writing transaction has been open for too long; seal again later") from error
        cursor.execute("SELECT " + ", ".join(f"(SELECT coalesce(max(id), 0) FROM {s.table})" for s in STREAMS))  # noqa: S608
        numbers = cursor.fetchone()
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
    return {stream.name: number for stream, number in zip(STREAMS, numbers, strict=True)}


def _seal_link(stream: Stream, up_to: int) -> int:
    """Add one link of at most LONGEST_LINK entries and return how many it has; 0 when nothing is left."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"{LOCK}.seal"])
        cursor.execute(
            f"""
            WITH before AS (
                SELECT last_id, hash FROM trail_seal WHERE stream = %(stream)s ORDER BY first_id DESC LIMIT 1
            ), entries AS (
                SELECT id, entry_hash FROM {stream.table}
                WHERE id > coalesce((SELECT last_id FROM before), 0) AND id <= %(up_to)s
                ORDER BY id LIMIT %(longest)s
            ), link AS (
                SELECT min(id) AS first_id, max(id) AS last_id, count(*) AS entries,
                       coalesce((SELECT hash FROM before), ''::bytea) AS previous_hash,
                       string_agg(entry_hash, ''::bytea ORDER BY id) AS content
                FROM entries HAVING count(*) > 0
            )
            INSERT INTO trail_seal (at, stream, first_id, last_id, entries, previous_hash, hash)
            SELECT clock_timestamp(), %(stream)s, first_id, last_id, entries, previous_hash,
                   sha256(previous_hash || content)
            FROM link RETURNING entries
            """,  # noqa: S608 - a table name of STREAMS
            {"stream": stream.name, "up_to": up_to, "longest": LONGEST_LINK},
        )
        row = cursor.fetchone()
    return row[0] if row else 0

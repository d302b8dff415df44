"""Builds what many tests begin with once, and afterwards puts its rows back in one statement.

Most of the suite's time would otherwise go into making the same small world three thousand times. Only the first test
that asks pays for the real actions; the others get the very rows these left, history and evidence included, without
their triggers running again, and a copy of what the builder returned.
"""

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import connection

Built = TypeVar("Built")
# Each row of a table as it stands in an INSERT; generated columns fill themselves.
TABLES = """
    SELECT c.oid::regclass::text, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum),
           string_agg(format('quote_nullable(%I::text)', a.attname), ', ' ORDER BY a.attnum)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    WHERE n.nspname = 'public' AND c.relkind = 'r'
    GROUP BY c.oid ORDER BY c.oid
"""


@dataclass(frozen=True)
class Memory:
    """What a builder left: how many rows each table it touches had before, the statement that repeats it, its answer."""

    before: tuple[tuple[str, int], ...]
    statement: str
    answer: bytes


_memories: dict[str, Memory] = {}


def remembered(name: str, build: Callable[[], Built]) -> Built:
    """What `build()` returns, its rows being in the database; built really the first time under this name.

    Built really as well when the tables are not as the first time found them, when the test commits (its rows must
    come about as in life), and on a server where we may not keep triggers from running.
    """
    if not connection.in_atomic_block or not _may_silence_triggers():
        return build()
    memory = _memories.get(name)
    if memory is None:
        found = rows_of_all_tables()
        built = build()
        _memories[name] = _remember(found, built)
        return built
    if not _as_then(memory):
        return build()
    with connection.cursor() as cursor:
        cursor.execute(memory.statement)
    answer: Built = pickle.loads(memory.answer)
    return answer


def _may_silence_triggers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def rows_of_all_tables() -> dict[tuple[str, str], list[str]]:
    """{(table, its columns): its rows as SQL}."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES)
        found = {}
        for table, columns, quoted in cursor.fetchall():
            cursor.execute(f"SELECT '(' || concat_ws(', ', {quoted}) || ')' FROM {table}")
            found[table, columns] = [row for (row,) in cursor.fetchall()]
    return found


def _remember(found: dict[tuple[str, str], list[str]], built: object) -> Memory:
    """Compare the tables with how they were found."""
    statements, before = [], []
    for (table, columns), rows in rows_of_all_tables().items():
        earlier = found[table, columns]
        if sorted(rows) == sorted(earlier):
            continue
        before.append((table, len(earlier)))
        known = set(earlier)
        added = [row for row in rows if row not in known]
        if not known <= set(rows):
            statements.append(f"DELETE FROM {table}")
            added = rows
        if added:
            statements.append(f"INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE VALUES {', '.join(added)}")
    silent = ["SET LOCAL session_replication_role = replica", *statements, "SET LOCAL session_replication_role = origin"]
    return Memory(tuple(before), "; ".join(silent), pickle.dumps(built))


def _as_then(memory: Memory) -> bool:
    counts = " AND ".join(f"(SELECT count(*) FROM {table}) = {rows}" for table, rows in memory.before) or "true"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}")
        return bool(cursor.fetchone()[0])

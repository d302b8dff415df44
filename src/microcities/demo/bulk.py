"""Loads millions of rows in reasonable time: indexes and references are put aside and made again over the whole table.

PostgreSQL's manual advises it (section 14.4, Populating a Database): one sort instead of millions of insertions, one
join instead of millions of look-ups. Primary keys, checks and triggers stay, so history is written all the while.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper
from psycopg import sql

# Foreign keys of these tables and unique constraints; then indexes that no constraint stands on.
_CONSTRAINTS = """
    SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid)
    FROM pg_constraint AS c WHERE c.conrelid = ANY(%s::regclass[]) AND c.contype IN ('f', 'u')
    ORDER BY c.contype DESC, c.conrelid, c.conname
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
    FROM pg_index AS i WHERE i.indrelid = ANY(%s::regclass[])
      AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
    ORDER BY 1
"""


@contextmanager
def set_aside(cursor: CursorWrapper, tables: Sequence[str]) -> Iterator[None]:
    """Drop foreign keys, unique constraints and indexes of these tables, and make the very same again at the end.

    Inside a transaction: after an error the rollback brings them back. Whatever was loaded meanwhile is checked then.
    Nobody else reads or writes these tables until the transaction ends.
    """
    cursor.execute(_CONSTRAINTS, [list(tables)])
    constraints = cursor.fetchall()
    cursor.execute(_INDEXES, [list(tables)])
    indexes = cursor.fetchall()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks that still wait cannot be altered
    for table, name, _definition in reversed(constraints):
        cursor.execute(_alter("DROP CONSTRAINT {name}", table, name))
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    yield
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in constraints:
        cursor.execute(_alter("ADD CONSTRAINT {name} ", table, name) + sql.SQL(definition))


def _alter(change: str, table: str, name: str) -> sql.Composed:
    return sql.SQL("ALTER TABLE {table} " + change).format(table=sql.SQL(table), name=sql.Identifier(name))

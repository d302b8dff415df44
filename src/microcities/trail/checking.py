"""Proves that nobody touched the record or its history behind the platform's back, or says which row somebody touched.

Everything is computed anew with the database's own functions only, so that a changed function of ours hides nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TextIO

from django.db import connection, models, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from microcities.trail.install import OPERATIONS, traced_models
from microcities.trail.reading import key_column
from microcities.trail.sealing import STREAMS, Stream

MOST_PER_QUESTION = 1000
Progress = Callable[[int, int, str], None]


class Kind(StrEnum):
    """What was found."""

    CHANGED_ROW = "row changed behind the triggers"
    REMOVED_ROW = "row removed behind the triggers"
    ADDED_ROW = "row added behind the triggers"
    UNCHECKED_ROW = "row cannot be checked"
    CHANGED_ENTRY = "entry of the trail changed"
    CHANGED_CONTENT = "former values changed"
    BROKEN_SEAL = "entries differ from their seal"
    MISSING_SEAL = "seal missing or changed"
    SLIPPED_ENTRY = "entry between two seals"
    MISSING_TRIGGER = "trigger missing or off"


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong: the table, the row (its key, or a range of entries) and what about it."""

    kind: Kind
    table: str
    row_id: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.table} {self.row_id}: {self.kind}" + (f" ({self.detail})" if self.detail else "")


# As in sql/trail.sql, spelled out; a null is "~", and U+001F stands between the parts.
_MOMENT = """to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')"""
_PARTS = {
    "change": f"id::text, {_MOMENT}, action_id::text, table_name, row_id, operation, encode(digest, 'hex'), "
    "encode(old_digest, 'hex')",
    "action": f"id::text, {_MOMENT}, verb, actor_id::text, system, reason, request_id::text, part_of_id::text",
    "look": f"id::text, {_MOMENT}, person_id::text, actor_id::text, reason, what, request_id::text, address",
}
# What the trigger sets, so that the same row gives the same text here.
_AS_THE_TRIGGER = (
    "SET LOCAL timezone = 'UTC'",
    "SET LOCAL bytea_output = 'hex'",
    "SET LOCAL extra_float_digits = 1",
    "SET LOCAL intervalstyle = 'iso_8601'",
)


def _no_progress(done: int, total: int, what: str) -> None:
    """Nobody watches."""


def check_trail(progress: Progress = _no_progress, known_heads: dict[str, str] | None = None) -> list[Finding]:
    """All findings, at most MOST_PER_QUESTION for each table and question; empty when everything holds.

    `progress(done, total, table)` is called before each step. `known_heads` are hashes (hex, by stream) written down
    after an earlier check: each must still be in the chain, which also finds a chain that was cut off at its end.
    """
    tables = traced_models()
    total = len(STREAMS) + len(tables)
    findings: list[Finding] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in _AS_THE_TRIGGER:
            cursor.execute(statement)
        findings += _trigger_findings(cursor)
        for number, stream in enumerate(STREAMS):
            progress(number, total, stream.table)
            findings += _entry_findings(cursor, stream)
            findings += _seal_findings(cursor, stream, (known_heads or {}).get(stream.name))
        for number, model in enumerate(tables, start=len(STREAMS)):
            progress(number, total, model._meta.db_table)
            findings += _row_findings(cursor, model)
    return findings


def heads() -> dict[str, str]:
    """The last hash of each stream in hex; kept elsewhere, it proves later that the chain was not cut off."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT ON (stream) stream, encode(hash, 'hex') FROM trail_seal ORDER BY stream, first_id DESC"
        )
        return dict(cursor.fetchall())


def main(out: TextIO, known_heads: dict[str, str] | None = None) -> int:
    """Run the check, write what it does and finds to `out`; the exit code is 0 when everything holds, else 1."""
    findings = check_trail(lambda done, total, what: print(f"{done + 1}/{total} {what}", file=out), known_heads)
    for finding in findings:
        print(finding, file=out)
    for stream, head in heads().items():
        print(_("Last link of %(stream)s: %(hash)s") % {"stream": stream, "hash": head}, file=out)
    print(
        _("The trail does not hold. Findings: %(number)s.") % {"number": len(findings)}
        if findings
        else _("The trail holds."),
        file=out,
    )
    return 1 if findings else 0


def _entry_findings(cursor: Any, stream: Stream) -> Iterator[Finding]:
    hashed = f"sha256(convert_to(array_to_string(ARRAY[{_PARTS[stream.name]}], E'\\x1f', '~'), 'UTF8'))"
    cursor.execute(
        f"SELECT id FROM {stream.table} WHERE entry_hash IS DISTINCT FROM {hashed} ORDER BY id LIMIT %s",  # noqa: S608
        [MOST_PER_QUESTION],
    )
    for (number,) in cursor.fetchall():
        yield Finding(Kind.CHANGED_ENTRY, stream.table, str(number))
    if stream.name != "change":
        return
    cursor.execute(
        "SELECT id, table_name, row_id FROM trail_change WHERE old IS NOT NULL AND old_digest IS DISTINCT FROM "
        "sha256(salt || convert_to(old::text, 'UTF8')) ORDER BY id LIMIT %s",
        [MOST_PER_QUESTION],
    )
    for number, table, row_id in cursor.fetchall():
        yield Finding(Kind.CHANGED_CONTENT, stream.table, str(number), f"history of {table} {row_id}")


def _seal_findings(cursor: Any, stream: Stream, known_head: str | None) -> Iterator[Finding]:
    cursor.execute(
        f"""
        SELECT s.first_id, s.last_id, s.entries, s.hash, s.previous_hash,
               lag(s.hash, 1, ''::bytea) OVER chain, lag(s.last_id, 1, 0::bigint) OVER chain,
               found.entries, sha256(s.previous_hash || found.content)
        FROM trail_seal AS s LEFT JOIN LATERAL (
            SELECT count(*) AS entries, string_agg(e.entry_hash, ''::bytea ORDER BY e.id) AS content
            FROM {stream.table} AS e WHERE e.id BETWEEN s.first_id AND s.last_id
        ) AS found ON true
        WHERE s.stream = %s WINDOW chain AS (ORDER BY s.first_id) ORDER BY s.first_id
        """,  # noqa: S608 - a table name of STREAMS
        [stream.name],
    )
    known = known_head is None
    for first, last, sealed, hash_, previous, expected, before, present, computed in cursor.fetchall():
        link = f"{first}-{last}"
        known = known or bytes(hash_).hex() == known_head
        if bytes(previous) != bytes(expected):
            yield Finding(
                Kind.MISSING_SEAL, "trail_seal", f"{stream.name} {link}", "it does not follow the link before"
            )
        if present != sealed or computed is None or bytes(computed) != bytes(hash_):
            yield Finding(Kind.BROKEN_SEAL, stream.table, link, f"{sealed} entries sealed, {present} there now")
        yield from _slipped(cursor, stream, before, first)
    if not known:
        yield Finding(Kind.MISSING_SEAL, "trail_seal", stream.name, f"{known_head} is not in the chain")


def _slipped(cursor: Any, stream: Stream, after: int, before: int) -> Iterator[Finding]:
    cursor.execute(
        f"SELECT id FROM {stream.table} WHERE id > %s AND id < %s ORDER BY id LIMIT %s",  # noqa: S608
        [after, before, MOST_PER_QUESTION],
    )
    for (number,) in cursor.fetchall():
        yield Finding(Kind.SLIPPED_ENTRY, stream.table, str(number))


def _row_findings(cursor: Any, model: type[models.Model]) -> Iterator[Finding]:
    """Compare each row with the last digest of its history; what came before a TRUNCATE counts as gone."""
    table, key = model._meta.db_table, key_column(model)
    cursor.execute(
        sql.SQL(
            """
            WITH emptied AS (
                SELECT coalesce(max(id), 0) AS id FROM trail_change WHERE table_name = {name} AND operation = 'T'
            ), last AS (
                SELECT DISTINCT ON (row_id) row_id, operation, salt, digest
                FROM trail_change WHERE table_name = {name} AND id > (SELECT id FROM emptied) ORDER BY row_id, id DESC
            ), judged AS (
                SELECT coalesce(l.row_id, t.{key}::text) AS row_id,
                       CASE WHEN t.{key} IS NULL THEN CASE WHEN l.operation = 'D' THEN NULL ELSE 'REMOVED_ROW' END
                            WHEN l.row_id IS NULL OR l.operation = 'D' THEN 'ADDED_ROW'
                            WHEN l.salt IS NULL THEN 'UNCHECKED_ROW'
                            WHEN l.digest IS DISTINCT FROM sha256(l.salt || convert_to(to_jsonb(t)::text, 'UTF8'))
                            THEN 'CHANGED_ROW' END AS kind
                FROM last AS l FULL JOIN {table} AS t ON t.{key}::text = l.row_id
            )
            SELECT kind, row_id FROM judged WHERE kind IS NOT NULL ORDER BY length(row_id), row_id LIMIT {most}
            """
        ).format(
            name=sql.Literal(table),
            table=sql.Identifier(table),
            key=sql.Identifier(key),
            most=sql.Literal(MOST_PER_QUESTION),
        )
    )
    for kind, row_id in cursor.fetchall():
        yield Finding(Kind[kind], table, row_id)


def _trigger_findings(cursor: Any) -> Iterator[Finding]:
    """Every traced table has its four triggers, every table of the trail its guards, all of them switched on."""
    wanted = {(model._meta.db_table, f"trail_{name.lower()}") for model in traced_models() for name in OPERATIONS}
    guarded = ("trail_change", "trail_action", "trail_look", "trail_seal")
    wanted |= {(table, name) for table in guarded for name in ("trail_keep_rows", "trail_keep_table")}
    wanted |= {("trail_action", "trail_stamp"), ("trail_look", "trail_stamp")}
    cursor.execute(
        "SELECT c.relname, t.tgname FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid "
        "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
    )
    for table, name in sorted(wanted - set(cursor.fetchall())):
        yield Finding(Kind.MISSING_TRIGGER, table, name)

"""Turns each declared source into a view and triggers after every migrate; safe to repeat."""

from pathlib import Path
from typing import Any

from django.db import connections
from psycopg import sql

from microcities.evidence.registry import COLUMNS, REGISTRY, Source

FUNCTIONS = Path(__file__).parent / "sql" / "evidence.sql"
TRANSITIONS = (
    ("insert", "INSERT", "NEW"),
    ("update_new", "UPDATE", "NEW"),
    ("update_old", "UPDATE", "OLD"),
    ("delete", "DELETE", "OLD"),
)


def install(using: str = "default") -> None:
    """Create or replace functions, views and triggers of all sources."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('evidence_parttally') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(FUNCTIONS.read_text())
        for source in REGISTRY.sources.values():
            _install_view(cursor, source)
            for table, ids in source.depends.items():
                _install_triggers(cursor, source, table, ids)


def _install_view(cursor: Any, source: Source) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, COLUMNS))
    cursor.execute(
        sql.SQL(
            "DROP VIEW IF EXISTS {view}; CREATE VIEW {view} AS SELECT "
            "measure::text, record_id::bigint, subject_kind::text, subject_id::bigint, fact_on::date, city_id::bigint, "
            "partner_id::bigint, funding_ids::bigint[], quantity::numeric(14,4), proof::text, verification::text, "
            "sex::text, age::smallint FROM ({query}) AS declared ({columns})"
        ).format(view=sql.Identifier(source.view), query=sql.SQL(source.query), columns=columns)
    )


def _install_triggers(cursor: Any, source: Source, table: str, ids: str) -> None:
    function = sql.Identifier(f"evidence_{source.name}_from_{table}"[:63])
    # `id` in the declared SQL is read as the record's id; a set larger than the source is refreshed all the same.
    cursor.execute(
        sql.SQL(
            "CREATE OR REPLACE FUNCTION {function}() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN "
            "PERFORM evidence_refresh({name}, (SELECT array_agg(DISTINCT ids.id) FROM ({ids}) AS ids (id))); "
            "RETURN NULL; END $f$"
        ).format(function=function, name=sql.Literal(source.name), ids=sql.SQL(ids))
    )
    for suffix, operation, side in TRANSITIONS:
        cursor.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {trigger} AFTER {operation} ON {table} "
                "REFERENCING {side} TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
            ).format(
                trigger=sql.Identifier(f"evidence_{source.name}_{suffix}"),
                operation=sql.SQL(operation),
                table=sql.Identifier(table),
                side=sql.SQL(side),
                function=function,
            )
        )

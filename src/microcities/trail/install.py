"""Puts the history triggers on every first-party table after each migrate, so that no migration can forget one."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

FUNCTIONS = Path(__file__).parent / "sql" / "trail.sql"
OPERATIONS = {
    "INSERT": "REFERENCING NEW TABLE AS new_rows",
    "UPDATE": "REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "DELETE": "REFERENCING OLD TABLE AS old_rows",
    "TRUNCATE": "",
}


def is_traced(model: type[models.Model]) -> bool:
    """First-party tables are traced unless the model says why not in `trail_exempt`."""
    return (
        model.__module__.startswith("microcities.")
        and model._meta.managed
        and model._meta.app_label != "trail"
        and not getattr(model, "trail_exempt", "")
    )


def traced_models() -> list[type[models.Model]]:
    """Every model whose changes the triggers write down, many-to-many tables included."""
    found = [model for model in apps.get_models(include_auto_created=True) if is_traced(model)]
    return sorted(found, key=lambda model: model._meta.db_table)


def install(using: str = "default", **_: Any) -> None:
    """Create or replace functions and triggers; safe to repeat."""
    connection = connections[using]
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('trail_change') IS NOT NULL AND to_regclass('trail_seal') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute(FUNCTIONS.read_text())
        _guard_the_trail(cursor)
        existing = set(connection.introspection.table_names(cursor))
        for model in traced_models():
            if model._meta.db_table in existing:
                _trace(cursor, model)
    _rebaseline(connection)


def _trace(cursor: Any, model: type[models.Model]) -> None:
    key = model._meta.pk
    if key is None:
        raise TypeError(f"{model} has no key to trace by")
    for operation, referencing in OPERATIONS.items():
        cursor.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER {name} AFTER {operation} ON {table} {referencing} "
                "FOR EACH STATEMENT EXECUTE FUNCTION trail_record({key})"
            ).format(
                name=sql.Identifier(f"trail_{operation.lower()}"),
                operation=sql.SQL(operation),
                table=sql.Identifier(model._meta.db_table),
                referencing=sql.SQL(referencing),
                key=sql.Literal(key.column),
            )
        )


def _guard_the_trail(cursor: Any) -> None:
    for table in ("trail_change", "trail_action", "trail_look", "trail_seal"):
        for name, when in (
            ("trail_keep_rows", "BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW"),
            ("trail_keep_table", "BEFORE TRUNCATE ON {table} FOR EACH STATEMENT"),
        ):
            event = when.format(table=table)
            cursor.execute(f"CREATE OR REPLACE TRIGGER {name} {event} EXECUTE FUNCTION trail_refuse()")
    for table in ("action", "look"):
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER trail_stamp BEFORE INSERT ON trail_{table} "
            f"FOR EACH ROW EXECUTE FUNCTION trail_stamp_{table}()"
        )


_SIGNATURE = """
    SELECT c.relname, md5(string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum))
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE c.relname = ANY(%s) AND c.relnamespace = current_schema()::regnamespace GROUP BY c.relname
"""


def _rebaseline(connection: BaseDatabaseWrapper) -> None:
    """Where a migration changed a table's columns, digest its rows anew, so that the check compares like with like."""
    tables = {model._meta.db_table: model._meta.pk.column for model in traced_models() if model._meta.pk}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT table_name, signature FROM trail_tracedtable")
        known = dict(cursor.fetchall())
        cursor.execute(_SIGNATURE, [list(tables)])
        for table, signature in cursor.fetchall():
            if known.get(table) == signature:
                continue
            if table in known:
                cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('microcities.trail'))")
                cursor.execute(
                    sql.SQL(
                        "SELECT trail_write(NULL, {name}, to_jsonb(t) ->> {key}, 'B', NULL, to_jsonb(t), "
                        "uuid_send(gen_random_uuid())) FROM {table} AS t"
                    ).format(
                        name=sql.Literal(table), key=sql.Literal(tables[table]), table=sql.Identifier(table)
                    )
                )
            cursor.execute(
                "INSERT INTO trail_tracedtable (table_name, signature) VALUES (%s, %s) "
                "ON CONFLICT (table_name) DO UPDATE SET signature = excluded.signature",
                [table, signature],
            )

"""The one change that the trail allows to itself: forgetting what a person's rows used to hold."""

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from psycopg import sql


def forget_rows(table: str, row_ids: Iterable[Any], key: str = "id") -> int:
    """Blank former values and salt of all changes of these rows; digests stay, so the chain still verifies.

    Returns the number of changes that were blanked.
    """
    keys = list(row_ids)
    ids = [str(key_value) for key_value in keys]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(hashtext('microcities.trail'))")  # as every writer
        cursor.execute("SELECT set_config('microcities.forgetting', 'on', true)")
        cursor.execute(
            "UPDATE trail_change SET old = NULL, salt = NULL "
            "WHERE table_name = %s AND row_id = ANY(%s) AND (old IS NOT NULL OR salt IS NOT NULL)",
            [table, ids],
        )
        forgotten = cursor.rowcount
        cursor.execute("SELECT set_config('microcities.forgetting', '', true)")
        # A fresh digest of what is left, so that the present rows can still be checked.
        cursor.execute(
            sql.SQL(
                "SELECT trail_write(nullif(current_setting('microcities.action', true), '')::bigint, {name}, "
                "to_jsonb(t) ->> {key}, 'B', NULL, to_jsonb(t), uuid_send(gen_random_uuid())) "
                "FROM {table} AS t WHERE t.{column} = ANY(%s)"
            ).format(
                name=sql.Literal(table), key=sql.Literal(key), table=sql.Identifier(table), column=sql.Identifier(key)
            ),
            [keys],
        )
    return forgotten

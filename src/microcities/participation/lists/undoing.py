"""Takes an applied list back by the trail itself: what it inserted goes, what it changed gets its former values."""

from collections.abc import Iterator

from django.apps import apps
from django.db import connection, models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from microcities.participation.models import ListImport, Participation
from microcities.people.models import MatchCandidate, Person, Registration
from microcities.spreadsheets.told import filled

ForeignKey = models.ForeignKey
# In the order in which rows may go, those that point to others first.
TABLES = (
    "participation_participationfunding", "participation_participation", "people_matchcandidate", "people_registration",
    "people_person",
)
CHANGED_SINCE = """
    SELECT EXISTS (
        SELECT FROM trail_change AS mine JOIN trail_change AS later
            ON later.table_name = mine.table_name AND later.row_id = mine.row_id AND later.id > mine.id
        WHERE mine.action_id = %(action)s AND mine.table_name = ANY(%(tables)s) AND later.operation IN ('U', 'D')
          AND later.action_id IS DISTINCT FROM %(action)s)
"""
MADE = """
    SELECT row_id::bigint FROM trail_change
    WHERE action_id = %(action)s AND table_name = {table} AND operation = 'I'
"""
DELETE = "DELETE FROM {target} WHERE id IN (" + MADE + ")"  # noqa: S608 - a table of TABLES
# Names of tables and columns come from the models.
RESTORE = """
    UPDATE {target} AS t SET ({columns}) = (SELECT {columns} FROM jsonb_populate_record(t, c.old))
    FROM trail_change AS c
    WHERE c.action_id = %(action)s AND c.table_name = {table} AND c.operation = 'U' AND c.row_id = t.id::text
"""


TOUCHED = """
    SELECT DISTINCT row_id::bigint FROM trail_change
    WHERE action_id = %(action)s AND table_name = 'participation_participation'
"""


def touched_records(the_list: ListImport) -> list[int]:
    """Numbers of the participations that the list made or changed."""
    with connection.cursor() as cursor:
        cursor.execute(TOUCHED, {"action": the_list.action_id})
        return [number for (number,) in cursor.fetchall()]


def obstacles(the_list: ListImport) -> Iterator["str | Promise"]:
    """Why the list cannot be undone: its rows were changed since, or something else rests on them."""
    with connection.cursor() as cursor:
        cursor.execute(CHANGED_SINCE, {"action": the_list.action_id, "tables": list(TABLES)})
        if cursor.fetchone()[0]:
            yield _("Some of its persons or records have been changed, confirmed or merged since. "
                    "Correct those records one by one instead.")
    for model in (Person, Participation):
        for field in _pointing_to(model):
            if _rests_on(the_list, model, field):
                yield filled(
                    _("Something else rests on its persons by now: %(what)s. Remove that first."),
                    what=field.model._meta.verbose_name_plural,
                )


def _pointing_to(model: type[models.Model]) -> Iterator[ForeignKey]:
    for other in apps.get_models(include_auto_created=True):
        for field in other._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and field.related_model is model:
                yield field


def _rests_on(the_list: ListImport, model: type[models.Model], field: ForeignKey) -> bool:
    """Rows of another table that point to what the list made and were not made by the list."""
    table = field.model._meta.db_table
    if table == "participation_listrow":
        return False  # another list's row comes with a registration or a record, which are looked at themselves
    if field.model is MatchCandidate:
        return False  # pairs found later lose their meaning with the record; decided ones show in the trail
    statement = sql.SQL(
        "SELECT EXISTS (SELECT FROM {other} AS o WHERE o.{column} IN (" + MADE + ") AND NOT EXISTS ("  # noqa: S608
        "SELECT FROM trail_change AS c WHERE c.action_id = %(action)s AND c.table_name = {name} AND c.operation = 'I' "
        "AND c.row_id = o.{key}::text))"
    ).format(
        other=sql.Identifier(table), column=sql.Identifier(field.column), name=sql.Literal(table),
        key=sql.Identifier(field.model._meta.pk.column), table=sql.Literal(model._meta.db_table),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {"action": the_list.action_id})
        return bool(cursor.fetchone()[0])


def take_back(the_list: ListImport) -> None:
    """Delete what the list inserted and restore what it changed. Call only without obstacles."""
    parameters = {"action": the_list.action_id}
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM participation_listrow WHERE of_list_id = %s", [the_list.pk])
        cursor.execute(
            "DELETE FROM people_matchcandidate WHERE state = 'open' AND (first_id IN (" + _made("people_person")  # noqa: S608
            + ") OR second_id IN (" + _made("people_person") + "))",
            parameters,
        )
        for table in TABLES:
            cursor.execute(sql.SQL(DELETE).format(target=sql.Identifier(table), table=sql.Literal(table)), parameters)
        for model in (Participation, Registration, Person):
            cursor.execute(_restore(model), parameters)


def _made(table: str) -> str:
    return MADE.replace("{table}", f"'{table}'")


def _restore(model: type[models.Model]) -> sql.Composed:
    columns = [field.column for field in model._meta.concrete_fields if not field.primary_key]
    return sql.SQL(RESTORE).format(
        target=sql.Identifier(model._meta.db_table),
        table=sql.Literal(model._meta.db_table),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
    )

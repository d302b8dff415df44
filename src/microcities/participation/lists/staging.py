"""Keeps a plan's rows in the database between the comparison and its application, written and read in bulk."""

import json
from collections.abc import Iterator

from django.db import connection

from microcities.participation.lists.plan import Plan
from microcities.participation.lists.rows import ReadRow
from microcities.participation.models import ListImport, ListRow

COLUMNS = (
    "of_list_id", "number", "outcome", "values", "code_hash", "problems", "changes", "candidates", "person_id",
    "participation_id", "first_number", "registers",
)
COPY = f'COPY participation_listrow ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in COLUMNS)}) FROM STDIN'


def store_plan(the_list: ListImport, plan: Plan) -> None:
    """Put the plan's rows in place of those that the list had before."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM participation_listrow WHERE of_list_id = %s", [the_list.pk])
        with cursor.copy(COPY) as copy:
            for row in plan.rows:
                copy.write_row((
                    the_list.pk, row.number, row.outcome.value, json.dumps(row.values, ensure_ascii=False), row.code,
                    json.dumps(row.problems, ensure_ascii=False), json.dumps(row.changes, ensure_ascii=False),
                    json.dumps(row.candidates), row.person_id, row.participation_id, row.first_number, row.registers,
                ))
        cursor.execute("ANALYZE participation_listrow")


def stored_rows(the_list: ListImport) -> Iterator[ReadRow]:
    """The rows of a list as they were read, without what was planned for them."""
    rows = ListRow.objects.filter(of_list=the_list).order_by("number")
    for number, values, code in rows.values_list("number", "values", "code_hash").iterator(5000):
        yield ReadRow(number, values, bytes(code) if code is not None else None)

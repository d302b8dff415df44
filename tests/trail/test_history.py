"""Every way of writing leaves a trace, and the trace can be read back as a history."""

import uuid

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError

from microcities.people.models import Organisation
from microcities.trail.checking import check_trail
from microcities.trail.context import System, change
from microcities.trail.models import Action, Change
from microcities.trail.reading import ValueChange, history_of

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TABLE = "people_organisation"
ACTOR = System("test")


def make(name: str = "Ventspils Augsto tehnoloģiju parks") -> Organisation:
    return Organisation.objects.create(name=name, kind="park")


def operations(row: Organisation) -> str:
    return "".join(Change.objects.of(TABLE, row.pk).values_list("operation", flat=True))


def test_update_of_a_queryset_is_traced_with_actor_and_reason() -> None:
    row = make()
    with change("people.rename", actor=ACTOR, reason="new name since May") as line:
        Organisation.objects.filter(pk=row.pk).update(name="VATP")
    step = history_of(TABLE, row.pk)[0]
    assert step.values == (ValueChange("name", "Ventspils Augsto tehnoloģiju parks", "VATP"),)
    assert step.action == Action.objects.get(pk=line.pk)
    assert (step.action.verb, step.action.system, step.action.reason) == ("people.rename", "test", "new name since May")


def test_bulk_create_and_bulk_update_are_traced_row_by_row() -> None:
    rows = Organisation.objects.bulk_create([Organisation(name=f"Skola {n}", kind="school") for n in range(3)])
    for row in rows:
        row.place = "ventspils"
    Organisation.objects.bulk_update(rows, ["place"])
    assert [operations(row) for row in rows] == ["IU", "IU", "IU"]


def test_raw_sql_and_deletion_are_traced() -> None:
    row = make()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE people_organisation SET employees = 7, employees_on = '2020-01-01' WHERE id = %s", [row.pk]
        )
        cursor.execute("DELETE FROM people_organisation WHERE id = %s", [row.pk])
    steps = history_of(TABLE, row.pk)
    assert [step.operation for step in steps] == ["D", "U", "I"]
    assert ValueChange("employees", None, 7) in steps[1].values
    assert ValueChange("employees", 7, None) in steps[0].values
    assert all(value.column != "employees" for value in steps[2].values)


def test_row_that_gets_another_key_goes_and_comes() -> None:
    row = make()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_organisation SET id = 77, name = 'Other' WHERE id = %s", [row.pk])
    assert [step.operation for step in history_of(TABLE, row.pk)] == ["D", "I"]
    assert ValueChange("name", None, "Other") in history_of(TABLE, 77)[0].values
    assert check_trail() == []


def test_copy_upsert_merge_and_truncate_are_traced() -> None:
    columns = "id, public_id, name, name_en, kind, registration_number, country, economic_code, place, email, website"
    values = "({}, gen_random_uuid(), {}, '', 'company', '', 'LV', '', '', '', '')".format
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY people_organisation ({columns}) FROM STDIN") as lines:
            for number in (901, 902):
                lines.write_row([number, uuid.uuid4(), f"Org {number}", "", "company", "", "LV", "", "", "", ""])
        cursor.execute(
            f"INSERT INTO people_organisation ({columns}) VALUES {values(901, repr('A'))}, {values(903, repr('B'))} "
            f"ON CONFLICT (id) DO UPDATE SET name = excluded.name"
        )
        cursor.execute(
            f"MERGE INTO people_organisation AS o USING (VALUES (902, 'C'), (904, 'D')) AS s(id, name) ON o.id = s.id "
            f"WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT ({columns}) "
            f"VALUES {values('s.id', 's.name')}"
        )
        found = ["".join(Change.objects.of(TABLE, n).values_list("operation", flat=True)) for n in range(901, 905)]
        assert found == ["IU", "IU", "I", "I"]
        assert check_trail() == []
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE people_organisation CASCADE")
    assert Change.objects.filter(table_name=TABLE).latest("id").operation == "T"
    assert check_trail() == []


def test_update_that_changes_nothing_leaves_no_trace() -> None:
    row = make()
    Organisation.objects.update(name=row.name)
    assert operations(row) == "I"


def test_history_goes_back_through_several_changes() -> None:
    row = make("A")
    for name in ("B", "C"):
        Organisation.objects.filter(pk=row.pk).update(name=name)
    steps = history_of(TABLE, row.pk)
    assert [step.values for step in steps[:2]] == [(ValueChange("name", "B", "C"),), (ValueChange("name", "A", "B"),)]
    assert ValueChange("name", None, "A") in steps[2].values


def test_nested_actions_keep_their_own_lines() -> None:
    with change("outer.verb", actor=ACTOR) as outer:
        with change("inner.verb", actor=ACTOR) as inner:
            first = make("inner")
        second = make("outer")
    assert Change.objects.of(TABLE, first.pk).get().action_id == inner.pk
    assert Change.objects.of(TABLE, second.pk).get().action_id == outer.pk
    assert Action.objects.get(pk=inner.pk).part_of_id == outer.pk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail_change SET row_id = 'x'",
        "UPDATE trail_action SET reason = 'x'",
        "DELETE FROM trail_change",
        "DELETE FROM trail_action",
    ],
)
def test_trail_refuses_to_be_changed(statement: str) -> None:
    with change("people.add", actor=ACTOR):
        make()
    with (
        pytest.raises((IntegrityError, InternalError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(statement)


def test_forgetting_may_blank_and_nothing_else() -> None:
    make()
    with (
        pytest.raises((IntegrityError, InternalError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as c,
    ):
        c.execute(
            "SET LOCAL microcities.forgetting = 'on'; UPDATE trail_change SET old = NULL, salt = NULL, action_id = 5"
        )

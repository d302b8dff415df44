"""Whatever somebody with all rights of the database does, it is found, or the links written down elsewhere find it."""

from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microcities.people.models import Organisation
from microcities.trail.checking import Kind, check_trail, heads
from microcities.trail.models import Change
from microcities.trail.reading import history_of
from microcities.trail.sealing import seal
from tests.trail.test_chain import TABLE, behind_the_triggers, kinds

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
REHASH = """
    UPDATE trail_change SET entry_hash = trail_entry_hash(id::text, trail_moment(at), action_id::text, table_name, row_id,
        operation, encode(digest, 'hex'), encode(old_digest, 'hex'))
"""


@pytest.fixture
def rows() -> list[Organisation]:
    found = [Organisation.objects.create(name=f"Org {n}", kind="company") for n in range(4)]
    Organisation.objects.filter(pk=found[0].pk).update(name="Later")
    seal()
    return found


def swap(cursor: Any, one: int, other: int) -> None:
    for old, new in ((one, -1), (other, one), (-1, other)):
        cursor.execute("UPDATE trail_change SET id = %s WHERE id = %s", [new, old])


def test_reordered_entries_are_found_also_when_rehashed(rows: list[Organisation]) -> None:
    numbers = sorted(Change.objects.values_list("pk", flat=True))[:2]
    with behind_the_triggers() as cursor:
        swap(cursor, *numbers)
    assert [found.kind for found in check_trail()] == [Kind.CHANGED_ENTRY, Kind.CHANGED_ENTRY, Kind.BROKEN_SEAL]
    with behind_the_triggers() as cursor:
        cursor.execute(REHASH)
    assert [found.kind for found in check_trail()] == [Kind.BROKEN_SEAL]


def test_chain_made_anew_after_the_forgery_is_found_by_the_link_written_down(rows: list[Organisation]) -> None:
    known = heads()
    with behind_the_triggers() as cursor:
        cursor.execute("""UPDATE trail_change SET old = '{"name": "Forged"}', salt = '', old_digest = sha256(convert_to(
            '{"name": "Forged"}', 'UTF8')) WHERE old IS NOT NULL""")
        cursor.execute(
            "UPDATE trail_change AS c SET digest = sha256(convert_to(to_jsonb(o)::text, 'UTF8')) "
            "FROM people_organisation AS o WHERE c.row_id = o.id::text AND c.salt = ''"
        )
        cursor.execute(REHASH)
        cursor.execute("DELETE FROM trail_seal")
    seal()
    assert check_trail() == []
    assert [found.kind for found in check_trail(known_heads=known)] == [Kind.MISSING_SEAL]


def test_emptied_trail_is_found_although_its_chain_is_gone_too(rows: list[Organisation]) -> None:
    with behind_the_triggers() as cursor:
        cursor.execute("TRUNCATE trail_change, trail_action, trail_look, trail_seal")
    assert kinds() == [(Kind.ADDED_ROW, TABLE, str(row.pk)) for row in rows]


def test_emptied_table_is_found(rows: list[Organisation]) -> None:
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM people_organisation")
    assert kinds() == [(Kind.REMOVED_ROW, TABLE, str(row.pk)) for row in rows]


def test_dropped_trigger_is_found(rows: list[Organisation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER trail_delete ON people_organisation")
        cursor.execute("ALTER TABLE trail_seal DISABLE TRIGGER trail_keep_rows")
    assert kinds() == [
        (Kind.MISSING_TRIGGER, TABLE, "trail_delete"), (Kind.MISSING_TRIGGER, "trail_seal", "trail_keep_rows"),
    ]  # fmt: skip


def test_trigger_that_fires_only_for_replicas_counts_as_switched_off(rows: list[Organisation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_organisation ENABLE REPLICA TRIGGER trail_insert")
    assert kinds() == [(Kind.MISSING_TRIGGER, TABLE, "trail_insert")]


def test_function_that_does_nothing_any_more_is_found_by_the_rows_it_missed(rows: list[Organisation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE OR REPLACE FUNCTION trail_record() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        )
        cursor.execute("UPDATE people_organisation SET name = 'unseen' WHERE id = %s", [rows[1].pk])
    assert (Kind.CHANGED_ROW, TABLE, str(rows[1].pk)) in kinds()


STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "rename", "rename all", "remove"]), st.integers(0, 5), st.text("aāž'\"\\\n", max_size=3)),
    max_size=12,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_any_sequence_of_writes_can_be_told_back(db: None, steps: list[tuple[str, int, str]]) -> None:
    names: dict[int, list[str]] = {}
    alive: list[int] = []
    for verb, place, text in steps:
        if verb == "add":
            row = Organisation.objects.create(name=f"n{text}", kind="company")
            names[row.pk] = [row.name]
            alive.append(row.pk)
        elif alive:
            chosen = alive if verb == "rename all" else [alive[place % len(alive)]]
            if verb == "remove":
                Organisation.objects.filter(pk__in=chosen).delete()
                alive.remove(chosen[0])
                continue
            Organisation.objects.filter(pk__in=chosen).update(name=f"r{text}")
            for number in chosen:
                if names[number][-1] != f"r{text}":
                    names[number].append(f"r{text}")
    for number, expected in names.items():
        told = [value.after for step in reversed(history_of(TABLE, number)) for value in step.values if value.column == "name"]
        assert told == expected + ([None] if number not in alive else [])
    assert check_trail() == []

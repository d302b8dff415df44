"""The chain holds, and each way of touching record or history behind the triggers is found by table and row."""

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction

from microcities.people.models import Organisation
from microcities.trail import checking, sealing
from microcities.trail.actions import forget_rows
from microcities.trail.checking import Finding, Kind, check_trail, heads
from microcities.trail.context import System, change
from microcities.trail.models import Change, Look, Seal
from microcities.trail.sealing import BusyError, seal

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
ACTOR = System("test")
TABLE = "people_organisation"


@pytest.fixture
def rows() -> list[Organisation]:
    with change("people.add", actor=ACTOR, reason="test"):
        found = [Organisation.objects.create(name=f"Org {n}", kind="company") for n in range(5)]
    Look.objects.create(person_id=1, reason="test")
    return found


@contextmanager
def behind_the_triggers() -> Iterator[Any]:
    """What somebody with the rights of the tables' owner can do: switch our triggers off, write, switch them on."""
    tables = (TABLE, "trail_change", "trail_action", "trail_look", "trail_seal")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def kinds() -> list[tuple[Kind, str, str]]:
    return [(found.kind, found.table, found.row_id) for found in check_trail()]


def test_untouched_trail_holds_before_and_after_sealing(rows: list[Organisation]) -> None:
    assert check_trail() == []
    before = Change.objects.count()
    assert seal() == before + 1 + 1
    assert check_trail() == []
    assert seal() == 0
    Organisation.objects.filter(pk=rows[0].pk).update(name="New")
    rows[1].delete()
    assert seal() == 2
    assert check_trail() == []
    assert [s.first_id > 0 for s in Seal.objects.filter(stream="change")] == [True, True]


def test_links_are_no_longer_than_the_limit(rows: list[Organisation], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "LONGEST_LINK", 2)
    seal()
    entries = list(Seal.objects.filter(stream="change").order_by("first_id").values_list("entries", flat=True))
    assert sum(entries) == Change.objects.count()
    assert max(entries) == 2
    assert check_trail() == []


def test_changed_row_is_found(rows: list[Organisation]) -> None:
    seal()
    with behind_the_triggers() as cursor:
        cursor.execute("UPDATE people_organisation SET name = 'X' WHERE id = %s", [rows[2].pk])
    assert kinds() == [(Kind.CHANGED_ROW, TABLE, str(rows[2].pk))]


def test_removed_row_is_found(rows: list[Organisation]) -> None:
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM people_organisation WHERE id = %s", [rows[0].pk])
    assert kinds() == [(Kind.REMOVED_ROW, TABLE, str(rows[0].pk))]


def test_added_row_is_found_also_under_the_number_of_a_deleted_one(rows: list[Organisation]) -> None:
    gone = rows[0].pk
    rows[0].delete()
    insert = (
        "INSERT INTO people_organisation (id, public_id, name, name_en, kind, registration_number, country, "
        "economic_code, place, email, website) "
        "VALUES (%s, gen_random_uuid(), 'Y', '', 'company', '', 'LV', '', '', '', '')"
    )
    with behind_the_triggers() as cursor:
        cursor.execute(insert, [999_999_999])
        cursor.execute(insert, [gone])
    assert kinds() == [(Kind.ADDED_ROW, TABLE, str(gone)), (Kind.ADDED_ROW, TABLE, "999999999")]


def test_rewritten_history_is_found(rows: list[Organisation]) -> None:
    Organisation.objects.filter(pk=rows[0].pk).update(name="Honest")
    entry = Change.objects.of(TABLE, rows[0].pk).last()
    seal()
    with behind_the_triggers() as cursor:
        cursor.execute("""UPDATE trail_change SET old = '{"name": "Forged"}' WHERE id = %s""", [entry.pk])
    assert kinds() == [(Kind.CHANGED_CONTENT, "trail_change", str(entry.pk))]
    with behind_the_triggers() as cursor:
        cursor.execute("UPDATE trail_change SET at = at - interval '1 day' WHERE id = %s", [entry.pk])
    assert (Kind.CHANGED_ENTRY, "trail_change", str(entry.pk)) in kinds()


def test_removed_and_rehashed_entries_are_found_by_their_seal(rows: list[Organisation]) -> None:
    Organisation.objects.filter(pk=rows[0].pk).update(name="New")
    entry = Change.objects.of(TABLE, rows[0].pk).first()
    seal()
    link = Seal.objects.get(stream="change")
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM trail_change WHERE id = %s", [entry.pk])
    assert check_trail() == [
        Finding(
            Kind.BROKEN_SEAL,
            "trail_change",
            f"{link.first_id}-{link.last_id}",
            f"{link.entries} entries sealed, {link.entries - 1} there now",
        )
    ]


def test_removed_action_line_and_look_are_found(rows: list[Organisation]) -> None:
    seal()
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM trail_action")
        cursor.execute("UPDATE trail_look SET person_id = 2")
    found = [(kind, table) for kind, table, _row in kinds()]
    assert found == [(Kind.BROKEN_SEAL, "trail_action"), (Kind.CHANGED_ENTRY, "trail_look")]


def test_removed_seal_is_found_in_the_middle_and_with_a_known_head_at_the_end(rows: list[Organisation]) -> None:
    for number in range(3):
        seal()
        Organisation.objects.filter(pk=rows[0].pk).update(name=f"name {number}")
    seal()
    known = heads()
    links = list(Seal.objects.filter(stream="change").order_by("first_id"))
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM trail_seal WHERE id = %s", [links[1].pk])
    assert (Kind.MISSING_SEAL, "trail_seal", f"change {links[2].first_id}-{links[2].last_id}") in kinds()
    with behind_the_triggers() as cursor:
        cursor.execute("DELETE FROM trail_seal WHERE id > %s", [links[0].pk])
    assert not [found for found in check_trail() if found.table == "trail_seal"]
    assert Kind.MISSING_SEAL in {found.kind for found in check_trail(known_heads=known)}


def test_entry_that_slips_between_two_seals_is_found(rows: list[Organisation]) -> None:
    seal()
    number = Seal.objects.get(stream="change").last_id
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('trail_change', 'id'))")
    Organisation.objects.filter(pk=rows[0].pk).update(name="later")
    seal()
    with behind_the_triggers() as cursor:
        cursor.execute(
            "INSERT INTO trail_change (id, at, table_name, row_id, operation, entry_hash) "
            "VALUES (%s, now(), %s, '77', 'D', '')",
            [number + 1, TABLE],
        )
    assert (Kind.SLIPPED_ENTRY, "trail_change", str(number + 1)) in kinds()


def test_switched_off_trigger_is_found(rows: list[Organisation]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_organisation DISABLE TRIGGER trail_update")
    assert kinds() == [(Kind.MISSING_TRIGGER, TABLE, "trail_update")]


def test_forgotten_history_still_verifies(rows: list[Organisation]) -> None:
    Organisation.objects.filter(pk=rows[0].pk).update(name="New")
    seal()
    assert forget_rows(TABLE, [rows[0].pk]) == 2
    assert check_trail() == []
    seal()
    assert check_trail() == []
    with behind_the_triggers() as cursor:
        cursor.execute("UPDATE people_organisation SET name = 'X' WHERE id = %s", [rows[0].pk])
    assert kinds() == [(Kind.CHANGED_ROW, TABLE, str(rows[0].pk))]


def test_main_prints_progress_findings_and_gives_an_exit_code(rows: list[Organisation]) -> None:
    seal()
    out = io.StringIO()
    assert checking.main(out) == 0
    assert "people_organisation" in out.getvalue()
    assert heads()["change"] in out.getvalue()
    with behind_the_triggers() as cursor:
        cursor.execute("UPDATE people_organisation SET name = 'X' WHERE id = %s", [rows[2].pk])
    out = io.StringIO()
    assert checking.main(out) == 1
    assert f"people_organisation {rows[2].pk}: row changed behind the triggers" in out.getvalue()


@pytest.mark.django_db(transaction=True)
def test_sealing_waits_for_no_open_writer_and_never_leaves_an_entry_behind() -> None:
    written, release = threading.Event(), threading.Event()

    def writer() -> None:
        try:
            with transaction.atomic():
                Organisation.objects.create(name="slow", kind="company")
                written.set()
                assert release.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=writer)
    thread.start()
    assert written.wait(10)
    with pytest.raises(BusyError):
        seal()
    assert Seal.objects.count() == 0
    release.set()
    thread.join()
    Organisation.objects.create(name="quick", kind="company")
    seal()
    assert check_trail() == []
    assert sum(Seal.objects.filter(stream="change").values_list("entries", flat=True)) == Change.objects.count()

"""`check trail`: exit code, the last links to write down, and a row that somebody touched."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from microcities.trail.checking import heads
from microcities.trail.sealing import seal
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def run(*words: str) -> tuple[int, list[str]]:
    out = io.StringIO()
    try:
        call_command("check_trail", *words, stdout=out)
    except SystemExit as ended:
        return int(ended.code or 0), out.getvalue().splitlines()
    return 0, out.getvalue().splitlines()


def test_untouched_trail_holds_and_names_its_last_links(world: World) -> None:
    seal()
    code, lines = run()
    assert (code, lines[-1]) == (0, "The trail holds.")
    assert [line for line in lines if line.startswith("Last link")] == [
        f"Last link of {stream}: {head}" for stream, head in heads().items()
    ]
    known = [word for stream, head in heads().items() for word in ("--known", f"{stream}={head}")]
    assert run(*known)[0] == 0


def test_known_link_that_is_gone_is_found(world: World) -> None:
    seal()
    code, lines = run("--known", "change=" + "0" * 64)
    assert code == 1
    assert f"trail_seal change: seal missing or changed ({'0' * 64} is not in the chain)" in lines


def test_touched_row_is_named(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_person DISABLE TRIGGER USER")
        cursor.execute("UPDATE people_person SET given_name = 'Jānis' WHERE id = %s", [world.zane.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_person ENABLE TRIGGER USER")
    code, lines = run()
    assert code == 1
    assert f"people_person {world.zane.pk}: row changed behind the triggers" in lines
    assert lines[-1] == "The trail does not hold. Findings: 1."


def test_malformed_known_link_is_refused() -> None:
    for wrong in ("change=abc", "changes=" + "0" * 64, "0" * 64):
        with pytest.raises(CommandError, match="is not STREAM=HASH"):
            run("--known", wrong)

"""The multiplied demo keeps its history and its counts, and its tables come out of the loading as they went in."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from microcities.demo import scale
from microcities.demo.bulk import set_aside
from microcities.evidence.checking import check_evidence
from microcities.evidence.models import EvidenceRow, Tally
from microcities.participation.models import Participation, ParticipationFunding
from microcities.people.models import Person
from microcities.trail.checking import check_trail
from microcities.trail.models import Change
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
TABLES = (*scale.RECORD_TABLES, *scale.EVIDENCE_TABLES)
SHAPE = """
    SELECT 'index', indexdef FROM pg_indexes WHERE tablename = ANY(%(tables)s)
    UNION ALL
    SELECT conname, concat_ws(' ', contype, pg_get_constraintdef(oid), convalidated, condeferrable, condeferred)
    FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[]) ORDER BY 1, 2
"""


def shape() -> list[tuple[str, str]]:
    """Every index and constraint of the tables."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE, {"tables": list(TABLES)})
        return cursor.fetchall()


@pytest.fixture
def multiplied(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The small world with ten people more, each in fifty activities; what the loading reported."""
    monkeypatch.setattr(scale, "PEOPLE_PER_STEP", 5)
    said: list[str] = []
    scale.scale_up(3, report=said.append)
    return said


def test_records_are_loaded_with_money_history_and_evidence(multiplied: list[str]) -> None:
    people = Person.objects.filter(public_id__startswith="00000000-0000-4000-8000-")
    records = Participation.objects.filter(activity__code__startswith="scale-")
    assert (people.count(), records.count(), ParticipationFunding.objects.count()) == (10, 500, 500)
    assert EvidenceRow.objects.filter(record_id__in=records.values("pk")).count() == 500
    assert Change.objects.filter(table_name="participation_participation", operation="I").count() == 500
    assert Change.objects.filter(table_name="participation_participationfunding", operation="I").count() == 500
    counted = Tally.objects.filter(funding_id=0, city_id=0, partner_id=0, measure="reskilling.started")
    assert sum(tally.subjects for tally in counted) == 10


def test_trail_and_evidence_hold(multiplied: list[str]) -> None:
    assert check_evidence() == []
    assert check_trail() == []


def test_each_step_is_told(multiplied: list[str]) -> None:
    words = [line.split(" s  ")[1] for line in multiplied]
    assert words[0] == "10 people"
    records = [re.fullmatch(r"(\d+) participations of circle (\d), and their payments", line) for line in words[1:7]]
    assert [int(found[2]) for found in records if found] == [1, 2, 3, 4, 5, 6]
    assert sum(int(found[1]) for found in records if found) == 500
    assert words[-3:] == ["their indexes and references", "500 evidence rows", "their indexes"]


def test_a_second_time_changes_nothing(multiplied: list[str]) -> None:
    before = (Person.objects.count(), Participation.objects.count())
    said: list[str] = []
    scale.scale_up(3, report=said.append)
    assert said == ["  The population has been multiplied before and stays as it is."]
    assert (Person.objects.count(), Participation.objects.count()) == before


def test_tables_come_out_as_they_went_in(world: World) -> None:
    before = shape()
    with transaction.atomic(), connection.cursor() as cursor, set_aside(cursor, TABLES):
        meanwhile = shape()
    assert shape() == before
    kept = {("index", row[1]) for row in before if "_pkey" in row[1]}
    assert {row for row in meanwhile if row[0] == "index"} == kept
    assert not [row for row in meanwhile if row[1][0] in "fu" and row[0] != "index"]


def test_what_breaks_a_reference_is_refused_at_the_end(world: World) -> None:
    before = shape()
    with pytest.raises(IntegrityError, match="participation_id"), transaction.atomic(), connection.cursor() as cursor:
        _load_orphan(cursor, world)
    assert shape() == before


def _load_orphan(cursor: Any, world: World) -> None:
    with set_aside(cursor, scale.RECORD_TABLES):
        cursor.execute(
            "INSERT INTO participation_participationfunding (participation_id, funding_source_id) VALUES (0, %s)",
            [world.erdf.pk],
        )

"""The check finds an evidence row or a count that is not what the records say."""

from datetime import date

import pytest
from django.db import connection
from tests import factories
from tests.world import World

from microcities.evidence.checking import check_evidence
from microcities.evidence.models import EvidenceRow, Tally

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


@pytest.fixture
def recorded(world: World) -> World:
    factories.take_part(world.summer, world.peteris, world.erdf, world.city_budget)
    factories.take_part(world.course, world.zane, completed_on=date(2019, 6, 1))
    return world


def test_check_evidence_true(recorded: World) -> None:
    assert check_evidence() == []


def test_check_evidence_finds_removed_row(recorded: World) -> None:
    EvidenceRow.objects.filter(measure="reskilling.completed").delete()
    found = check_evidence()
    assert {drift.measure for drift in found} == {"reskilling.completed"}
    assert found[0].words.endswith("evidence row missing")


def test_check_evidence_finds_changed_count(recorded: World) -> None:
    tally = Tally.objects.filter(measure="summerjobs.pupils", subjects=1).first()
    Tally.objects.filter(pk=tally.pk).update(subjects=40)
    assert [drift.measure for drift in check_evidence()] == ["summerjobs.pupils"]


def test_check_evidence_finds_record_written_behind_the_triggers(recorded: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('microcities.evidence_paused', 'on', true)")
    factories.take_part(recorded.summer, recorded.zane)
    assert [drift.measure for drift in check_evidence()] == ["summerjobs.pupils"]

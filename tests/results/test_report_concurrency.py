"""Two approvals of one report at the same moment, over two real connections: one wins, the other is told why not."""

import threading
from datetime import date

import pytest
from django.db import DatabaseError

from microcities.results.actions import reports
from microcities.results.actions.indicators import load_definition
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.definition.reading import read_definition
from microcities.results.models import FrozenFigure, Report
from microcities.trail.context import System
from tests import factories
from tests.rushing import at_once
from tests.world import World, build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]


@pytest.fixture
def submitted() -> tuple[World, Report]:
    world = build_world()
    load_definition(actor=System("tests"), programme=world.programme, definition=read_definition("nextgen"))
    factories.take_part(world.summer, world.peteris, world.erdf)
    period = open_period(
        actor=world.marta, programme=world.programme, code="2019",
        starts_on=date(2018, 11, 1), ends_on=date(2019, 12, 31),
    )
    return world, submit_report(actor=world.ventis, report=draft_report(actor=world.ventis, period=period))


def approve_twice(world: World, report: Report) -> list[object]:
    """Both threads are inside the action before either goes on to freeze; returns what each got."""
    return at_once(lambda _number: approve_report(actor=world.marta, report=report), clients=2)


def test_report_approved_twice_at_once_one_wins(submitted: tuple[World, Report]) -> None:
    world, report = submitted
    got = approve_twice(world, report)
    assert sorted(type(each).__name__ for each in got) == ["RefusedError", "Report"]
    assert FrozenFigure.objects.filter(report=report, city__isnull=True).count() == 16


def test_report_approved_twice_without_the_lock_breaks_on_the_constraint(
    submitted: tuple[World, Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the lock is for: without it both pass the rule, and the second crashes instead of being told why."""
    world, report = submitted
    meet = threading.Barrier(2)

    def read_without_lock(each: Report) -> Report:
        found = Report.objects.select_related("period__programme", "partner").get(pk=each.pk)
        meet.wait(10)
        return found

    monkeypatch.setattr(reports, "_locked", read_without_lock)
    got = approve_twice(world, report)
    assert [isinstance(each, DatabaseError) for each in sorted(got, key=lambda each: isinstance(each, Report))] == [
        True, False,
    ]

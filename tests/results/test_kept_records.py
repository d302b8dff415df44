"""A list whose records an approved report holds is not taken back in bulk."""

from datetime import date

import pytest

from microcities.participation.actions.lists import request_undo
from microcities.participation.actions.records import reject_record
from microcities.participation.actions.work import undo_list
from microcities.participation.models import ListImport, ListState, Participation
from microcities.results.actions.reports import approve_report, draft_report, open_period, restate_report, submit_report
from microcities.results.models import Indicator, Report
from tests.participation.lists import HEADER, applied, csv_file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "indicators")]
LIGA = ("Līga", "Bērziņa", "12.03.2004.", "liga@example.org", "03.06.2019.")


def approved(world: World, year: int) -> Report:
    """The approved report of the whole programme on a year."""
    period = open_period(
        actor=world.marta, programme=world.programme, code=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )
    report = submit_report(actor=world.ventis, report=draft_report(actor=world.ventis, period=period))
    return approve_report(actor=world.marta, report=report)


def undone(world: World, the_list: ListImport) -> ListImport:
    request_undo(actor=world.valda, the_list=the_list, reason="wrong list")
    return undo_list(actor=world.valda, list_id=the_list.pk)


@pytest.mark.parametrize(("year", "kept"), [(2018, False), (2019, True), (2020, True)])
def test_list_counted_by_an_approved_report_is_not_undone(world: World, year: int, kept: bool) -> None:
    """Reports count everything up to the end of their period, so that of 2020 holds the summer of 2019 too."""
    the_list = applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.erdf)
    approved(world, year)
    found = undone(world, the_list)
    assert found.state == (ListState.APPLIED if kept else ListState.UNDONE)
    assert (f"approved report on {year}" in found.failure_here) == kept


def test_list_that_another_payer_paid_is_in_no_report_and_is_undone(world: World) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.city_budget)
    approved(world, 2019)
    assert undone(world, the_list).state == ListState.UNDONE


def test_list_that_changed_a_reported_record_is_not_undone(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.erdf)
    second = applied(world.valda, world.summer, csv_file([(*LIGA, "60")], (*HEADER, "Stundas")))
    assert second.outcomes == {"changed": 1}
    approved(world, 2019)
    assert undone(world, second).state == ListState.APPLIED


def test_list_brought_after_the_approval_is_undone(world: World) -> None:
    approved(world, 2019)
    the_list = applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.erdf)
    assert undone(world, the_list).state == ListState.UNDONE


def test_fictitious_record_is_rejected_after_the_approval_and_both_values_are_seen(
    world: World, indicators: dict[str, Indicator]
) -> None:
    applied(world.valda, world.summer, csv_file([LIGA]), funding_source=world.erdf)
    record = Participation.objects.get()
    Participation.objects.filter(pk=record.pk).update(
        verification="confirmed", verified_by_id=world.ventis.pk, verified_at="2019-09-01T12:00:00+03:00"
    )
    first = approved(world, 2019)
    reject_record(actor=world.marta, record=record, reason="nobody of that name was there")
    second = restate_report(actor=world.marta, report=first, reason="a fictitious record")
    second = approve_report(actor=world.marta, report=submit_report(actor=world.ventis, report=second))
    values = [
        report.figures.get(indicator=indicators["summer-jobs"], city=None).value for report in (first, second)
    ]
    assert values == [1, 0]

"""A list whose records an approved report holds is not taken back in bulk."""

from datetime import date

import pytest

from microcities.participation.actions.lists import request_undo
from microcities.participation.actions.work import undo_list
from microcities.participation.models import ListState
from microcities.results.actions.reports import approve_report, draft_report, open_period, submit_report
from microcities.results.models import Indicator
from tests.participation.lists import applied, csv_file
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]
LIGA = ("Līga", "Bērziņa", "12.03.2004.", "liga@example.org", "03.06.2019.")


@pytest.mark.parametrize(("year", "state"), [(2019, ListState.APPLIED), (2020, ListState.UNDONE)])
def test_list_of_an_approved_period_is_not_undone(
    world: World, indicators: dict[str, Indicator], year: int, state: ListState
) -> None:
    the_list = applied(world.valda, world.summer, csv_file([LIGA]))
    period = open_period(
        actor=world.marta, programme=world.programme, code=str(year), starts_on=date(year, 1, 1), ends_on=date(year, 12, 31)
    )
    report = draft_report(actor=world.ventis, period=period)
    approve_report(actor=world.marta, report=submit_report(actor=world.ventis, report=report))
    request_undo(actor=world.valda, the_list=the_list, reason="wrong list")
    undone = undo_list(actor=world.valda, list_id=the_list.pk)
    assert undone.state == state
    assert ("approved report on 2019" in undone.failure) == (year == 2019)

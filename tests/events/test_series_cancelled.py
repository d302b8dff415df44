"""Calling a series off, or changing it: all dates or this and the following; everybody told once, calendars by SEQUENCE."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from microcities.access.answers import RefusedError
from microcities.bookings.models import Allocation, Resource
from microcities.events.actions.planning import cancel_event
from microcities.events.actions.registrations import register
from microcities.events.actions.series import (
    cancel_all,
    cancel_following,
    change_all,
    change_following,
    draft_series,
    publish_series,
)
from microcities.events.calendar import calendar_of, in_feed
from microcities.events.models import Event, EventState, Series
from microcities.notices.models import Notice
from microcities.people.models import Account
from tests.events.conftest import visitor
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def series(world: World, organiser: Account) -> Series:
    """Four announced weeks in a room, with two places each."""
    room = Resource.objects.create(kind="room", name="Zāle", organisation=world.valmiera_partner, city=world.valmiera)
    start = timezone.localtime(timezone.now() + timedelta(days=5))
    made = draft_series(
        actor=organiser, rule="FREQ=WEEKLY;COUNT=4", starts_local=f"{start:%Y-%m-%dT}18:00", minutes=90, room=room,
        organisation=world.valmiera_partner, city=world.valmiera, kind="talk", name="Lekcija", capacity=2,
    )
    publish_series(actor=organiser, series=made)
    return made


def dates(series: Series) -> list[Event]:
    return list(series.events.order_by("starts_at"))


def told(account: Account) -> list[str]:
    return list(Notice.objects.filter(account=account, kind="events.change").order_by("pk").values_list("text", flat=True))


def in_calendars() -> list[tuple[int, str]]:
    feed = Calendar.from_ical(calendar_of(in_feed(Event.objects.all()), name="x", host="h", base_url="https://h"))
    return [(int(item["sequence"]), str(item["status"])) for item in feed.walk("VEVENT")]


def test_all_dates_are_cancelled_and_everybody_is_told_once(series: Series, organiser: Account) -> None:
    first, second, third, fourth = dates(series)
    (regular, one), (once, two), (waiting, three) = visitor(1), visitor(2), visitor(3)
    for event in (first, second, fourth):
        register(actor=regular, event=event, people=[one])
    register(actor=once, event=second, people=[two])
    assert register(actor=waiting, event=second, people=[three]).state == "waiting"
    before = [sequence for sequence, _status in in_calendars()]
    assert cancel_all(actor=organiser, series=series, reason="Lektors saslimis") == 4
    assert in_calendars() == [(sequence + 1, "CANCELLED") for sequence in before]
    assert not Allocation.objects.live().exists()
    (letter,) = told(regular)
    days = [f"{timezone.localtime(each.starts_at):%d.%m.%Y}" for each in (first, second, third, fourth)]
    assert [day in letter for day in days] == [True, True, False, True]
    assert "Lektors saslimis" in letter
    assert [len(told(each)) for each in (once, waiting, organiser)] == [1, 1, 0]
    assert cancel_all(actor=organiser, series=series, reason="Vēlreiz") == 0
    assert len(told(regular)) == 1


def test_change_of_all_dates_is_told_in_one_letter_that_names_them_all(series: Series, organiser: Account) -> None:
    first, second, third, fourth = dates(series)
    (regular, one), (once, two) = visitor(1), visitor(2)
    for event in (first, second, fourth):
        register(actor=regular, event=event, people=[one])
    register(actor=once, event=second, people=[two])
    hour = timedelta(hours=1)
    later = {"starts_at": first.starts_at + hour, "ends_at": first.ends_at + hour}
    assert change_all(actor=organiser, series=series, like=first, **later) == 4
    (letter,), (single,) = told(regular), told(once)
    days = [f"{timezone.localtime(each.starts_at):%d.%m.%Y}" for each in (first, second, third, fourth)]
    assert [day in letter for day in days] == [True, True, False, True]
    assert [day in single for day in days] == [False, True, False, False]
    assert letter.count("19:00") == 3
    assert change_following(actor=organiser, event=third, name="Cita lekcija").pk != series.pk
    assert [len(told(each)) for each in (regular, once)] == [2, 1]


def test_this_and_the_following_leave_the_earlier_and_what_was_cancelled_before(series: Series, organiser: Account) -> None:
    first, second, third, fourth = dates(series)
    account, person = visitor(1)
    for event in (first, second, third, fourth):
        register(actor=account, event=event, people=[person])
    cancel_event(actor=organiser, event=third, reason="Svētki")
    assert cancel_following(actor=organiser, event=second, reason="Telpa slēgta") == 2
    assert [(each.state, each.cancel_reason) for each in dates(series)] == [
        ("published", ""), ("cancelled", "Telpa slēgta"), ("cancelled", "Svētki"), ("cancelled", "Telpa slēgta"),
    ]
    assert [status for _sequence, status in in_calendars()] == ["CONFIRMED", "CANCELLED", "CANCELLED", "CANCELLED"]
    assert len(told(account)) == 2
    assert Allocation.objects.live().count() == 1


def test_past_dates_stay_and_drafts_are_thrown_away(series: Series, organiser: Account) -> None:
    first, second, third, fourth = dates(series)
    past = timezone.now() - timedelta(days=2)
    Event.objects.filter(pk=first.pk).update(starts_at=past, ends_at=past + timedelta(hours=1))
    Event.objects.filter(pk=fourth.pk).update(state=EventState.DRAFT)
    assert cancel_all(actor=organiser, series=series, reason="Beigas") == 2
    assert [each.state for each in dates(series)] == ["published", "cancelled", "cancelled"]
    assert [second.pk, third.pk] == [each.pk for each in dates(series)[1:]]


def test_series_is_cancelled_by_its_organiser_with_a_reason(series: Series, organiser: Account, world: World) -> None:
    for actor, reason in ((world.ventis, "Nepatīk"), (organiser, " ")):
        with pytest.raises(RefusedError):
            cancel_all(actor=actor, series=series, reason=reason)
        with pytest.raises(RefusedError):
            cancel_following(actor=actor, event=dates(series)[0], reason=reason)
    assert {each.state for each in dates(series)} == {"published"}


def test_form_offers_the_three_reaches(client: Client, series: Series, organiser: Account) -> None:
    client.force_login(organiser)
    address = f"/en/events/run/{dates(series)[1].uid}/cancel/"
    shown = client.get(address).content.decode()
    assert [f'value="{scope}"' in shown for scope in ("this", "following", "all")] == [True, True, True]
    assert client.post(address, {"scope": "all", "reason": "Beigas"}).status_code == 302
    assert {each.state for each in dates(series)} == {"cancelled"}

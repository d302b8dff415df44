"""An event moved across Riga's clock changes: people read the local hour, calendars get the instant, lengths are real."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from icalendar import Calendar

from microcities.bookings.models import Allocation, Resource
from microcities.events.actions.planning import draft_event, publish_event
from microcities.events.actions.registrations import register
from microcities.events.calendar import calendar_of, in_feed
from microcities.events.models import Attendee, Event
from microcities.notices.models import Notice
from microcities.people.models import Account
from tests.events.conftest import visitor
from tests.world import World

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")
# The hour from 03:00 is missing on the first and comes twice on the second.
SPRING, AUTUMN = "2027-03-28", "2027-10-31"


@pytest.fixture
def event(world: World, organiser: Account) -> Event:
    """On the evening before the clocks go forward, for an hour and a half in a room, with one person registered."""
    room = Resource.objects.create(kind="room", name="Zāle", organisation=world.valmiera_partner, city=world.valmiera)
    start = datetime(2027, 3, 27, 18, tzinfo=RIGA)
    made = draft_event(
        actor=organiser, organisation=world.valmiera_partner, city=world.valmiera, kind="talk", name="Lekcija",
        starts_at=start, ends_at=start + timedelta(minutes=90), capacity=1, room=room,
    )
    publish_event(actor=organiser, event=made)
    account, person = visitor(1)
    register(actor=account, event=made, people=[person])
    Notice.objects.all().delete()
    return made


def move(client: Client, world: World, event: Event, start: str, end: str) -> Any:
    client.force_login(world.valda)
    return client.post(f"/en/events/run/{event.uid}/change/", {
        "city": world.valmiera.pk, "kind": "talk", "name": "Lekcija", "starts_at": start, "ends_at": end, "capacity": "1",
        "audience": "everybody", "price": "0", "offer_hours": "24", "is_public": "on", "room": event.room_id, "reason": "",
    })


def test_evening_event_keeps_its_hour_and_its_length(client: Client, world: World, event: Event) -> None:
    assert event.starts_at.astimezone(UTC).hour == 16
    assert move(client, world, event, f"{SPRING}T18:00", f"{SPRING}T19:30").status_code == 302
    event.refresh_from_db()
    begins, ends = datetime(2027, 3, 28, 15, tzinfo=UTC), datetime(2027, 3, 28, 16, 30, tzinfo=UTC)
    assert (event.starts_at, event.ends_at, event.sequence) == (begins, ends, 2)
    attendee = Attendee.objects.get()
    assert (attendee.during.lower, attendee.during.upper, attendee.seat) == (begins, ends, 1)
    booked = Allocation.objects.live().get()
    assert (booked.during.lower, booked.during.upper) == (begins, ends)
    assert "18:00" in Notice.objects.get().text
    (item,) = Calendar.from_ical(calendar_of(in_feed(Event.objects.all()), name="x", host="h", base_url="h")).walk("VEVENT")
    assert (item["dtstart"].dt, item["dtend"].dt, int(item["sequence"])) == (begins, ends, 2)


@pytest.mark.parametrize(("day", "after", "hours"), [(SPRING, "2027-03-29", 7), (AUTUMN, "2027-11-01", 9)])
def test_night_over_the_change_has_its_real_length(
    client: Client, world: World, event: Event, day: str, after: str, hours: int
) -> None:
    before = f"{datetime.fromisoformat(day) - timedelta(days=1):%Y-%m-%d}"
    assert move(client, world, event, f"{before}T22:00", f"{day}T06:00").status_code == 302
    event.refresh_from_db()
    assert event.ends_at.astimezone(UTC) - event.starts_at.astimezone(UTC) == timedelta(hours=hours)
    assert move(client, world, event, f"{day}T22:00", f"{after}T06:00").status_code == 302
    event.refresh_from_db()
    assert event.ends_at.astimezone(UTC) - event.starts_at.astimezone(UTC) == timedelta(hours=8)


@pytest.mark.parametrize(
    ("start", "words"), [(f"{SPRING}T03:30", "There is no such time"), (f"{AUTUMN}T03:30", "This hour comes twice")]
)
def test_hour_that_is_missing_or_comes_twice_is_refused_at_its_field(
    client: Client, world: World, event: Event, start: str, words: str
) -> None:
    answer = move(client, world, event, start, f"{start[:10]}T08:00")
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["starts_at"])
    assert words in answer.context["form"].errors["starts_at"][0]
    event.refresh_from_db()
    assert (event.starts_at.astimezone(RIGA).day, event.sequence) == (27, 1)

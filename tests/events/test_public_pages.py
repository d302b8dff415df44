"""The public pages of events and the calendars to subscribe to."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from icalendar import Calendar

from microcities.events.actions.feeds import create_feed
from microcities.events.actions.planning import cancel_event, draft_event, publish_event
from microcities.events.actions.registrations import register
from microcities.events.models import CalendarFeed, Event
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def test_list_shows_what_is_open_and_neither_drafts_nor_private_nor_past_ones(client: Client, world: World) -> None:
    make_event(world, name_en="Open talk")
    make_event(world, name_en="Draft talk", state="draft")
    make_event(world, name_en="Private talk", is_public=False)
    past = timezone.now() - timedelta(days=3)
    make_event(world, name_en="Past talk", starts_at=past, ends_at=past + timedelta(hours=1))
    shown = text(client.get("/en/events/"))
    assert [name in shown for name in ("Open talk", "Draft talk", "Private talk", "Past talk")] == [True, False, False, False]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("city=valmiera", {"For pupils", "For everybody"}), ("city=ventspils", {"In Ventspils"}),
        ("audience=pupils", {"For pupils", "For everybody", "In Ventspils"}),
        ("audience=adults", {"For everybody", "In Ventspils"}),
        ("languages=en", {"In Ventspils"}),
    ],
)
def test_list_is_filtered_by_city_audience_and_language(client: Client, world: World, query: str, found: set[str]) -> None:
    make_event(world, name_en="For pupils", audience="pupils", languages=["lv"])
    make_event(world, name_en="For everybody")
    make_event(world, name_en="In Ventspils", city=world.ventspils, languages=["lv", "en"])
    shown = text(client.get(f"/en/events/?{query}"))
    assert {name for name in ("For pupils", "For everybody", "In Ventspils") if f">{name}</a>" in shown} == found


def test_month_shows_its_days_and_its_neighbours(client: Client, world: World) -> None:
    start = datetime(2027, 3, 28, 10, tzinfo=RIGA)
    make_event(world, starts_at=start, ends_at=start + timedelta(hours=1))
    shown = text(client.get("/en/events/month/2027-3/"))
    assert "A talk about work" in shown
    assert "/en/events/month/2027-2/" in shown
    assert "A talk about work" not in text(client.get("/en/events/month/2027-4/"))
    assert [client.get(f"/en/events/month/{each}/").status_code for each in ("2027-13", "1999-1", "2027-0")] == [404, 404, 404]


def test_places_group_events_by_address(client: Client, world: World) -> None:
    make_event(world, place="Tērbatas iela 11", name_en="First")
    make_event(world, place="Tērbatas iela 11", name_en="Second")
    shown = text(client.get("/en/events/places/"))
    assert shown.count("<h2>Tērbatas iela 11, Valmiera</h2>") == 1
    assert ("First" in shown, "Second" in shown) == (True, True)


def test_event_page_is_read_by_machines_and_no_text_breaks_out(client: Client, world: World) -> None:
    event = make_event(world, name_en="</script><b>Bold</b>", place="Tērbatas iela 11", capacity=20)
    shown = text(client.get(f"/en/events/{event.uid}/"))
    block = shown.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    data = json.loads(block)
    assert (data["@type"], data["name"], data["maximumAttendeeCapacity"]) == ("Event", "</script><b>Bold</b>", 20)
    assert data["startDate"] == event.starts_at.isoformat()
    assert data["eventStatus"] == "https://schema.org/EventScheduled"
    assert data["location"] == [{"@type": "Place", "name": "Tērbatas iela 11", "address": "Tērbatas iela 11, Valmiera"}]
    assert "<b>Bold</b>" not in shown


@pytest.mark.parametrize(("account", "status"), [("", 404), ("svens", 404), ("ventis", 404), ("valda", 200)])
def test_draft_is_seen_by_its_organiser_only(client: Client, world: World, account: str, status: int) -> None:
    event = make_event(world, state="draft")
    if account:
        client.force_login(getattr(world, account))
    assert client.get(f"/en/events/{event.uid}/").status_code == status
    to_run = {"": 302, "svens": 403}.get(account, status)
    assert client.get(f"/en/events/run/{event.uid}/").status_code == to_run


def test_public_feed_holds_cancelled_ones_and_is_not_sent_twice(client: Client, world: World) -> None:
    values: dict[str, Any] = {
        "organisation": world.valmiera_partner, "city": world.valmiera, "kind": "talk", "name": "Saruna",
        "starts_at": timezone.now() + timedelta(days=2), "ends_at": timezone.now() + timedelta(days=2, hours=1),
    }
    event = publish_event(actor=world.valda, event=draft_event(actor=world.valda, **values))
    cancel_event(actor=world.valda, event=event, reason="Lektors saslimis")
    draft_event(actor=world.valda, **values)
    answer = client.get("/events/calendar.ics")
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("text/calendar; charset=utf-8", "public, max-age=300")
    items = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(each["STATUS"]), each["SEQUENCE"]) for each in items] == [("CANCELLED", 2)]
    assert str(items[0]["UID"]) == f"{event.uid}@127.0.0.1"
    again = client.get("/events/calendar.ics", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_event_file_is_given_to_whoever_sees_the_event(client: Client, world: World) -> None:
    event, private = make_event(world), make_event(world, is_public=False)
    assert b"SUMMARY:A talk about work" in client.get(f"/en/events/{event.uid}/event.ics").content
    assert client.get(f"/en/events/{private.uid}/event.ics").status_code == 404


def test_personal_feed_opens_by_its_secret_alone_until_it_is_withdrawn(client: Client, world: World) -> None:
    account, person = visitor(1)
    mine, other = make_event(world, name="Mana"), make_event(world, name="Cita")
    register(actor=account, event=mine, people=[person])
    client.force_login(account)
    shown = text(client.post("/en/events/feeds/"))
    secret = shown.partition("<code>")[2].partition("</code>")[0].rpartition("/")[2].removesuffix(".ics")
    assert bytes(CalendarFeed.objects.get().digest) != secret.encode()
    client.logout()
    feed = client.get(f"/events/feeds/{secret}.ics")
    assert [str(each["SUMMARY"]) for each in Calendar.from_ical(feed.content).walk("VEVENT")] == ["Mana"]
    assert feed["Cache-Control"] == "private, no-cache"
    assert client.get("/events/feeds/guessed.ics").status_code == 404
    client.force_login(account)
    client.post("/en/events/feeds/", {"withdraw": "1"})
    assert client.get(f"/events/feeds/{secret}.ics").status_code == 404
    assert other.uid != mine.uid


def test_new_address_ends_the_old_one(world: World) -> None:
    first, second = create_feed(actor=world.svens), create_feed(actor=world.svens)
    assert first != second
    assert CalendarFeed.objects.filter(revoked_at__isnull=True).count() == 1


@pytest.mark.parametrize("path", ["", "places/", "calendar.ics", "month/{year}-{month}/"])
def test_public_pages_ask_as_often_for_many_events(client: Client, world: World, path: str) -> None:
    start = timezone.now() + timedelta(days=1)
    address = f"/en/events/{path.format(year=timezone.localtime(start).year, month=timezone.localtime(start).month)}"

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    make_event(world, starts_at=start, ends_at=start + timedelta(hours=1))
    asked()
    before = asked()
    for number in range(20):
        make_event(world, name=f"Saruna {number}", starts_at=start, ends_at=start + timedelta(hours=1))
    assert asked() <= before + 1
    assert Event.objects.count() == 21

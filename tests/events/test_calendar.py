"""Feeds that calendars keep right: stable identity, sequence, cancellation, both clock changes, lines of 75 octets."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.utils import timezone

from microcities.events.actions.planning import cancel_event, change_event
from microcities.events.calendar import calendar_of, fingerprint, in_feed
from microcities.events.models import Event
from microcities.people.models import Account
from tests.events.conftest import make_event
from tests.world import World

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")


def feed(events: list[Event]) -> bytes:
    return calendar_of(events, name="Pasākumi", host="pilseta.example", base_url="https://pilseta.example/events")


def items(content: bytes) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(content).walk("VEVENT"))


def test_event_keeps_its_identity_and_counts_its_changes(world: World, organiser: Account, event: Event) -> None:
    (before,) = items(feed([event]))
    later = event.starts_at.replace(microsecond=0) + timedelta(hours=2)
    moved = change_event(actor=organiser, event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    (after,) = items(feed([moved]))
    assert after["uid"] == before["uid"] == f"{event.uid}@pilseta.example"
    assert (before["sequence"], after["sequence"], after["status"]) == (0, 1, "CONFIRMED")
    assert after["dtstart"].dt == later
    cancelled = cancel_event(actor=organiser, event=moved, reason="Lektore slimo")
    (last,) = items(feed([cancelled]))
    assert (last["sequence"], last["status"], str(last["description"])) == (2, "CANCELLED", "Lektore slimo")


def test_both_clock_changes_come_out_as_instants(world: World) -> None:
    winter = make_event(
        world, starts_at=datetime(2027, 3, 27, 18, tzinfo=RIGA), ends_at=datetime(2027, 3, 28, 6, tzinfo=RIGA)
    )
    autumn = make_event(
        world, starts_at=datetime(2027, 10, 31, 3, 30, tzinfo=RIGA),
        ends_at=datetime(2027, 10, 31, 3, 30, fold=1, tzinfo=RIGA),
    )
    times = [(item["dtstart"].dt, item["dtend"].dt) for item in items(feed([winter, autumn]))]
    assert times == [
        (datetime(2027, 3, 27, 16, tzinfo=UTC), datetime(2027, 3, 28, 3, tzinfo=UTC)),
        (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), datetime(2027, 10, 31, 1, 30, tzinfo=UTC)),
    ]


def test_latvian_letters_are_folded_at_75_octets_and_come_back_whole(world: World) -> None:
    name = "Ļoti garš pasākuma nosaukums ar garumzīmēm, mīkstinājumiem un šņāceņiem; āēīū ģķļņ čšž"
    content = feed([make_event(world, name=name, name_en="")])
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert str(items(content)[0]["summary"]) == name


def test_same_events_give_the_same_bytes(event: Event) -> None:
    assert fingerprint(feed([event])) == fingerprint(feed([Event.objects.get(pk=event.pk)]))


def test_feed_holds_cancelled_ones_and_forgets_old_ones_and_drafts(world: World) -> None:
    now = timezone.now()
    past = {"starts_at": now - timedelta(days=89, hours=2), "ends_at": now - timedelta(days=89)}
    kept = make_event(world, **past, state="cancelled", cancel_reason="slimība")
    make_event(world, starts_at=now - timedelta(days=92), ends_at=now - timedelta(days=91))
    make_event(world, state="draft")
    assert list(in_feed(Event.objects.all())) == [kept]

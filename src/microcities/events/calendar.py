"""Events as iCalendar: subscriptions and invitations that calendars keep right when an event moves or is cancelled.

RFC 5545 and RFC 7986. Times go out in UTC, so no calendar has to know our zone. Every occurrence is an item of its own with a
UID for ever; SEQUENCE goes up when time, place or state change; cancelled ones stay in the feed as CANCELLED.
"""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from icalendar import Calendar, vText
from icalendar import Event as Item

from microcities import __version__
from microcities.events.models import Event, EventState

KEPT_AFTERWARDS = timedelta(days=90)
REFRESH = "PT1H"


def calendar_of(events: Iterable[Event], *, name: str, host: str, base_url: str) -> bytes:
    """A feed of events. `host` is the installation's domain, in UIDs; `base_url` its address, in links."""
    feed = Calendar()
    feed.add("prodid", f"-//microcities//{__version__}//LV")
    feed.add("version", "2.0")
    feed.add("calscale", "GREGORIAN")
    feed.add("method", "PUBLISH")
    feed.add("name", name)
    feed.add("x-wr-calname", name)
    feed.add("x-published-ttl", REFRESH)
    for event in events:
        feed.add_component(_item(event, host, base_url))
    return feed.to_ical()


def in_feed(events: "QuerySet[Event]", *, now: datetime | None = None) -> "QuerySet[Event]":
    """What a subscription holds: announced and cancelled ones, until ninety days after their end."""
    since = (now or timezone.now()) - KEPT_AFTERWARDS
    return (
        events.filter(state__in=(EventState.PUBLISHED, EventState.CANCELLED), ends_at__gt=since)
        .select_related("organisation", "room", "city").order_by("starts_at", "pk")
    )


def fingerprint(content: bytes) -> str:
    """The entity tag of a feed, so that a calendar that asks every hour gets “not modified”."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def place_of(event: Event) -> str:
    """Where to go: the room, its address and the city, as far as they are known."""
    return ", ".join(part for part in (str(event.room) if event.room else "", event.place, str(event.city)) if part)


def _item(event: Event, host: str, base_url: str) -> Item:
    item = Item()
    item.add("uid", f"{event.uid}@{host}")
    item.add("sequence", event.sequence)
    # DTSTAMP is when this version was written, not when the feed is asked for: the same event gives the same bytes.
    item.add("dtstamp", event.changed_at.astimezone(UTC))
    item.add("last-modified", event.changed_at.astimezone(UTC))
    item.add("dtstart", event.starts_at.astimezone(UTC))
    item.add("dtend", event.ends_at.astimezone(UTC))
    item.add("summary", str(event))
    item.add("location", event.online_url if event.online_url and not (event.room or event.place) else place_of(event))
    item.add("status", "CANCELLED" if event.state == EventState.CANCELLED else "CONFIRMED")
    item.add("url", f"{base_url}/{event.uid}/")
    words = [event.cancel_reason] if event.state == EventState.CANCELLED else [event.about_shown, event.online_url]
    item.add("description", vText("\n\n".join(part for part in words if part)))
    item.add("transp", "TRANSPARENT" if event.state == EventState.CANCELLED else "OPAQUE")
    return item

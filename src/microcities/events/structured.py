"""Events as search engines and other sites read them: schema.org Event in JSON-LD, a block of data that nothing executes."""

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from microcities.events.calendar import place_of
from microcities.events.models import Event, EventState

# Inside a script element these could end it or begin a comment (HTML Living Standard, restrictions for contents of script).
ESCAPED = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})
SCHEMA = "https://schema.org"


def event_data(event: Event, url: str) -> dict[str, Any]:
    """The event as schema.org has it; `url` is the address of its page."""
    found: dict[str, Any] = {
        "@context": SCHEMA, "@type": "Event", "name": str(event), "url": url,
        "startDate": event.starts_at.isoformat(), "endDate": event.ends_at.isoformat(),
        "eventStatus": f"{SCHEMA}/{'EventCancelled' if event.state == EventState.CANCELLED else 'EventScheduled'}",
        "eventAttendanceMode": f"{SCHEMA}/{_mode(event)}",
        "location": _locations(event),
        "organizer": {"@type": "Organization", "name": str(event.organisation)},
        "offers": {"@type": "Offer", "price": f"{event.price:f}", "priceCurrency": "EUR", "url": url},
    }
    if event.about_shown:
        found["description"] = event.about_shown
    if event.languages:
        found["inLanguage"] = event.languages
    if event.capacity is not None:
        found["maximumAttendeeCapacity"] = event.capacity
    return found


def as_script(data: dict[str, Any]) -> SafeString:
    """A data block that no text of an event can break out of."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 - escaped above


def _mode(event: Event) -> str:
    in_person = bool(event.room_id or event.place)
    if event.online_url:
        return "MixedEventAttendanceMode" if in_person else "OnlineEventAttendanceMode"
    return "OfflineEventAttendanceMode"


def _locations(event: Event) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if event.room_id or event.place or not event.online_url:
        found.append({"@type": "Place", "name": str(event.room or event.place or event.city), "address": place_of(event)})
    if event.online_url:
        found.append({"@type": "VirtualLocation", "url": event.online_url})
    return found

"""Offers the programme's coming events to the public pages."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from microcities.events.models import Audience, Event, EventState
from microcities.programme.models import Programme
from microcities.programme.offers import Offer, offers_by

AUDIENCES: dict[str, frozenset[str]] = {
    Audience.EVERYBODY: frozenset({"pupil", "student", "adult", "talent", "employer", "school"}),
    Audience.PUPILS: frozenset({"pupil", "school"}),
    Audience.GUARDIANS: frozenset({"pupil"}),
    Audience.TEACHERS: frozenset({"school"}),
    Audience.STUDENTS: frozenset({"student"}),
    Audience.ADULTS: frozenset({"adult"}),
    Audience.EMPLOYERS: frozenset({"employer"}),
}
MOST_SHOWN = 50


@offers_by("events.events")
def events(programme: Programme) -> Iterator[Offer]:
    """Announced events that are still to come; of a series the next date only."""
    coming = Event.objects.public().coming().filter(programme=programme).exclude(state=EventState.CANCELLED)
    told: set[int] = set()
    for event in coming.select_related("organisation", "city")[:MOST_SHOWN]:
        if event.series_id in told:
            continue
        told |= {event.series_id} if event.series_id else set()
        yield Offer(
            title=str(event), kind=event.get_kind_display(), city=str(event.city), organiser=str(event.organisation),
            starts_on=timezone.localdate(event.starts_at), ends_on=timezone.localdate(event.ends_at),
            audiences=AUDIENCES[event.audience], href=reverse("events:event", args=[event.uid]),
        )

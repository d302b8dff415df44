"""Ties events to career records: a class is registered whole, and whoever checked in is on the encounter without typing."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.careers.forms.schools_encounters import pupils_in
from microcities.careers.models import Encounter, EncounterKind, Enrolment, Mode, School, SchoolClass
from microcities.careers.school_years import year_of
from microcities.events.choosing import Group, offers_groups
from microcities.events.following import NextStep, follows_event
from microcities.events.models import Attendee, Event, EventState
from microcities.people.models import Account

# What an event of a kind most often is for pupils; whoever records it may say otherwise.
KINDS: dict[str, str] = {
    "career_day": EncounterKind.EMPLOYER, "workplace": EncounterKind.WORKPLACE, "provider": EncounterKind.PROVIDER,
    "talk": EncounterKind.EMPLOYER, "open_day": EncounterKind.PROVIDER,
}
MOST_HOURS = Decimal(400)


@offers_groups("careers.classes")
def classes(account: Account, event: Event) -> Iterator[Group]:
    """Classes, in the school year of the event's day, of the schools whose records the account keeps."""
    day = timezone.localdate(event.starts_at)
    kept = SchoolClass.objects.filter(school__in=School.objects.kept_by(account)).of_year(year_of(day)).in_order()
    for each in kept.select_related("school__organisation"):
        yield Group(f"class-{each.pk}", each.name, each.school.organisation, partial(pupils_in, [each], day))


@follows_event("careers.encounter")
def encounters(account: Account, event: Event) -> Iterator[NextStep]:
    """Encounters that were recorded from the event, and the page to record one for a school whose pupils came."""
    if event.state != EventState.PUBLISHED:
        return
    recorded = Encounter.objects.filter(event=event).visible_to(account).select_related("school__organisation")
    for each in recorded.order_by("pk"):
        text = _("Encounter of %(school)s: %(name)s") % {"school": each.school, "name": each.name}
        yield NextStep(text, reverse("careers:encounter", args=[each.pk]))
    for school in School.objects.kept_by(account).filter(came_to(event)).select_related("organisation").in_latvian_order():
        text = _("Record it as an encounter of %(school)s, with those who came") % {"school": school}
        yield NextStep(text, recording_address(school, event))


def came_to(event: Event) -> Exists:
    """Whether pupils of the row's school came to the event."""
    day = timezone.localdate(event.starts_at)
    came = Attendee.objects.filter(event=event, cancelled_at__isnull=True).attended()
    here = Enrolment.objects.on(day).filter(school_class__school=OuterRef("pk"), person_id__in=came.values("person_id"))
    return Exists(here)


def recording_address(school: School, event: Event) -> str:
    """The page on which an event is recorded for a school, filled in with what the event says."""
    return f"{reverse('careers:encounter-from-event', args=[school.pk])}?event={event.uid}"


def said_by(event: Event, school: School) -> dict[str, Any]:
    """What an event says of an encounter: its kind, length, way, and the first host that is not recorded yet."""
    hours = Decimal((event.ends_at - event.starts_at).total_seconds()) / 3600
    quarters = (hours * 4).to_integral_value() / 4
    known = Encounter.objects.filter(event=event, school=school).values("host_id")
    host = event.hosts.exclude(organisation_id__in=known.exclude(host=None)).order_by("pk").first()
    return {
        "event": event.pk, "kind": KINDS.get(event.kind, EncounterKind.OTHER), "host": host.organisation_id if host else None,
        "hours": min(max(quarters, Decimal("0.25")), MOST_HOURS),
        "mode": Mode.VIRTUAL if event.online_url and not (event.place or event.room_id) else Mode.IN_PERSON,
    }


def unrecorded(account: Account, since: Any) -> "QuerySet[Event]":
    """Events that ended after `since`, to which pupils of the account's schools came, and of which no encounter tells."""
    kept = School.objects.kept_by(account)
    pupils = Enrolment.objects.filter(
        school_class__school__in=kept, joined_on__lte=OuterRef("event__starts_at__date"),
        left_on__gte=OuterRef("event__starts_at__date"), person_id=OuterRef("person_id"),
    )
    came = Attendee.objects.filter(event=OuterRef("pk"), cancelled_at__isnull=True).attended().filter(Exists(pupils))
    known = Encounter.objects.filter(event=OuterRef("pk"), school__in=kept)
    over = Event.objects.visible_to(account).filter(state=EventState.PUBLISHED, ends_at__lte=timezone.now(), ends_at__gt=since)
    return over.filter(Exists(came)).exclude(Exists(known)).order_by("starts_at", "pk")

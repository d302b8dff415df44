"""What somebody's own careers page and its PDF are made of: class, encounters, talks, plan and what is open for the person."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from microcities.bookings.models import Allocation, Resource, ResourceKind
from microcities.careers.models import (
    Destination,
    EncounterAttendance,
    Enrolment,
    GuidanceTalk,
    RecordStep,
    RecordStepKind,
    School,
)
from microcities.careers.rules import STATE_WORDS
from microcities.events.models import Audience as EventAudience
from microcities.events.models import Event
from microcities.events.queries import EventQuerySet
from microcities.people.models import Account, Person

MOST_EVENTS = 6
TALK_KINDS = {
    "offered": "info", "booked": "info", "held": "good", "no_show": "warning", "cancelled": "neutral", "declined": "neutral",
}


@dataclass(frozen=True)
class TalkLine:
    """A talk as its reader sees it: the word for its state, and with whom and when it is if it is booked."""

    talk: GuidanceTalk
    counsellor: str
    starts_at: datetime | None

    @property
    def word(self) -> str:
        return str(STATE_WORDS[self.talk.state])

    @property
    def kind(self) -> str:
        return TALK_KINDS[self.talk.state]

    @property
    def day(self) -> date | None:
        """The day of the last fact."""
        talk = self.talk
        if talk.state in ("booked", "cancelled") and self.starts_at:
            return timezone.localdate(self.starts_at)
        return talk.held_on or talk.no_show_on or talk.declined_on or talk.offered_on

    @property
    def is_coming(self) -> bool:
        return self.talk.is_booked and self.starts_at is not None and self.starts_at > timezone.now()


def enrolments_of(account: Account, person: Person) -> QuerySet[Enrolment]:
    """Classes of the person, the latest first."""
    rows = Enrolment.objects.visible_to(account).filter(person=person)
    return rows.select_related("school_class__school__organisation").order_by("-joined_on")


def encounters_of(account: Account, person: Person) -> QuerySet[EncounterAttendance]:
    """Encounters of the person, the latest first."""
    rows = EncounterAttendance.objects.visible_to(account).filter(person=person)
    return rows.select_related("encounter__host", "encounter__school__organisation").order_by("-encounter__held_on", "-pk")


def talks_of(account: Account, person: Person) -> list[TalkLine]:
    """Talks of the person, open ones first and then the latest."""
    rows = GuidanceTalk.objects.visible_to(account).filter(person=person)
    found = talk_lines(rows.select_related("organisation", "booking", "adviser").order_by("-pk"))
    order = {"booked": 0, "offered": 1}
    return sorted(found, key=lambda line: (order.get(line.talk.state, 2), -(line.day or date.min).toordinal()))


def talk_lines(talks: Any) -> list[TalkLine]:
    """Talks with the name of each booked counsellor, asked for all of them at once."""
    found = list(talks)
    numbers = [each.booking_id for each in found if each.booking_id]
    rows = Allocation.objects.filter(booking__in=numbers).select_related("resource").order_by("pk")
    names = {row.booking_id: str(row.resource) for row in rows}
    return [
        TalkLine(
            each, each.adviser.name if each.adviser else names.get(each.booking_id, ""),
            each.booking.starts_at if each.booking else None,
        )
        for each in found
    ]


def destinations_of(account: Account, person: Person) -> QuerySet[Destination]:
    """Where the person means to go, went and stayed, the latest first."""
    rows = Destination.objects.visible_to(account).filter(person=person)
    return rows.select_related("provider", "school__organisation").order_by("-said_on", "-pk")


def school_of(person: Person) -> School | None:
    """The school in whose class the person is, or was last."""
    latest = Enrolment.objects.filter(person=person).order_by("-joined_on").select_related("school_class__school").first()
    return latest.school_class.school if latest else None


def counsellors_for(person: Person) -> list[Resource]:
    """Counsellors of the organisations that know the person."""
    known = person.registrations.values("organisation_id")
    rows = Resource.objects.in_use().of_kind(ResourceKind.COUNSELLOR).filter(organisation_id__in=known)
    return list(rows.select_related("organisation").in_latvian_order())


def open_events(person: Person) -> EventQuerySet:
    """Announced events to come that fit the person's age and, for whoever is in a class, are for learners or everybody."""
    now = timezone.now()
    rows = Event.objects.public().coming(now).filter(state="published", starts_at__gt=now)
    age = person.age_on(timezone.localdate())
    if age is not None:
        rows = rows.filter(Q(youngest__isnull=True) | Q(youngest__lte=age), Q(oldest__isnull=True) | Q(oldest__gte=age))
    if person.enrolments.on(timezone.localdate()).exists():
        fitting = (EventAudience.EVERYBODY, EventAudience.PUPILS, EventAudience.STUDENTS)
        rows = rows.filter(audience__in=fitting)
    return rows.select_related("city", "room")[:MOST_EVENTS]


def last_read(person: Person) -> date | None:
    """The day on which the person last said to have read the record."""
    rows = RecordStep.objects.of_people([person.pk]).filter(kind=RecordStepKind.VIEWED)
    return rows.order_by("-on").values_list("on", flat=True).first()

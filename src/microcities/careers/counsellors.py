"""Who has counsellors, and when they can be booked: hours less what is taken, by the engine that machines and rooms use too."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from microcities.bookings.engines.free_times import FreeTimesInput, Span, WeeklyHours, free_times, opening_spans
from microcities.bookings.engines.local_time import zone_named
from microcities.bookings.models import Allocation, OpeningHours, Resource
from microcities.people.models import Membership, Organisation, Person
from microcities.people.queries import OrganisationQuerySet
from microcities.people.roles import Permission

ZONE = "Europe/Riga"


def weekly_hours(counsellor: Resource) -> tuple[WeeklyHours, ...]:
    """The counsellor's hours as the engine takes them."""
    found = []
    for each in OpeningHours.objects.of(counsellor):
        last = each.valid.upper - timedelta(days=1) if each.valid.upper else None  # the range ends before its upper day
        found.append(
            WeeklyHours(
                weekday=each.weekday, opens=each.opens, closes=each.closes, valid_from=each.valid.lower, valid_to=last
            )
        )
    return tuple(found)


def free_talks(
    counsellor: Resource, from_on: date, until_on: date, minutes: int = 45, now: datetime | None = None
) -> tuple[Span, ...]:
    """All starts, with their ends, at which a talk of so many minutes can be booked; both days counted."""
    now = now or timezone.now()
    start = timezone.make_aware(datetime.combine(from_on, datetime.min.time())) - timedelta(days=1)
    end = timezone.make_aware(datetime.combine(until_on, datetime.min.time())) + timedelta(days=2)
    taken = Allocation.objects.of([counsellor]).blocking(start, end)
    inp = FreeTimesInput(
        zone=ZONE, from_on=from_on, until_on=until_on, hours=weekly_hours(counsellor), minutes=minutes,
        busy=tuple(Span(starts_at=each.blocked.lower, ends_at=each.blocked.upper) for each in taken),
        buffer_before=counsellor.buffer_before, buffer_after=counsellor.buffer_after,
        not_before=now + timedelta(minutes=counsellor.minimum_notice),
    )
    return free_times(inp, seed=0).free


def works_then(counsellor: Resource, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether the whole span lies within the counsellor's hours."""
    day = timezone.localdate(starts_at)
    spans = opening_spans(weekly_hours(counsellor), day, day, zone_named(ZONE, "zone"))
    return any(opens <= starts_at and ends_at <= closes for opens, closes in spans)


def has_counsellor(organisation_id: int, account_number: int, day: date) -> bool:
    """Whether this account is a counsellor of the organisation on a day."""
    members = Organisation.objects.get(pk=organisation_id).memberships.in_force(day)
    return members.allowing(Permission.GIVE_GUIDANCE).filter(account_id=account_number, account__is_active=True).exists()


def counselling_today() -> OrganisationQuerySet:
    """Organisations that have a counsellor with an account today."""
    members = Membership.objects.in_force(timezone.localdate()).allowing(Permission.GIVE_GUIDANCE)
    return Organisation.objects.filter(pk__in=members.filter(account__is_active=True).values("organisation_id"))


def seen_by_counsellors(person: Person) -> bool:
    """Whether anybody would see what the person shows to counsellors."""
    return counselling_today().filter(pk__in=person.registrations.values("organisation_id")).exists()


def advising(person: Person) -> OrganisationQuerySet:
    """Organisations whose counsellors answer the person's questions, in order of name.

    They know the person and have a counsellor today. A school that the person has left for another one is none of them.
    """
    found = counselling_today().filter(pk__in=person.registrations.values("organisation_id"))
    classes = person.enrolments.on(timezone.localdate()).values("school_class__school__organisation_id")
    if classes.exists():
        found = found.filter(Q(school__isnull=True) | Q(pk__in=classes))
    return found.in_latvian_order()

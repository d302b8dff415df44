"""When counsellors can be booked: their hours less what is taken, by the engine that machines and rooms use too."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from microcities.bookings.engines.free_times import FreeTimesInput, Span, WeeklyHours, free_times, opening_spans
from microcities.bookings.engines.local_time import zone_named
from microcities.bookings.models import Allocation, OpeningHours, Resource
from microcities.people.models import Organisation
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

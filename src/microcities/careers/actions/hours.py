"""Counsellors open themselves to booking and say when they work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.range import DateRange

from microcities.access.answers import RefusedError, require
from microcities.bookings.models import OpeningHours, Resource, ResourceKind
from microcities.careers.rules import may_counsel, may_keep_hours
from microcities.people.models import Account, Organisation
from microcities.programme.models import City
from microcities.trail.context import change

# Weekday (1 is Monday) with the first minute and the minute after the last, both of the local day.
Hours = tuple[int, int, int]


def open_to_booking(
    *, actor: Account, organisation: Organisation, city: City, name: str, buffer_after: int, minimum_notice: int, **fields: Any
) -> Resource:
    """The actor can be booked for talks from now on; minutes kept free after each, and of minimum notice.

    `fields` are name_en and buffer_before. Raises RefusedError, ValidationError.
    """
    require(may_counsel(actor, organisation.pk))
    if actor.person is None:
        raise RefusedError(_("Enter your own name in your details first: a talk is held by a named counsellor."))
    found = Resource(
        kind=ResourceKind.COUNSELLOR, person=actor.person, organisation=organisation, city=city, name=name.strip(),
        buffer_after=buffer_after, minimum_notice=minimum_notice, **fields,
    )
    found.full_clean()
    with change("careers.open_to_booking", actor=actor):
        found.save()
    return found


def set_weekly_hours(*, actor: Account, counsellor: Resource, from_on: date, hours: Sequence[Hours]) -> int:
    """These hours hold from a day on, and those before it up to the day before. Talks that are booked stay booked.

    Returns how many spans of a week there are now. Raises RefusedError.
    """
    require(may_keep_hours(actor, counsellor))
    if from_on < timezone.localdate():
        raise RefusedError(_("Hours that have passed stay as they were. Choose today or a later day."))
    try:
        with change("careers.set_weekly_hours", actor=actor), transaction.atomic():
            Resource.objects.select_for_update().get(pk=counsellor.pk)
            _end_before(counsellor, from_on)
            for weekday, opens, closes in hours:
                OpeningHours.objects.create(
                    resource=counsellor, weekday=weekday, opens=opens, closes=closes, valid=DateRange(from_on, None)
                )
    except IntegrityError as error:
        raise RefusedError(_("Two times of one day overlap, or one ends before it begins. Check the hours.")) from error
    return len(hours)


def _end_before(counsellor: Resource, day: date) -> None:
    """What was to hold from the day on holds no more."""
    for each in OpeningHours.objects.of(counsellor).select_for_update():
        if each.valid.lower is not None and each.valid.lower >= day:
            each.delete()
        elif each.valid.upper is None or each.valid.upper > day:
            each.valid = DateRange(each.valid.lower, day)
            each.save(update_fields=["valid"])

"""What people are told about guidance talks: booked, moved, cancelled, and the day before."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from microcities.bookings.models import Allocation, Resource
from microcities.careers.models import GuidanceTalk
from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.people.models import Account, Guardianship
from microcities.privacy.rules import is_minor
from microcities.trail.context import System
from microcities.ui.numbers import format_moment

CAREERS = System("careers")
TALK = register_kind("careers.talk", _("Your guidance talks, when they are booked, moved or cancelled"))
REMINDER = register_kind("careers.reminder", _("Reminders on the day before a guidance talk"), service=False)
REMINDED_BEFORE = timedelta(hours=24)


def tell_booked(talk: GuidanceTalk) -> None:
    """That the time is kept."""
    _tell(talk, TALK.slug, gettext_noop("Guidance talk booked: %(when)s"), "booked")


def tell_moved(talk: GuidanceTalk) -> None:
    """That it is at another time."""
    _tell(talk, TALK.slug, gettext_noop("Guidance talk moved: %(when)s"), "moved")


def tell_cancelled(talk: GuidanceTalk) -> None:
    """That it is not to be, and why when somebody said so."""
    _tell(talk, TALK.slug, gettext_noop("Guidance talk cancelled: %(when)s"), "cancelled")


def remind_people(*, now: datetime | None = None) -> int:
    """Remind everybody of talks that begin within a day; returns how many were told. Safe to repeat.

    A talk that was booked later than that needs no reminder: its confirmation is as fresh.
    """
    moment = now or timezone.now()
    soon = GuidanceTalk.objects.booked().filter(
        booking__starts_at__gt=moment, booking__starts_at__lte=moment + REMINDED_BEFORE,
        booked_at__lte=F("booking__starts_at") - REMINDED_BEFORE,
    )
    rows = soon.select_related("person", "organisation", "booking").order_by("booking__starts_at", "pk")
    return sum(_tell(talk, REMINDER.slug, gettext_noop("Reminder: guidance talk, %(when)s"), "reminder") for talk in rows)


def _tell(talk: GuidanceTalk, kind: str, subject: str, letter: str) -> int:
    """One notice for each reader, once for each change of the booking."""
    booking = talk.booking
    if booking is None:
        return 0
    counsellor = _counsellor(talk)
    told = 0
    for account, address in _readers(talk, counsellor):
        with translation.override(account.language):
            context = {
                "when": format_moment(booking.starts_at), "person": talk.person.name, "counsellor": str(counsellor or ""),
                "organisation": str(talk.organisation), "reason": booking.cancel_reason,
            }
            url = reverse(address, args=[talk.pk])
        notice = notify(
            actor=CAREERS, reader=account, kind=kind, subject=subject, template=f"careers/letters/{letter}.txt",
            context=context, dedupe_key=f"careers.{letter}:{talk.pk}:{booking.sequence}", url=url,
        )
        told += notice is not None
    return told


def _readers(talk: GuidanceTalk, counsellor: Resource | None) -> Iterator[tuple[Account, str]]:
    """The person, a minor's guardians and the counsellor, as far as they have accounts, each with the page to act on."""
    people = {talk.person_id: "careers:own-talk"}
    today = timezone.localdate()
    if is_minor(talk.person, today):
        guardians = Guardianship.objects.in_force(today).filter(ward=talk.person)
        people |= dict.fromkeys(guardians.values_list("guardian_id", flat=True), "careers:own-talk")
    if counsellor is not None and counsellor.person_id:
        people.setdefault(counsellor.person_id, "careers:talk")
    for account in Account.objects.filter(person_id__in=people, is_active=True).order_by("pk"):
        yield account, people[account.person_id or 0]


def _counsellor(talk: GuidanceTalk) -> Resource | None:
    """With whom the time is, or was before it was given back."""
    rows = Allocation.objects.filter(booking_id=talk.booking_id or 0).select_related("resource")
    latest = rows.order_by("-pk").first()
    return latest.resource if latest else None

"""What people are told about their registrations: confirmed, a place offered, moved, cancelled, and the day before."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from microcities.events.models import Event, EventState, Registration
from microcities.events.queries import EventRegistrationQuerySet
from microcities.events.wording import when_words, where_words
from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.notices.models import Notice
from microcities.people.models import Account
from microcities.trail.context import System
from microcities.ui.numbers import format_moment

EVENTS = System("events")
REGISTRATION = register_kind("events.registration", _("Your registrations for events, and offers of places"))
CHANGE = register_kind("events.change", _("Events you go to that are moved or cancelled"))
REMINDER = register_kind("events.reminder", _("Reminders on the day before an event"), service=False)
REMINDED_BEFORE = timedelta(hours=24)
TOLD_STATES = ("confirmed", "offered", "waiting")


def tell_confirmed(registration: Registration) -> None:
    """That the place is sure, with the reference."""
    _tell(
        [registration], REGISTRATION.slug, gettext_noop("You are registered: %(event)s"), "confirmed",
        f"events.confirmed:{registration.pk}",
    )


def tell_offered(registration: Registration) -> None:
    """That a place is free, and until when it is kept."""
    _tell(
        [registration], REGISTRATION.slug, gettext_noop("A place is free for you: %(event)s"), "offered",
        f"events.offered:{registration.pk}",
    )


def tell_changed(events: Sequence[Event]) -> None:
    """Everybody registered learns of a new time, place or name: of all dates in one letter, once for each version."""
    if not events:
        return
    found = _registrations(*events).order_by("-event__starts_at", "-pk")
    first = min(events, key=lambda event: event.pk)
    key = f"events.changed:{first.pk}:{first.sequence}"
    _tell(found, CHANGE.slug, gettext_noop("Changed: %(event)s"), "changed", key)


def tell_cancelled(events: Sequence[Event]) -> None:
    """Everybody registered, those who wait too, learns what does not take place, and why: of all dates in one letter."""
    if not events:
        return
    found = _registrations(*events).order_by("-event__starts_at", "-pk")
    key = f"events.cancelled:{min(each.pk for each in events)}"
    _tell(found, CHANGE.slug, gettext_noop("Cancelled: %(event)s"), "cancelled", key)


def remind_people(*, now: datetime | None = None) -> int:
    """Remind everybody with a place in an event that begins within a day; returns how many were told. Safe to repeat."""
    moment = now or timezone.now()
    soon = Event.objects.filter(
        state=EventState.PUBLISHED, starts_at__gt=moment, starts_at__lte=moment + REMINDED_BEFORE
    )
    told = 0
    for event in soon.select_related("city", "room").order_by("starts_at", "pk"):
        confirmed = _registrations(event).filter(state="confirmed")
        # A new time is another reminder.
        key = f"events.reminder:{event.pk}:{event.starts_at:%Y%m%d%H%M}"
        told += _tell(confirmed, REMINDER.slug, gettext_noop("Reminder: %(event)s"), "reminder", key)
    return told


def _registrations(*events: Event) -> EventRegistrationQuerySet:
    return Registration.objects.filter(event__in=events, state__in=TOLD_STATES).select_related("event__city", "event__room")


def _tell(registrations: Iterable[Registration], kind: str, subject: str, letter: str, key: str) -> int:
    """One notice for whoever registered and one for each person on the registration who has an account; each once."""
    found = list(registrations)
    by_reader = _readers(found)
    known = set(Notice.objects.filter(dedupe_key__startswith=f"{key}:").values_list("dedupe_key", flat=True))
    accounts = Account.objects.filter(pk__in=by_reader, is_active=True).order_by("pk")
    told = 0
    for account in accounts:
        if f"{key}:{account.pk}" in known:
            continue
        theirs = by_reader[account.pk]
        registration = theirs[-1]
        with translation.override(account.language):
            context = {**_context(registration), "dates": [when_words(each.event) for each in _by_date(theirs)]}
            url = reverse("events:registration", args=[registration.pk])
        notice = notify(
            actor=EVENTS, reader=account, kind=kind, subject=subject, template=f"events/letters/{letter}.txt",
            context=context, dedupe_key=key, url=url,
        )
        told += notice is not None
    return told


def _by_date(registrations: Iterable[Registration]) -> list[Registration]:
    """One for each event, the earliest first."""
    events = {each.event_id: each for each in registrations}
    return sorted(events.values(), key=lambda each: (each.event.starts_at, each.pk))


def _readers(registrations: list[Registration]) -> dict[int, list[Registration]]:
    """Each account with the registrations it is told about; the last of them, which the letter quotes, is its own person's
    before one it made for others."""
    readers: dict[int, list[Registration]] = defaultdict(list)
    for each in registrations:
        readers[each.made_by_id].append(each)
    people = Registration.objects.filter(
        pk__in=[each.pk for each in registrations], attendees__cancelled_at__isnull=True,
        attendees__person__account__isnull=False,
    ).values_list("attendees__person__account", "pk")
    own: dict[int, set[int]] = defaultdict(set)
    for account, number in people:
        own[account].add(number)
    for account, numbers in own.items():
        others = [each for each in readers[account] if each.pk not in numbers]
        readers[account] = [*others, *(each for each in registrations if each.pk in numbers)]
    return readers


def _context(registration: Registration) -> dict[str, object]:
    event = registration.event
    return {
        "event": str(event), "when": when_words(event), "where": where_words(event), "reference": registration.reference,
        "until": format_moment(registration.offered_until) if registration.offered_until else "",
        "reason": event.cancel_reason,
    }

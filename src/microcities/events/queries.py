"""Questions asked of events, registrations and attendees."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.events.models import Attendee, Event, Registration, Series
    from microcities.people.models import Account


class SeriesQuerySet(models.QuerySet["Series"]):
    """Series of events."""

    def run_by(self, account: "Account") -> "SeriesQuerySet":
        return self.filter(organisation_id__in=account.organisation_ids(Permission.MANAGE_EVENTS))


class EventQuerySet(models.QuerySet["Event"]):
    """Events. Drafts belong to their organisers; the rest is public unless it is for invited people only."""

    def published(self) -> "EventQuerySet":
        """Announced, cancelled ones included: who wrote the day down has to find out."""
        return self.filter(state__in=("published", "cancelled"))

    def public(self) -> "EventQuerySet":
        return self.published().filter(is_public=True)

    def other_dates(self, event: "Event") -> "EventQuerySet":
        """Announced dates of the same series that are still to come."""
        found = self.filter(state="published", series_id=event.series_id or 0)
        return found.filter(starts_at__gt=timezone.now()).exclude(pk=event.pk).order_by("starts_at")

    def with_places_taken(self) -> "EventQuerySet":
        """Each with `taken`: the people who hold a place."""
        return self.annotate(taken=Count("attendees", filter=Q(attendees__seat__isnull=False)))

    def unknown_attendance(self) -> "EventQuerySet":
        """Those with people of whom it is not known whether they came; how many is `unknown`."""
        known = Q(attendees__seat__isnull=False, attendees__attendance="unknown", attendees__registration__state="confirmed")
        return self.annotate(unknown=Count("attendees", filter=known)).filter(unknown__gt=0)

    def with_place_for(self, account: "Account") -> "EventQuerySet":
        """Those in which the account, its person, or somebody it registered has a place."""
        mine = Q(made_by_id=account.pk)
        if account.person_id:
            mine |= Q(attendees__person_id=account.person_id, attendees__cancelled_at__isnull=True)
        registrations: Any = self.model._meta.get_field("registrations").related_model
        return self.filter(pk__in=registrations.objects.filter(mine, state__in=("confirmed", "offered")).values("event_id"))

    def coming(self, now: datetime | None = None) -> "EventQuerySet":
        return self.filter(ends_at__gt=now or timezone.now()).order_by("starts_at", "pk")

    def past(self, now: datetime | None = None) -> "EventQuerySet":
        return self.filter(ends_at__lte=now or timezone.now()).order_by("-starts_at", "-pk")

    def run_by(self, account: "Account") -> "EventQuerySet":
        """Those of organisations for which the account manages events."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.MANAGE_EVENTS))

    def visible_to(self, account: "Account") -> "EventQuerySet":
        """Public ones, one's organisations' own, and those for which one, or one's ward, is registered."""
        seen = Q(is_public=True, state__in=("published", "cancelled"))
        if account.is_authenticated:
            seen |= Q(organisation_id__in=account.organisation_ids(Permission.MANAGE_EVENTS))
            seen |= Q(pk__in=self.model.objects.of_account(account).values("pk"), state__in=("published", "cancelled"))
        return self.filter(seen)

    def of_account(self, account: "Account") -> "EventQuerySet":
        """Those for which one is registered, or registered somebody."""
        mine = Q(registrations__made_by_id=account.pk)
        if account.person_id:
            mine |= Q(attendees__person_id=account.person_id, attendees__cancelled_at__isnull=True)
        return self.filter(mine).distinct()


class EventRegistrationQuerySet(models.QuerySet["Registration"]):
    """Registrations, each one form for one or many people."""

    def live(self) -> "EventRegistrationQuerySet":
        return self.filter(state__in=("confirmed", "offered", "waiting"))

    def in_line(self) -> "EventRegistrationQuerySet":
        """Those who wait, the first in line first."""
        return self.filter(state="waiting").order_by("place_in_line")

    def of_account(self, account: "Account") -> "EventRegistrationQuerySet":
        """Those the account made, and those its person is on."""
        mine = Q(made_by_id=account.pk)
        if account.person_id:
            on_it = self.filter(attendees__person_id=account.person_id, attendees__cancelled_at__isnull=True)
            mine |= Q(pk__in=on_it.values("pk"))
        return self.filter(mine)

    def overdue_offers(self, now: datetime) -> "EventRegistrationQuerySet":
        return self.filter(state="offered", offered_until__lte=now)

    def visible_to(self, account: "Account") -> "EventRegistrationQuerySet":
        """One's own, those one made, and those for events of one's organisations."""
        seen = Q(made_by_id=account.pk) | Q(
            event__organisation_id__in=account.organisation_ids(Permission.MANAGE_EVENTS)
        )
        if account.person_id:
            seen |= Q(pk__in=self.filter(attendees__person_id=account.person_id).values("pk"))
        return self.filter(seen)


class AttendeeQuerySet(models.QuerySet["Attendee"]):
    """People on registrations."""

    def coming(self) -> "AttendeeQuerySet":
        """Those who have a place, offered ones included."""
        return self.filter(seat__isnull=False)

    def confirmed(self) -> "AttendeeQuerySet":
        return self.filter(seat__isnull=False, registration__state="confirmed")

    def attended(self) -> "AttendeeQuerySet":
        return self.filter(attendance="attended")

    def visible_to(self, account: "Account") -> "AttendeeQuerySet":
        """Oneself, whom one registered, and attendees of one's organisations' events."""
        seen = Q(registration__made_by_id=account.pk) | Q(
            event__organisation_id__in=account.organisation_ids(Permission.MANAGE_EVENTS)
        )
        if account.person_id:
            seen |= Q(person_id=account.person_id)
        return self.filter(seen)

    def by_state(self) -> "models.QuerySet[Attendee, tuple[str, int]]":
        """(state of the registration, people) of those who have not cancelled."""
        live = self.filter(cancelled_at__isnull=True)
        return live.values_list(F("registration__state")).annotate(people=Count("pk")).order_by("registration__state")

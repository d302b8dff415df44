"""Questions asked of resources, bookings and allocations."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from microcities.database.expressions import LatvianKey
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.bookings.models import Allocation, Booking, OpeningHours, Resource
    from microcities.people.models import Account


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Things and people that can be booked."""

    def in_use(self) -> "ResourceQuerySet":
        return self.filter(retired_on__isnull=True)

    def of_kind(self, kind: str) -> "ResourceQuerySet":
        return self.filter(kind=kind)

    def run_by(self, account: "Account") -> "ResourceQuerySet":
        """Resources of organisations whose staff the account is."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.MANAGE_BOOKINGS))

    def in_latvian_order(self) -> "ResourceQuerySet":
        return self.order_by("kind", LatvianKey("name"), "pk")


class OpeningHoursQuerySet(models.QuerySet["OpeningHours"]):
    """Weekly opening hours."""

    def of(self, resource: "Resource") -> "OpeningHoursQuerySet":
        return self.filter(resource=resource).order_by("weekday", "opens")


class BookingQuerySet(models.QuerySet["Booking"]):
    """Bookings."""

    def live(self) -> "BookingQuerySet":
        """Those that hold their resources."""
        return self.filter(state__in=("pending", "confirmed"))

    def coming(self) -> "BookingQuerySet":
        return self.filter(ends_at__gt=timezone.now())

    def overdue_holds(self, now: datetime) -> "BookingQuerySet":
        """Pending ones whose hold has run out."""
        return self.filter(state="pending", held_until__lte=now)

    def visible_to(self, account: "Account") -> "BookingQuerySet":
        """One's own, those one made, and those on resources of one's organisations."""
        own = Q(person_id=account.person_id) if account.person_id else Q(pk__in=[])
        staff = Q(allocations__resource__organisation_id__in=account.organisation_ids(Permission.MANAGE_BOOKINGS))
        return self.filter(Q(pk__in=self.filter(staff).values("pk")) | own | Q(made_by_id=account.pk))


class AllocationQuerySet(models.QuerySet["Allocation"]):
    """What is busy when."""

    def live(self) -> "AllocationQuerySet":
        return self.filter(released_at__isnull=True)

    def of(self, resources: Iterable["Resource"]) -> "AllocationQuerySet":
        return self.filter(resource__in=list(resources))

    def blocking(self, start: datetime, end: datetime) -> "AllocationQuerySet":
        """Live ones whose blocked time, buffers included, meets the span."""
        return self.live().filter(blocked__overlap=TimestamptzRange(start, end))

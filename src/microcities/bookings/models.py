"""Resources with their opening hours, bookings, and the one table of what is busy when."""

import uuid
from datetime import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.bookings.queries import (
    AllocationQuerySet,
    BookingQuerySet,
    OpeningHoursQuerySet,
    ResourceQuerySet,
)
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.programme.models import City

MINUTES_OF_DAY = 24 * 60


class ResourceKind(models.TextChoices):
    """What can be busy."""

    COUNSELLOR = "counsellor", _("counsellor")
    ROOM = "room", _("room")
    MACHINE = "machine", _("machine")
    TRAINER = "trainer", _("trainer")
    TEST_SITE = "test_site", _("test site")


class Resource(models.Model):
    """One thing, or one person at work, that only one booking can have at a time."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "kind", "name", "name_en", "person", "organisation", "city", "buffer_before", "buffer_after",
                    "minimum_notice", "retired_on"),
    )

    kind = models.CharField(_("kind"), max_length=12, choices=ResourceKind)
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    # A counsellor or trainer. The name above is then what the public sees (“Career counsellor, Monday team”).
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="bookable_as")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="resources", verbose_name=_("run by")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="resources", verbose_name=_("city"))
    buffer_before = models.PositiveSmallIntegerField(_("kept free before, minutes"), default=0)
    buffer_after = models.PositiveSmallIntegerField(_("kept free after, minutes"), default=0)
    minimum_notice = models.PositiveIntegerField(_("minimum notice, minutes"), default=0)
    retired_on = models.DateField(_("out of use since"), null=True, blank=True)

    objects = ResourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ResourceKind.values), name="resource_kind_known"),
            models.CheckConstraint(
                condition=Q(buffer_before__lte=MINUTES_OF_DAY, buffer_after__lte=MINUTES_OF_DAY), name="resource_buffers"
            ),
            models.UniqueConstraint(fields=["organisation", "kind", "name"], name="resource_name_once"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "lv").startswith("lv") else self.name


class OpeningHours(models.Model):
    """When a resource can be booked in a week, in minutes of the local day; 1440 is midnight at the end of the day."""

    privacy = NoPersonalData("when something is open")

    resource = models.ForeignKey(Resource, models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("weekday"))
    opens = models.PositiveSmallIntegerField(_("opens, minutes after midnight"))
    closes = models.PositiveSmallIntegerField(_("closes, minutes after midnight"))
    valid = DateRangeField(_("holds on these days"))

    objects = OpeningHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("opening hours")
        verbose_name_plural = _("opening hours")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7), name="hours_weekday"),
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens"), closes__lte=MINUTES_OF_DAY), name="hours_open_before_close"
            ),
            models.CheckConstraint(condition=Q(valid__isempty=False), name="hours_valid_sometime"),
            ExclusionConstraint(
                name="hours_once",
                expressions=[
                    ("resource", RangeOperators.EQUAL),
                    ("weekday", RangeOperators.EQUAL),
                    (Func(F("opens"), F("closes"), function="int4range"), RangeOperators.OVERLAPS),
                    ("valid", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class BookingKind(models.TextChoices):
    """What a booking is for; each kind belongs to one service."""

    GUIDANCE = "guidance", _("guidance")
    EVENT = "event", _("event")
    MACHINE = "machine", _("machine time")
    TRIAL = "trial", _("trial")
    CLOSURE = "closure", _("closed")
    MAINTENANCE = "maintenance", _("maintenance")


class BookingState(models.TextChoices):
    """How a booking stands. Pending and confirmed ones hold their resources; the others have given them back."""

    PENDING = "pending", _("waiting for approval")
    CONFIRMED = "confirmed", _("confirmed")
    CANCELLED = "cancelled", _("cancelled")
    EXPIRED = "expired", _("not approved in time")
    NO_SHOW = "no_show", _("did not come")


LIVE = (BookingState.PENDING, BookingState.CONFIRMED)


class Booking(models.Model):
    """Resources held together for one purpose: all of them or none."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "kind", "state", "person", "made_by_id", "key", "starts_at", "ends_at", "held_until", "sequence",
                    "created_at", "changed_at"),
    )

    kind = models.CharField(_("kind"), max_length=12, choices=BookingKind)
    state = models.CharField(_("state"), max_length=10, choices=BookingState, default=BookingState.CONFIRMED)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="bookings", verbose_name=_("for")
    )
    made_by_id = models.BigIntegerField(null=True)
    # Sent with the form: the same form sent twice books once.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    held_until = models.DateTimeField(_("held until"), null=True, blank=True)
    cancel_reason = personal(
        models.CharField(_("why it was cancelled"), max_length=300, blank=True), purpose=Purpose.PARTICIPATE,
        on_erasure=OnErasure.BLANK,
    )
    # Goes up with every change of time or state, as iCalendar wants it (RFC 5545, 3.8.7.4).
    sequence = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("booking")
        verbose_name_plural = _("bookings")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=BookingKind.values), name="booking_kind_known"),
            models.CheckConstraint(condition=Q(state__in=BookingState.values), name="booking_state_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_times"),
            models.CheckConstraint(
                condition=Q(held_until__isnull=True) | Q(state__in=("pending", "cancelled", "expired")),
                name="booking_held_while_pending",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "starts_at"], name="booking_of_person"),
            models.Index(fields=["held_until"], condition=Q(state="pending"), name="booking_holds"),
        ]

    @property
    def is_live(self) -> bool:
        """Whether it holds its resources."""
        return self.state in LIVE


class Allocation(models.Model):
    """A resource busy for a time. The database refuses a second one whose blocked time meets it.

    `during` is the time people see, `blocked` the same with the resource's buffers; both half-open. Two bookings may not share
    a buffer: a new one's buffer has to be free as well.
    """

    privacy = AboutPerson(path="booking.person", impersonal=("id", "booking", "resource", "during", "blocked", "released_at"))

    booking = models.ForeignKey(Booking, models.PROTECT, related_name="allocations")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="allocations")
    during = DateTimeRangeField(_("time"))
    blocked = DateTimeRangeField(_("blocked time"))
    released_at = models.DateTimeField(null=True)

    objects = AllocationQuerySet.as_manager()

    class Meta:
        verbose_name = _("allocation")
        verbose_name_plural = _("allocations")
        constraints = [
            # Empty, unbounded and closed ranges pass an exclusion constraint or block for ever.
            *(
                models.CheckConstraint(
                    condition=Q(**{
                        f"{name}__isempty": False, f"{name}__lower_inf": False, f"{name}__upper_inf": False,
                        f"{name}__lower_inc": True, f"{name}__upper_inc": False,
                    }),
                    name=f"allocation_{name}_bounded",
                )
                for name in ("during", "blocked")
            ),
            models.CheckConstraint(condition=Q(blocked__contains=F("during")), name="allocation_blocked_holds_during"),
            ExclusionConstraint(
                name="allocation_once",
                expressions=[("resource", RangeOperators.EQUAL), ("blocked", RangeOperators.OVERLAPS)],
                condition=Q(released_at__isnull=True),
            ),
        ]
        indexes = [GistIndex(fields=["during"], name="allocation_during")]

    @property
    def starts_at(self) -> datetime:
        """First instant of the time people see."""
        return self.during.lower

    @property
    def ends_at(self) -> datetime:
        """First instant after it."""
        return self.during.upper

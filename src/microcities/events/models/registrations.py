"""Registrations, the people on them, and what people thought afterwards."""

import secrets
import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.events.models.events import Audience, Event
from microcities.events.queries import AttendeeQuerySet, EventRegistrationQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal


class RegistrationState(models.TextChoices):
    """How a registration stands. Confirmed and offered ones hold places."""

    CONFIRMED = "confirmed", _("place confirmed")
    WAITING = "waiting", _("in the waiting list")
    OFFERED = "offered", _("place offered")
    DECLINED = "declined", _("offer declined")
    LAPSED = "lapsed", _("offer not accepted in time")
    CANCELLED = "cancelled", _("cancelled")


class Registration(models.Model):
    """One form: oneself, a child, or a class. It stands in line as a whole."""

    privacy = NoPersonalData("about a form; the people on it and their answers are Attendee")

    event = models.ForeignKey(Event, models.PROTECT, related_name="registrations")
    state = models.CharField(_("state"), max_length=10, choices=RegistrationState)
    # Sent with the form: the same form sent twice registers once.
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    place_in_line = models.PositiveIntegerField()
    made_by_id = models.BigIntegerField()
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="event_registrations",
        verbose_name=_("registered by"),
    )
    label = models.CharField(_("class or group"), max_length=60, blank=True)
    offered_until = models.DateTimeField(_("offer holds until"), null=True, blank=True)
    registered_at = models.DateTimeField(_("registered"), db_default=models.functions.Now())
    changed_at = models.DateTimeField(db_default=models.functions.Now())

    objects = EventRegistrationQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration for an event")
        verbose_name_plural = _("registrations for events")
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RegistrationState.values), name="registration_state_known"),
            models.UniqueConstraint(fields=["event", "place_in_line"], name="registration_place_once"),
            models.CheckConstraint(
                condition=Q(state="offered", offered_until__isnull=False) | ~Q(state="offered"),
                name="registration_offer_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["event", "place_in_line"], condition=Q(state="waiting"), name="registration_line"),
            models.Index(fields=["offered_until"], condition=Q(state="offered"), name="registration_offers"),
        ]

    @property
    def reference(self) -> str:
        """What people quote when they ask about it."""
        return f"{self.pk:06d}-{self.key.hex[:4].upper()}"


class Attendance(models.TextChoices):
    """Whether somebody came."""

    UNKNOWN = "unknown", _("not known yet")
    ATTENDED = "attended", _("attended")
    NO_SHOW = "no_show", _("did not come")


class CheckInWay(models.TextChoices):
    """How attendance was taken."""

    LIST = "list", _("by the list")
    QR = "qr", _("by QR code")
    CODE = "code", _("by code")


def make_code() -> str:
    """Eight letters and digits that people do not confuse when they read them aloud; 40 bits."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _number in range(8))


class Attendee(models.Model):
    """A person on a registration. A seat number is a place held; nobody else has it at the same time."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "registration", "event", "person", "during", "seat", "code", "checked_in_by_id", "check_in_way",
                    "has_answered"),
    )

    registration = models.ForeignKey(Registration, models.PROTECT, related_name="attendees")
    event = models.ForeignKey(Event, models.PROTECT, related_name="attendees")
    person = models.ForeignKey(Person, models.PROTECT, related_name="attended_events")
    # The event's time, or the part of a drop-in event that the person chose.
    during = DateTimeRangeField()
    seat = models.PositiveIntegerField(null=True)
    answers = personal(
        models.JSONField(_("answers"), default=dict), purpose=Purpose.PARTICIPATE, on_erasure=OnErasure.BLANK
    )
    cancelled_at = personal(
        models.DateTimeField(_("cancelled"), null=True), purpose=Purpose.PARTICIPATE, on_erasure=OnErasure.KEEP
    )
    # In the QR code and below it in letters; says nothing by itself.
    code = models.CharField(max_length=8, default=make_code)
    attendance = personal(
        models.CharField(_("attendance"), max_length=8, choices=Attendance, default=Attendance.UNKNOWN),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    checked_in_at = personal(
        models.DateTimeField(_("checked in"), null=True), purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP
    )
    check_in_way = models.CharField(_("taken"), max_length=4, choices=CheckInWay, blank=True)
    checked_in_by_id = models.BigIntegerField(null=True)
    # That feedback was given once; what was said is kept apart, and nothing leads from here to it.
    has_answered = models.BooleanField(default=False)

    objects = AttendeeQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendee")
        verbose_name_plural = _("attendees")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], condition=Q(cancelled_at__isnull=True), name="attendee_once"
            ),
            models.UniqueConstraint(fields=["event", "code"], name="attendee_code_once"),
            models.CheckConstraint(condition=Q(seat__isnull=True) | Q(seat__gte=1), name="attendee_seat"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(seat__isnull=True), name="attendee_cancelled_has_no_seat"
            ),
            models.CheckConstraint(
                condition=Q(attendance__in=Attendance.values), name="attendee_attendance_known"
            ),
            models.CheckConstraint(
                condition=Q(during__isempty=False, during__lower_inf=False, during__upper_inf=False),
                name="attendee_time_bounded",
            ),
            ExclusionConstraint(
                name="attendee_seat_once",
                expressions=[
                    ("event", RangeOperators.EQUAL), ("seat", RangeOperators.EQUAL), ("during", RangeOperators.OVERLAPS)
                ],
                condition=Q(seat__isnull=False),
            ),
        ]


class Feedback(models.Model):
    """What somebody thought of an event. It names nobody: neither its key, which is drawn, nor the trail leads to a person."""

    privacy = NoPersonalData("anonymous answers; the free text is read by the organiser and asks to name nobody")
    trail_exempt = "the trail would tie anonymous answers to whoever gave them"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    event = models.ForeignKey(Event, models.PROTECT, related_name="feedback")
    group = models.CharField(_("who answered"), max_length=10, choices=Audience)
    useful = models.PositiveSmallIntegerField(_("useful, 1 to 5"))
    learnt = models.BooleanField(_("learnt something new about work or study"), null=True)
    words = models.TextField(_("in own words"), blank=True, max_length=2000)
    given_on = models.DateField()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [models.CheckConstraint(condition=Q(useful__gte=1, useful__lte=5), name="feedback_useful")]

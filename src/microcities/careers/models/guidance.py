"""Guidance talks: offered, booked, held, missed and declined are different facts, each with its day."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.bookings.models import Booking
from microcities.careers.models.encounters import Mode
from microcities.careers.queries import GuidanceTalkQuerySet, QualificationQuerySet, SealedNoteQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, OnErasure, Purpose, personal
from microcities.programme.models import Programme

FACT: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.KEEP}
WORDS: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.BLANK}


class GuidanceTalk(models.Model):
    """One talk that was offered or asked for, what came of it, and the part of the notes that the person reads."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "person", "organisation", "programme", "adviser", "offered_by_id", "booking", "cancelled_at",
                    "noted_by_id"),
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="guidance_talks", verbose_name=_("for"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="guidance_talks", verbose_name=_("offered by")
    )
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="guidance_talks", verbose_name=_("programme")
    )
    offered_on = personal(models.DateField(_("offered"), null=True, blank=True), **FACT)
    offered_by_id = models.BigIntegerField(null=True, blank=True)
    guardian_told_on = personal(models.DateField(_("parents were told how to book"), null=True, blank=True), **FACT)
    declined_on = personal(models.DateField(_("declined"), null=True, blank=True), **FACT)
    booking = models.OneToOneField(
        Booking, models.PROTECT, null=True, blank=True, related_name="guidance_talk", editable=False
    )
    booked_at = personal(models.DateTimeField(_("booked"), null=True, blank=True), **FACT)
    # The talk will not be: the person may be offered, and may book, another one.
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    held_on = personal(models.DateField(_("held"), null=True, blank=True), **FACT)
    no_show_on = personal(models.DateField(_("did not come"), null=True, blank=True), **FACT)
    minutes = personal(models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True), **FACT)
    mode = personal(models.CharField(_("where"), max_length=9, choices=Mode, default=Mode.IN_PERSON), **FACT)
    guardian_present = personal(models.BooleanField(_("a parent was there"), default=False), **FACT)
    # Who held it; the qualification on that day is AdviserQualification.
    adviser = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="advised_talks", verbose_name=_("counsellor")
    )
    advice = personal(models.TextField(_("advice"), blank=True, max_length=4000), **WORDS)
    agreed = personal(models.TextField(_("what was agreed"), blank=True, max_length=4000), **WORDS)
    next_on = personal(models.DateField(_("next talk"), null=True, blank=True), **WORDS)
    noted_by_id = models.BigIntegerField(null=True, blank=True)

    objects = GuidanceTalkQuerySet.as_manager()

    class Meta:
        verbose_name = _("guidance talk")
        verbose_name_plural = _("guidance talks")
        constraints = [
            models.CheckConstraint(
                condition=Q(offered_on__isnull=False) | Q(booked_at__isnull=False) | Q(held_on__isnull=False),
                name="guidance_has_a_fact",
            ),
            models.CheckConstraint(
                condition=Q(booking__isnull=True, booked_at__isnull=True)
                | Q(booking__isnull=False, booked_at__isnull=False),
                name="guidance_booked_by_a_booking",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True, no_show_on__isnull=True)
                | Q(held_on__isnull=True, cancelled_at__isnull=True)
                | Q(no_show_on__isnull=True, cancelled_at__isnull=True),
                name="guidance_ends_in_one_way",
            ),
            models.CheckConstraint(
                condition=Q(declined_on__isnull=True)
                | Q(offered_on__isnull=False, held_on__isnull=True, no_show_on__isnull=True),
                name="guidance_declined_when_offered",
            ),
            models.CheckConstraint(
                condition=Q(no_show_on__isnull=True) | Q(booked_at__isnull=False), name="guidance_missed_when_booked"
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=True) | Q(adviser__isnull=False), name="guidance_held_by_somebody"
            ),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="guidance_mode_known"),
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=Q(
                    booked_at__isnull=False, held_on__isnull=True, no_show_on__isnull=True, cancelled_at__isnull=True
                ),
                name="guidance_one_booked_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["person", "held_on"], name="guidance_of_person")]

    @property
    def state(self) -> str:
        """The last fact: held, no_show, cancelled, declined, booked or offered."""
        facts = (
            ("held", self.held_on), ("no_show", self.no_show_on), ("cancelled", self.cancelled_at),
            ("declined", self.declined_on), ("booked", self.booked_at),
        )
        return next((name for name, at in facts if at), "offered")

    @property
    def is_booked(self) -> bool:
        """Whether a time is kept for it."""
        return self.state == "booked"


class SealedNote(models.Model):
    """The counsellor's own part of the notes. Whoever holds it reads it, and nobody else, until it is handed on.

    It is about the pupil all the same: who asks for it by Article 15 of the GDPR gets `disclosed`, the text without what
    tells of others (docs/decisions/0008).
    """

    privacy = AboutPerson(path="talk.person", impersonal=("id", "talk", "holder_id"))

    talk = models.OneToOneField(GuidanceTalk, models.CASCADE, related_name="sealed_note", verbose_name=_("talk"))
    # Account of the counsellor who reads it; a successor takes its place.
    holder_id = models.BigIntegerField()
    text = personal(
        models.TextField(_("the counsellor's own note"), max_length=8000), purpose=Purpose.PARTICIPATE, in_export=False
    )
    disclosed = personal(
        models.TextField(_("the counsellor's note as it was given out"), blank=True, max_length=8000), **WORDS
    )
    disclosed_on = personal(models.DateField(_("given out"), null=True, blank=True), **FACT)
    written_at = personal(models.DateTimeField(_("the counsellor's own note was written")), **FACT)

    objects = SealedNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("counsellor's own note")
        verbose_name_plural = _("counsellors' own notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(disclosed="") | Q(disclosed_on__isnull=False), name="sealed_note_given_out_on_a_day"
            ),
        ]


class AdviserQualification(models.Model):
    """A counsellor's qualification, for as long as it holds."""

    privacy = AboutPerson(path="person", impersonal=("id", "person"))

    person = models.ForeignKey(
        Person, models.PROTECT, related_name="adviser_qualifications", verbose_name=_("counsellor")
    )
    name = personal(models.CharField(_("qualification"), max_length=160), purpose=Purpose.ACCOUNT_FOR)
    # English “level 6” careers advisers hold a bachelor-level qualification, which is EQF level 6.
    level = personal(
        models.PositiveSmallIntegerField(_("level (European Qualifications Framework)")), purpose=Purpose.ACCOUNT_FOR,
        on_erasure=OnErasure.KEEP,
    )
    valid_from = personal(
        models.DateField(_("from")), purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP
    )
    valid_to = personal(
        models.DateField(_("to"), null=True, blank=True), purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP
    )

    objects = QualificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("counsellor's qualification")
        verbose_name_plural = _("counsellors' qualifications")
        constraints = [
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=8), name="qualification_level"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")), name="qualification_dates"
            ),
            # Erased ones have no name any more.
            models.UniqueConstraint(
                fields=["person", "name", "valid_from"], condition=~Q(name=""), name="qualification_once"
            ),
        ]

"""Where pupils went, what staff learnt, what the six groups said, and class lists that were applied."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.models.schools import School, present_year
from microcities.careers.queries import DestinationQuerySet, OfSchoolQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal

KEPT: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}


class DestinationKind(models.TextChoices):
    """How sure a destination is."""

    INTENDED = "intended", _("intended")
    ACTUAL = "actual", _("actual")
    SUSTAINED = "sustained", _("still there six months later")


class DestinationWay(models.TextChoices):
    """What the pupil went on to."""

    STUDY = "study", _("studies")
    WORK = "work", _("work")
    WORK_AND_STUDY = "work_and_study", _("work and studies")
    SERVICE = "service", _("military or other service")
    NEITHER = "neither", _("neither work nor studies")
    UNKNOWN = "unknown", _("not known")


class Confirmation(models.TextChoices):
    """What a destination rests on."""

    PUPIL = "pupil", _("the pupil said so")
    GUARDIAN = "guardian", _("a parent said so")
    DOCUMENT = "document", _("document seen")
    PROVIDER = "provider", _("confirmed by the place of study or work")
    REGISTER = "register", _("state register")


class Destination(models.Model):
    """Where a pupil meant to go, went, or stayed. Kept for at least three years after leaving."""

    privacy = AboutPerson(
        path="person", impersonal=("id", "person", "school", "provider", "recorded_by_id", "recorded_at")
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="destinations", verbose_name=_("pupil"))
    # The school that was left, or will be.
    school = models.ForeignKey(School, models.PROTECT, related_name="destinations", verbose_name=_("school"))
    kind = personal(models.CharField(_("how sure"), max_length=9, choices=DestinationKind), **KEPT)
    said_on = personal(models.DateField(_("as of")), **KEPT)
    way = personal(models.CharField(_("went on to"), max_length=14, choices=DestinationWay), **KEPT)
    # ISCED-F 2013: 06 is ICT, 0613 software.
    field_code = personal(models.CharField(_("field (ISCED-F)"), max_length=4, blank=True), **KEPT)
    # ISCED 2011: 3 upper secondary, 4 post-secondary, 5 short-cycle, 6 bachelor, 7 master, 8 doctor.
    level = personal(models.PositiveSmallIntegerField(_("level (ISCED)"), null=True, blank=True), **KEPT)
    provider = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="destinations",
        verbose_name=_("place of study or work"),
    )
    confirmed_by = personal(models.CharField(_("rests on"), max_length=8, choices=Confirmation), **KEPT)
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    objects = DestinationQuerySet.as_manager()

    class Meta:
        verbose_name = _("destination")
        verbose_name_plural = _("destinations")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DestinationKind.values), name="destination_kind_known"),
            models.CheckConstraint(condition=Q(way__in=DestinationWay.values), name="destination_way_known"),
            models.CheckConstraint(condition=Q(confirmed_by__in=Confirmation.values), name="destination_confirmed"),
            models.CheckConstraint(condition=Q(field_code__regex=r"^(\d{2,4})?$"), name="destination_field_code"),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__gte=2, level__lte=8), name="destination_level"
            ),
            models.UniqueConstraint(fields=["person", "kind", "said_on"], name="destination_once_a_day"),
        ]


class StaffTraining(models.Model):
    """A member of a school's staff learnt about careers."""

    privacy = AboutPerson(path="person", impersonal=("id", "school", "person", "topic"))

    school = models.ForeignKey(School, models.PROTECT, related_name="staff_trainings", verbose_name=_("school"))
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="staff_trainings", verbose_name=_("member of staff")
    )
    held_on = personal(models.DateField(_("day")), **KEPT)
    hours = personal(models.DecimalField(_("hours"), max_digits=5, decimal_places=2), **KEPT)
    topic = models.CharField(_("topic"), max_length=200)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("staff training")
        verbose_name_plural = _("staff training")
        constraints = [
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=400), name="staff_training_hours"),
            models.UniqueConstraint(fields=["school", "person", "held_on", "topic"], name="staff_training_once"),
        ]


class FeedbackGroup(models.TextChoices):
    """The six groups that the framework of 2025 names."""

    PUPILS = "pupils", _("pupils")
    GUARDIANS = "guardians", _("parents and guardians")
    TEACHERS = "teachers", _("teachers")
    SUPPORT_STAFF = "support_staff", _("support staff")
    ADVISERS = "advisers", _("careers advisers")
    EMPLOYERS = "employers", _("employers")


class FeedbackRound(models.Model):
    """One group was asked what it thinks of the careers programme."""

    privacy = NoPersonalData("numbers of people asked and answered, and a summary that names nobody")

    school = models.ForeignKey(School, models.PROTECT, related_name="feedback_rounds", verbose_name=_("school"))
    school_year = models.PositiveSmallIntegerField(_("school year"), default=present_year)
    group = models.CharField(_("who was asked"), max_length=13, choices=FeedbackGroup)
    held_on = models.DateField(_("day"))
    asked = models.PositiveIntegerField(_("people asked"))
    answered = models.PositiveIntegerField(_("people who answered"))
    findings = models.TextField(_("what they said, in short"), blank=True, max_length=4000)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("round of feedback")
        verbose_name_plural = _("rounds of feedback")
        constraints = [
            models.CheckConstraint(condition=Q(group__in=FeedbackGroup.values), name="feedback_group_known"),
            models.CheckConstraint(condition=Q(answered__lte=F("asked")), name="feedback_answered_of_asked"),
            models.UniqueConstraint(fields=["school", "group", "held_on"], name="feedback_round_once"),
        ]


class EvidenceKind(models.TextChoices):
    """What else a school can show; criteria that no pupil's record answers rest on it."""

    PROGRAMME_TOLD = "programme_told", _("the careers programme was told to them")
    PROGRAMME_EVALUATED = "programme_evaluated", _("the careers programme was evaluated")
    ALUMNI_USED = "alumni_used", _("former pupils took part")
    DESTINATIONS_EVALUATED = "destinations_evaluated", _("destinations were used in the evaluation")
    STAFF_LMI = "staff_lmi", _("staff used labour-market information")
    STAFF_DEVELOPMENT = "staff_development", _("careers in staff development")
    GUIDANCE_TOLD_PARENTS = "guidance_told_parents", _("parents were told how to get guidance")
    SPECIAL_NEEDS_TEAMWORK = "special_needs_teamwork", _("guidance works together with special-needs staff")
    ADVISER_ACCESS = "adviser_access", _("a qualified adviser can be reached")


class Audience(models.TextChoices):
    """To whom something was told."""

    PUPILS = "pupils", _("pupils")
    PARENTS = "parents", _("parents and guardians")
    TEACHERS = "teachers", _("teachers")
    EMPLOYERS = "employers", _("employers")


class SchoolEvidence(models.Model):
    """What a school did for a criterion that no pupil's record answers, and what shows it."""

    privacy = NoPersonalData("what a school did; the proof is named, not kept")

    school = models.ForeignKey(School, models.PROTECT, related_name="evidence", verbose_name=_("school"))
    kind = models.CharField(_("what was done"), max_length=24, choices=EvidenceKind)
    audience = models.CharField(_("for whom"), max_length=9, choices=Audience, blank=True, default="")
    from_on = models.DateField(_("from"))
    to_on = models.DateField(_("to"), null=True, blank=True)
    # Of the staff, where the criterion asks for a share.
    reached = models.PositiveIntegerField(_("staff reached"), null=True, blank=True)
    total = models.PositiveIntegerField(_("staff in all"), null=True, blank=True)
    proof = models.CharField(_("what shows it"), max_length=200)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence of a school")
        verbose_name_plural = _("evidence of schools")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EvidenceKind.values), name="school_evidence_kind_known"),
            models.CheckConstraint(
                condition=Q(kind="programme_told", audience__in=Audience.values)
                | ~Q(kind="programme_told") & Q(audience=""),
                name="school_evidence_told_to_somebody",
            ),
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gte=F("from_on")), name="school_evidence_dates"
            ),
            models.CheckConstraint(
                # Named to be there: a comparison with nothing would let the row through.
                condition=Q(
                    kind__in=["staff_lmi", "staff_development"], reached__isnull=False, total__isnull=False, total__gte=1,
                    reached__lte=F("total"),
                )
                | ~Q(kind__in=["staff_lmi", "staff_development"]) & Q(reached__isnull=True, total__isnull=True),
                name="school_evidence_share_of_staff",
            ),
            models.UniqueConstraint(fields=["school", "kind", "audience", "from_on"], name="school_evidence_once"),
        ]


class ClassList(models.Model):
    """A class list that was applied whole: which file, what it changed, and whether it was taken back."""

    privacy = NoPersonalData("about a file; holds numbers of rows, and the file itself is not kept")

    school = models.ForeignKey(School, models.PROTECT, related_name="class_lists", verbose_name=_("school"))
    school_year = models.PositiveSmallIntegerField(_("school year"))
    taken_on = models.DateField(_("as of"))
    file_name = models.CharField(_("file"), max_length=200)
    file_sha256 = models.CharField(max_length=64)
    outcomes = models.JSONField(_("pupils by outcome"), default=dict)
    # Numbers of rows: {"persons": [], "registrations": [], "classes": [], "enrolments": [], "ended": [[number, day, reason]]}.
    written = models.JSONField(default=dict)
    applied_by_id = models.BigIntegerField()
    applied_at = models.DateTimeField(_("applied"), db_default=models.functions.Now())
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("class list")
        verbose_name_plural = _("class lists")
        constraints = [
            models.UniqueConstraint(
                fields=["school", "school_year", "taken_on", "file_sha256"], condition=Q(undone_at__isnull=True),
                name="class_list_applied_once",
            ),
        ]

"""Activities and participations."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.participation.queries import ActivityQuerySet, ParticipationQuerySet
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.programme.models import City, FundingSource, Programme

ACCOUNT_FOR: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}


class ActivityKind(models.TextChoices):
    """What kind of activity, as the programme's results need it told apart."""

    CAREER_SUPPORT = "career_support", _("career support")
    SUMMER_JOB = "summer_job", _("summer employment")
    RESKILLING = "reskilling", _("retraining for ICT")
    GRANT_CALL = "grant_call", _("innovation grant call")


class Activity(models.Model):
    """One activity: a summer's employment programme, a course, a camp, a grant call."""

    privacy = NoPersonalData("what was offered, not who came")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="activities")
    code = models.SlugField(
        _("code"), max_length=60, unique=True,
        error_messages={"unique": _("Another activity has this code. Choose another one, or leave the field empty.")},
    )
    kind = models.CharField(_("kind"), max_length=20, choices=ActivityKind)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="activities", verbose_name=_("run by")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="activities", verbose_name=_("city"))
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    source_url = models.URLField(_("source"), blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="activity_dates"),
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name_en if self.name_en and not (get_language() or "lv").startswith("lv") else self.name

    def clean(self) -> None:
        """Refuse an end before the start."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The last day comes before the first. Choose a later one.")})


class Stage(models.TextChoices):
    """How far a participant came; the date of each stage is kept."""

    APPLIED = "applied", _("applied")
    STARTED = "started", _("started")
    COMPLETED = "completed", _("completed")
    IN_WORK = "in_work", _("in work")
    DROPPED_OUT = "dropped_out", _("dropped out")


class Proof(models.TextChoices):
    """What proves the record."""

    NONE = "none", _("nothing yet")
    LIST = "list", _("partner's list")
    DOCUMENT = "document", _("document")
    CONFIRMATION = "confirmation", _("confirmed by a third party")
    MEASUREMENT = "measurement", _("measured by the platform")


class Verification(models.TextChoices):
    """Whether a second person has looked at the proof."""

    UNVERIFIED = "unverified", _("not yet confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("rejected")


class Participation(models.Model):
    """A person's, or an organisation's, part in an activity."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "activity", "person", "organisation", "host", "batch_id", "created_at", "verification",
                    "verified_by_id", "verified_at", "proof", "brought_by_id"),
    )

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="participations")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="participations",
        verbose_name=_("taking part"),
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="hosted", verbose_name=_("host")
    )
    applied_on = personal(models.DateField(_("applied"), null=True, blank=True), **ACCOUNT_FOR)
    started_on = personal(models.DateField(_("started"), null=True, blank=True), **ACCOUNT_FOR)
    completed_on = personal(models.DateField(_("completed"), null=True, blank=True), **ACCOUNT_FOR)
    in_work_on = personal(models.DateField(_("in work since"), null=True, blank=True), **ACCOUNT_FOR)
    dropped_out_on = personal(models.DateField(_("dropped out"), null=True, blank=True), **ACCOUNT_FOR)
    hours = personal(
        models.DecimalField(_("hours"), max_digits=8, decimal_places=2, null=True, blank=True), **ACCOUNT_FOR
    )
    amount = personal(
        models.DecimalField(_("amount, EUR"), max_digits=12, decimal_places=2, null=True, blank=True), **ACCOUNT_FOR
    )
    proof = models.CharField(_("proof"), max_length=16, choices=Proof, default=Proof.NONE)
    proof_reference = personal(
        models.CharField(_("proof reference"), max_length=200, blank=True), purpose=Purpose.ACCOUNT_FOR
    )
    verification = models.CharField(
        _("verification"), max_length=12, choices=Verification, default=Verification.UNVERIFIED
    )
    verified_by_id = models.BigIntegerField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    batch_id = models.BigIntegerField(null=True, blank=True)
    # Account that brought the record; somebody else has to confirm it.
    brought_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, organisation__isnull=True)
                | Q(person__isnull=True, organisation__isnull=False),
                name="participation_person_or_organisation",
            ),
            models.UniqueConstraint(fields=["activity", "person", "started_on"], name="participation_person_once",
                                    nulls_distinct=False, condition=Q(person__isnull=False)),
            models.UniqueConstraint(fields=["activity", "organisation"], name="participation_organisation_once",
                                    condition=Q(organisation__isnull=False)),
            models.CheckConstraint(
                condition=Q(applied_on__isnull=False) | Q(started_on__isnull=False), name="participation_has_a_date"
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(started_on__isnull=False, completed_on__gte=F("started_on")),
                name="participation_completed_after_start",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True) | Q(dropped_out_on__isnull=True),
                name="participation_completed_or_dropped",
            ),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gte=0, hours__lte=8784), name="participation_hours"
            ),
            models.CheckConstraint(
                condition=Q(verification="unverified", verified_by_id__isnull=True, verified_at__isnull=True)
                | Q(~Q(verification="unverified"), verified_by_id__isnull=False, verified_at__isnull=False),
                name="participation_verified_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(verified_by_id__isnull=True)
                | Q(brought_by_id__isnull=True)
                | ~Q(verified_by_id=F("brought_by_id")),
                name="participation_verified_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["batch_id"], condition=Q(batch_id__isnull=False), name="participation_batch"),
            models.Index(fields=["activity"], condition=Q(verification="unverified"), name="participation_waiting"),
            # The order of the page of a very large activity.
            models.Index("activity", F("started_on").desc(nulls_last=True), "id", name="participation_latest"),
        ]


class ParticipationFunding(models.Model):
    """Money that paid for a participation. The first source carries the record; a second is flagged as an overlap."""

    privacy = AboutPerson(path="participation.person", impersonal=("id", "participation", "funding_source"))

    participation = models.ForeignKey(Participation, models.CASCADE, related_name="fundings")
    funding_source = models.ForeignKey(FundingSource, models.PROTECT, related_name="participations")
    amount = personal(
        models.DecimalField(_("amount, EUR"), max_digits=12, decimal_places=2, null=True, blank=True), **ACCOUNT_FOR
    )

    class Meta:
        verbose_name = _("funding of a participation")
        verbose_name_plural = _("fundings of participations")
        constraints = [
            models.UniqueConstraint(fields=["participation", "funding_source"], name="participation_funding_once"),
            models.CheckConstraint(condition=Q(amount__isnull=True) | Q(amount__gte=0), name="funding_amount"),
        ]

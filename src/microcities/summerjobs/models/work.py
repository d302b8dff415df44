"""From agreement to last day: agreements with their signatures, days of work, incidents and feedback."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal
from microcities.summerjobs.models.draws import Placement
from microcities.summerjobs.models.posts import DAY_MINUTES, Supervisor
from microcities.summerjobs.queries import AgreementQuerySet, WorkDayQuerySet

FOLDER = "summer-agreements"
FACT: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}
WORDS: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.BLANK}
CONTRACT: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "basis": Basis.CONTRACT, "on_erasure": OnErasure.KEEP}
SIGNED: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "basis": Basis.CONTRACT, "on_erasure": OnErasure.DELETE_ROW}
SAFETY_FACT: dict[str, Any] = {"purpose": Purpose.PROTECT_MINORS, "basis": Basis.LEGAL_DUTY, "on_erasure": OnErasure.KEEP}
SAFETY: dict[str, Any] = {"purpose": Purpose.PROTECT_MINORS, "basis": Basis.LEGAL_DUTY, "on_erasure": OnErasure.BLANK}


class Agreement(models.Model):
    """What employer and pupil agree on, in one version; other terms are a new version and ask for all signatures again."""

    privacy = AboutPerson(
        path="placement.person", impersonal=("id", "placement", "version", "made_at", "made_by_id", "terms_sha256")
    )

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="agreements", verbose_name=_("placement"))
    version = models.PositiveSmallIntegerField(_("version"))
    # What is agreed, as canonical JSON without names: days, minutes by day, pay, duties, place; and its SHA-256.
    terms = personal(models.JSONField(_("terms")), **CONTRACT)
    terms_sha256 = models.CharField(_("digest of the terms"), max_length=64)
    made_at = models.DateTimeField(_("made"))
    made_by_id = models.BigIntegerField(null=True)
    replaced_at = personal(models.DateTimeField(_("replaced by another version"), null=True, blank=True), **CONTRACT)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ("placement_id", "-version")
        constraints = [
            models.UniqueConstraint(fields=["placement", "version"], name="agreement_version_once"),
            models.UniqueConstraint(
                fields=["placement"], condition=Q(replaced_at__isnull=True), name="agreement_one_in_force"
            ),
            models.CheckConstraint(condition=Q(version__gte=1), name="agreement_version"),
        ]


class Party(models.TextChoices):
    """Whose signature an agreement may need."""

    EMPLOYER = "employer", _("employer")
    CITY = "city", _("city")
    PUPIL = "pupil", _("pupil")
    GUARDIAN = "guardian", _("guardian")


class SignedBy(models.TextChoices):
    """How a signature was given."""

    ACCOUNT = "account", _("in the own account")
    FILE = "file", _("signed file")


class Signature(models.Model):
    """One party's signature under one version: by the own account, or as a signed file that was brought."""

    privacy = AboutPerson(
        path="agreement.placement.person", files=("file",),
        impersonal=("id", "agreement", "party", "how", "account_id", "terms_sha256"),
    )

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="signatures", verbose_name=_("agreement"))
    party = models.CharField(_("party"), max_length=8, choices=Party)
    how = models.CharField(_("how"), max_length=7, choices=SignedBy)
    # Who pressed the button or brought the file; the file itself says who signed it.
    account_id = models.BigIntegerField()
    signed_at = personal(models.DateTimeField(_("signed")), **SIGNED)
    terms_sha256 = models.CharField(_("digest of what was signed"), max_length=64)
    file = personal(models.FileField(_("signed file"), upload_to=FOLDER, blank=True), **SIGNED)
    name = personal(models.CharField(_("name of the file"), max_length=120, blank=True), **SIGNED)

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ("agreement_id", "signed_at")
        # That the digest is the agreement's, and that an agreement that was replaced takes no signature, is held by a trigger.
        constraints = [
            models.UniqueConstraint(fields=["agreement", "party"], name="signature_once"),
            models.CheckConstraint(condition=Q(party__in=Party.values), name="signature_party_known"),
            models.CheckConstraint(
                condition=Q(how="account", file="") | (Q(how="file") & ~Q(file="") & ~Q(name="")), name="signature_how"
            ),
        ]


class Absence(models.TextChoices):
    """Why a pupil was not there; whether it is paid stands in the rules of claims."""

    NONE = "", _("none")
    ILLNESS = "illness", _("illness")
    FAMILY = "family", _("family reasons, agreed before")
    EMPLOYER = "employer", _("the employer had no work")
    WEATHER = "weather", _("weather")
    UNEXCUSED = "unexcused", _("without a reason")


class WorkDay(models.Model):
    """One day of a placement: what was planned, what was worked, what was missed and why."""

    privacy = AboutPerson(
        path="placement.person", impersonal=("id", "placement", "supervisor", "noted_by_id", "noted_at")
    )

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="work_days", verbose_name=_("placement"))
    on = personal(models.DateField(_("day")), **FACT)
    planned_minutes = personal(models.PositiveSmallIntegerField(_("planned, minutes"), default=0), **FACT)
    came_at = personal(models.TimeField(_("came at"), null=True, blank=True), **FACT)
    left_at = personal(models.TimeField(_("left at"), null=True, blank=True), **FACT)
    break_minutes = personal(models.PositiveSmallIntegerField(_("break, minutes"), default=0), **FACT)
    worked_minutes = personal(models.PositiveSmallIntegerField(_("worked, minutes"), default=0), **FACT)
    absent_minutes = personal(models.PositiveSmallIntegerField(_("absent, minutes"), default=0), **FACT)
    absence = personal(models.CharField(_("why absent"), max_length=9, choices=Absence, blank=True, default=""), **FACT)
    note = personal(models.CharField(_("note"), max_length=300, blank=True), **WORDS)
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, null=True, blank=True, related_name="work_days", verbose_name=_("supervisor")
    )
    noted_at = models.DateTimeField(_("noted"), null=True, blank=True)
    noted_by_id = models.BigIntegerField(null=True, blank=True)

    objects = WorkDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of work")
        verbose_name_plural = _("days of work")
        ordering = ("placement_id", "on")
        # That the day lies in the placement's days, and that a claimed day stays as it was, is held by triggers.
        constraints = [
            models.UniqueConstraint(fields=["placement", "on"], name="work_day_once"),
            models.CheckConstraint(
                condition=Q(worked_minutes__lte=DAY_MINUTES, absent_minutes__lte=DAY_MINUTES,
                            planned_minutes__lte=DAY_MINUTES, break_minutes__lte=DAY_MINUTES),
                name="work_day_minutes",
            ),
            models.CheckConstraint(condition=Q(absence__in=Absence.values), name="work_day_absence_known"),
            models.CheckConstraint(
                condition=Q(absent_minutes=0, absence="") | (Q(absent_minutes__gt=0) & ~Q(absence="")),
                name="work_day_absence_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(came_at__isnull=True, left_at__isnull=True) | Q(left_at__gt=F("came_at")), name="work_day_times"
            ),
            models.CheckConstraint(
                condition=Q(noted_at__isnull=False) | Q(worked_minutes=0, absent_minutes=0), name="work_day_noted"
            ),
        ]


class IncidentKind(models.TextChoices):
    """What happened at work."""

    INJURY = "injury", _("injury")
    NEAR_MISS = "near_miss", _("nearly an injury")
    CONDUCT = "conduct", _("conduct towards the pupil")
    CONDITIONS = "conditions", _("conditions of work")
    OTHER = "other", _("something else")


class Incident(models.Model):
    """Something that happened to a pupil at work, reported by the pupil, a guardian or the employer; the city answers."""

    privacy = AboutPerson(
        path="placement.person", impersonal=("id", "placement", "reported_by_id", "reported_at", "by_party", "closed_by_id")
    )

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="incidents", verbose_name=_("placement"))
    kind = personal(models.CharField(_("kind"), max_length=10, choices=IncidentKind), **SAFETY_FACT)
    happened_on = personal(models.DateField(_("day")), **SAFETY_FACT)
    what = personal(models.TextField(_("what happened"), max_length=2000), **SAFETY)
    done = personal(models.TextField(_("what was done"), max_length=2000, blank=True), **SAFETY)
    inspectorate_told_on = personal(
        models.DateField(_("labour inspectorate told on"), null=True, blank=True), **SAFETY
    )
    by_party = models.CharField(_("reported by"), max_length=8, choices=Party)
    reported_at = models.DateTimeField(_("reported"))
    reported_by_id = models.BigIntegerField()
    answer = personal(models.TextField(_("what the city did"), max_length=2000, blank=True), **SAFETY)
    closed_at = personal(models.DateTimeField(_("closed"), null=True, blank=True), **SAFETY_FACT)
    closed_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-reported_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=Q(by_party__in=Party.values), name="incident_party_known"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by_id__isnull=True)
                | Q(closed_at__gte=F("reported_at"), closed_by_id__isnull=False),
                name="incident_closed_by_somebody",
            ),
        ]


def _score(label: Any) -> Any:
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )


class Feedback(models.Model):
    """How the pupil, or the supervisor, found the work: 1 to 5, and words."""

    privacy = AboutPerson(path="placement.person", impersonal=("id", "placement", "by_party", "given_by_id", "given_at"))

    placement = models.ForeignKey(Placement, models.PROTECT, related_name="feedback", verbose_name=_("placement"))
    by_party = models.CharField(_("given by"), max_length=8, choices=Party)
    work = personal(_score(_("the work")), **FACT)
    guidance = personal(_score(_("guidance, or the pupil's effort")), **FACT)
    again = personal(models.BooleanField(_("would do it again"), null=True, blank=True), **FACT)
    learnt = personal(models.TextField(_("what was learnt"), max_length=1000, blank=True), **WORDS)
    words = personal(models.TextField(_("in own words"), max_length=1000, blank=True), **WORDS)
    given_at = models.DateTimeField(_("given"))
    given_by_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(fields=["placement", "by_party"], name="feedback_once"),
            models.CheckConstraint(condition=Q(by_party__in=["pupil", "employer"]), name="feedback_party"),
            models.CheckConstraint(
                condition=(Q(work__isnull=True) | Q(work__gte=1, work__lte=5))
                & (Q(guidance__isnull=True) | Q(guidance__gte=1, guidance__lte=5)),
                name="feedback_scores",
            ),
        ]

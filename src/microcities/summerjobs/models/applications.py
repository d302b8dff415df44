"""A pupil's application to a scheme: facts, wishes, groups, papers, and what the guardian said."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, Basis, OnErasure, Purpose, personal
from microcities.summerjobs.models.posts import Post
from microcities.summerjobs.models.schemes import MOST_WISHES, SummerScheme
from microcities.summerjobs.queries import ApplicationQuerySet

FOLDER = "summer-applications"
FACT: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.KEEP}
WORDS: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.BLANK}
ROW: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.DELETE_ROW}
# A disability or the loss of parents is told only by who wants the place kept for it.
GROUP: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "basis": Basis.CONSENT, "on_erasure": OnErasure.DELETE_ROW}
GUARD: dict[str, Any] = {"purpose": Purpose.PROTECT_MINORS, "basis": Basis.LEGAL_DUTY, "on_erasure": OnErasure.KEEP}


class Level(models.TextChoices):
    """What the pupil attends; codes as schemes name levels of education."""

    BASIC = "basic", _("basic education")
    SECONDARY = "secondary", _("general secondary education")
    VOCATIONAL = "vocational", _("vocational education")
    SPECIAL = "special", _("special education")


class Application(models.Model):
    """One pupil in one scheme, once. Under its code the pupil stands in the draw and finds the own lot."""

    privacy = AboutPerson(
        path="person",
        impersonal=("id", "scheme", "person", "school", "code", "checked_by_id", "checked_at", "created_at"),
    )

    scheme = models.ForeignKey(SummerScheme, models.PROTECT, related_name="applications", verbose_name=_("scheme"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="summer_applications", verbose_name=_("pupil"))
    # Drawn at random; tells nobody who it is and stands in public lists of the draw.
    code = models.CharField(_("code in the draw"), max_length=12, unique=True, editable=False)
    level = personal(models.CharField(_("education"), max_length=10, choices=Level, blank=True), **FACT)
    school = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="summer_applications", verbose_name=_("school")
    )
    class_name = personal(models.CharField(_("class or course"), max_length=20, blank=True), **WORDS)
    # From which day basic education is finished; empty while it is not. It tells a child from a teenager before the law.
    basic_finished_on = personal(models.DateField(_("basic education finished on"), null=True, blank=True), **FACT)
    residence = personal(models.CharField(_("municipality of declared residence"), max_length=40, blank=True), **FACT)
    declared_on = personal(models.DateField(_("residence declared on"), null=True, blank=True), **FACT)
    phone = personal(
        models.CharField(_("telephone"), max_length=32, blank=True), purpose=Purpose.CONTACT, on_erasure=OnErasure.BLANK
    )
    # Read by employers who choose, beside the code and the age, and only if the pupil wants that.
    about = personal(models.TextField(_("about me, for employers"), max_length=1000, blank=True), **WORDS)
    shown_to_employers = personal(models.BooleanField(_("employers may read it"), default=False), **FACT)
    # The code of a friend's or sibling's application: one lot for both when each names the other.
    together_with = personal(models.CharField(_("code of a friend or sibling"), max_length=12, blank=True), **WORDS)
    created_at = models.DateTimeField(db_default=models.functions.Now())
    submitted_at = personal(models.DateTimeField(_("sent"), null=True, blank=True), **FACT)
    withdrawn_at = personal(models.DateTimeField(_("withdrawn"), null=True, blank=True), **FACT)
    # Staff have seen the facts proved, or say what is missing.
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    checked_by_id = models.BigIntegerField(null=True, blank=True)
    # What the pupil is asked to add; emptied when the pupil sends again.
    missing = personal(models.CharField(_("what is missing"), max_length=500, blank=True), **WORDS)
    refused_reason = personal(models.CharField(_("why it was refused"), max_length=500, blank=True), **WORDS)

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application for summer work")
        verbose_name_plural = _("applications for summer work")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "person"], name="application_once",
                violation_error_code="application_taken",
                violation_error_message=_("There is an application of this pupil already. Change that one."),
            ),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="application_level_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(submitted_at__isnull=False), name="application_withdrawn_after_sent"
            ),
            models.CheckConstraint(
                condition=Q(refused_reason="") | Q(checked_at__isnull=False), name="application_refused_by_somebody"
            ),
            models.CheckConstraint(
                condition=Q(together_with="") | ~Q(together_with=F("code")), name="application_together_with_another"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "submitted_at"], name="application_of_scheme")]

    def __str__(self) -> str:
        return self.code


class Wish(models.Model):
    """A post that the pupil wishes for; rank 1 is the dearest."""

    privacy = AboutPerson(path="application.person", impersonal=("id", "application", "post"))

    application = models.ForeignKey(Application, models.CASCADE, related_name="wishes", verbose_name=_("application"))
    post = models.ForeignKey(Post, models.PROTECT, related_name="wishes", verbose_name=_("post"))
    rank = personal(
        models.PositiveSmallIntegerField(
            _("rank"), validators=[MinValueValidator(1), MaxValueValidator(MOST_WISHES)]
        ),
        **FACT,
    )

    class Meta:
        verbose_name = _("wish")
        verbose_name_plural = _("wishes")
        ordering = ("application_id", "rank")
        constraints = [
            # Deferred, so that two wishes can change places in one transaction.
            models.UniqueConstraint(
                fields=["application", "rank"], name="wish_one_per_rank", deferrable=models.Deferrable.DEFERRED
            ),
            models.UniqueConstraint(fields=["application", "post"], name="wish_once"),
            models.CheckConstraint(condition=Q(rank__gte=1, rank__lte=MOST_WISHES), name="wish_rank"),
        ]


class GroupClaim(models.Model):
    """A group for which places are kept, as the pupil says and staff have seen proved."""

    privacy = AboutPerson(path="application.person", impersonal=("id", "application", "seen_by_id"))

    application = models.ForeignKey(Application, models.CASCADE, related_name="groups", verbose_name=_("application"))
    group = personal(models.SlugField(_("group"), max_length=40), **GROUP)
    seen_on = personal(models.DateField(_("proof seen on"), null=True, blank=True), **GROUP)
    seen_by_id = models.BigIntegerField(null=True, blank=True)

    class Meta:
        verbose_name = _("group of an applicant")
        verbose_name_plural = _("groups of applicants")
        ordering = ("application_id", "group")
        constraints = [
            models.UniqueConstraint(fields=["application", "group"], name="group_claim_once"),
            models.CheckConstraint(
                condition=Q(seen_on__isnull=True, seen_by_id__isnull=True)
                | Q(seen_on__isnull=False, seen_by_id__isnull=False),
                name="group_claim_seen_by_somebody",
            ),
        ]


class ApplicationDocument(models.Model):
    """A paper that the scheme asks for: a doctor's note, a proof of a group."""

    privacy = AboutPerson(path="application.person", impersonal=("id", "application"), files=("file",))

    application = models.ForeignKey(Application, models.CASCADE, related_name="documents", verbose_name=_("application"))
    title = personal(models.CharField(_("what it is"), max_length=120), **ROW)
    # Under a random name, where no address leads; the file itself goes with the row.
    file = personal(models.FileField(_("document"), upload_to=FOLDER), **ROW)
    name = personal(models.CharField(_("name of the file"), max_length=120), **ROW)
    size = personal(models.PositiveIntegerField(_("size in bytes")), **ROW)
    added_on = personal(models.DateField(_("added")), **ROW)

    class Meta:
        verbose_name = _("document of an application")
        verbose_name_plural = _("documents of applications")
        ordering = ("-added_on", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(file="") & ~Q(name="") & ~Q(title=""), name="application_document_is_a_file"),
            models.CheckConstraint(condition=Q(size__gte=1), name="application_document_size"),
        ]

    def __str__(self) -> str:
        return self.title


class GuardianWord(models.Model):
    """What the law asks of a guardian before a minor works: consent for a child; for a teenager to have been informed.

    The words that were shown are kept as proof; they are the same for everybody.
    """

    class Kind(models.TextChoices):
        """Consent lets a child take part; information is given and confirmed."""

        CONSENT = "consent", _("consents to the work")
        INFORMED = "informed", _("has read what the work is")
        REFUSED = "refused", _("does not consent")

    privacy = AboutPerson(
        path="application.person", impersonal=("id", "application", "guardian", "language"), shared_with=("guardian",)
    )

    application = models.ForeignKey(Application, models.CASCADE, related_name="guardian_words", verbose_name=_("application"))
    guardian = models.ForeignKey(Person, models.PROTECT, related_name="summer_words", verbose_name=_("guardian"))
    kind = personal(models.CharField(_("what was said"), max_length=8, choices=Kind), **GUARD)
    text = personal(models.TextField(_("the words that were shown")), **GUARD)
    language = models.CharField(_("language"), max_length=8, default="lv")
    said_at = personal(models.DateTimeField(_("said")), **GUARD)
    withdrawn_at = personal(models.DateTimeField(_("taken back"), null=True, blank=True), **GUARD)

    class Meta:
        verbose_name = _("guardian's word")
        verbose_name_plural = _("guardians' words")
        ordering = ("application_id", "-said_at")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["consent", "informed", "refused"]), name="guardian_word_known"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("said_at")), name="guardian_word_days"
            ),
            # One word stands at a time; another one takes the earlier back.
            models.UniqueConstraint(
                fields=["application", "guardian"], condition=Q(withdrawn_at__isnull=True), name="guardian_word_once"
            ),
        ]

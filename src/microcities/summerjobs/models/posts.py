"""Employers in a scheme, their supervisors and documents, and the posts that they offer."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.summerjobs.models.schemes import SchemeFund, SubProgramme, SummerPeriod, SummerScheme, in_language
from microcities.summerjobs.queries import HostQuerySet, PostQuerySet, SupervisorQuerySet

FOLDER = "summer-employers"
YOUNGEST, OLDEST, MOST_PLACES = 13, 30, 500
SHORTEST_DAY, LONGEST_DAY, DAY_MINUTES = 30, 480, 1_440
ACCOUNT_FOR: dict[str, Any] = {"purpose": Purpose.ACCOUNT_FOR, "on_erasure": OnErasure.KEEP}


class HostKind(models.TextChoices):
    """Kinds of employers as the rules of schemes tell them apart; values as in the rulebook."""

    MUNICIPAL = "municipal", _("body of the municipality")
    COMPANY = "company", _("company")
    NGO = "ngo", _("association or foundation")
    OTHER = "other", _("other employer")


class HostState(models.TextChoices):
    """Whether the city has looked at an employer's papers."""

    APPLIED = "applied", _("to be checked")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AidBasis(models.TextChoices):
    """Why money to an undertaking is lawful; values as in the engine summerjobs.claim."""

    NONE = "", _("no undertaking")
    GENERAL = "general_measure", _("general measure, no state aid")
    DE_MINIMIS = "de_minimis", _("de minimis aid")


class SummerHost(models.Model):
    """An employer in a scheme, with what it declares and what the city found when it checked that."""

    privacy = NoPersonalData("an organisation's part in a scheme; its people are supervisors and accounts")

    scheme = models.ForeignKey(SummerScheme, models.PROTECT, related_name="hosts", verbose_name=_("scheme"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="summer_hosts", verbose_name=_("employer")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=HostKind)
    state = models.CharField(_("state"), max_length=9, choices=HostState, default=HostState.APPLIED)
    most_pupils = models.PositiveSmallIntegerField(
        _("pupils over the whole summer, at most"), null=True, blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)],
    )
    risks_assessed_on = models.DateField(_("risks at work assessed on"), null=True, blank=True)
    insured = models.BooleanField(_("pupils are insured against accidents at work"), default=False)
    no_tax_debt = models.BooleanField(_("no tax debt above the limit set by law"), default=False)
    aid_basis = models.CharField(_("state aid"), max_length=15, choices=AidBasis, blank=True, default=AidBasis.NONE)
    applied_at = models.DateTimeField(db_default=models.functions.Now())
    applied_by_id = models.BigIntegerField(null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"), null=True, blank=True)
    checked_by_id = models.BigIntegerField(null=True, blank=True)
    finding = models.CharField(_("what the check found"), max_length=500, blank=True)

    objects = HostQuerySet.as_manager()

    class Meta:
        verbose_name = _("employer in a scheme")
        verbose_name_plural = _("employers in schemes")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "organisation"], name="summer_host_once",
                violation_error_code="host_taken",
                violation_error_message=_("This employer takes part in the scheme already."),
            ),
            models.CheckConstraint(condition=Q(kind__in=HostKind.values), name="summer_host_kind_known"),
            models.CheckConstraint(condition=Q(state__in=HostState.values), name="summer_host_state_known"),
            models.CheckConstraint(condition=Q(aid_basis__in=AidBasis.values), name="summer_host_aid_basis_known"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused"]) | Q(checked_at__isnull=False), name="summer_host_checked"
            ),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(finding=""), name="summer_host_refused_with_reason"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(risks_assessed_on__isnull=False, insured=True, no_tax_debt=True),
                name="summer_host_approved_with_papers",
            ),
            # An undertaking gets no money before somebody has said why that is lawful.
            models.CheckConstraint(
                condition=~Q(state="approved") | ~Q(kind="company") | ~Q(aid_basis=""), name="summer_host_aid_named"
            ),
            models.CheckConstraint(
                condition=Q(most_pupils__isnull=True) | Q(most_pupils__gte=1, most_pupils__lte=MOST_PLACES),
                name="summer_host_most",
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)


class HostDocument(models.Model):
    """A paper of an employer: the assessment of risks, an insurance policy."""

    privacy = NoPersonalData("papers of an organisation; whoever uploads is told to leave out names of persons")

    host = models.ForeignKey(SummerHost, models.CASCADE, related_name="documents", verbose_name=_("employer"))
    title = models.CharField(_("what it is"), max_length=120)
    file = models.FileField(_("document"), upload_to=FOLDER)
    name = models.CharField(_("name of the file"), max_length=120)
    size = models.PositiveIntegerField(_("size in bytes"))
    added_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        verbose_name = _("document of an employer")
        verbose_name_plural = _("documents of employers")
        ordering = ("-added_at", "-pk")
        constraints = [
            models.CheckConstraint(condition=~Q(file="") & ~Q(name="") & ~Q(title=""), name="host_document_is_a_file"),
            models.CheckConstraint(condition=Q(size__gte=1), name="host_document_size"),
        ]

    def __str__(self) -> str:
        return self.title


class Supervisor(models.Model):
    """Whoever guides pupils at an employer: a person on the one record, known to the employer."""

    privacy = AboutPerson(path="person", impersonal=("id", "host", "person"))

    host = models.ForeignKey(SummerHost, models.PROTECT, related_name="supervisors", verbose_name=_("employer"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="summer_supervisions", verbose_name=_("person"))
    named_on = personal(models.DateField(_("named")), **ACCOUNT_FOR)
    until_on = personal(models.DateField(_("until"), null=True, blank=True), **ACCOUNT_FOR)

    objects = SupervisorQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervisor of pupils")
        verbose_name_plural = _("supervisors of pupils")
        constraints = [
            models.UniqueConstraint(
                fields=["host", "person"], name="supervisor_once",
                violation_error_code="supervisor_taken",
                violation_error_message=_("This person is named as a supervisor already."),
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("named_on")), name="supervisor_days"
            ),
        ]

    def __str__(self) -> str:
        return self.person.name


class PostState(models.TextChoices):
    """How far a post has come; only approved ones can be wished for."""

    DRAFT = "draft", _("draft")
    OFFERED = "offered", _("to be checked")
    APPROVED = "approved", _("approved")
    RETURNED = "returned", _("returned with questions")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Post(models.Model):
    """Work at one employer in one period, as pupils read it. A change of what was approved asks for approval again."""

    privacy = NoPersonalData("what an employer offers; the supervisor is a record of its own")

    host = models.ForeignKey(SummerHost, models.PROTECT, related_name="posts", verbose_name=_("employer"))
    period = models.ForeignKey(SummerPeriod, models.PROTECT, related_name="posts", verbose_name=_("period"))
    programme = models.ForeignKey(SubProgramme, models.PROTECT, related_name="posts", verbose_name=_("sub-programme"))
    fund = models.ForeignKey(
        SchemeFund, models.PROTECT, related_name="posts", verbose_name=_("paid from"), null=True, blank=True
    )
    supervisor = models.ForeignKey(
        Supervisor, models.PROTECT, related_name="posts", verbose_name=_("supervisor"), null=True, blank=True
    )
    name = models.CharField(_("name of the work"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    tasks = models.TextField(_("what the pupil does"), max_length=2000)
    learns = models.TextField(_("what the pupil learns"), max_length=1000, blank=True)
    address = models.CharField(_("place of work"), max_length=200)
    is_stem = models.BooleanField(_("science, technology, engineering, arts or mathematics"), default=False)
    # A code of the rulebook summerjobs.light_work; children may have no other work.
    light_task = models.CharField(_("light work of the Cabinet's list"), max_length=40, blank=True)
    age_from = models.PositiveSmallIntegerField(
        _("age from"), validators=[MinValueValidator(YOUNGEST), MaxValueValidator(OLDEST)]
    )
    age_to = models.PositiveSmallIntegerField(
        _("age to"), validators=[MinValueValidator(YOUNGEST), MaxValueValidator(OLDEST)]
    )
    places = models.PositiveSmallIntegerField(
        _("places"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PLACES)]
    )
    chosen_places = models.PositiveSmallIntegerField(_("of them chosen by the employer"), default=0)
    starts_at = models.TimeField(_("work begins at"))
    # None: as long as the scheme lets the pupil's age work; a shorter day where the employer offers one.
    day_minutes = models.PositiveSmallIntegerField(
        _("minutes a day, at most"), null=True, blank=True,
        validators=[MinValueValidator(SHORTEST_DAY), MaxValueValidator(LONGEST_DAY)],
    )
    break_minutes = models.PositiveSmallIntegerField(
        _("break, minutes"), default=30, validators=[MaxValueValidator(120)]
    )
    work_days = models.PositiveSmallIntegerField(
        _("working days"), validators=[MinValueValidator(1), MaxValueValidator(70)]
    )
    monthly_wage = models.DecimalField(
        _("pay for a full month, EUR, if more than the minimum"), max_digits=8, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(1)],
    )
    bring = models.CharField(_("what to bring or wear"), max_length=300, blank=True)
    access_note = models.CharField(_("accessibility"), max_length=300, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=PostState, default=PostState.DRAFT)
    question = models.CharField(_("what the city asks"), max_length=500, blank=True)
    offered_at = models.DateTimeField(_("offered"), null=True, blank=True)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by_id = models.BigIntegerField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("summer post")
        verbose_name_plural = _("summer posts")
        # That period, sub-programme, fund and supervisor are those of the employer's scheme, that reserved and chosen places
        # fit into the places, and that approval ends with a change, is held by triggers, see migration 0002.
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PostState.values), name="post_state_known"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(tasks=""), name="post_says_what"),
            models.CheckConstraint(
                condition=Q(age_from__gte=YOUNGEST, age_to__gte=F("age_from"), age_to__lte=OLDEST), name="post_ages"
            ),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=MOST_PLACES), name="post_places"),
            models.CheckConstraint(condition=Q(chosen_places__lte=F("places")), name="post_chosen_places"),
            models.CheckConstraint(
                condition=Q(day_minutes__isnull=True) | Q(day_minutes__gte=SHORTEST_DAY, day_minutes__lte=LONGEST_DAY),
                name="post_day",
            ),
            models.CheckConstraint(condition=Q(break_minutes__lte=120), name="post_break"),
            models.CheckConstraint(condition=Q(work_days__gte=1, work_days__lte=70), name="post_work_days"),
            models.CheckConstraint(condition=Q(monthly_wage__isnull=True) | Q(monthly_wage__gt=0), name="post_wage"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(offered_at__isnull=False), name="post_offered_is_dated"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(fund__isnull=False, supervisor__isnull=False, decided_at__isnull=False),
                name="post_approved_is_complete",
            ),
            models.CheckConstraint(condition=~Q(state="returned") | ~Q(question=""), name="post_returned_with_question"),
        ]
        indexes = [models.Index(fields=["state", "period"], name="post_open")]

    def __str__(self) -> str:
        return in_language(self.name, self.name_en)

    @property
    def reference(self) -> str:
        """Its number as text, for the values of buttons."""
        return str(self.pk)

    def clean(self) -> None:
        """Ages rise, and the employer chooses no more places than there are."""
        wrong: dict[str, str | Promise] = {}
        if self.age_from and self.age_to and self.age_to < self.age_from:
            wrong["age_to"] = _("The oldest cannot be younger than the youngest.")
        if self.places and self.chosen_places and self.chosen_places > self.places:
            wrong["chosen_places"] = _("These are more than all places. Choose fewer.")
        if wrong:
            raise ValidationError(wrong)


class PostReserve(models.Model):
    """Places of a post that pupils of a group are given first; the group is a code of the scheme's rules."""

    privacy = NoPersonalData("a number of places")

    post = models.ForeignKey(Post, models.CASCADE, related_name="reserves", verbose_name=_("post"))
    group = models.SlugField(_("group"), max_length=40)
    places = models.PositiveSmallIntegerField(_("places"), validators=[MinValueValidator(1)])

    class Meta:
        verbose_name = _("reserved places")
        verbose_name_plural = _("reserved places")
        ordering = ("post_id", "group")
        constraints = [
            models.UniqueConstraint(fields=["post", "group"], name="post_reserve_once"),
            models.CheckConstraint(condition=Q(places__gte=1), name="post_reserve_places"),
            # The engine's own kinds of places.
            models.CheckConstraint(condition=~Q(group__in=["open", "chosen"]), name="post_reserve_group"),
        ]

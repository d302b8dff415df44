"""Schools, their classes by year, who is in them, and each year's careers programme."""

from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.careers.queries import (
    EnrolmentQuerySet,
    InterpretationQuerySet,
    OfSchoolQuerySet,
    SchoolClassQuerySet,
    SchoolQuerySet,
)
from microcities.careers.school_years import first_day, label, last_day, year_of
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal
from microcities.programme.models import City, Programme


def present_year() -> int:
    """The school year of today, in Riga."""
    return year_of(timezone.localdate())


class Days(Func):
    """daterange(first, last, '[]'): both days counted, as people write days of a stay."""

    function = "daterange"

    def __init__(self, first: str, last: str) -> None:
        super().__init__(F(first), F(last), RangeBoundary(inclusive_lower=True, inclusive_upper=True))


class Setting(models.TextChoices):
    """Which form of the framework a school is read by."""

    SCHOOL = "school", _("general school")
    TECHNIKUM = "technikum", _("technikum or college")
    PROVIDER = "provider", _("independent provider")
    SPECIAL = "special", _("special school")


class School(models.Model):
    """A school that keeps its career support here; its name and address are the organisation's."""

    privacy = NoPersonalData("a school; its pupils are enrolments")

    organisation = models.OneToOneField(Organisation, models.PROTECT, related_name="school", verbose_name=_("school"))
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="schools", verbose_name=_("takes part in")
    )
    city = models.ForeignKey(City, models.PROTECT, related_name="schools", verbose_name=_("city"))
    setting = models.CharField(_("kind of school"), max_length=10, choices=Setting)

    objects = SchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("school")
        verbose_name_plural = _("schools")
        constraints = [models.CheckConstraint(condition=Q(setting__in=Setting.values), name="school_setting_known")]

    def __str__(self) -> str:
        return str(self.organisation)


class Stage(models.TextChoices):
    """How a class is counted."""

    GRADE = "grade", _("grade")
    COURSE = "course", _("year of a technikum or college")


HIGHEST = {Stage.GRADE: 12, Stage.COURSE: 5}


class SchoolClass(models.Model):
    """A class in one school year. The next year's class is another one, even under the same teacher."""

    privacy = NoPersonalData("a class; its pupils are enrolments")

    school = models.ForeignKey(School, models.PROTECT, related_name="classes", verbose_name=_("school"))
    school_year = models.PositiveSmallIntegerField(_("school year"), default=present_year)
    stage = models.CharField(_("counted in"), max_length=6, choices=Stage, default=Stage.GRADE)
    number = models.PositiveSmallIntegerField(_("grade or year"))
    name = models.CharField(_("name of the class"), max_length=30)
    # ISCED-F 2013, for classes of technikums and colleges: what they are taught.
    field_code = models.CharField(_("field of study (ISCED-F)"), max_length=4, blank=True)
    # Codes of the subjects the class is taught, as encounters name them: each of them should be linked with careers.
    subjects = ArrayField(models.SlugField(max_length=30), verbose_name=_("subjects"), default=list, blank=True)
    # In the last year of the programme: there is no next class at roll-over.
    is_final = models.BooleanField(_("last year at this school"), default=False)
    continues = models.OneToOneField(
        "self", models.SET_NULL, null=True, blank=True, related_name="continued_by", verbose_name=_("last year's class")
    )

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        verbose_name = _("class")
        verbose_name_plural = _("classes")
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year", "name"], name="class_name_once_a_year"),
            models.CheckConstraint(condition=Q(school_year__gte=1990, school_year__lte=2100), name="class_school_year"),
            models.CheckConstraint(
                condition=Q(stage="grade", number__gte=1, number__lte=HIGHEST[Stage.GRADE])
                | Q(stage="course", number__gte=1, number__lte=HIGHEST[Stage.COURSE]),
                name="class_number_fits_stage",
            ),
            models.CheckConstraint(condition=Q(field_code__regex=r"^(\d{2,4})?$"), name="class_field_code"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({label(self.school_year)})"

    @property
    def first_day(self) -> date:
        """1 September of its year."""
        return first_day(self.school_year)

    @property
    def last_day(self) -> date:
        """31 August at the end of its year."""
        return last_day(self.school_year)


class LeavingReason(models.TextChoices):
    """Why somebody's time in a class ended."""

    YEAR_END = "year_end", _("the school year ended")
    MOVED = "moved", _("moved to another class")
    TRANSFERRED = "transferred", _("went to another school")
    LEFT = "left", _("left school")
    GRADUATED = "graduated", _("finished school")


RECORD: dict[str, Any] = {"purpose": Purpose.PARTICIPATE, "on_erasure": OnErasure.KEEP}


class Enrolment(models.Model):
    """A pupil in a class, from a day to the last day there: 31 August, unless the pupil leaves before."""

    privacy = AboutPerson(path="person", impersonal=("id", "school_class", "person"))

    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, related_name="enrolments", verbose_name=_("class")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="enrolments", verbose_name=_("pupil"))
    joined_on = personal(models.DateField(_("first day in the class")), **RECORD)
    left_on = personal(models.DateField(_("last day in the class")), **RECORD)
    reason = personal(
        models.CharField(_("why it ended"), max_length=12, choices=LeavingReason, default=LeavingReason.YEAR_END), **RECORD
    )

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        # That both days lie in the class's school year is held by a trigger, see the second migration.
        constraints = [
            models.CheckConstraint(condition=Q(left_on__gte=F("joined_on")), name="enrolment_dates"),
            models.CheckConstraint(condition=Q(reason__in=LeavingReason.values), name="enrolment_reason_known"),
            ExclusionConstraint(
                name="enrolment_one_class_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL), (Days("joined_on", "left_on"), RangeOperators.OVERLAPS)
                ],
            ),
        ]
        indexes = [models.Index(fields=["school_class", "joined_on"], name="enrolment_of_class")]


class Reading(models.TextChoices):
    """How a criterion is read for one pupil."""

    NOT_APPLIED = "not_applied", _("is not asked of this pupil")
    MET_OTHERWISE = "met_otherwise", _("is met in another way")
    FEWER = "fewer", _("fewer are asked of this pupil")


class Interpretation(models.Model):
    """How a criterion of the benchmarks is read for one pupil with special needs, who decided so and why."""

    privacy = AboutPerson(
        path="person", impersonal=("id", "person", "school", "criterion", "decided_by_id", "decided_at")
    )

    person = models.ForeignKey(Person, models.PROTECT, related_name="interpretations", verbose_name=_("pupil"))
    school = models.ForeignKey(School, models.PROTECT, related_name="interpretations", verbose_name=_("school"))
    # As the frameworks number them: 5.1, 7.2.
    criterion = models.CharField(_("criterion"), max_length=12)
    reading = personal(models.CharField(_("how it is read"), max_length=13, choices=Reading), **RECORD)
    # Only where fewer are asked.
    count = personal(models.PositiveSmallIntegerField(_("how many are asked"), default=1), **RECORD)
    reason = personal(models.TextField(_("reason"), max_length=1000), purpose=Purpose.PARTICIPATE)
    valid_from = personal(models.DateField(_("from")), **RECORD)
    valid_to = personal(models.DateField(_("to")), **RECORD)
    decided_by_id = models.BigIntegerField()
    decided_at = models.DateTimeField(db_default=models.functions.Now())

    objects = InterpretationQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a criterion")
        verbose_name_plural = _("readings of criteria")
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="interpretation_dates"),
            models.CheckConstraint(condition=Q(reading__in=Reading.values), name="interpretation_reading_known"),
            models.CheckConstraint(condition=Q(count__gte=1, count__lte=100), name="interpretation_count"),
            models.CheckConstraint(
                condition=Q(criterion__regex=r"^[0-9a-z][0-9a-z._-]*$"), name="interpretation_criterion"
            ),
            ExclusionConstraint(
                name="interpretation_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL), ("criterion", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class CareersProgramme(models.Model):
    """A school's careers programme for a year: what pupils learn by it, who leads it, where it can be read."""

    privacy = AboutPerson(
        path="leader",
        impersonal=("id", "school", "school_year", "leader", "leader_trained_on", "head_agreed_on", "council_agreed_on",
                    "outcomes", "parents_part", "published_on", "address"),
    )

    school = models.ForeignKey(School, models.PROTECT, related_name="programmes", verbose_name=_("school"))
    school_year = models.PositiveSmallIntegerField(_("school year"), default=present_year)
    leader = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="careers_programmes",
        verbose_name=_("who leads it"),
    )
    leader_trained_on = models.DateField(_("the leader was trained"), null=True, blank=True)
    head_agreed_on = models.DateField(_("the head agreed"), null=True, blank=True)
    council_agreed_on = models.DateField(_("the school's council agreed"), null=True, blank=True)
    # One a line.
    outcomes = models.TextField(_("what pupils learn, one thing a line"), max_length=8000)
    parents_part = models.TextField(_("how parents take part"), blank=True, max_length=2000)
    published_on = models.DateField(_("published"), null=True, blank=True)
    address = models.URLField(_("address of the published programme"), blank=True)

    objects = OfSchoolQuerySet.as_manager()

    class Meta:
        verbose_name = _("careers programme")
        verbose_name_plural = _("careers programmes")
        constraints = [
            models.UniqueConstraint(fields=["school", "school_year"], name="careers_programme_once_a_year"),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | ~Q(address=""), name="careers_programme_published_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.school}, {label(self.school_year)}"

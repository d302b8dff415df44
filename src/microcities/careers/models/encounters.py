"""What pupils met: employers, workplaces, providers, labour-market information, and who was there."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.careers.models.schools import School
from microcities.careers.queries import AttendanceQuerySet, EncounterQuerySet, RecordStepQuerySet
from microcities.events.models import Event
from microcities.people.models import Organisation, Person
from microcities.privacy.declarations import AboutPerson, NoPersonalData, OnErasure, Purpose, personal


class EncounterKind(models.TextChoices):
    """What kind of encounter; the frameworks count each kind apart."""

    EMPLOYER = "employer", _("meeting with an employer")
    WORKPLACE = "workplace", _("experience of a workplace")
    PROVIDER = "provider", _("meeting with a place of study")
    LMI_ACCESSED = "lmi_accessed", _("labour-market information read")
    LMI_USED = "lmi_used", _("labour-market information used in a decision")
    GUARDIAN_LMI = "guardian_lmi", _("labour-market information for parents")
    SUBJECT = "subject", _("careers in a subject lesson")
    STEREOTYPES = "stereotypes", _("against stereotypes and barriers")
    OTHER = "other", _("other career activity")


class Mode(models.TextChoices):
    """Where people met."""

    IN_PERSON = "in_person", _("in person")
    VIRTUAL = "virtual", _("online")
    MIXED = "mixed", _("partly online")


class HostSize(models.TextChoices):
    """How large the host is, by the Commission's recommendation 2003/361/EC."""

    SELF_EMPLOYED = "self_employed", _("self-employed")
    MICRO = "micro", _("up to 9 employees")
    SMALL = "small", _("10 to 49 employees")
    MEDIUM = "medium", _("50 to 249 employees")
    LARGE = "large", _("250 employees or more")


class ProviderKind(models.TextChoices):
    """What kind of place of study; a pupil should meet each of them."""

    SECONDARY_SCHOOL = "secondary_school", _("general secondary school")
    TECHNIKUM = "technikum", _("technikum")
    COLLEGE = "college", _("college")
    UNIVERSITY = "university", _("university")
    WORK_BASED = "work_based", _("apprenticeship or work-based learning")


# Which answers make an encounter of each kind count for the indicators; a test holds them to the rulebook careers.meaningful,
# by which the benchmarks judge on each day.
SHARED = ("purpose_shared_with_host", "purpose_shared_with_pupils", "fitted_to_pupils", "two_way")
CHECKS: dict[str, tuple[str, ...]] = {
    EncounterKind.EMPLOYER: (*SHARED, "time_to_reflect"),
    EncounterKind.WORKPLACE: (*SHARED, "met_range_of_people", "task_with_feedback"),
    EncounterKind.PROVIDER: (*SHARED, "told_of_entry", "told_of_learning", "met_staff_and_learners", "time_to_reflect"),
    EncounterKind.LMI_ACCESSED: (),
    EncounterKind.LMI_USED: (),
    EncounterKind.GUARDIAN_LMI: (),
    EncounterKind.SUBJECT: (),
    EncounterKind.STEREOTYPES: (),
    EncounterKind.OTHER: ("purpose_shared_with_pupils", "fitted_to_pupils"),
}
# Kinds that count for those pupils only who have thought it over afterwards.
ASKS_REFLECTION = frozenset({EncounterKind.WORKPLACE})


def meaningful(prefix: str = "") -> Q:
    """The condition on encounters under which each kind is a meaningful one; `prefix` leads to them ("encounter__")."""
    found = Q(pk__in=[])
    for kind, checks in CHECKS.items():
        found |= Q(**{f"{prefix}kind": kind}, **{f"{prefix}{check}": True for check in checks})
    return found


def _check(label: Any) -> "models.BooleanField[bool, bool]":
    return models.BooleanField(label, default=False)


class Encounter(models.Model):
    """One encounter that a school arranged, with the answers that say whether it was a meaningful one."""

    privacy = NoPersonalData("what was arranged and with which organisation; who was there is EncounterAttendance")

    school = models.ForeignKey(School, models.PROTECT, related_name="encounters", verbose_name=_("school"))
    kind = models.CharField(_("kind"), max_length=12, choices=EncounterKind)
    name = models.CharField(_("name"), max_length=160)
    held_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours for each pupil"), max_digits=5, decimal_places=2)
    mode = models.CharField(_("where"), max_length=9, choices=Mode, default=Mode.IN_PERSON)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="encounters", verbose_name=_("event")
    )
    host = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="encounters", verbose_name=_("host")
    )
    host_size = models.CharField(_("size of the host"), max_length=13, choices=HostSize, blank=True, default="")
    # Section of NACE: A to V.
    sector = models.CharField(_("sector (letter of NACE)"), max_length=1, blank=True)
    provider_kind = models.CharField(
        _("kind of place of study"), max_length=16, choices=ProviderKind, blank=True, default=""
    )
    # Code of the subject as the school's timetable has it: math, phys, lv.
    subject = models.SlugField(_("subject"), max_length=30, blank=True)
    is_stem = models.BooleanField(_("about science, technology, engineering or mathematics"), default=False)
    through_curriculum = models.BooleanField(_("part of what the class studies"), default=False)
    # A pupil's own paid job may be taken into account, but is no experience of a workplace in the sense of benchmark 6.
    part_time_job = models.BooleanField(_("the pupil's own part-time job"), default=False)
    outcomes = models.TextField(_("what pupils learn by it"), blank=True, max_length=2000)
    purpose_shared_with_host = _check(_("the host knew the purpose"))
    purpose_shared_with_pupils = _check(_("pupils knew the purpose"))
    fitted_to_pupils = _check(_("what they learn was fitted to these pupils"))
    two_way = _check(_("both sides spoke"))
    time_to_reflect = _check(_("there was time to think it over afterwards"))
    met_range_of_people = _check(_("met several people of the workplace"))
    task_with_feedback = _check(_("did a task and heard what the host thought of it"))
    told_of_entry = _check(_("heard how to get in and where it leads"))
    told_of_learning = _check(_("saw what learning there is like"))
    met_staff_and_learners = _check(_("met both staff and learners"))
    recorded_by_id = models.BigIntegerField(null=True, blank=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())

    objects = EncounterQuerySet.as_manager()

    class Meta:
        verbose_name = _("encounter")
        verbose_name_plural = _("encounters")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=EncounterKind.values), name="encounter_kind_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="encounter_mode_known"),
            models.CheckConstraint(condition=Q(host_size__in=["", *HostSize.values]), name="encounter_host_size_known"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=400), name="encounter_hours"),
            models.CheckConstraint(condition=Q(sector__regex=r"^[A-V]?$"), name="encounter_sector"),
            models.CheckConstraint(
                condition=Q(kind="provider", provider_kind__in=ProviderKind.values)
                | ~Q(kind="provider") & Q(provider_kind=""),
                name="encounter_provider_has_a_kind",
            ),
            models.CheckConstraint(condition=~Q(kind="subject") | ~Q(subject=""), name="encounter_subject_named"),
            models.UniqueConstraint(
                fields=["event", "school", "kind", "host"], condition=Q(event__isnull=False), nulls_distinct=False,
                name="encounter_of_event_once",
            ),
        ]
        indexes = [models.Index(fields=["school", "held_on"], name="encounter_of_school")]

    def __str__(self) -> str:
        return self.name

    @property
    def missing_checks(self) -> tuple[str, ...]:
        """Names of the fields that are not yet true and would have to be for the encounter to be a meaningful one."""
        return tuple(check for check in CHECKS[self.kind] if not getattr(self, check))

    @property
    def is_meaningful(self) -> bool:
        """Whether all that its kind asks for is answered with yes."""
        return not self.missing_checks


class Presence(models.TextChoices):
    """Whether a pupil was there."""

    EXPECTED = "expected", _("expected")
    ATTENDED = "attended", _("was there")
    ABSENT = "absent", _("was not there")


class EncounterAttendance(models.Model):
    """A pupil's part in an encounter."""

    privacy = AboutPerson(path="person", impersonal=("id", "encounter", "person", "marked_by_id", "marked_at"))

    encounter = models.ForeignKey(
        Encounter, models.PROTECT, related_name="attendances", verbose_name=_("encounter")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="encounters", verbose_name=_("pupil"))
    presence = personal(
        models.CharField(_("presence"), max_length=8, choices=Presence, default=Presence.EXPECTED),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    # Where it differs from the encounter's: a pupil who came for half of the day.
    hours = personal(
        models.DecimalField(_("hours"), max_digits=5, decimal_places=2, null=True, blank=True),
        purpose=Purpose.ACCOUNT_FOR, on_erasure=OnErasure.KEEP,
    )
    reflection_done = personal(
        models.BooleanField(_("thought it over afterwards"), default=False), purpose=Purpose.PARTICIPATE,
        on_erasure=OnErasure.KEEP,
    )
    marked_by_id = models.BigIntegerField(null=True, blank=True)
    marked_at = models.DateTimeField(db_default=models.functions.Now())

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in an encounter")
        verbose_name_plural = _("parts in encounters")
        constraints = [
            models.UniqueConstraint(fields=["encounter", "person"], name="encounter_attendance_once"),
            models.CheckConstraint(condition=Q(presence__in=Presence.values), name="encounter_presence_known"),
            models.CheckConstraint(
                condition=Q(hours__isnull=True) | Q(hours__gt=0, hours__lte=400), name="encounter_attendance_hours"
            ),
            models.CheckConstraint(
                condition=Q(reflection_done=False) | Q(presence="attended"), name="encounter_reflected_by_attender"
            ),
        ]
        indexes = [models.Index(fields=["person", "encounter"], name="encounter_of_person")]


class RecordStepKind(models.TextChoices):
    """What happened with a pupil's own careers record."""

    VIEWED = "record_viewed", _("read the own record")
    RECEIVED = "record_received", _("the record of the school before was joined")


class RecordStep(models.Model):
    """A pupil read the own careers record, or a school received that of the school before. Once a day is enough."""

    privacy = AboutPerson(path="person", impersonal=("id", "person"))

    person = models.ForeignKey(Person, models.PROTECT, related_name="record_steps", verbose_name=_("pupil"))
    kind = personal(
        models.CharField(_("step"), max_length=15, choices=RecordStepKind), purpose=Purpose.PARTICIPATE,
        on_erasure=OnErasure.KEEP,
    )
    on = personal(models.DateField(_("day")), purpose=Purpose.PARTICIPATE, on_erasure=OnErasure.KEEP)

    objects = RecordStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step with the own record")
        verbose_name_plural = _("steps with the own record")
        constraints = [
            models.UniqueConstraint(fields=["person", "kind", "on"], name="record_step_once_a_day"),
            models.CheckConstraint(condition=Q(kind__in=RecordStepKind.values), name="record_step_kind_known"),
        ]

"""Questions asked of schools, pupils and their records. Each `visible_to` is the only way from an account to rows."""

from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from microcities.database.expressions import LatvianKey
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.careers.models import (
        AdviserQualification,
        CareerPlan,
        Destination,
        Encounter,
        EncounterAttendance,
        Enrolment,
        GuidanceTalk,
        InterestSheet,
        Interpretation,
        PlanStep,
        RecordStep,
        School,
        SchoolClass,
        SealedNote,
        StudyProgramme,
    )
    from microcities.people.models import Account

Row = TypeVar("Row", bound=models.Model)


def own_people(account: "Account") -> list[int]:
    """The account's person and those whose guardian that person is today."""
    if not account.person_id:
        return []
    guardianship: Any = apps.get_model("people.Guardianship")
    wards = guardianship.objects.in_force(timezone.localdate()).filter(guardian_id=account.person_id)
    return [account.person_id, *wards.values_list("ward_id", flat=True)]


def taught_at(organisations: list[int], person: str = "person_id") -> Exists:
    """Whether the row's person is in a class of one of these organisations today: a transfer brings the record along."""
    enrolment: Any = apps.get_model("careers.Enrolment")
    today = timezone.localdate()
    there = enrolment.objects.on(today).filter(school_class__school__organisation_id__in=organisations)
    return Exists(there.filter(person_id=OuterRef(person)))


def known_at(organisations: list[int]) -> Exists:
    """Whether one of these organisations knows the row's person."""
    registration: Any = apps.get_model("people.Registration")
    return Exists(registration.objects.filter(organisation_id__in=organisations, person_id=OuterRef("person_id")))


class SchoolQuerySet(models.QuerySet["School"]):
    """Schools are public knowledge; what they record is not."""

    def kept_by(self, account: "Account") -> "SchoolQuerySet":
        """Schools whose records the account keeps."""
        return self.filter(organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS))

    def seen_by(self, account: "Account") -> "SchoolQuerySet":
        """Schools whose records the account may open: all for whoever sees everybody."""
        return self if account.may(Permission.SEE_ALL_PEOPLE) else self.kept_by(account)

    def compared_by(self, account: "Account") -> "SchoolQuerySet":
        """Schools whose figures, which name nobody, the account may compare: all, or those of the cities of its schools."""
        if account.may(Permission.SEE_RESULTS_DETAIL):
            return self
        school: Any = apps.get_model("careers.School")
        return self.filter(city_id__in=school.objects.kept_by(account).values("city_id"))

    def in_latvian_order(self) -> "SchoolQuerySet":
        return self.order_by(LatvianKey("organisation__name"), "pk")


class OfSchoolQuerySet(models.QuerySet[Row]):
    """Rows that belong to a school and tell of its work."""

    def visible_to(self, account: "Account") -> "OfSchoolQuerySet[Row]":
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        return self.filter(school__organisation_id__in=account.organisation_ids(Permission.MANAGE_CAREERS))


class SchoolClassQuerySet(OfSchoolQuerySet["SchoolClass"]):
    """Classes, each of one school year."""

    def of_year(self, year: int) -> "SchoolClassQuerySet":
        return self.filter(school_year=year)

    def in_order(self) -> "SchoolClassQuerySet":
        return self.order_by("stage", "number", LatvianKey("name"), "pk")


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    """Who is in which class from when to when."""

    def on(self, day: date) -> "EnrolmentQuerySet":
        """Those that hold on a day."""
        return self.filter(joined_on__lte=day, left_on__gte=day)

    def of_year(self, year: int) -> "EnrolmentQuerySet":
        return self.filter(school_class__school_year=year)

    def at(self, school: "School") -> "EnrolmentQuerySet":
        return self.filter(school_class__school=school)

    def meeting(self, first: date, last: date) -> "EnrolmentQuerySet":
        """Those that share a day with a stay from `first` to `last`, both counted."""
        return self.filter(joined_on__lte=last, left_on__gte=first)

    def visible_to(self, account: "Account") -> "EnrolmentQuerySet":
        """One's own and one's wards', those at one's schools, and earlier ones of pupils who are there now."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(person_id__in=own_people(account))
        if schools := account.organisation_ids(Permission.MANAGE_CAREERS):
            seen |= Q(school_class__school__organisation_id__in=schools) | Q(taught_at(schools))
        return self.filter(seen)


class InterpretationQuerySet(models.QuerySet["Interpretation"]):
    """How criteria are read for single pupils."""

    def on(self, day: date) -> "InterpretationQuerySet":
        return self.filter(valid_from__lte=day, valid_to__gte=day)

    def visible_to(self, account: "Account") -> "InterpretationQuerySet":
        """The reasons tell of health: the person, the guardian, and the school that decided or teaches now. Nobody else."""
        seen = Q(person_id__in=own_people(account))
        if schools := account.organisation_ids(Permission.MANAGE_CAREERS):
            seen |= Q(school__organisation_id__in=schools) | Q(taught_at(schools))
        return self.filter(seen)


class EncounterQuerySet(OfSchoolQuerySet["Encounter"]):
    """Encounters that schools arranged."""

    def up_to(self, day: date) -> "EncounterQuerySet":
        return self.filter(held_on__lte=day)

    def given_by(self, organisation: Any) -> "EncounterQuerySet":
        """What an employer or provider gave, the latest first."""
        return self.filter(host=organisation).order_by("-held_on", "-pk")


class AttendanceQuerySet(models.QuerySet["EncounterAttendance"]):
    """Who was at which encounter."""

    def attended(self) -> "AttendanceQuerySet":
        return self.filter(presence="attended")

    def up_to(self, day: date) -> "AttendanceQuerySet":
        return self.filter(encounter__held_on__lte=day)

    def visible_to(self, account: "Account") -> "AttendanceQuerySet":
        """One's own and one's wards', those of one's schools, and earlier ones of pupils who are there now."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(person_id__in=own_people(account))
        if schools := account.organisation_ids(Permission.MANAGE_CAREERS):
            seen |= Q(encounter__school__organisation_id__in=schools) | Q(taught_at(schools))
        return self.filter(seen)


class RecordStepQuerySet(models.QuerySet["RecordStep"]):
    """What happened with pupils' own records."""

    def of_people(self, people: "models.QuerySet[Any, Any] | list[int]") -> "RecordStepQuerySet":
        return self.filter(person_id__in=people)


class GuidanceTalkQuerySet(models.QuerySet["GuidanceTalk"]):
    """Guidance talks."""

    def booked(self) -> "GuidanceTalkQuerySet":
        """Those for which a time is kept."""
        return self.filter(
            booked_at__isnull=False, held_on__isnull=True, no_show_on__isnull=True, cancelled_at__isnull=True
        )

    def open(self) -> "GuidanceTalkQuerySet":
        """Offered, and neither booked, held nor declined yet."""
        return self.filter(
            offered_on__isnull=False, booked_at__isnull=True, held_on__isnull=True, declined_on__isnull=True,
            cancelled_at__isnull=True,
        )

    def held(self) -> "GuidanceTalkQuerySet":
        return self.filter(held_on__isnull=False)

    def visible_to(self, account: "Account") -> "GuidanceTalkQuerySet":
        """One's own and one's wards', and for counsellors those of their organisation and of its present pupils.

        Whoever sees everybody does not see talks: notes of guidance are between the person and the counsellors.
        """
        seen = Q(person_id__in=own_people(account))
        if counselled := account.organisation_ids(Permission.GIVE_GUIDANCE):
            seen |= Q(organisation_id__in=counselled) | Q(taught_at(counselled))
        return self.filter(seen)


class SealedNoteQuerySet(models.QuerySet["SealedNote"]):
    """Counsellors' own notes."""

    def held_by(self, account: "Account") -> "SealedNoteQuerySet":
        """Those that this account, and no other, reads while it is a counsellor's."""
        if not account.may(Permission.GIVE_GUIDANCE):
            return self.none()
        return self.filter(holder_id=account.pk)


class QualificationQuerySet(models.QuerySet["AdviserQualification"]):
    """Counsellors' qualifications."""

    def on(self, day: date) -> "QualificationQuerySet":
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)


class DestinationQuerySet(models.QuerySet["Destination"]):
    """Where pupils meant to go, went and stayed."""

    def up_to(self, day: date) -> "DestinationQuerySet":
        return self.filter(said_on__lte=day)

    def visible_to(self, account: "Account") -> "DestinationQuerySet":
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        seen = Q(person_id__in=own_people(account))
        if schools := account.organisation_ids(Permission.MANAGE_CAREERS):
            seen |= Q(school__organisation_id__in=schools) | Q(taught_at(schools))
        return self.filter(seen)


class InterestSheetQuerySet(models.QuerySet["InterestSheet"]):
    """Answers on interests: nobody's but the person's, and counsellors' while the person shows them."""

    def finished(self) -> "InterestSheetQuerySet":
        return self.filter(finished_at__isnull=False).order_by("-finished_at", "-pk")

    def visible_to(self, account: "Account") -> "InterestSheetQuerySet":
        """One's own; those shown to counsellors who know the person. Not a guardian's, whatever the age."""
        seen = Q(pk__in=[])
        if account.person_id:
            seen |= Q(person_id=account.person_id)
        if counselled := account.organisation_ids(Permission.GIVE_GUIDANCE):
            seen |= Q(known_at(counselled), shared_on__isnull=False)
        return self.filter(seen)


class CareerPlanQuerySet(models.QuerySet["CareerPlan"]):
    """Career plans: nobody's but the person's, and counsellors' while the person shows them. Not a guardian's."""

    def shown_to(self, account: "Account") -> "CareerPlanQuerySet":
        """Those shown to counsellors, for a counsellor whose organisation knows the person."""
        counselled = account.organisation_ids(Permission.GIVE_GUIDANCE)
        return self.filter(known_at(counselled), shared_on__isnull=False)


class PlanStepQuerySet(models.QuerySet["PlanStep"]):
    """Steps of career plans."""

    def late(self, today: date) -> "PlanStepQuerySet":
        """Not done, although their day has passed."""
        return self.filter(done_on__isnull=True, due_on__lt=today)

    def in_order(self) -> "PlanStepQuerySet":
        """Open ones first, those with a day by the day; then the done ones, the latest first."""
        return self.order_by(F("done_on").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")


class StudyProgrammeQuerySet(models.QuerySet["StudyProgramme"]):
    """What places of study offer; public knowledge."""

    def offered(self) -> "StudyProgrammeQuerySet":
        return self.filter(withdrawn_on__isnull=True)

    def open_on(self, day: date) -> "StudyProgrammeQuerySet":
        """Those that take applications on a day; one without days is not known to."""
        known = Q(opens_on__isnull=False) | Q(closes_on__isnull=False)
        begun = Q(opens_on__isnull=True) | Q(opens_on__lte=day)
        return self.filter(known, begun, Q(closes_on__isnull=True) | Q(closes_on__gte=day))

"""A school's records on a day as the input of the engine `careers.benchmarks`, in a number of queries that does not grow.

Everything is read for whole schools at once; a pupil's earlier years, also at other schools here, come along, because what a
pupil met before the transfer counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from microcities.careers.frameworks import checklist, engine_rules
from microcities.careers.models import (
    AdviserQualification,
    CareersProgramme,
    Destination,
    Encounter,
    EncounterAttendance,
    Enrolment,
    FeedbackRound,
    GuidanceTalk,
    Interpretation,
    RecordStep,
    School,
    SchoolClass,
    SchoolEvidence,
)
from microcities.careers.school_years import first_day, year_of
from microcities.people.models import Person

Json = dict[str, Any]
# Leavers of these years belong to the input: criterion 3.4 asks what became of them.
LEAVER_YEARS = 4
# Level 6 of the English framework stands at level 6 of the European one.
QUALIFIED_LEVEL = 6
KINDS = {
    "employer": "employer_encounter", "workplace": "workplace_experience", "provider": "provider_encounter",
    "lmi_accessed": "lmi_accessed", "lmi_used": "lmi_used", "guardian_lmi": "guardian_lmi", "subject": "subject_link",
    "stereotypes": "stereotypes",
}
CHECKED = (
    "purpose_shared_with_host", "purpose_shared_with_pupils", "fitted_to_pupils", "two_way", "time_to_reflect",
    "met_range_of_people", "task_with_feedback", "told_of_entry", "told_of_learning", "met_staff_and_learners",
)
BY_PUPIL = "reflection_done"
LEVELS = {"grade": "g", "course": "t"}
# The school's word for a group, and the framework's.
AUDIENCES = {"guardians": "parents"}


class Pupils(NamedTuple):
    """The people whose records are read, as a query of their numbers, with their enrolments."""

    numbers: "QuerySet[Any, int]"
    enrolments: dict[int, list[Enrolment]]


def benchmarks_input(
    schools: Iterable[School], day: date, *, earlier: date | None = None, version: str | None = None,
    profile: str | None = None, reading: str = "stage",
) -> Json:
    """JSON for `run_engine("careers.benchmarks", ...)`: schools of one setting, judged by the framework of the day.

    Ids are numbers of rows as text: persons, classes, schools (their organisations). `earlier` is a day to compare with.
    Raises ValueError for schools of several settings; NoRuleInForceError where the setting has no framework on the day.
    """
    asked = list(schools)
    settings = {school.setting for school in asked}
    if len(settings) != 1:
        raise ValueError("schools of one setting are read together")
    pupils = _pupils(asked, day)
    rules = engine_rules(settings.pop(), day, version=version, profile=profile)
    return {
        "day": day.isoformat(),
        "earlier": earlier.isoformat() if earlier else None,
        "reading": reading,
        **rules,
        # Only these are judged: the others tell where pupils were before or went to.
        "schools": [str(school.organisation_id) for school in asked],
        "groups": _groups(pupils),
        "pupils": _people(pupils, day, {criterion["code"] for criterion in rules["criteria"]}),
        "encounters": [*_encounters(pupils.numbers, day), *_talks(pupils.numbers, day), *_steps(pupils.numbers, day)],
        "records": _records(asked, day),
    }


def pupils_of(schools: Sequence[School], day: date) -> "QuerySet[Any, int]":
    """The numbers of everybody in a class of these schools within the last years, as a query."""
    since = first_day(year_of(day) - LEAVER_YEARS)
    here = Enrolment.objects.filter(school_class__school__in=schools, joined_on__lte=day, left_on__gte=since)
    return here.order_by().values_list("person_id", flat=True)


def _pupils(schools: Sequence[School], day: date) -> Pupils:
    """Everybody in a class of these schools within the last years, with all enrolments up to the day."""
    numbers = pupils_of(schools, day)
    found: dict[int, list[Enrolment]] = defaultdict(list)
    rows = Enrolment.objects.filter(person_id__in=numbers, joined_on__lte=day)
    for each in rows.select_related("school_class__school").order_by("person_id", "joined_on"):
        found[each.person_id].append(each)
    return Pupils(numbers, found)


def _groups(pupils: Pupils) -> list[Json]:
    classes: dict[int, SchoolClass] = {
        each.school_class_id: each.school_class for rows in pupils.enrolments.values() for each in rows
    }
    return [
        {
            "id": str(number), "school": str(each.school.organisation_id), "level": f"{LEVELS[each.stage]}{each.number}",
            "subjects": each.subjects, "final": each.is_final,
        }
        for number, each in sorted(classes.items())
    ]


def _people(pupils: Pupils, day: date, criteria: set[str]) -> list[Json]:
    people = Person.objects.filter(pk__in=pupils.numbers).values_list("pk", "birth_on", "sex").order_by("pk")
    read: dict[int, list[Json]] = defaultdict(list)
    for each in Interpretation.objects.filter(person_id__in=pupils.numbers, valid_from__lte=day, criterion__in=criteria):
        read[each.person_id].append(
            {
                "criterion": each.criterion, "effect": each.reading, "count": each.count,
                "reason": each.reason or "-",  # blanked when the person was erased
                "valid_from": each.valid_from.isoformat(), "valid_to": each.valid_to.isoformat(),
            }
        )
    plans = _plans(pupils.numbers, day)
    return [
        {
            "id": str(number), "sex": sex, "born_on": birth_on.isoformat() if birth_on else None,
            "considering_higher_education": plans.get(number),
            "enrolments": [
                {
                    "group": str(each.school_class_id), "starts_on": each.joined_on.isoformat(),
                    "ends_on": each.left_on.isoformat(),
                }
                for each in pupils.enrolments[number]
            ],
            "interpretations": read.get(number, []),
        }
        for number, birth_on, sex in people
    ]


def _plans(numbers: "QuerySet[Any, int]", day: date) -> dict[int, bool]:
    """Who said last to mean to study at a university or college, and who meant something else."""
    said = Destination.objects.up_to(day).filter(person_id__in=numbers, kind="intended").order_by("said_on", "pk")
    studies = {"study", "work_and_study"}
    return {
        person: way in studies and (level or 0) >= 5 for person, way, level in said.values_list("person_id", "way", "level")
    }


# --- what happened ---


def _encounters(numbers: "QuerySet[Any, int]", day: date) -> list[Json]:
    """Attended encounters. Those who have not reflected are a row of their own where the kind asks for it."""
    there: dict[int, dict[bool, list[str]]] = defaultdict(lambda: defaultdict(list))
    rows = EncounterAttendance.objects.attended().up_to(day).filter(person_id__in=numbers).order_by("encounter_id", "person_id")
    for encounter, person, reflected in rows.values_list("encounter_id", "person_id", "reflection_done"):
        there[encounter][reflected].append(str(person))
    checks = _Checklists()
    found: list[Json] = []
    for each in Encounter.objects.filter(pk__in=there, kind__in=KINDS).order_by("pk"):
        found += _rows_of(each, there[each.pk], checks)
    return found


class _Checklists:
    """The checklist of each kind and day, asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, date], tuple[str, ...]] = {}

    def failed(self, kind: str, given: Mapping[str, bool], on: date) -> list[str]:
        """The checks that are not met; what nobody answers is not met."""
        key = (kind, on)
        if key not in self._known:
            self._known[key] = checklist(kind, on)
        return [check for check in self._known[key] if not given.get(check, False)]


def _rows_of(encounter: Encounter, there: Mapping[bool, list[str]], checks: _Checklists) -> list[Json]:
    rows: dict[tuple[str, ...], list[str]] = {}
    for reflected, people in sorted(there.items()):
        given = {check: getattr(encounter, check) for check in CHECKED} | {BY_PUPIL: reflected}
        failed = tuple(checks.failed(KINDS[encounter.kind], given, encounter.held_on))
        rows.setdefault(failed, []).extend(people)
    return [
        _row(encounter, f"e{encounter.pk}.{number}", KINDS[encounter.kind], failed, people)
        for number, (failed, people) in enumerate(rows.items())
    ]


def _row(encounter: Encounter, number: str, kind: str, failed: tuple[str, ...], people: list[str]) -> Json:
    return {
        "id": number, "kind": kind, "on": encounter.held_on.isoformat(), "pupils": people, "failed_checks": list(failed),
        "host": str(encounter.host_id) if encounter.host_id else None, "host_size": encounter.host_size or None,
        "provider_kind": encounter.provider_kind or None, "subject": encounter.subject or None, "stem": encounter.is_stem,
        "hours": float(encounter.hours), "curriculum_linked": encounter.through_curriculum,
        "part_time_job": encounter.part_time_job,
    }


def _talks(numbers: "QuerySet[Any, int]", day: date) -> list[Json]:
    """Talks offered, held by a qualified counsellor, and with advice and decisions written down: three different facts."""
    qualified: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for person, first, last in AdviserQualification.objects.filter(level__gte=QUALIFIED_LEVEL).values_list(
        "person_id", "valid_from", "valid_to"
    ):
        qualified[person].append((first, last))
    found = []
    for talk in GuidanceTalk.objects.filter(person_id__in=numbers).order_by("pk"):
        offered = min((each for each in (talk.offered_on, _booked_on(talk), talk.held_on) if each), default=None)
        if offered and offered <= day:
            found.append(_fact(f"o{talk.pk}", "guidance_offered", offered, talk.person_id))
        if talk.held_on and talk.held_on <= day:
            trained = any(
                first <= talk.held_on and (last is None or talk.held_on <= last)
                for first, last in qualified.get(talk.adviser_id or 0, [])
            )
            failed = [] if trained else ["adviser_qualified"]
            found.append(_fact(f"h{talk.pk}", "guidance_interview", talk.held_on, talk.person_id, failed))
            if talk.advice or talk.agreed:
                found.append(_fact(f"n{talk.pk}", "advice_recorded", talk.held_on, talk.person_id))
    return found


def _booked_on(talk: GuidanceTalk) -> date | None:
    return talk.booked_at.date() if talk.booked_at else None


def _steps(numbers: "QuerySet[Any, int]", day: date) -> list[Json]:
    """Own record read or received, and destinations known: actual and sustained ones."""
    steps = RecordStep.objects.of_people(numbers).filter(on__lte=day).order_by("pk")
    known = Destination.objects.up_to(day).filter(~Q(kind="intended"), ~Q(way="unknown"), person_id__in=numbers)
    return [
        *(
            _fact(f"s{number}", kind, on, person)
            for number, kind, on, person in steps.values_list("pk", "kind", "on", "person_id")
        ),
        *(
            _fact(f"d{number}", "destination_known", on, person)
            for number, on, person in known.order_by("pk").values_list("pk", "said_on", "person_id")
        ),
    ]


def _fact(number: str, kind: str, on: date, person: int, failed: Sequence[str] = ()) -> Json:
    return {"id": number, "kind": kind, "on": on.isoformat(), "pupils": [str(person)], "failed_checks": list(failed)}


# --- what the school shows ---


def _records(schools: Sequence[School], day: date) -> list[Json]:
    organisations = {school.pk: str(school.organisation_id) for school in schools}
    found: list[Json] = []
    for programme in CareersProgramme.objects.filter(school__in=schools).order_by("pk"):
        found += _of_programme(programme, organisations[programme.school_id])
    for said in FeedbackRound.objects.filter(school__in=schools, answered__gte=1).order_by("pk"):
        audience = AUDIENCES.get(said.group, said.group)
        found.append(_shown(organisations[said.school_id], "feedback", said.held_on, audience=audience))
    for shown in SchoolEvidence.objects.filter(school__in=schools).order_by("pk"):
        found.append(
            _shown(
                organisations[shown.school_id], shown.kind, shown.from_on, ends_on=shown.to_on, audience=shown.audience,
                reached=shown.reached, total=shown.total,
            )
        )
    return [record for record in found if record["starts_on"] <= day.isoformat()]


def _of_programme(programme: CareersProgramme, school: str) -> list[Json]:
    """A programme holds for its school year; what has no day of its own holds from the first day of the year."""
    start = first_day(programme.school_year)
    end = first_day(programme.school_year + 1) - timedelta(days=1)
    facts: list[tuple[str, date | None]] = [
        ("careers_leader", start if programme.leader_id else None),
        ("leader_trained", programme.leader_trained_on if programme.leader_id else None),
        ("leadership_backing", programme.head_agreed_on),
        ("governor_backing", programme.council_agreed_on),
        ("programme_outcomes", start if programme.outcomes.strip() else None),
        ("parents_part", start if programme.parents_part.strip() else None),
    ]
    found = [_shown(school, kind, min(max(on, start), end), ends_on=end) for kind, on in facts if on]
    if programme.published_on:
        on = min(max(programme.published_on, start), end)
        found += [
            _shown(school, "programme_published", on, ends_on=end, audience=audience)
            for audience in ("pupils", "parents", "teachers", "employers")
        ]
    return found


def _shown(
    school: str, kind: str, starts_on: date, *, ends_on: date | None = None, audience: str = "", reached: int | None = None,
    total: int | None = None,
) -> Json:
    return {
        "school": school, "kind": kind, "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat() if ends_on else None, "audience": audience, "reached": reached, "total": total,
    }

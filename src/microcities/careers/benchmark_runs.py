"""Runs the engine `careers.benchmarks` for schools, and remembers its answer until a record that it was made of changes."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet

from microcities.careers.benchmarking import Json, benchmarks_input, pupils_of
from microcities.careers.frameworks import engine_rules
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
from microcities.database.remembering import remembered, state_of
from microcities.decisions.engine import run_engine
from microcities.people.models import Person


def benchmarks_of(
    schools: Sequence[School], day: date, *, earlier: date | None = None, version: str | None = None,
    profile: str | None = None, reading: str = "stage", **engine: Any,
) -> Json:
    """The engine's answer about schools of one setting; `engine` goes to it as it is (`actions=0`: no next steps).

    Raises what `benchmarks_input` raises.
    """
    asked = {"earlier": earlier, "version": version, "profile": profile, "reading": reading}
    [setting] = {school.setting for school in schools}
    rules = engine_rules(setting, day, version=version, profile=profile)
    key = (sorted(school.pk for school in schools), day, asked, engine, rules)
    return remembered(
        "benchmarks", key, state_of(*made_of(schools, day)),
        lambda: run_engine("careers.benchmarks", benchmarks_input(schools, day, **asked) | engine).output,  # type: ignore[arg-type]
    )


def made_of(schools: Sequence[School], day: date) -> "list[type[Model] | QuerySet[Any]]":
    """The records behind the answer: of the schools, and of everybody in their classes within the years that count."""
    pupils = pupils_of(schools, day)
    of_pupils = [
        rows.filter(person_id__in=pupils)
        for rows in (
            Enrolment.objects.all(), EncounterAttendance.objects.all(), GuidanceTalk.objects.all(),
            Interpretation.objects.all(), Destination.objects.all(), RecordStep.objects.all(),
        )
    ]
    of_schools = [
        rows.filter(school__in=schools)
        for rows in (CareersProgramme.objects.all(), FeedbackRound.objects.all(), SchoolEvidence.objects.all())
    ]
    # Schools, classes and qualifications are few: also those of elsewhere, where a pupil may come from.
    return [
        *of_pupils, *of_schools, Person.objects.filter(pk__in=pupils),
        Encounter.objects.filter(attendances__person_id__in=pupils), School, SchoolClass, AdviserQualification,
    ]

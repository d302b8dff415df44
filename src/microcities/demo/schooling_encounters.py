"""Lets the pupils meet employers, workplaces, places of study and the labour market, with those who were away."""

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from microcities.careers.models import CHECKS, Encounter, Enrolment, RecordStep
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.trail.context import change

# What the story says for itself and no field of an encounter takes.
STORY_ONLY = {"key", "setting", "step", "when", "levels", "unmet", "host", "every", "hours"}
# Who is away often is away so often; the others only sometimes, and only where there is more than one such meeting a year.
OFTEN, SOMETIMES = 0.7, 0.04
MET_SEVERAL_TIMES = {"employer"}
# One pupil in so many does not think a workplace over afterwards.
UNREFLECTED = 20
COPY_ATTENDANCES = (
    "COPY careers_encounterattendance (encounter_id, person_id, presence, reflection_done, marked_by_id) FROM STDIN"
)


def meet(told: Schooling) -> None:
    """All encounters of all schools and years, in bulk: the school's counsellor or head records each year's."""
    for school in told.schools.values():
        activities = [each for each in told.story["activity"] if _holds(school, each)]
        for year, step in zip(told.years, school.entry["steps"], strict=True):
            with change("careers.record_encounter", actor=school.actor):
                held = [each for each in activities if each["step"] <= step]
                _record_year(told, school, year, held)


def _holds(school: SchoolTold, activity: dict[str, Any]) -> bool:
    return activity["setting"] == school.entry["setting"] and activity["key"] not in school.entry.get("skips", ())


def _record_year(told: Schooling, school: SchoolTold, year: int, activities: list[dict[str, Any]]) -> None:
    enrolments = list(Enrolment.objects.at(school.school).of_year(year).select_related("school_class").order_by("person_id"))
    planned = []
    for activity in activities:
        there = _pupils(activity, enrolments, told.on(year, activity["when"]))
        if there:
            planned.append((_encounter(told, school, year, activity), there))
    Encounter.objects.bulk_create(encounter for encounter, _there in planned)
    with connection.cursor() as cursor, cursor.copy(COPY_ATTENDANCES) as copy:
        for encounter, there in planned:
            for row in _attendances(school, encounter, there):
                copy.write_row(row)


def _pupils(activity: dict[str, Any], enrolments: list[Enrolment], on: date) -> list[int]:
    """Pupils of the classes that it is for, on the day; classes of one year after school are in their last year as well."""
    levels, every = activity["levels"], activity.get("every", 1)
    people = [
        each.person_id for each in enrolments
        if each.joined_on <= on <= each.left_on
        and (each.school_class.number in levels or (each.school_class.is_final and activity["setting"] == "technikum"))
    ]
    return people[::every]


def _encounter(told: Schooling, school: SchoolTold, year: int, activity: dict[str, Any]) -> Encounter:
    unmet = {*activity.get("unmet", ()), *school.entry.get("unanswered", {}).get(activity["key"], ())}
    values = {key: value for key, value in activity.items() if key not in STORY_ONLY}
    values |= {check: True for check in CHECKS[activity["kind"]] if check not in unmet}
    return Encounter(
        school=school.school, held_on=told.on(year, activity["when"]), hours=Decimal(activity["hours"]),
        host=told.organisation(activity["host"]) if "host" in activity else None, recorded_by_id=school.actor.pk, **values,
    )


def _attendances(school: SchoolTold, encounter: Encounter, people: list[int]) -> Iterator[tuple[Any, ...]]:
    """Rows for COPY_ATTENDANCES."""
    draw = random.Random(f"{school.key} {encounter.name} {encounter.held_on.year}")  # noqa: S311  (a demo must repeat)
    for place, number in enumerate(people):
        seldom = SOMETIMES if encounter.kind in MET_SEVERAL_TIMES else 0
        away = draw.random() < (OFTEN if number in school.often_away else seldom)
        reflected = not away and encounter.kind == "workplace" and place % UNREFLECTED != UNREFLECTED - 1
        yield encounter.pk, number, "absent" if away else "attended", reflected, school.actor.pk


def read_records(told: Schooling) -> None:
    """Pupils open their own records, more of them from year to year; technikums receive those of the school before."""
    for school in told.schools.values():
        steps = []
        for year, every in zip(told.years, school.entry["reads_record"], strict=True):
            rows = Enrolment.objects.at(school.school).of_year(year).order_by("person_id")
            first = set(rows.filter(school_class__number=school.entry["levels"][0]).values_list("person_id", flat=True))
            there = rows.filter(left_on__gte=told.on(year, 0.6)).values_list("person_id", "joined_on")
            for place, (number, joined_on) in enumerate(there):
                if every and place % every == 0 and number not in school.often_away:
                    steps.append(RecordStep(person_id=number, kind="record_viewed", on=told.on(year, 0.6)))
                if school.entry["setting"] == "technikum" and number in first and number not in school.often_away:
                    steps.append(RecordStep(person_id=number, kind="record_received", on=joined_on))
        with change("careers.confirm_reading", actor=school.actor):
            RecordStep.objects.bulk_create(steps, ignore_conflicts=True)

"""Compares a class list with who is in which class: who is new, known, moves, stays, is missing, and what is wrong.

Nothing is written. A list is compared again when it is applied, and applied only when that comparison is the same.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from microcities.careers.class_lists.reading import Problem, ReadPupil
from microcities.careers.models import Enrolment, School, SchoolClass, Setting, Stage
from microcities.careers.models.schools import HIGHEST
from microcities.careers.school_years import first_day, last_day
from microcities.people.matching.names import words_of
from microcities.people.matching.queries import known_records
from microcities.people.matching.scoring import Record, email_key
from microcities.people.matching.search import Candidate, Matcher, Outcome

# Lists of the first month tell of the whole year.
FIRST_WEEKS = timedelta(days=30)
CONFLICTS = {"code": "code_of_another", "reference": "reference_of_another", "other_code": "reference_of_another"}


@dataclass
class PupilPlan:
    """What is to be done for one row: `outcome` is new, known, moved, corrected, unchanged or refused."""

    row: ReadPupil
    outcome: str
    person_id: int | None = None
    joined_on: date | None = None
    enrolment: Enrolment | None = None
    candidates: tuple[Candidate, ...] = ()


@dataclass
class Comparison:
    """All that a list would change. `leavers` are enrolments of pupils whom the list does not name any more."""

    plans: list[PupilPlan]
    leavers: list[Enrolment]
    new_classes: dict[str, tuple[Stage, int]] = field(default_factory=dict)

    @property
    def refused(self) -> list[PupilPlan]:
        """Rows with something wrong; while there is one, nothing is applied."""
        return [plan for plan in self.plans if plan.outcome == "refused"]

    @property
    def outcomes(self) -> dict[str, int]:
        """Rows by outcome, leavers and new classes."""
        counts = Counter(plan.outcome for plan in self.plans)
        counts["leaving"], counts["new_classes"] = len(self.leavers), len(self.new_classes)
        return dict(sorted(counts.items()))

    @property
    def changes_something(self) -> bool:
        return bool(self.leavers) or any(plan.outcome not in {"unchanged", "refused"} for plan in self.plans)

    @property
    def digest(self) -> str:
        """The same for two comparisons that would change the same."""
        told: list[Any] = [
            [plan.row.number, plan.outcome, plan.person_id, str(plan.joined_on), sorted(plan.row.values.items()),
             plan.row.code.hex() if plan.row.code else "",
             plan.enrolment.pk if plan.enrolment else None]
            for plan in self.plans
        ]
        told.append([each.pk for each in self.leavers])
        return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


@dataclass(frozen=True)
class Asked:
    """The school, its year, the day the list tells of, and whether it names the whole school or only whole classes."""

    school: School
    school_year: int
    taken_on: date
    is_whole_school: bool


def compare_rows(rows: Sequence[ReadPupil], asked: Asked) -> Comparison:
    """Compare the rows with the records of the day."""
    classes = {each.name: each for each in asked.school.classes.of_year(asked.school_year)}
    found = Comparison([], [])
    plans = _match(rows, asked)
    present = _present([plan.person_id for plan in plans if plan.person_id], asked)
    for plan in plans:
        if not plan.row.problems:
            _place(plan, classes, present, asked, found)
        if plan.row.problems:
            plan.outcome = "refused"
        found.plans.append(plan)
    found.leavers = _leavers(found, asked)
    return found


def _match(rows: Iterable[ReadPupil], asked: Asked) -> list[PupilPlan]:
    """Who each row is among all persons; a new person is known to the rows below by the negative number of the row."""
    matcher, plans = Matcher(known_records(asked.school.organisation_id)), []
    first_row: dict[int, int] = {}
    for row in rows:
        plan = PupilPlan(row, "new")
        plans.append(plan)
        if row.problems:
            continue
        record = _record(row)
        match = matcher.find(record)
        if match.outcome == Outcome.CONFLICT:
            where = "personal_code" if match.by == "code" else "local_reference"
            row.problems.append(Problem("", where, "", CONFLICTS[match.by]))
            continue
        plan.person_id = match.key if match.outcome == Outcome.SAME else -row.number
        plan.candidates = match.candidates if match.outcome == Outcome.CANDIDATE else ()
        if plan.person_id in first_row:
            row.problems.append(Problem("", "given_name", row.name, "twice_in_list", first_row[plan.person_id]))
        first_row.setdefault(plan.person_id or 0, row.number)
        if match.outcome != Outcome.SAME:
            matcher.add(record)
    for plan in plans:
        plan.person_id = plan.person_id if plan.person_id and plan.person_id > 0 else None
    return plans


def _record(row: ReadPupil) -> Record:
    values = row.values
    return Record(
        key=-row.number, given=words_of(values["given_name"]), family=words_of(values["family_name"]),
        birth_on=row.day("birth_on"), sex=values.get("sex", "").replace("unknown", ""),
        email=email_key(values.get("email", "")), code=row.code, reference=values.get("local_reference", ""), own=True,
    )


def _present(people: list[int], asked: Asked) -> dict[int, list[Enrolment]]:
    """Enrolments of these people that share a day with the rest of the year, at any school."""
    rows = Enrolment.objects.filter(person_id__in=people).meeting(first_day(asked.school_year), last_day(asked.school_year))
    found: dict[int, list[Enrolment]] = {}
    for each in rows.select_related("school_class").order_by("joined_on"):
        found.setdefault(each.person_id, []).append(each)
    return found


def _place(
    plan: PupilPlan, classes: dict[str, SchoolClass], present: dict[int, list[Enrolment]], asked: Asked, found: Comparison
) -> None:
    """Say what the row means for the pupil's class."""
    row, name = plan.row, plan.row.values["class_name"]
    if name not in classes and name not in found.new_classes:
        made = _class_of(name, asked.school)
        if isinstance(made, str):
            row.problems.append(Problem("", "class_name", name, made))
            return
        found.new_classes[name] = made
    day = row.day("joined_on") or _usual_day(asked)
    if problem := _day_problem(day, asked):
        row.problems.append(Problem("", "joined_on", day.isoformat(), problem))
        return
    plan.joined_on = day
    meeting = [each for each in present.get(plan.person_id or 0, []) if each.left_on >= min(day, asked.taken_on)]
    here = [each for each in meeting if each.school_class.school_id == asked.school.pk]
    if len(here) < len(meeting):
        row.problems.append(Problem("", "class_name", name, "elsewhere"))
    elif here:
        _compare_class(plan, here[-1], name, asked)
    elif plan.person_id is not None:
        plan.outcome = "known"


def _compare_class(plan: PupilPlan, enrolment: Enrolment, name: str, asked: Asked) -> None:
    plan.enrolment = enrolment
    if enrolment.school_class.name == name:
        plan.outcome, plan.joined_on = "unchanged", enrolment.joined_on
        return
    # Who changes class on the very first day there was never in the former one.
    plan.joined_on = plan.row.day("joined_on") or asked.taken_on
    plan.outcome = "moved" if plan.joined_on > enrolment.joined_on else "corrected"


def _class_of(name: str, school: School) -> "tuple[Stage, int] | str":
    """Stage and number of a class that is not there yet, by its name, or the code of a problem."""
    figures = ""
    for letter in name:
        if not letter.isdigit():
            break
        figures += letter
    if not figures:
        return "no_number"
    stage = Stage.COURSE if school.setting in {Setting.TECHNIKUM, Setting.PROVIDER} else Stage.GRADE
    return (stage, int(figures)) if 1 <= int(figures) <= HIGHEST[stage] else "no_such_grade"


def _usual_day(asked: Asked) -> date:
    start = first_day(asked.school_year)
    return start if asked.taken_on - start <= FIRST_WEEKS else asked.taken_on


def _day_problem(day: date, asked: Asked) -> str:
    if not first_day(asked.school_year) <= day <= last_day(asked.school_year):
        return "outside_year"
    return "in_the_future" if day > asked.taken_on else ""


def _leavers(found: Comparison, asked: Asked) -> list[Enrolment]:
    """Pupils of the school, or of the classes that the list names, who are in a class on the day and not in the list."""
    named = [plan.person_id for plan in found.plans if plan.person_id]
    here = Enrolment.objects.on(asked.taken_on).at(asked.school).exclude(person_id__in=named)
    if not asked.is_whole_school:
        here = here.filter(school_class__name__in={plan.row.values.get("class_name", "") for plan in found.plans})
    return list(here.select_related("school_class", "person").order_by("pk"))

"""What schools show for their careers programmes, and where their pupils mean to go, went and stayed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from microcities.careers.actions.outcomes import record_destination
from microcities.careers.actions.schools import interpret_criterion, publish_programme, write_programme
from microcities.careers.models import (
    Destination,
    Enrolment,
    EvidenceKind,
    FeedbackGroup,
    FeedbackRound,
    SchoolEvidence,
    StaffTraining,
)
from microcities.careers.school_years import first_day
from microcities.demo.foundations import PUPIL
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.people.models import Account, Person
from microcities.trail.context import change

# How much a school can show: a programme; an agreed and published one; and everything that the framework of 2025 asks for.
WRITTEN, PUBLISHED, WHOLE = 1, 2, 3
ASKED = {
    WRITTEN: ("pupils", "teachers"), PUBLISHED: ("pupils", "guardians", "teachers", "employers"), WHOLE: FeedbackGroup.values,
}
AUDIENCES = ("pupils", "parents", "teachers", "employers")
STAFF_KINDS = {"staff_lmi", "staff_development"}
# ISCED-F 2013: what leavers study, the first three of them STEM.
STEM, OTHER = ("0613", "0714", "0533"), ("0413", "0922", "1015", "0213")
GIRLS_BELOW = 0.7
STUDY_LEVEL = {"school": 6, "technikum": 5}
SPECIAL_NEEDS = "6.1"


def show(told: Schooling) -> None:
    """Each year's programme, feedback, training of staff and evidence."""
    for school in told.schools.values():
        rows = zip(told.years, school.entry["records"], school.entry["staff_reached"], strict=True)
        for year, level, reached in rows:
            _write_programme(told, school, year, level)
            with change("careers.record_evidence", actor=school.head):
                FeedbackRound.objects.bulk_create(_feedback(told, school, year, level))
                SchoolEvidence.objects.bulk_create(_evidence(told, school, year, level, reached))
                StaffTraining.objects.bulk_create(_trainings(told, school, year, level))


def _write_programme(told: Schooling, school: SchoolTold, year: int, level: int) -> None:
    if level < WRITTEN:
        return
    words, on = told.story["words"], told.on(year, 0.05)
    fields: dict[str, Any] = {"leader": school.actor.person, "outcomes": words["outcomes"].strip()}
    if level >= PUBLISHED:
        fields |= {"leader_trained_on": told.on(told.years[0], 0.1), "head_agreed_on": on,
                   "parents_part": words["parents_part"]}
    if level >= WHOLE:
        fields["council_agreed_on"] = on
    programme = write_programme(actor=school.actor, school=school.school, school_year=year, **fields)
    if level >= PUBLISHED and school.entry["address"]:
        address = f"{school.entry['address']}/{year}"
        publish_programme(actor=school.actor, programme=programme, address=address, published_on=on)


def _feedback(told: Schooling, school: SchoolTold, year: int, level: int) -> Iterator[FeedbackRound]:
    pupils = Enrolment.objects.at(school.school).of_year(year).count()
    asked = {"pupils": pupils, "guardians": pupils, "teachers": school.entry["staff"], "employers": 6}
    for group in ASKED.get(level, ()):
        number = asked.get(group, 3)
        yield FeedbackRound(
            school=school.school, school_year=year, group=group, held_on=told.on(year, 0.85), asked=number,
            answered=max(1, round(number * (0.3 + 0.15 * level))), findings=told.story["words"]["findings"][group],
        )


def _evidence(told: Schooling, school: SchoolTold, year: int, level: int, reached: int) -> Iterator[SchoolEvidence]:
    on, values = told.on(year, 0.3), {"school": school.school, "proof": f"Skolas padomes protokols {year}/{year + 1}"}
    for kind in EvidenceKind.values if level >= WHOLE else ("programme_told", *sorted(STAFF_KINDS)):
        if kind == "programme_told":
            told_to = AUDIENCES if level >= WHOLE else AUDIENCES[: level + 1] if level else ()
            yield from (SchoolEvidence(kind=kind, audience=audience, from_on=on, **values) for audience in told_to)
        elif kind in STAFF_KINDS:
            yield SchoolEvidence(kind=kind, from_on=on, reached=reached, total=school.entry["staff"], **values)
        else:
            yield SchoolEvidence(kind=kind, from_on=on, **values)


def _trainings(told: Schooling, school: SchoolTold, year: int, level: int) -> Iterator[StaffTraining]:
    people = [each.person for each in (school.head, school.counsellor) if each and each.person]
    for person in people[:level]:
        for topic in told.story["words"]["trainings"]:
            yield StaffTraining(
                school=school.school, person=person, held_on=told.on(year, 0.25), hours=Decimal(6), topic=topic
            )


def read_otherwise(told: Schooling) -> None:
    """For one pupil of grade 9 with special needs fewer workplaces are asked of the school."""
    school, year = told.schools["hills"], told.years[-1]
    pupil = Enrolment.objects.at(school.school).of_year(year).filter(
        school_class__number=9, person__account__isnull=True
    ).order_by("pk")[2]
    interpret_criterion(
        actor=school.actor, school=school.school, person=pupil.person, criterion=SPECIAL_NEEDS, reading="fewer", count=1,
        reason=told.story["words"]["special_needs"], valid_from=first_day(year),
    )


# --- destinations ---


@dataclass(frozen=True)
class Leaver:
    """A pupil in the last class, its year, and where from there: a place of study here, when it is one."""

    person: Person
    year: int
    went_to: Any = None
    field_code: str = ""


def follow(told: Schooling, child: str) -> None:
    """Where those of the last classes mean to go, where leavers are, and what the accounts' own people say."""
    for school in told.schools.values():
        draw = random.Random(f"destinations {school.key}")  # noqa: S311  (a demo must repeat)
        with change("careers.record_destination", actor=school.actor):
            rows = [row for leaver in _leavers(told, school) for row in _destinations(told, school, leaver, draw)]
            Destination.objects.bulk_create(rows)
    hills, technikum = told.schools["hills"], told.schools["valmiera-technikum"]
    _say(told, told.ground.accounts[child], hills, 3, "0714", technikum)
    _say(told, told.ground.accounts[PUPIL], technikum, 6, "0714", None)


def _say(
    told: Schooling, account: Account, school: SchoolTold, level: int, field_code: str, provider: SchoolTold | None
) -> None:
    """The pupil says by the own account where the way is to go."""
    if account.person is None:
        raise ValueError(f"{account} is nobody")
    record_destination(
        actor=account, school=school.school, person=account.person, kind="intended", said_on=told.on(told.years[-1], 0.8),
        way="study", confirmed_by="pupil", field_code=field_code, level=level,
        provider=provider.school.organisation if provider else None,
    )


def _leavers(told: Schooling, school: SchoolTold) -> Iterator[Leaver]:
    """Everybody of a last class, and those who went before its end; the present last class has only intentions."""
    rows = Enrolment.objects.at(school.school).filter(person__account__isnull=True).select_related("person", "school_class")
    here = set(rows.of_year(told.years[-1]).values_list("person_id", flat=True))
    last = {each.person_id: each for each in rows.order_by("joined_on", "pk")}
    later = Enrolment.objects.exclude(school_class__school=school.school).filter(person_id__in=last)
    moved = {each.person_id: each.school_class for each in later.select_related("school_class__school__organisation")}
    for number, each in sorted(last.items()):
        if number not in here or each.school_class.is_final:
            there = moved.get(number)
            yield Leaver(
                each.person, each.school_class.school_year, there.school.organisation if there else None,
                there.field_code if there else "",
            )


def _destinations(told: Schooling, school: SchoolTold, leaver: Leaver, draw: random.Random) -> Iterator[Destination]:
    """Intended in the last year, actual in the next, and still there in each year after it."""
    facts = _way(school, leaver, draw) | {"person": leaver.person, "school": school.school,
                                          "recorded_by_id": school.actor.pk}
    if leaver.went_to is None and draw.random() < 0.9:
        yield Destination(kind="intended", said_on=told.on(leaver.year, 0.5), confirmed_by="pupil", **facts)
    known = draw.random() < school.entry["destinations"]
    later = [year for year in told.years if year > leaver.year]
    for place, year in enumerate(later):
        for kind, when in _news(place):
            if not known and kind == "sustained":
                continue
            yield Destination(
                kind=kind, said_on=told.on(year, when), confirmed_by="provider" if place else "document",
                **(facts if known else facts | {"way": "unknown", "field_code": "", "level": None, "provider": None}),
            )


def _news(place: int) -> tuple[tuple[str, float], ...]:
    """In the first year after school the school hears twice, later once."""
    return (("actual", 0.1), ("sustained", 0.75)) if place == 0 else (("sustained", 0.2),)


def _way(school: SchoolTold, leaver: Leaver, draw: random.Random) -> dict[str, Any]:
    if leaver.went_to is not None:
        return {"way": "study", "level": 3, "field_code": leaver.field_code, "provider": leaver.went_to}
    way = draw.choices(("study", "work", "work_and_study", "service", "neither"), (60, 20, 12, 4, 4))[0]
    if way not in {"study", "work_and_study"}:
        return {"way": way, "level": None, "field_code": "", "provider": None}
    share = school.entry["stem"] * (GIRLS_BELOW if leaver.person.sex == "female" else 1)
    codes = STEM if draw.random() < share else OTHER
    return {
        "way": way, "level": STUDY_LEVEL[school.entry["setting"]], "field_code": draw.choice(codes), "provider": None,
    }

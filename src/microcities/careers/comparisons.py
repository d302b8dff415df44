"""Schools side by side by city, who chooses science and technology, and what an employer gave: figures that name nobody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from microcities.careers.benchmark_runs import benchmarks_of
from microcities.careers.dashboards import Json, state_badge, state_word
from microcities.careers.frameworks import framework, language
from microcities.careers.models import Destination, Encounter, EncounterAttendance, Enrolment, Presence, School
from microcities.careers.school_years import first_day, last_day
from microcities.decisions.engine import run_engine
from microcities.people.models import Organisation
from microcities.programme.models import City
from microcities.rulebooks.place import here
from microcities.rulebooks.registry import NoRuleInForceError, rule

STUDIES = {"study", "work_and_study"}
# Destinations are asked for in the school year and the two after it.
YEARS_AFTER = 2
LAST_GRADES = (9, 12)


class SchoolLine(NamedTuple):
    """One school on a day: its benchmarks by number, and how many it achieves."""

    school: School
    benchmarks: dict[int, Json]
    achieved: int
    pupils: int

    def state(self, number: int) -> str:
        """The state of one benchmark in words."""
        return state_word(self.benchmarks[number]["state"]) if number in self.benchmarks else ""

    def badge(self, number: int) -> str:
        """The same with its colour."""
        return state_badge(self.benchmarks[number]["state"]) if number in self.benchmarks else ""


def schools_on(day: date, schools: Iterable[School]) -> list[SchoolLine]:
    """Every school by the framework of its setting; one run of the engine for each setting that has one on the day."""
    by_setting: dict[str, list[School]] = defaultdict(list)
    for school in schools:
        by_setting[school.setting].append(school)
    found = []
    for asked in by_setting.values():
        try:
            output = benchmarks_of(asked, day, actions=0)
        except NoRuleInForceError:
            continue
        found += _lines(asked, output)
    order = {school.pk: place for place, schools_ in enumerate(by_setting.values()) for school in schools_}
    return sorted(found, key=lambda line: (str(line.school.city), order[line.school.pk], str(line.school)))


def _lines(schools: Sequence[School], output: Json) -> list[SchoolLine]:
    totals = {each["school"]: each for each in output["schools"]}
    marks: dict[str, dict[int, Json]] = defaultdict(dict)
    for each in output["benchmarks"]:
        marks[each["school"]][each["benchmark"]] = each
    return [
        SchoolLine(school, marks[key], totals[key]["achieved"], totals[key]["pupils"])
        for school in schools if (key := str(school.organisation_id)) in totals
    ]


class CityLine(NamedTuple):
    """A city: its schools, their pupils, and how many of the schools achieve each benchmark."""

    city: City
    schools: int
    pupils: int
    achieved: dict[int, int]


def by_city(lines: Sequence[SchoolLine]) -> list[CityLine]:
    """Totals of each city; nothing is averaged."""
    cities: dict[int, list[SchoolLine]] = defaultdict(list)
    for line in lines:
        cities[line.school.city_id].append(line)
    return [
        CityLine(
            rows[0].school.city, len(rows), sum(row.pupils for row in rows),
            {
                number: sum(row.benchmarks.get(number, {}).get("state") == "achieved" for row in rows)
                for number in range(1, 9)
            },
        )
        for rows in cities.values()
    ]


def benchmark_names(day: date) -> dict[int, str]:
    """The eight benchmarks of the framework for schools in force on a day, in the reader's language."""
    return {each.number: each.name.in_language(language()) for each in framework("school", day).values.benchmarks}


# --- who chooses science and technology ---


def stem_years() -> list[int]:
    """School years of which a destination can be known, the latest first."""
    found = Enrolment.objects.filter(_finishing()).order_by().values_list("school_class__school_year", flat=True).distinct()
    return sorted(found, reverse=True)


def stem_results(year: int, compared: int, kind: str) -> Json:
    """The engine's answer: pupils who finished a stage in a school year beside those of an earlier one.

    `kind` is intended, actual or sustained. Counts from 1 to the threshold of the disclosure rules are withheld.
    """
    people = [*_choices("programme", year, kind), *_choices("comparison", compared, kind)]
    threshold = rule("results.disclosure", on=last_day(year), territory=here()).values.threshold
    return run_engine("careers.stem_choice", {"people": people, "threshold": threshold}).output


class FollowUp(NamedTuple):
    """The days in which what became of a school year's leavers was or could have been recorded; both counted."""

    first: date
    last: date
    is_whole: bool


def follow_ups_of(years: Sequence[int], today: date) -> list[FollowUp]:
    """For each school year the days in which `stem_results` looks for destinations, as far as they have come.

    Of a recent year, whose time is not over, fewer destinations can be known than of an older one.
    """
    ends = [(year, first_day(year + 1 + YEARS_AFTER) - timedelta(days=1)) for year in years]
    return [FollowUp(first_day(year), min(today, end), end <= today) for year, end in ends]


def _finishing() -> Q:
    """In the last grade of basic or secondary school, or the last year of a programme."""
    last_grade = Q(school_class__stage="grade", school_class__number__in=LAST_GRADES)
    return last_grade | Q(school_class__is_final=True)


def _choices(cohort: str, year: int, kind: str) -> list[Json]:
    finished = Enrolment.objects.of_year(year).filter(_finishing(), reason__in=["year_end", "graduated"])
    rows = finished.order_by("person_id", "-left_on").distinct("person_id").values_list(
        "person_id", "person__sex", "school_class__school_id"
    )
    said = _said(year, kind, finished)
    return [
        {"id": f"{cohort}-{person}", "cohort": cohort, "answered": person in said, "field": said.get(person), "sex": sex or "",
         "school": str(school)}
        for person, sex, school in rows
    ]


def _said(year: int, kind: str, finished: "QuerySet[Enrolment]") -> dict[int, str | None]:
    """The last destination of each in the window: its field when it is a study of which the field is known, else None."""
    rows = Destination.objects.filter(
        kind=kind, said_on__gte=first_day(year), said_on__lt=first_day(year + 1 + YEARS_AFTER),
        person_id__in=finished.order_by().values("person_id"),
    ).exclude(way="unknown").order_by("said_on", "pk")
    return {
        person: field if field and way in STUDIES else None
        for person, field, way in rows.values_list("person_id", "field_code", "way")
    }


# --- what an employer gave ---


class Given(NamedTuple):
    """What an organisation gave to pupils: encounters, different pupils who were there, and their hours."""

    encounters: int
    pupils: int
    hours: Decimal


def given_by(encounters: "QuerySet[Encounter]") -> Given:
    """Totals of these encounters; only pupils who were there count."""
    there = EncounterAttendance.objects.attended().filter(encounter__in=encounters)
    found = there.aggregate(
        pupils=Count("person", distinct=True), hours=Sum(Coalesce(F("hours"), F("encounter__hours")))
    )
    return Given(encounters.count(), found["pupils"], found["hours"] or Decimal(0))


def encounters_of(host: Organisation) -> "QuerySet[Encounter]":
    """What an organisation gave, with how many were there."""
    there = Count("attendances", filter=Q(attendances__presence=Presence.ATTENDED))
    return Encounter.objects.filter(host=host).select_related("school__organisation").annotate(there=there)

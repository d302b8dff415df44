"""Fills classes year by year: pupils whom the demo knows already and new ones, leavers, joiners, a transfer, roll-overs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from microcities.careers.actions.pupils import enrol, hand_over, leave, roll_over
from microcities.careers.actions.schools import change_class, found_class
from microcities.careers.models import Enrolment, SchoolClass
from microcities.careers.school_years import first_day, year_of
from microcities.demo.bringing import SEED
from microcities.demo.foundations import PUPIL
from microcities.demo.names import years_before
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.people.models import Person, Registration
from microcities.trail.context import change

# A pupil is in grade 1 in the school year that begins in the year of the seventh birthday; of a technikum in year 1 at 16.
AGE_BEFORE = {"school": 6, "technikum": 15}
STAGES = {"school": "grade", "technikum": "course"}
LEAVING_GRADE, LEAVERS = 9, 3
# Pupils of grade 9 leave on this day of June; before the roll is closed they are still there.
LEAVE_ON = (6, 15)
# The activities whose people are pupils of a city's schools, as far as their ages fit.
KNOWN = {
    "valmiera": ("valmiera-careers-2020", "valmiera-summer-2019", "valmiera-summer-2021"),
    "ventspils": ("ventspils-careers-2021",),
}
CAREER_WEEK = "valmiera-career-week"
SCHOOL_SEED = SEED + 1000
EVENING_CLASS, EVENING_PUPILS, EVENING_AGES = "SP-1", 6, (19, 30)
MOVES_FROM, MOVES_TO, LEAVES_FROM = "lighthouse", "hills", "dunes"
MOVING_GRADE, MOVES_ON = 8, (1, 8)


@dataclass
class Pupils:
    """Who can still be placed: known people by city and year of birth, and those who left grade 9 for a technikum."""

    told: Schooling
    known: dict[tuple[str, int], list[Person]] = field(default_factory=dict)
    coming: dict[tuple[str, int], list[Person]] = field(default_factory=dict)
    moving: list[Person] = field(default_factory=list)

    def cohort(self, school: SchoolTold, born: int, count: int, place: int) -> list[Person]:
        """So many pupils born in a year: known ones first, but never more than half of the class, then new, unsaved ones."""
        waiting = self.known.get((school.entry["city"], born), [])
        found = [waiting.pop(0) for _ in range(min(count // 2, len(waiting)))]
        drawn = self.told.bringer.crowd.draw(
            SCHOOL_SEED + 100 * place + born, count - len(found), youngest_on=date(born, 12, 31), oldest_on=date(born, 1, 1)
        )
        fresh = (Person(**vars(each), language="lv", country="LV", place=school.entry["city"]) for each in drawn)
        return [*found, *fresh]


def fill_classes(told: Schooling, child: str) -> None:
    """All years of all schools. `child` is the e-mail of the pupil's account who is in a class of the first school."""
    pupils = Pupils(told, _known_people(told))
    for place, school in enumerate(told.schools.values()):
        for year in told.years:
            if year == told.years[0]:
                _begin(pupils, school, year, place)
            else:
                if year == told.years[-1]:
                    _go_away(pupils, school, year - 1)
                _next_year(pupils, school, year, place)
    _place_accounts(told, child)
    _arrive(pupils)
    for school in told.schools.values():
        school.often_away |= _often_away(told, school)


def _known_people(told: Schooling) -> dict[tuple[str, int], list[Person]]:
    """People of the activities by city and year of birth; those with an account are placed by name."""
    rows = Person.objects.current().filter(account__isnull=True, enrolments__isnull=True)
    by_key = {(each.given_name, each.family_name, each.birth_on): each for each in rows.exclude(birth_on=None)}
    found: dict[tuple[str, int], list[Person]] = {}
    for week in rows.filter(participations__activity__code=CAREER_WEEK).order_by("pk"):
        if week.birth_on is not None:
            found.setdefault(("valmiera", week.birth_on.year), []).append(week)
    for city, codes in KNOWN.items():
        for code in codes:
            for each in told.bringer.people_of[code]:
                person = by_key.pop((each.given_name, each.family_name, each.birth_on), None)
                if person is not None:
                    found.setdefault((city, each.birth_on.year), []).append(person)
    return found


def _class_name(school: SchoolTold, number: int) -> str:
    return f"{school.entry['group']}-{number}" if school.entry["setting"] == "technikum" else f"{number}.a"


def _found(school: SchoolTold, year: int, numbers: Iterable[int]) -> list[SchoolClass]:
    """Classes of these grades or years."""
    entry = school.entry
    with change("careers.found_class", actor=school.actor):
        return SchoolClass.objects.bulk_create(
            SchoolClass(
                school=school.school, school_year=year, number=number, name=_class_name(school, number),
                stage=STAGES[entry["setting"]], field_code=entry.get("field_code", ""), subjects=entry["subjects"],
                is_final=number == entry["levels"][-1],
            )
            for number in numbers
        )


def _enrol_all(school: SchoolTold, people_of: Iterable[tuple[SchoolClass, Sequence[Person]]]) -> None:
    """Whole classes of one year at once, from its first day to the last; people whom nobody knew are entered first."""
    pairs = [(school_class, each) for school_class, people in people_of for each in people]
    with change("careers.enrol", actor=school.actor):
        Person.objects.bulk_create(each for _class, each in pairs if each.pk is None)
        Registration.objects.bulk_create(
            (
                Registration(person=each, organisation=school.school.organisation, since=school_class.first_day)
                for school_class, each in pairs
            ),
            ignore_conflicts=True,
        )
        Enrolment.objects.bulk_create(
            Enrolment(
                school_class=school_class, person=each, joined_on=school_class.first_day, left_on=school_class.last_day
            )
            for school_class, each in pairs
        )


def _begin(pupils: Pupils, school: SchoolTold, year: int, place: int) -> None:
    before, size = AGE_BEFORE[school.entry["setting"]], school.entry["pupils"]
    classes = _found(school, year, school.entry["levels"])
    _enrol_all(school, [(each, pupils.cohort(school, year - before - each.number, size, place)) for each in classes])


def _next_year(pupils: Pupils, school: SchoolTold, year: int, place: int) -> None:
    """Some leave after grade 9; the others move up, and a first class begins."""
    entry = school.entry
    if LEAVING_GRADE in entry["levels"]:
        _leave_after_nine(pupils, school, year - 1)
    names = {
        each.pk: _class_name(school, each.number + 1)
        for each in school.school.classes.of_year(year - 1) if not each.is_final
    }
    roll_over(actor=school.actor, school=school.school, from_year=year - 1, names=names)
    last = school.school.classes.of_year(year).filter(number=entry["levels"][-1])
    for school_class in last:
        change_class(actor=school.actor, school_class=school_class, is_final=True)
    first = entry["levels"][0]
    born = year - AGE_BEFORE[entry["setting"]] - first
    coming = pupils.coming.pop((school.key, year), [])
    fresh = pupils.cohort(school, born, entry["pupils"] - len(coming), place)
    (school_class,) = _found(school, year, [first])
    _enrol_all(school, [(school_class, [*coming, *fresh])])


def _leave_after_nine(pupils: Pupils, school: SchoolTold, year: int) -> None:
    """In schools with upper grades the last three of grade 9 leave for a technikum, otherwise all of them finish there."""
    rows = Enrolment.objects.at(school.school).of_year(year).filter(school_class__number=LEAVING_GRADE)
    leaving = list(rows.select_related("school_class__school", "person").order_by("-pk")[:LEAVERS])
    for each in leaving:
        if not each.school_class.is_final:
            leave(actor=school.actor, enrolment=each, last_on=date(year + 1, *LEAVE_ON), reason="graduated")
    pupils.coming.setdefault((school.entry["leave_to"], year + 1), []).extend(each.person for each in leaving)


def _place_accounts(told: Schooling, child: str) -> None:
    """The pupils' own accounts: the child in the class of its age, the grown-up in a class after secondary school."""
    last = told.years[-1]
    hills, technikum = told.schools["hills"], told.schools["valmiera-technikum"]
    ward = told.ground.accounts[child].person
    if ward is None or ward.birth_on is None:
        raise ValueError(f"{child} is nobody with a birthday")
    grade = last - AGE_BEFORE["school"] - ward.birth_on.year
    for year in told.years:
        here = hills.school.classes.of_year(year).filter(number=grade - last + year).first()
        if here is not None:
            _enrol_all(hills, [(here, [ward])])
    youngest, oldest = (years_before(told.today, age) for age in EVENING_AGES)
    rows = Person.objects.current().filter(birth_on__range=(oldest, youngest), enrolments__isnull=True)
    known = rows.filter(account__isnull=True, registrations__organisation=technikum.school.organisation).order_by("pk")
    evening = found_class(
        actor=technikum.actor, school=technikum.school, school_year=last, number=1, name=EVENING_CLASS, stage="course",
        field_code="0714", subjects=technikum.entry["subjects"], is_final=True,
    )
    pupil = told.ground.accounts[PUPIL].person
    _enrol_all(technikum, [(evening, [*([pupil] if pupil else []), *known[: EVENING_PUPILS - 1]])])


def _go_away(pupils: Pupils, school: SchoolTold, year: int) -> None:
    """In the middle of the year one pupil of grade 8 moves to another school, and one of a third school goes abroad."""
    rows = Enrolment.objects.at(school.school).of_year(year).filter(school_class__number=MOVING_GRADE).order_by("pk")
    if school.key == MOVES_FROM:
        moving = rows.select_related("person", "school_class__school")[1]
        there = pupils.told.schools[MOVES_TO].school
        hand_over(actor=school.actor, enrolment=moving, to_school=there, last_on=date(year + 1, *MOVES_ON))
        pupils.moving.append(moving.person)
    elif school.key == LEAVES_FROM:
        leave(actor=school.actor, enrolment=rows[2], last_on=date(year + 1, *MOVES_ON), reason="left")


def _arrive(pupils: Pupils) -> None:
    """The pupil who moved is in the other school from the next day on, and moves up there."""
    there, year = pupils.told.schools[MOVES_TO], pupils.told.years[-2]
    next_day = date(year + 1, *MOVES_ON) + timedelta(days=1)
    for person in pupils.moving:
        for number, on in ((MOVING_GRADE, next_day), (MOVING_GRADE + 1, first_day(year + 1))):
            school_class = there.school.classes.of_year(year_of(on)).get(number=number)
            enrol(actor=there.actor, school_class=school_class, person=person, joined_on=on)


def _often_away(told: Schooling, school: SchoolTold) -> set[int]:
    """A few pupils of some of today's classes, the same ones in all years; never one with an account."""
    entry, found = school.entry, set()
    for number in entry["away_in"]:
        rows = Enrolment.objects.at(school.school).of_year(told.years[-1]).filter(
            school_class__number=number, person__account__isnull=True
        )
        found |= set(rows.order_by("-pk").values_list("person_id", flat=True)[: entry["away_each"]])
    return found

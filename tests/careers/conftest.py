"""Two schools in two cities with their counsellors, a technikum's class, pupils and a guardian."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange, DateTimeTZRange
from django.utils import timezone

from microcities.bookings.models import OpeningHours, Resource, ResourceKind
from microcities.careers.models import Enrolment, School, SchoolClass
from microcities.careers.school_years import first_day, last_day, year_of
from microcities.events.models import Attendance, Attendee, Event, Registration
from microcities.people.models import Account, Guardianship, Person
from tests import factories
from tests.world import World

RIGA = ZoneInfo("Europe/Riga")
YEAR = year_of(timezone.localdate())


@dataclass
class Schools:
    """The rows; Anna counsels in Ventspils, Baiba in Valmiera, and neither knows the other's pupils."""

    world: World
    ventspils: School
    valmiera: School
    nine_a: SchoolClass
    nine_b: SchoolClass
    theirs: SchoolClass
    anna: Account
    baiba: Account
    counsellor: Resource
    pupil: Person
    pupil_account: Account
    guardian: Account
    stranger: Person


def make_school(world: World, name: str, **fields: Any) -> School:
    organisation = factories.make_organisation(name, kind="school")
    return School.objects.create(
        **{"organisation": organisation, "programme": world.programme, "city": world.ventspils, "setting": "school", **fields}
    )


def make_class(school: School, name: str = "9.a", **fields: Any) -> SchoolClass:
    return SchoolClass.objects.create(**{"school": school, "school_year": YEAR, "number": 9, "name": name, **fields})


def make_pupil(school: School, given: str = "Jānis", family: str = "Bērziņš", age: int = 15) -> Person:
    born = timezone.localdate() - timedelta(days=age * 365 + 30)
    person = factories.make_person(given, family, birth_on=born)
    factories.register(person, school.organisation)
    return person


def place(school_class: SchoolClass, person: Person, **fields: Any) -> Enrolment:
    year = school_class.school_year
    return Enrolment.objects.create(
        **{"school_class": school_class, "person": person, "joined_on": first_day(year), "left_on": last_day(year), **fields}
    )


def make_counsellor(email: str, school: School, name: str) -> Account:
    account = factories.make_account(email, factories.make_person(name, "Kalniņa", birth_on=date(1980, 1, 1)))
    factories.give_role(account, school.organisation, "career_counsellor")
    return account


def make_bookable(school: School, name: str = "Karjeras konsultante", **fields: Any) -> Resource:
    found = Resource.objects.create(
        kind=ResourceKind.COUNSELLOR, name=name, organisation=school.organisation, city=school.city, **fields
    )
    for weekday in range(1, 8):
        OpeningHours.objects.create(
            resource=found, weekday=weekday, opens=9 * 60, closes=16 * 60, valid=DateRange(date(2018, 1, 1), None)
        )
    return found


def tomorrow_at(hour: int, minute: int = 0, days: int = 1) -> datetime:
    day = timezone.localdate() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=RIGA)


def past_event(school: School, **fields: Any) -> Event:
    """An announced event of the school's, over since an hour."""
    end = timezone.now() - timedelta(hours=1)
    return Event.objects.create(
        **{
            "organisation": school.organisation, "city": school.city, "kind": "career_day", "state": "published",
            "name": "Karjeras diena", "starts_at": end - timedelta(hours=3), "ends_at": end, **fields,
        }
    )


def attend(event: Event, person: Person, attendance: str = Attendance.ATTENDED) -> Attendee:
    form = Registration.objects.create(
        event=event, state="confirmed", place_in_line=event.next_in_line, made_by_id=1
    )
    event.next_in_line += 1
    event.save(update_fields=["next_in_line"])
    return Attendee.objects.create(
        registration=form, event=event, person=person, during=DateTimeTZRange(event.starts_at, event.ends_at),
        seat=form.place_in_line, attendance=attendance,
    )


def build_schools(world: World) -> Schools:
    ventspils = make_school(world, "Ventspils 1. vidusskola")
    valmiera = make_school(world, "Valmieras 2. vidusskola", city=world.valmiera)
    nine_a, nine_b, theirs = make_class(ventspils), make_class(ventspils, "9.b"), make_class(valmiera)
    pupil, stranger = make_pupil(ventspils), make_pupil(valmiera, "Xqvorn", "Plzenka")
    place(nine_a, pupil)
    place(theirs, stranger)
    parent = factories.make_person("Ilze", "Bērziņa", birth_on=date(1980, 2, 2))
    Guardianship.objects.create(
        guardian=parent, ward=pupil, proof="dzimšanas apliecība", valid_from=date(2018, 1, 1), confirmed_by_id=1
    )
    return Schools(
        world=world, ventspils=ventspils, valmiera=valmiera, nine_a=nine_a, nine_b=nine_b, theirs=theirs,
        anna=make_counsellor("anna@example.org", ventspils, "Anna"),
        baiba=make_counsellor("baiba@example.org", valmiera, "Baiba"),
        counsellor=make_bookable(ventspils), pupil=pupil, pupil_account=factories.make_account("janis@example.org", pupil),
        guardian=factories.make_account("ilze@example.org", parent), stranger=stranger,
    )


@pytest.fixture
def schools(world: World) -> Schools:
    return build_schools(world)

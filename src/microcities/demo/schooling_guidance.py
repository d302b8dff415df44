"""Counsellors with their hours and qualifications, and talks in every state."""

import uuid
from collections.abc import Iterator
from datetime import datetime, time, timedelta

from django.utils import timezone
from psycopg.types.range import DateRange

from microcities.bookings.actions import Wanted, book
from microcities.bookings.models import BookingKind, OpeningHours, Resource, ResourceKind
from microcities.careers.actions.guidance import (
    book_guidance,
    cancel_guidance,
    decline_guidance,
    miss_guidance,
    offer_guidance,
)
from microcities.careers.actions.notes import seal_note
from microcities.careers.actions.outcomes import record_qualification
from microcities.careers.counsellors import free_talks
from microcities.careers.models import Enrolment, GuidanceTalk
from microcities.careers.school_years import first_day
from microcities.demo.foundations import PUPIL
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.people.models import Account, Person
from microcities.trail.context import change

MONDAY_TO_THURSDAY = range(1, 5)
OPENS, CLOSES = 9 * 60, 15 * 60
BUFFER, NOTICE, MINUTES = 15, 24 * 60, 45
# Talks are booked from this many days ahead; the missed one was so many weeks ago at the latest.
AHEAD, UNTIL, MISSED_HOUR = 5, 26, 10
# Every so many talks end with a date for the next one, or have a parent in the room.
NEXT_TALK, WITH_PARENT = 3, 5


def advise(told: Schooling, child: str, guardian: str) -> None:
    """All talks of all schools; `child` and `guardian` are e-mails of accounts."""
    for school in told.schools.values():
        if school.counsellor is None:
            continue
        resource = _counsellor(told, school)
        _hold_talks(told, school)
        _let_talks_be(told, school, resource)
        if school.key == "hills":
            _own_talks(told, school, resource, told.ground.accounts[guardian], told.ground.accounts[child])
        if school.key == "valmiera-technikum":
            _own_talks(told, school, resource, told.ground.accounts[PUPIL], told.ground.accounts[PUPIL])


def _counsellor(told: Schooling, school: SchoolTold) -> Resource:
    """Bookable four days a week; the head has seen the qualification."""
    entry, person = school.entry["counsellor"], _person(school.actor)
    with change("bookings.add_resource", actor=school.head):
        resource = Resource.objects.create(
            kind=ResourceKind.COUNSELLOR, name=entry["title"], name_en=entry["title_en"], person=person,
            organisation=school.school.organisation, city=school.school.city, buffer_after=BUFFER, minimum_notice=NOTICE,
        )
        since = DateRange(first_day(told.years[0]), None)
        OpeningHours.objects.bulk_create(
            OpeningHours(resource=resource, weekday=weekday, opens=OPENS, closes=CLOSES, valid=since)
            for weekday in MONDAY_TO_THURSDAY
        )
    record_qualification(
        actor=school.head, counsellor=person, name=told.story["words"]["qualification"], level=entry["level"],
        valid_from=told.ground.programme.starts_on,
    )
    return resource


def _person(account: Account) -> Person:
    if account.person is None:
        raise ValueError(f"{account} is nobody")
    return account.person


def _hold_talks(told: Schooling, school: SchoolTold) -> None:
    """The talks of each year, in bulk: held with whoever comes, offered to whoever is away often."""
    for year, numbers in zip(told.years, school.entry["talks"], strict=True):
        rows = Enrolment.objects.at(school.school).of_year(year).filter(left_on__gte=told.on(year, 1)).order_by("pk")
        pupils = [
            each.person for each in rows.select_related("person", "school_class")
            if each.school_class.number in numbers or (each.school_class.is_final and numbers)
        ]
        with change("careers.record_talk", actor=school.actor):
            GuidanceTalk.objects.bulk_create(_talks(told, school, year, pupils))


def _talks(told: Schooling, school: SchoolTold, year: int, pupils: list[Person]) -> Iterator[GuidanceTalk]:
    words, counsellor = told.story["words"], school.actor
    for place, person in enumerate(pupils):
        on = told.on(year, 0.3 + 0.65 * place / len(pupils))
        talk = GuidanceTalk(
            person=person, organisation=school.school.organisation, programme=school.school.programme,
            offered_on=told.on(year, 0.1), offered_by_id=counsellor.pk, guardian_told_on=told.on(year, 0.1),
        )
        if person.pk not in school.often_away:
            talk.held_on, talk.minutes, talk.adviser, talk.noted_by_id = on, MINUTES, counsellor.person, counsellor.pk
            talk.advice = words["advice"][place % len(words["advice"])]
            talk.agreed = words["agreed"][place % len(words["agreed"])]
            talk.guardian_present = place % WITH_PARENT == 0
            talk.next_on = on + timedelta(days=120) if place % NEXT_TALK == 0 else None
        yield talk


def _let_talks_be(told: Schooling, school: SchoolTold, resource: Resource) -> None:
    """What is under way today, each by the service's own actions: offered, declined, booked, cancelled, missed."""
    counsellor, organisation = school.actor, school.school.organisation
    rows = Enrolment.objects.at(school.school).on(told.today).filter(person__account__isnull=True).select_related("person")
    offered, declined, booked, cancelled, missed = (each.person for each in rows.order_by("-pk")[:5])
    offer_guidance(actor=counsellor, organisation=organisation, person=offered, guardian_told=True)
    no = offer_guidance(actor=counsellor, organisation=organisation, person=declined)
    decline_guidance(actor=counsellor, talk=no)
    _book(told, counsellor, booked, resource, 0)
    off = _book(told, counsellor, cancelled, resource, 3)
    cancel_guidance(actor=counsellor, talk=off, reason="Skolēns tajā dienā ir sacensībās.")
    _miss(told, counsellor, missed, resource)


def _book(told: Schooling, actor: Account, person: Person, resource: Resource, place: int) -> GuidanceTalk:
    """One of the free times of the next weeks."""
    first, last = told.today + timedelta(days=AHEAD), told.today + timedelta(days=UNTIL)
    free = free_talks(resource, first, last, MINUTES)
    return book_guidance(
        actor=actor, person=person, counsellor=resource, starts_at=free[place].starts_at, minutes=MINUTES, key=uuid.uuid4()
    )


def _miss(told: Schooling, counsellor: Account, person: Person, resource: Resource) -> None:
    """A talk on a Monday that has passed, to which nobody came; it was booked the week before."""
    monday = told.today - timedelta(days=told.today.isoweekday() + 6)
    begins = timezone.make_aware(datetime.combine(monday, time(MISSED_HOUR)))
    with change("careers.book_guidance", actor=counsellor):
        booking = book(
            actor=counsellor, kind=BookingKind.GUIDANCE, person=person,
            wanted=[Wanted(resource, begins, begins + timedelta(minutes=MINUTES))],
        )
        talk = GuidanceTalk.objects.create(
            person=person, organisation=resource.organisation, programme=told.ground.programme, booking=booking,
            booked_at=begins - timedelta(days=7),
        )
    miss_guidance(actor=counsellor, talk=talk)


def _own_talks(told: Schooling, school: SchoolTold, resource: Resource, books: Account, whose: Account) -> None:
    """A person with an account has had a talk, of which the counsellor keeps a sealed note, and has the next one booked."""
    person = _person(whose)
    held = GuidanceTalk.objects.held().filter(person=person).latest("held_on")
    seal_note(actor=school.actor, talk=held, text=told.story["words"]["sealed"])
    _book(told, books, person, resource, 6)

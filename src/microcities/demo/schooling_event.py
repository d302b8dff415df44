"""A career day that is over: planned by a school, attended by two classes, and recorded as their encounter with an employer."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone
from psycopg.types.range import TimestamptzRange

from microcities.careers.actions.encounters import mark_attendance, record_from_event
from microcities.careers.models import CHECKS, Enrolment
from microcities.careers.school_years import first_day
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.events.actions.attendance import take_attendance
from microcities.events.models import Attendee, Event, EventState, Registration, RegistrationState
from microcities.people.models import Person
from microcities.trail.context import change

# Told of this year from the day on which some weeks of it have passed, before that of last year.
SETTLED = timedelta(days=14)
GRADES, BEGINS, HOURS, WHEN = (9, 11), 9, 4, 0.5
HOST, AWAY = "intellitech", 2


def hold_career_day(told: Schooling, school: SchoolTold) -> None:
    """Of those registered two did not come; the school records the event with the attendance that was taken there."""
    year = told.years[-1] if told.today - first_day(told.years[-1]) > SETTLED else told.years[-2]
    day = min(told.on(year, WHEN), told.today - timedelta(days=1))
    rows = Enrolment.objects.at(school.school).on(day).filter(school_class__number__in=GRADES).select_related("person")
    begins = timezone.make_aware(datetime.combine(day, time(BEGINS)))
    event = _past_event(told, school, begins, [each.person for each in rows.order_by("person_id")])
    keys = list(event.attendees.order_by("pk").values_list("pk", flat=True))
    take_attendance(actor=school.actor, event=event, came=keys[AWAY:], stayed_away=keys[:AWAY])
    encounter = record_from_event(
        actor=school.actor, school=school.school, event=event, kind="employer", hours=Decimal(HOURS),
        host=told.organisation(HOST), host_size="small", sector="J", is_stem=True,
        **dict.fromkeys(CHECKS["employer"], True),
    )
    came = set(encounter.attendances.attended().values_list("person_id", flat=True))
    mark_attendance(actor=school.actor, encounter=encounter, attended=(), reflected=came)


def _past_event(told: Schooling, school: SchoolTold, begins: datetime, people: list[Person]) -> Event:
    """The actions announce and register for what is to come only, so what they left behind is written here."""
    ends = begins + timedelta(hours=HOURS)
    with change("events.publish_event", actor=school.actor):
        event = Event.objects.create(
            programme=told.ground.programme, organisation=school.school.organisation, city=school.school.city,
            kind="career_day", state=EventState.PUBLISHED, published_at=begins - timedelta(days=30), name="Nozaru diena skolā",
            name_en="Industry day at school", about="Uzņēmumi rāda savu darbu; katra klase izmēģina divas darbnīcas.",
            about_en="Firms show their work; each class tries two workshops.", place=f"{school.school}, aktu zāle",
            starts_at=begins, ends_at=ends, audience="pupils", capacity=len(people), languages=["lv"],
        )
        form = Registration.objects.create(
            event=event, state=RegistrationState.CONFIRMED, place_in_line=event.next_in_line, made_by_id=school.actor.pk,
            organisation=school.school.organisation, label="9.a, 11.a",
        )
        Attendee.objects.bulk_create(
            Attendee(registration=form, event=event, person=person, during=TimestamptzRange(begins, ends), seat=seat)
            for seat, person in enumerate(people, 1)
        )
        event.next_in_line += 1
        event.save(update_fields=["next_in_line"])
    return event

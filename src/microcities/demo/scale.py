"""Multiplies the demo's population for measurements: people by COPY, their records by one statement, evidence rebuilt."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection

from microcities.demo.names import synthetic_people
from microcities.people.models import Organisation, Person
from microcities.programme.models import City, Programme
from microcities.trail.context import System, change

PEOPLE_PER_STEP = 1_430
RECORDS_PER_PERSON = 50
ACTIVITIES = 50
SCALE = System("demo.scale")
KINDS = ("career_support", "summer_job", "reskilling")


def scale_up(scale: int, *, report: Callable[[str], object]) -> None:
    """Add `(scale - 1) * 1430` people with 50 participations each; `report` is told of each step.

    At 70 these are 98,670 people and 4.9 million participations beside the demo's own.
    """
    wanted = (scale - 1) * PEOPLE_PER_STEP
    begun = time.monotonic()

    def say(words: str) -> None:
        report(f"  {time.monotonic() - begun:6.1f} s  {words}")

    with change("demo.scale_up", actor=SCALE), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('microcities.evidence_paused', 'on', true), set_config('jit', 'off', true)")
        first_id = _copy_people(wanted)
        say(f"{wanted} people")
        activities = _make_activities()
        cursor.execute(RECORDS, {"first": first_id, "activities": activities, "per_person": RECORDS_PER_PERSON})
        say(f"{cursor.rowcount} participations")
        cursor.execute(PAYMENTS, {"activities": activities})
        say(f"{cursor.rowcount} payments")
        cursor.execute("SELECT evidence_rebuild('participation')")
        say(f"{cursor.fetchone()[0]} evidence rows")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    say("statistics gathered")


def _copy_people(count: int) -> int:
    """COPY `count` people; returns the first of their ids."""
    draw = synthetic_people(7, youngest_on=date(2008, 12, 31), oldest_on=date(1958, 1, 1))
    last = Person.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    columns = "public_id, given_name, family_name, sex, birth_on, email, phone, language, country, place"
    with connection.cursor() as cursor, cursor.copy(f"COPY people_person ({columns}) FROM STDIN") as copy:
        for number in range(count):
            person = next(draw)
            copy.write_row(
                (_uuid(number), person.given_name, person.family_name, person.sex, person.birth_on, person.email, "",
                 "lv", "LV", "valmiera" if number % 2 else "ventspils")
            )
    return last + 1


def _uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012x}"


def _make_activities() -> list[int]:
    """Fifty activities over three years, in both cities; their ids in order."""
    programme = Programme.objects.earliest("pk")
    cities = list(City.objects.order_by("pk"))
    organisations = list(Organisation.objects.filter(partnerships__programme=programme).order_by("pk"))
    model = programme.activities.model
    made = model.objects.bulk_create(
        model(
            programme=programme,
            organisation=organisations[number % len(organisations)],
            city=cities[number % len(cities)],
            code=f"scale-{number + 1}",
            kind=KINDS[number % len(KINDS)],
            name=f"Mērījumu aktivitāte {number + 1}",
            name_en=f"Activity for measurements {number + 1}",
            starts_on=programme.starts_on + timedelta(days=20 * number),
            ends_on=programme.starts_on + timedelta(days=20 * number + 19),
        )
        for number in range(ACTIVITIES)
    )
    return [activity.pk for activity in made]


# Every person takes part in every one of the activities, on a day within it; a tenth of the records is confirmed.
RECORDS = """
    INSERT INTO participation_participation (
        activity_id, person_id, started_on, hours, proof, proof_reference, verification, verified_by_id, verified_at)
    SELECT a.id, p.id, a.starts_on + ((p.id * 7 + a.id) %% 20)::int, 4, 'list', '',
           CASE WHEN (p.id + a.id) %% 10 = 0 THEN 'confirmed' ELSE 'unverified' END,
           CASE WHEN (p.id + a.id) %% 10 = 0 THEN 1 END,
           CASE WHEN (p.id + a.id) %% 10 = 0 THEN now() END
    FROM people_person AS p
         CROSS JOIN LATERAL (SELECT * FROM participation_activity AS a WHERE a.id = ANY(%(activities)s)
                             ORDER BY a.id LIMIT %(per_person)s) AS a
    WHERE p.id >= %(first)s
"""
PAYMENTS = """
    INSERT INTO participation_participationfunding (participation_id, funding_source_id)
    SELECT p.id, f.id
    FROM participation_participation AS p
         JOIN programme_fundingsource AS f
           ON f.code = CASE WHEN p.id %% 4 = 0 THEN 'valmiera-budget' ELSE 'nextgen-erdf' END
    WHERE p.activity_id = ANY(%(activities)s)
"""

"""Multiplies the demo's population for measurements: people by COPY, records in bulk, evidence counted once at the end."""

import time
from collections.abc import Callable
from datetime import date, timedelta

from django.db import connection
from django.db.backends.utils import CursorWrapper

from microcities.demo.bulk import set_aside
from microcities.demo.names import synthetic_people
from microcities.participation.models import Activity
from microcities.people.models import Organisation, Person
from microcities.programme.models import City, FundingSource, Programme
from microcities.trail.context import System, change

PEOPLE_PER_STEP = 1_430
CIRCLES = 6  # of people whom the same two partners serve
ACTIVITIES = 50  # of each circle, and as many records of each person, one in each
SCALE = System("demo.scale")
KINDS = ("career_support", "summer_job", "reskilling")
# Told for this transaction only: evidence follows at the end, and sorting millions of rows wants memory.
SETTINGS = {
    "microcities.evidence_paused": "on", "work_mem": "256MB", "maintenance_work_mem": "512MB",
}
RECORD_TABLES = ("participation_participation", "participation_participationfunding")
EVIDENCE_TABLES = ("evidence_row", "evidence_firstcount", "evidence_parttally")


def scale_up(scale: int, *, report: Callable[[str], object]) -> None:
    """Add `(scale - 1) * 1430` people with 50 participations each; `report` is told of each step.

    At 70 these are 98,670 people and 4.9 million participations beside the demo's own. History is written by the same
    triggers as ever. A demo that has been multiplied before stays as it is.
    """
    if Activity.objects.filter(code="scale-1").exists():
        report("  The population has been multiplied before and stays as it is.")
        return
    begun = time.monotonic()

    def say(words: str) -> None:
        report(f"  {time.monotonic() - begun:6.1f} s  {words}")

    with change("demo.scale_up", actor=SCALE), connection.cursor() as cursor:
        for name, value in SETTINGS.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])
        first_id = _copy_people((scale - 1) * PEOPLE_PER_STEP)
        say(f"{(scale - 1) * PEOPLE_PER_STEP} people")
        _add_records(cursor, first_id, say)
        with set_aside(cursor, EVIDENCE_TABLES):
            cursor.execute("SELECT evidence_rebuild('participation')")
            say(f"{cursor.fetchone()[0]} evidence rows")
        say("their indexes")


def gather_statistics() -> None:
    """So that the planner knows the new sizes and the first readers need not tidy up; outside any transaction."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _add_records(cursor: CursorWrapper, first_id: int, say: Callable[[str], None]) -> None:
    """Participations and what paid for them, one circle of people after another."""
    own, other = (FundingSource.objects.get(code=code).pk for code in ("nextgen-erdf", "valmiera-budget"))
    with set_aside(cursor, RECORD_TABLES):
        for circle in range(CIRCLES):
            cursor.execute(RECORDS, {
                "first": first_id, "circle": circle, "circles": CIRCLES, "activities": _make_activities(circle),
                "own": own, "other": other,
            })
            say(f"{cursor.rowcount} participations of circle {circle + 1}, and their payments")
    cursor.execute(f"ANALYZE people_person, {', '.join(RECORD_TABLES)}")
    say("their indexes and references")


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


def _make_activities(circle: int) -> list[int]:
    """Fifty activities over three years, half of them in each city and of each of two partners; their ids in order."""
    programme = Programme.objects.earliest("pk")
    cities = list(City.objects.order_by("pk"))
    organisations = list(Organisation.objects.filter(partnerships__programme=programme).order_by("pk"))
    made = Activity.objects.bulk_create(
        Activity(
            programme=programme,
            organisation=organisations[(2 * circle + number % 2) % len(organisations)],
            city=cities[number % len(cities)],
            code=f"scale-{circle * ACTIVITIES + number + 1}",
            kind=KINDS[number % len(KINDS)],
            name=f"Mērījumu aktivitāte {circle + 1}-{number + 1}",
            name_en=f"Activity for measurements {circle + 1}-{number + 1}",
            starts_on=programme.starts_on + timedelta(days=20 * number),
            ends_on=programme.starts_on + timedelta(days=20 * number + 19),
        )
        for number in range(ACTIVITIES)
    )
    return [activity.pk for activity in made]


# Every person takes part in each activity of the circle, on a day within it; a tenth of the records is confirmed, and a
# quarter is paid by a city. The records come into being in the database: that is quicker than to COPY them there.
RECORDS = """
    WITH made AS (
        INSERT INTO participation_participation (
            activity_id, person_id, started_on, hours, proof, proof_reference, verification, verified_by_id, verified_at)
        SELECT a.id, p.id, a.starts_on + ((p.id * 7 + a.id) %% 20)::int, 4, 'list', '',
               CASE WHEN (p.id + a.id) %% 10 = 0 THEN 'confirmed' ELSE 'unverified' END,
               CASE WHEN (p.id + a.id) %% 10 = 0 THEN 1 END,
               CASE WHEN (p.id + a.id) %% 10 = 0 THEN now() END
        FROM participation_activity AS a CROSS JOIN people_person AS p
        WHERE a.id = ANY(%(activities)s) AND p.id >= %(first)s AND p.id %% %(circles)s = %(circle)s
        RETURNING id
    )
    INSERT INTO participation_participationfunding (participation_id, funding_source_id)
    SELECT id, CASE WHEN id %% 4 = 0 THEN %(other)s ELSE %(own)s END FROM made
"""

"""Applies a stored plan in a dozen statements, each for the whole list, so that history and counts follow in bulk too.

Every statement reads participation_listrow; values there are text, checked when the row was read. Aggregates gather
what several rows of the list say of one person; rows that contradict each other were refused.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection

from microcities.participation.models import ListImport

Report = Callable[[int, int], None]

# Numbers first, so that rows of several tables can point to each other from the start.
NUMBER_PERSONS = """
    WITH numbered AS (
        SELECT number, nextval(pg_get_serial_sequence('people_person', 'id')) AS id
        FROM (SELECT DISTINCT first_number AS number FROM participation_listrow
              WHERE of_list_id = %(list)s AND first_number IS NOT NULL ORDER BY 1) AS firsts)
    UPDATE participation_listrow AS r SET person_id = numbered.id
    FROM numbered WHERE r.of_list_id = %(list)s AND r.first_number = numbered.number
"""
INSERT_PERSONS = """
    INSERT INTO people_person (id, public_id, given_name, family_name, birth_on, sex, email, phone, language, country,
                               place, code_hash)
    SELECT person_id, gen_random_uuid(),
           (array_agg("values" ->> 'given_name' ORDER BY number))[1],
           (array_agg("values" ->> 'family_name' ORDER BY number))[1],
           max("values" ->> 'birth_on')::date,
           coalesce(max("values" ->> 'sex') FILTER (WHERE "values" ->> 'sex' <> 'unknown'), 'unknown'),
           coalesce(max("values" ->> 'email'), ''), coalesce(max("values" ->> 'phone'), ''), 'lv',
           coalesce(max("values" ->> 'country'), ''), '',
           (array_agg(code_hash) FILTER (WHERE code_hash IS NOT NULL))[1]
    FROM participation_listrow WHERE of_list_id = %(list)s AND first_number IS NOT NULL
    GROUP BY person_id ORDER BY person_id
"""
UPDATE_PERSONS = """
    UPDATE people_person AS p SET
        given_name = coalesce(said.given_name, p.given_name), family_name = coalesce(said.family_name, p.family_name),
        birth_on = coalesce(said.birth_on::date, p.birth_on), sex = coalesce(said.sex, p.sex),
        email = coalesce(said.email, p.email), phone = coalesce(said.phone, p.phone),
        country = coalesce(said.country, p.country), code_hash = coalesce(said.code, p.code_hash)
    FROM (SELECT person_id,
                 max(changes #>> '{person,given_name,1}') AS given_name,
                 max(changes #>> '{person,family_name,1}') AS family_name,
                 max(changes #>> '{person,birth_on,1}') AS birth_on,
                 max(changes #>> '{person,sex,1}') AS sex,
                 max(changes #>> '{person,email,1}') AS email,
                 max(changes #>> '{person,phone,1}') AS phone,
                 max(changes #>> '{person,country,1}') AS country,
                 (array_agg(code_hash) FILTER (WHERE changes #> '{person,personal_code}' IS NOT NULL))[1] AS code
          FROM participation_listrow WHERE of_list_id = %(list)s AND changes ? 'person' GROUP BY person_id) AS said
    WHERE p.id = said.person_id
"""
UPDATE_REGISTRATIONS = """
    UPDATE people_registration AS g SET local_reference = said.reference
    FROM (SELECT person_id, max(changes #>> '{registration,local_reference,1}') AS reference
          FROM participation_listrow WHERE of_list_id = %(list)s AND changes ? 'registration' GROUP BY person_id) AS said
    WHERE g.person_id = said.person_id AND g.organisation_id = %(organisation)s
"""
INSERT_REGISTRATIONS = """
    INSERT INTO people_registration (person_id, organisation_id, local_reference, since)
    SELECT person_id, %(organisation)s, coalesce(max("values" ->> 'local_reference'), ''),
           min(least("values" ->> 'applied_on', "values" ->> 'started_on'))::date
    FROM participation_listrow WHERE of_list_id = %(list)s AND registers
    GROUP BY person_id ORDER BY person_id
"""
# New records get their numbers here, so that their money can be written in the same statement.
NUMBER_RECORDS = """
    UPDATE participation_listrow
    SET participation_id = nextval(pg_get_serial_sequence('participation_participation', 'id'))
    WHERE of_list_id = %(list)s AND outcome IN ('new', 'candidate', 'known')
"""
INSERT_RECORDS = """
    WITH fresh AS (
        SELECT * FROM participation_listrow WHERE of_list_id = %(list)s AND outcome IN ('new', 'candidate', 'known')
    ), records AS (
        INSERT INTO participation_participation (
            id, activity_id, person_id, host_id, applied_on, started_on, completed_on, in_work_on, dropped_out_on,
            hours, amount, proof, proof_reference, verification, batch_id, brought_by_id)
        SELECT participation_id, %(activity)s, person_id, ("values" ->> 'host')::bigint,
               ("values" ->> 'applied_on')::date, ("values" ->> 'started_on')::date,
               ("values" ->> 'completed_on')::date, ("values" ->> 'in_work_on')::date, ("values" ->> 'dropped_out_on')::date,
               ("values" ->> 'hours')::numeric, ("values" ->> 'amount')::numeric, 'list',
               coalesce("values" ->> 'proof_reference', ''), 'unverified', %(list)s, %(actor)s
        FROM fresh ORDER BY number)
    INSERT INTO participation_participationfunding (participation_id, funding_source_id)
    SELECT participation_id, source.id::bigint
    FROM fresh CROSS JOIN LATERAL jsonb_array_elements_text("values" -> 'funding') WITH ORDINALITY AS source (id, place)
    ORDER BY number, place
"""
UPDATE_RECORDS = """
    WITH said AS (
        SELECT participation_id AS id, changes -> 'participation' AS c
        FROM participation_listrow WHERE of_list_id = %(list)s AND changes ? 'participation'
    ), records AS (
        UPDATE participation_participation AS p SET
            applied_on = coalesce((c #>> '{applied_on,1}')::date, p.applied_on),
            started_on = coalesce((c #>> '{started_on,1}')::date, p.started_on),
            completed_on = coalesce((c #>> '{completed_on,1}')::date, p.completed_on),
            in_work_on = coalesce((c #>> '{in_work_on,1}')::date, p.in_work_on),
            dropped_out_on = coalesce((c #>> '{dropped_out_on,1}')::date, p.dropped_out_on),
            hours = coalesce((c #>> '{hours,1}')::numeric, p.hours),
            amount = coalesce((c #>> '{amount,1}')::numeric, p.amount),
            host_id = coalesce((c #>> '{host,1}')::bigint, p.host_id),
            proof_reference = coalesce(c #>> '{proof_reference,1}', p.proof_reference),
            proof = CASE p.proof WHEN 'none' THEN 'list' ELSE p.proof END,
            verification = 'unverified', verified_by_id = NULL, verified_at = NULL, brought_by_id = %(actor)s
        FROM said WHERE p.id = said.id)
    INSERT INTO participation_participationfunding (participation_id, funding_source_id)
    SELECT said.id, source.id::bigint
    FROM said CROSS JOIN LATERAL jsonb_array_elements_text(c #> '{funding,1}') WITH ORDINALITY AS source (id, place)
    WHERE NOT EXISTS (SELECT FROM participation_participationfunding AS f
                      WHERE f.participation_id = said.id AND f.funding_source_id = source.id::bigint)
    ORDER BY said.id, place
"""
# A negative key is an earlier row of the same list.
INSERT_CANDIDATES = """
    INSERT INTO people_matchcandidate (first_id, second_id, score, reasons, state)
    SELECT DISTINCT ON (1, 2) least(r.person_id, other.id), greatest(r.person_id, other.id),
           (pair ->> 'score')::numeric, pair -> 'reasons', 'open'
    FROM participation_listrow AS r
         CROSS JOIN LATERAL jsonb_array_elements(r.candidates) AS pair
         LEFT JOIN participation_listrow AS earlier
             ON earlier.of_list_id = %(list)s AND earlier.number = -(pair ->> 'key')::bigint
         CROSS JOIN LATERAL (SELECT coalesce(earlier.person_id, (pair ->> 'key')::bigint) AS id) AS other
    WHERE r.of_list_id = %(list)s AND r.person_id <> other.id
    ORDER BY 1, 2, 3 DESC
    ON CONFLICT DO NOTHING
"""
# Evidence of tens of thousands of people is sorted several times over; on disk that takes twice as long.
ROOM_TO_SORT = "SELECT set_config('work_mem', '256MB', true)"
# Evidence follows a table at each statement. Records and their money are two tables, so it is held back while both are
# written and then brought up to date once; the planner has to know by then how large the tables have become. Reading
# samples of tables that hardly grew would take seconds for nothing.
PAUSE_EVIDENCE = "SELECT set_config('microcities.evidence_paused', 'on', true)"
RESUME_EVIDENCE = "SELECT set_config('microcities.evidence_paused', '', true)"
ANALYZE = "ANALYZE people_person, participation_participation, participation_participationfunding"
GREW = """
    SELECT (SELECT count(*) FROM participation_listrow WHERE of_list_id = %(list)s) * 10 > reltuples
    FROM pg_class WHERE oid = 'participation_participation'::regclass
"""
REFRESH_EVIDENCE = """
    SELECT evidence_refresh('participation', array_agg(participation_id)) FROM participation_listrow
    WHERE of_list_id = %(list)s AND participation_id IS NOT NULL AND outcome <> 'unchanged'
"""
STATEMENTS = (
    NUMBER_PERSONS, INSERT_PERSONS, UPDATE_PERSONS, UPDATE_REGISTRATIONS, INSERT_REGISTRATIONS, NUMBER_RECORDS,
    ROOM_TO_SORT, PAUSE_EVIDENCE, INSERT_RECORDS, UPDATE_RECORDS, RESUME_EVIDENCE, ANALYZE, REFRESH_EVIDENCE,
    INSERT_CANDIDATES,
)


def write_plan(the_list: ListImport, actor_id: int, report: Report) -> None:
    """Make and change persons, registrations, records and pairs as the stored plan says; `report(done, of)` follows."""
    parameters = {
        "list": the_list.pk, "organisation": the_list.organisation_id, "activity": the_list.activity_id,
        "actor": actor_id,
    }
    with connection.cursor() as cursor:
        for done, statement in enumerate(STATEMENTS, start=1):
            if statement is not ANALYZE or _grew(cursor, parameters):
                cursor.execute(statement, parameters)
            report(done, len(STATEMENTS))


def _grew(cursor: Any, parameters: dict[str, Any]) -> bool:
    """Whether the list is more than a tenth of all records the planner knows of."""
    cursor.execute(GREW, parameters)
    return bool(cursor.fetchone()[0])

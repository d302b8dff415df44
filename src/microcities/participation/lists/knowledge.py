"""Loads what a list is compared with: persons, own values, the activity's records, names of money and hosts."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from microcities.database.collation import search_key
from microcities.participation.lists.comparing import Existing
from microcities.participation.lists.plan import Known
from microcities.participation.lists.rows import Surroundings
from microcities.participation.models import ListImport
from microcities.people.matching.queries import known_records
from microcities.people.models import Organisation
from microcities.programme.models import FundingSource

OWN = """
    SELECT p.id, p.given_name, p.family_name, p.birth_on, p.sex, p.email, p.phone, p.country, p.code_hash IS NOT NULL,
           r.local_reference
    FROM people_registration AS r JOIN people_person AS p ON p.id = r.person_id
    WHERE r.organisation_id = %s
    ORDER BY p.id
"""
RECORDS = """
    SELECT coalesce(person.merged_into_id, p.person_id), p.id, p.applied_on, p.started_on, p.completed_on, p.in_work_on,
           p.dropped_out_on, p.hours, p.amount, p.host_id, p.proof_reference, p.verification,
           coalesce((SELECT array_agg(f.funding_source_id ORDER BY f.id)
                     FROM participation_participationfunding AS f WHERE f.participation_id = p.id), '{}')
    FROM participation_participation AS p JOIN people_person AS person ON person.id = p.person_id
    WHERE p.activity_id = %s
    ORDER BY p.id
"""
LOCK_PERSONS = """
    SELECT count(*) FROM (SELECT FROM people_person WHERE id IN (
        SELECT person_id FROM people_registration WHERE organisation_id = %s) ORDER BY id FOR NO KEY UPDATE) AS locked
"""
LOCK_RECORDS = """
    SELECT count(*) FROM (SELECT FROM participation_participation WHERE activity_id = %s
                          ORDER BY id FOR NO KEY UPDATE) AS locked
"""
NAMES = ("applied_on", "started_on", "completed_on", "in_work_on", "dropped_out_on", "hours", "amount", "host",
         "proof_reference")
CENT = Decimal("0.01")
# Over every row that a plan rests on: equal sums mean that nothing has changed, without planning again.
FINGERPRINT = """
    SELECT concat_ws(' ',
        (SELECT concat_ws('/', count(*), sum(hash_record_extended(p, 0))) FROM people_person AS p),
        (SELECT concat_ws('/', count(*), sum(hash_record_extended(r, 0))) FROM people_registration AS r
         WHERE r.organisation_id = %(organisation)s),
        (SELECT concat_ws('/', count(*), sum(hash_record_extended(p, 0))) FROM participation_participation AS p
         WHERE p.activity_id = %(activity)s),
        (SELECT concat_ws('/', count(*), sum(hash_record_extended(f, 0))) FROM participation_participationfunding AS f
         WHERE f.participation_id IN (SELECT id FROM participation_participation WHERE activity_id = %(activity)s)))
"""


def surroundings_of(the_list: ListImport) -> Surroundings:
    """What the rows of a list are read against."""
    activity = the_list.activity
    fundings: dict[str, int] = {}
    for source in FundingSource.objects.order_by("pk"):
        for name in (source.code, source.name, source.name_en):
            fundings.setdefault(search_key(name), source.pk)
    return Surroundings(
        header=the_list.header,
        mapping=dict(sorted(the_list.mapping.items(), key=lambda pair: pair[1])),  # problems in the order of the columns
        starts_on=activity.starts_on,
        ends_on=activity.ends_on,
        today=timezone.localdate(),
        fundings=fundings,
        hosts=_hosts(),
    )


def _hosts() -> dict[str, int]:
    hosts: dict[str, int] = {}
    for number, code, name in Organisation.objects.order_by("pk").values_list("pk", "registration_number", "name"):
        key = search_key(name)
        hosts[key] = -1 if key in hosts else number
        if code:
            hosts[code] = number
    return hosts


def lock_known(the_list: ListImport) -> None:
    """Keep the organisation's persons and the activity's records as they are until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_PERSONS, [the_list.organisation_id])
        cursor.execute(LOCK_RECORDS, [the_list.activity_id])


def known_to(the_list: ListImport) -> Known:
    """What is known before the list is applied."""
    return Known(
        own_persons=_own_persons(the_list.organisation_id),
        participations=_participations(the_list.activity_id),
        records=known_records(the_list.organisation_id),
    )


def fingerprint(the_list: ListImport) -> str:
    """Stands for all that a plan of this list rests on; the same only while none of it has changed."""
    with connection.cursor() as cursor:
        cursor.execute(FINGERPRINT, {"organisation": the_list.organisation_id, "activity": the_list.activity_id})
        return str(cursor.fetchone()[0])


def _own_persons(organisation_id: int) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(OWN, [organisation_id])
        return {
            number: {
                "given_name": given, "family_name": family, "birth_on": birth.isoformat() if birth else "", "sex": sex,
                "email": email, "phone": phone, "country": country, "has_code": has_code, "local_reference": reference,
            }
            for number, given, family, birth, sex, email, phone, country, has_code, reference in cursor
        }


def _participations(activity_id: int) -> dict[int, list[Existing]]:
    found: defaultdict[int, list[Existing]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(RECORDS, [activity_id])
        for person_id, number, *cells, verification, funding in cursor:
            values = {name: _as_text(cell) for name, cell in zip(NAMES, cells, strict=True)}
            found[person_id].append(Existing(number, values, list(funding), verification))
    return found


def _as_text(cell: Any) -> Any:
    """A value of the database as a row of a list keeps it."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell.quantize(CENT):f}"
    return cell if isinstance(cell, int | str) else cell.isoformat()

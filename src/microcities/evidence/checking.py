"""Proves that evidence rows and tallies are what the services' declared queries give today."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from psycopg import sql

from microcities.evidence.registry import REGISTRY, Source

_ROWS = """
    SELECT 'missing' AS fault, measure, record_id FROM
      (SELECT measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, funding_ids, quantity, proof,
              verification, sex, age FROM {view}
       EXCEPT
       SELECT measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, funding_ids, quantity, proof,
              verification, sex, age FROM evidence_row WHERE source = {name} AND known_to IS NULL) AS m
    UNION ALL
    SELECT 'wrong', measure, record_id FROM
      (SELECT measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, funding_ids, quantity, proof,
              verification, sex, age FROM evidence_row WHERE source = {name} AND known_to IS NULL
       EXCEPT
       SELECT measure, record_id, subject_kind, subject_id, fact_on, city_id, partner_id, funding_ids, quantity, proof,
              verification, sex, age FROM {view}) AS w
    ORDER BY 2, 3, 1 LIMIT 100
"""
_SCOPES = """
    evidence_row AS r
    CROSS JOIN LATERAL (SELECT DISTINCT unnest(r.funding_ids || 0::bigint) AS id) AS f
    CROSS JOIN LATERAL (VALUES (r.city_id), (0::bigint)) AS c (id)
    CROSS JOIN LATERAL (VALUES (r.partner_id), (0::bigint)) AS p (id)
    WHERE r.known_to IS NULL
"""
# The pieces are constants of this module.
_COUNTS = f"""
    WITH kept AS (
        SELECT measure, funding_id, city_id, partner_id, fact_on, sum(subjects) AS subjects, sum(records) AS records
        FROM evidence_tally GROUP BY 1, 2, 3, 4, 5
    ), firsts AS (
        SELECT r.measure, f.id AS funding_id, c.id AS city_id, p.id AS partner_id, min(r.fact_on) AS fact_on
        FROM {_SCOPES} GROUP BY 1, 2, 3, 4, r.subject_kind, r.subject_id
    ), counted AS (
        SELECT measure, funding_id, city_id, partner_id, fact_on, sum(subjects) AS subjects, sum(records) AS records FROM (
            SELECT measure, funding_id, city_id, partner_id, fact_on, count(*) AS subjects, 0 AS records FROM firsts
            GROUP BY 1, 2, 3, 4, 5
            UNION ALL
            SELECT r.measure, f.id, c.id, p.id, r.fact_on, 0, count(*) FROM {_SCOPES} GROUP BY 1, 2, 3, 4, 5
        ) AS anew GROUP BY 1, 2, 3, 4, 5
    )
    SELECT measure, fact_on, coalesce(kept.subjects, 0), coalesce(counted.subjects, 0),
           coalesce(kept.records, 0), coalesce(counted.records, 0)
    FROM kept FULL JOIN counted USING (measure, funding_id, city_id, partner_id, fact_on)
    WHERE (coalesce(kept.subjects, 0), coalesce(kept.records, 0))
          IS DISTINCT FROM (coalesce(counted.subjects, 0), coalesce(counted.records, 0))
    ORDER BY 1, 2 LIMIT 100
"""  # noqa: S608
_PARTS = f"""
    WITH kept AS (
        SELECT measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, coalesce(age, -1) AS age,
               sum(subjects) AS subjects
        FROM evidence_parttally GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    ), firsts AS (
        SELECT DISTINCT ON (r.measure, r.subject_kind, r.subject_id, f.id, c.id, p.id)
               r.measure, f.id AS funding_id, c.id AS city_id, p.id AS partner_id, r.fact_on, r.city_id AS at_city_id,
               r.partner_id AS at_partner_id, r.sex, coalesce(r.age, -1) AS age
        FROM {_SCOPES}
        ORDER BY r.measure, r.subject_kind, r.subject_id, f.id, c.id, p.id, r.fact_on, r.id
    ), counted AS (
        SELECT measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age, count(*) AS subjects
        FROM firsts GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    )
    SELECT measure, fact_on, coalesce(kept.subjects, 0), coalesce(counted.subjects, 0)
    FROM kept FULL JOIN counted
         USING (measure, funding_id, city_id, partner_id, fact_on, at_city_id, at_partner_id, sex, age)
    WHERE coalesce(kept.subjects, 0) <> coalesce(counted.subjects, 0)
    ORDER BY 1, 2 LIMIT 100
"""  # noqa: S608


@dataclass(frozen=True)
class Drift:
    """One place where evidence is not what the records say."""

    measure: str
    words: str


def check_evidence(report: Callable[[str], object] = lambda words: None) -> list[Drift]:
    """Compare every source's query with its rows, and every tally with the rows; at most 100 faults of each kind.

    `report` is told what is being compared.
    """
    found: list[Drift] = []
    with connection.cursor() as cursor:
        for source in REGISTRY.sources.values():
            report(f"records of {source.name}")
            cursor.execute(_rows_query(source))
            found += [
                Drift(measure, f"record {record_id}: evidence row {fault}")
                for fault, measure, record_id in cursor.fetchall()
            ]
        report("counts")
        cursor.execute(_COUNTS)
        found += [
            Drift(measure, f"{day}: {kept} subjects kept, {counted} counted; {kept_r} records kept, {counted_r} counted")
            for measure, day, kept, counted, kept_r, counted_r in cursor.fetchall()
        ]
        report("parts")
        cursor.execute(_PARTS)
        found += [
            Drift(measure, f"{day}: {kept} subjects kept in a place, {counted} counted")
            for measure, day, kept, counted in cursor.fetchall()
        ]
    return found


def _rows_query(source: Source) -> sql.Composed:
    return sql.SQL(_ROWS).format(view=sql.Identifier(source.view), name=sql.Literal(source.name))

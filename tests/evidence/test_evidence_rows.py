"""Evidence rows and counts follow the records whichever way these are written."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone
from tests import factories
from tests.world import World

from microcities.evidence import install
from microcities.evidence.checking import check_evidence
from microcities.evidence.models import EvidenceRow, FirstCount, PartTally, Tally
from microcities.evidence.registry import REGISTRY, Measure, Registry, Source, SubjectKind
from microcities.participation.models import Participation, ParticipationFunding
from microcities.people.models import Person

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
END = date(2021, 10, 31)


def count(measure: str, **scope: object) -> dict[str, int]:
    """Subjects, records and confirmed records of a measure at the programme's end, or zeros."""
    for row in Tally.objects.counts(as_of=scope.pop("as_of", END), **scope):
        if row["measure"] == measure:
            return {key: int(row[key]) for key in ("subjects", "records", "confirmed")}
    return {"subjects": 0, "records": 0, "confirmed": 0}


def expected_from_rows(measure: str) -> dict[str, int]:
    """The same count, counted anew from the open evidence rows."""
    rows = EvidenceRow.objects.known_at(None).of_measures([measure]).up_to(END)
    return {
        "subjects": rows.values("subject_kind", "subject_id").distinct().count(),
        "records": rows.count(),
        "confirmed": rows.filter(verification="confirmed").count(),
    }


def test_evidence_row_of_new_record(world: World) -> None:
    record = factories.take_part(world.summer, world.peteris, world.erdf, hours=60)
    row = EvidenceRow.objects.get(measure="summerjobs.pupils")
    assert (row.record_id, row.subject_kind, row.subject_id) == (record.pk, "person", world.peteris.pk)
    assert (row.fact_on, row.city_id, row.partner_id) == (
        date(2019, 6, 3), world.valmiera.pk, world.valmiera_partner.pk
    )
    assert (row.funding_ids, row.quantity, row.verification) == ([world.erdf.pk], 60, "unverified")
    assert count("summerjobs.pupils") == {"subjects": 1, "records": 1, "confirmed": 0}


def test_counts_overlapping_lists_are_distinct_persons(world: World) -> None:
    """Facts 8.1: ids 1-400, 301-700 and 601-1050 are 1,250 rows and 1,050 persons."""
    people = Person.objects.bulk_create(
        Person(given_name=f"Skolēns {n}", family_name="Ozols") for n in range(1, 1051)
    )
    for first, last in ((1, 400), (301, 700), (601, 1050)):
        activity = factories.make_activity(
            world.programme, world.valmiera_partner, world.valmiera, kind="career_support"
        )
        Participation.objects.bulk_create(
            Participation(activity=activity, person=people[n - 1], started_on=date(2019, 9, 1))
            for n in range(first, last + 1)
        )
    assert count("careers.pupils") == {"subjects": 1050, "records": 1250, "confirmed": 0}
    assert count("careers.pupils") == expected_from_rows("careers.pupils")


def test_counts_funding_keeps_project_and_city_apart(world: World) -> None:
    """Facts 8.1: 281 in the city, 66 of the project, 12 of them paid from a second source too; never 347."""
    agency = factories.make_funding("nva", name="NVA")
    people = Person.objects.bulk_create(Person(given_name=f"P{n}", family_name="Liepa") for n in range(281))
    records = Participation.objects.bulk_create(
        Participation(activity=world.summer, person=person, started_on=date(2019, 6, 3)) for person in people
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=world.erdf if n < 66 else world.city_budget)
        for n, record in enumerate(records)
    )
    ParticipationFunding.objects.bulk_create(
        ParticipationFunding(participation=record, funding_source=agency) for record in records[:12]
    )
    assert count("summerjobs.pupils")["subjects"] == 281
    assert count("summerjobs.pupils", funding_id=world.erdf.pk)["subjects"] == 66
    assert count("summerjobs.pupils", funding_id=agency.pk)["subjects"] == 12
    assert EvidenceRow.objects.known_at(None).paid_twice().count() == 12


def test_counts_follow_bulk_update_and_delete(world: World) -> None:
    one = factories.take_part(world.summer, world.peteris, world.erdf)
    factories.take_part(world.summer, world.zane, world.erdf)
    Participation.objects.filter(pk=one.pk).update(
        verification="confirmed", verified_by_id=world.marta.pk, verified_at="2020-01-01T00:00Z"
    )
    assert count("summerjobs.pupils") == {"subjects": 2, "records": 2, "confirmed": 1}
    Participation.objects.filter(pk=one.pk).update(verification="rejected")
    assert count("summerjobs.pupils") == {"subjects": 1, "records": 1, "confirmed": 0}
    Participation.objects.filter(pk=one.pk).delete()
    assert count("summerjobs.pupils") == expected_from_rows("summerjobs.pupils")


def test_counts_second_season_of_one_person_is_one_person(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf)
    second = factories.take_part(world.summer, world.peteris, world.erdf, started_on=date(2020, 7, 1))
    assert count("summerjobs.pupils") == {"subjects": 1, "records": 2, "confirmed": 0}
    assert count("summerjobs.pupils", as_of=date(2019, 6, 2))["subjects"] == 0
    Participation.objects.filter(pk=second.pk).update(started_on=date(2019, 5, 1))
    assert count("summerjobs.pupils", as_of=date(2019, 6, 2))["subjects"] == 1


def test_counts_merged_person_is_one_person_and_two_again_when_undone(world: World) -> None:
    twin = factories.make_person("Pēteris", "Ozols")
    factories.take_part(world.summer, world.peteris)
    factories.take_part(world.summer, twin, started_on=date(2019, 7, 1))
    assert count("summerjobs.pupils")["subjects"] == 2
    Person.objects.filter(pk=twin.pk).update(merged_into=world.peteris)
    assert count("summerjobs.pupils") == {"subjects": 1, "records": 2, "confirmed": 0}
    Person.objects.filter(pk=twin.pk).update(merged_into=None)
    assert count("summerjobs.pupils") == {"subjects": 2, "records": 2, "confirmed": 0}


def test_counts_city_scope_is_distinct_within_the_city(world: World) -> None:
    other = factories.make_activity(world.programme, world.ventspils_partner, world.ventspils)
    factories.take_part(world.summer, world.peteris)
    factories.take_part(other, world.peteris)
    by_city = {
        row["city_id"]: row["subjects"]
        for row in Tally.objects.counts(as_of=END, by_city=True)
        if row["measure"] == "summerjobs.pupils"
    }
    assert by_city == {world.ventspils.pk: 1, world.valmiera.pk: 1}
    assert count("summerjobs.pupils")["subjects"] == 1


@pytest.mark.django_db(transaction=True)
def test_evidence_row_closed_row_is_kept_with_the_moment(world: World) -> None:
    record = factories.take_part(world.summer, world.peteris, hours=60)
    before = timezone.now()
    Participation.objects.filter(pk=record.pk).update(hours=84, started_on=date(2019, 7, 1))
    first, second = EvidenceRow.objects.filter(record_id=record.pk).order_by("id")
    assert (first.quantity, first.known_to, first.fact_on) == (60, second.known_from, date(2019, 6, 3))
    assert (second.quantity, second.known_to, second.fact_on) == (84, None, date(2019, 7, 1))
    assert EvidenceRow.objects.known_at(before).get() == first
    june = date(2019, 6, 30)
    assert count("summerjobs.pupils", as_of=june, recorded_at=before)["subjects"] == 1
    assert count("summerjobs.pupils", as_of=june)["subjects"] == 0


@pytest.mark.django_db(transaction=True)
def test_counts_parallel_records_of_one_person_count_once(world: World) -> None:
    """Two connections write a record each of the same person at the same time, many times over."""
    people = [factories.make_person(f"P{n}", "Liepa") for n in range(12)]
    _in_parallel(lambda n: [factories.take_part(world.summer, p, started_on=date(2019, 6, 3 + n)) for p in people])
    assert count("summerjobs.pupils") == {"subjects": 12, "records": 48, "confirmed": 0}
    assert _count_drift() == 0
    assert check_evidence() == []


@pytest.mark.django_db(transaction=True)
def test_counts_overlapping_transactions_count_once(world: World) -> None:
    _in_parallel(lambda n: _record_slowly(world, n), workers=2)
    assert count("summerjobs.pupils") == {"subjects": 1, "records": 2, "confirmed": 0}
    assert _count_drift() == 0
    assert check_evidence() == []


@pytest.mark.django_db(transaction=True)
def test_counts_parallel_records_drift_without_the_lock(world: World) -> None:
    """The proof that the lock is needed: with an empty `evidence_lock` the same work goes wrong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION evidence_lock(p_keys evidence_key[]) RETURNS void LANGUAGE sql AS ''"
        )
    try:
        _in_parallel(lambda n: _record_slowly(world, n), workers=2)
        assert _count_drift() > 0
    finally:
        install.install()


def _record_slowly(world: World, number: int) -> None:
    with transaction.atomic():
        factories.take_part(world.summer, world.peteris, started_on=date(2019, 6, 3 + number))
        time.sleep(0.3)  # both have written before either commits


def _in_parallel(work: Callable[[int], object], workers: int = 4) -> None:
    barrier = Barrier(workers)

    def run(number: int) -> None:
        try:
            barrier.wait()
            work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, range(workers)))


def _count_drift() -> int:
    """By how many subjects the tally is off the rows, over all scopes and days."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT coalesce(sum(abs(coalesce(t.n, 0) - coalesce(f.n, 0))), 0) FROM
              (SELECT measure, funding_id, city_id, fact_on, sum(subjects) AS n FROM evidence_tally
               WHERE partner_id = 0 GROUP BY 1, 2, 3, 4) t
              FULL JOIN
              (SELECT measure, 0::bigint AS funding_id, c.id AS city_id, first_on AS fact_on, count(*) AS n FROM
                 (SELECT measure, subject_id, c.id, min(fact_on) AS first_on FROM evidence_row
                  CROSS JOIN LATERAL (VALUES (city_id), (0::bigint)) AS c (id)
                  WHERE known_to IS NULL GROUP BY 1, 2, 3) AS c GROUP BY 1, 2, 3, 4) f
              USING (measure, funding_id, city_id, fact_on)
            """
        )
        return int(cursor.fetchone()[0])


def test_rebuild_gives_what_the_triggers_gave(world: World) -> None:
    factories.take_part(world.summer, world.peteris, world.erdf, world.city_budget)
    factories.take_part(world.course, world.zane, world.erdf, applied_on=date(2019, 2, 1), completed_on=date(2019, 6, 1))
    before = _state()
    with connection.cursor() as cursor:
        cursor.execute("SELECT evidence_rebuild('participation')")
        assert cursor.fetchone()[0] == 4
    assert _state() == before


def _state() -> tuple[list[tuple[object, ...]], ...]:
    columns = ("measure", "funding_id", "city_id", "partner_id", "fact_on")
    totals = {}
    for row in Tally.objects.values_list(*columns, "subjects", "records", "confirmed", "quantity"):
        key, values = row[:5], row[5:]
        totals[key] = tuple(a + b for a, b in zip(totals.get(key, (0, 0, 0, 0)), values, strict=True))
    firsts = FirstCount.objects.exclude(first_on=None).values_list(
        "measure", "subject_kind", "subject_id", "funding_id", "city_id", "first_on"
    )
    parts: Counter[tuple[object, ...]] = Counter()
    for *place, subjects in PartTally.objects.values_list(
        *columns, "at_city_id", "at_partner_id", "sex", "age", "subjects"
    ):
        parts[tuple(place)] += subjects
    return sorted((*k, *v) for k, v in totals.items() if any(v)), sorted(firsts), sorted(map(repr, (+parts).items()))


def test_registry_refuses_a_measure_offered_twice() -> None:
    registry = Registry()
    measure = Measure("x.y", "x", "x", SubjectKind.PERSON)
    registry.offer(Source("one", "people.Person", (measure,), "", {}))
    with pytest.raises(ValueError, match=r"measure 'x\.y' is offered twice"):
        registry.offer(Source("two", "people.Person", (measure,), "", {}))
    assert REGISTRY.source_of("grants.applied").name == "participation"
    assert REGISTRY.source_of("testbed.trials") is None


def test_evidence_of_rolled_back_record_is_gone(world: World) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012  (the rollback is what is tested)
        factories.take_part(world.summer, world.peteris)
        raise RuntimeError
    assert count("summerjobs.pupils")["records"] == 0

"""Pages of activities and participations, and the second person's decision."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.participation.actions.records import (
    confirm_record,
    enrol_person,
    record_completion,
    record_drop_out,
    record_start,
    reject_record,
)
from microcities.participation.models import Participation
from microcities.trail.models import Action, Look
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def text(response: HttpResponse) -> str:
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed is not None else response.content).decode()


def enrolled(world: World, **fields: object) -> Participation:
    values = {"started_on": date(2019, 6, 3), "fundings": (world.erdf, world.city_budget), **fields}
    return enrol_person(actor=world.valda, activity=world.summer, person=world.peteris, **values)


def test_activities_are_public_and_their_people_are_not(client: Client, world: World) -> None:
    enrolled(world)
    assert "Summer employment programme" in text(client.get("/en/activities/"))
    shown = text(client.get("/en/activities/summer-2019/"))
    assert "Pēteris" not in shown
    assert "Pēteris" not in text(client.get("/en/activities/summer-2019/", {"format": "csv"}))


@pytest.mark.parametrize(
    ("account", "seen"),
    [("", False), ("svens", False), ("pupil", False), ("ventis", False), ("valda", True), ("marta", True), ("aija", True)],
)
def test_activity_tells_how_many_took_part_to_those_who_may_see_them(
    client: Client, world: World, account: str, seen: bool
) -> None:
    for number in range(6):
        factories.take_part(world.summer, factories.make_person(f"P{number}"))
    factories.take_part(world.summer, world.peteris)
    if account:
        client.force_login(getattr(world, account))
    shown = text(client.get("/en/activities/summer-2019/"))
    assert ("<dd>7</dd>" in shown) == seen
    assert ("Took part</dt>" in shown) == seen


@pytest.mark.parametrize(
    ("account", "seen"),
    [("valda", True), ("ventis", False), ("marta", True), ("aija", True), ("otto", False), ("svens", False), ("pupil", True)],
)
def test_record_is_seen_by_its_partner_and_by_those_who_see_everybody(
    client: Client, world: World, account: str, seen: bool
) -> None:
    record = enrolled(world)
    client.force_login(world.everybody()[account])
    assert client.get(f"/en/participations/{record.pk}/").status_code == (200 if seen else 404)
    assert ("Pēteris" in text(client.get("/en/activities/summer-2019/"))) == seen
    assert ("Pēteris" in text(client.get("/en/activities/summer-2019/", {"format": "csv"}))) == seen


def test_record_page_shows_money_evidence_and_logs_the_look(client: Client, world: World) -> None:
    record = enrolled(world)
    client.force_login(world.marta)
    shown = text(client.get(f"/en/participations/{record.pk}/"))
    assert "Paid from more than one source" in shown
    assert "pupils in summer jobs: 03/06/2019" in shown or "pupils in summer jobs: 3 June 2019" in shown
    assert f"/en/trail/participation_participation/{record.pk}/" in shown
    assert [(look.person_id, look.reason) for look in Look.objects.all()] == [(world.peteris.pk, "participation.record")]


def test_record_is_confirmed_by_a_second_person_only(client: Client, world: World) -> None:
    record = enrolled(world)
    factories.give_role(world.valda, world.valmiera_partner, "city_coordinator")
    client.force_login(world.valda)
    assert "Somebody else has to confirm it" in text(client.get(f"/en/participations/{record.pk}/"))
    client.post(f"/en/participations/{record.pk}/confirm/")
    record.refresh_from_db()
    assert record.verification == "unverified"
    client.force_login(world.marta)
    client.post(f"/en/participations/{record.pk}/confirm/")
    record.refresh_from_db()
    assert (record.verification, record.verified_by_id) == ("confirmed", world.marta.pk)


@pytest.mark.sql
def test_record_confirmed_by_who_brought_it_is_refused_by_the_database(world: World) -> None:
    record = enrolled(world)
    with pytest.raises(IntegrityError, match="participation_verified_by_another"), transaction.atomic():
        Participation.objects.filter(pk=record.pk).update(
            verification="confirmed", verified_by_id=world.valda.pk, verified_at=timezone.now()
        )


def test_record_rejected_needs_a_reason_and_counts_no_more(client: Client, world: World) -> None:
    record = enrolled(world)
    client.force_login(world.marta)
    assert client.post(f"/en/participations/{record.pk}/reject/", {"reason": " "}).status_code == 422
    client.post(f"/en/participations/{record.pk}/reject/", {"reason": "no contract"})
    assert Action.objects.get(verb="participation.rejected_record").reason == "no contract"
    assert "Nothing: it was rejected" in text(client.get(f"/en/participations/{record.pk}/"))
    with pytest.raises(RefusedError, match="decided on already"):
        confirm_record(actor=world.marta, record=record)


def test_person_is_enrolled_from_the_persons_page(client: Client, world: World) -> None:
    client.force_login(world.valda)
    address = f"/en/participations/enrol/{world.peteris.public_id}/"
    assert address in text(client.get(f"/en/persons/{world.peteris.public_id}/"))
    wrong = client.post(address, {"activity": world.summer.pk})
    assert (wrong.status_code, "Give the day" in text(wrong)) == (422, True)
    day = {"started_on_day": "3", "started_on_month": "6", "started_on_year": "2019"}
    client.post(address, {"activity": world.summer.pk, "hours": "60.5", "proof_reference": "L-12", **day})
    record = Participation.objects.get()
    assert (record.person, record.started_on, record.hours, record.proof, record.brought_by_id) == (
        world.peteris, date(2019, 6, 3), Decimal("60.50"), "document", world.valda.pk
    )
    again = client.post(address, {"activity": world.summer.pk, **day})
    assert (again.status_code, "from that day already" in text(again)) == (422, True)
    other = client.post(address, {"activity": world.course.pk, **day})
    assert other.status_code == 422
    client.force_login(world.ventis)
    assert client.get(address).status_code == 404


def test_record_goes_from_application_to_completion(client: Client, world: World) -> None:
    record = enrol_person(actor=world.valda, activity=world.summer, person=world.peteris, applied_on=date(2019, 5, 2))
    record_start(actor=world.valda, record=record, started_on=date(2019, 6, 3))
    client.force_login(world.valda)
    address = f"/en/participations/{record.pk}/complete/"
    early = {"completed_on_day": "1", "completed_on_month": "6", "completed_on_year": "2019"}
    assert client.post(address, early).status_code == 422
    client.post(address, {**early, "completed_on_day": "21"})
    record.refresh_from_db()
    assert (record.applied_on, record.started_on, record.completed_on) == (
        date(2019, 5, 2), date(2019, 6, 3), date(2019, 6, 21)
    )
    with pytest.raises(RefusedError, match="has completed"):
        record_drop_out(actor=world.valda, record=record, dropped_out_on=date(2019, 6, 22), reason="ill")


def test_record_that_drops_out_does_not_complete(client: Client, world: World) -> None:
    record = enrolled(world)
    client.force_login(world.valda)
    values = {"dropped_out_on_day": "10", "dropped_out_on_month": "6", "dropped_out_on_year": "2019", "reason": "moved away"}
    client.post(f"/en/participations/{record.pk}/drop-out/", values)
    record.refresh_from_db()
    assert record.dropped_out_on == date(2019, 6, 10)
    assert Action.objects.get(verb="participation.record_drop_out").reason == "moved away"
    with pytest.raises(RefusedError, match="dropped out"):
        record_completion(actor=world.valda, record=record, completed_on=date(2019, 6, 21), hours=None)


def test_record_changed_after_confirmation_has_to_be_confirmed_again(world: World) -> None:
    record = enrolled(world)
    confirm_record(actor=world.marta, record=record)
    record.refresh_from_db()
    record_completion(actor=world.valda, record=record, completed_on=date(2019, 6, 21), hours=Decimal(60))
    record.refresh_from_db()
    assert (record.verification, record.verified_by_id, record.brought_by_id) == ("unverified", None, world.valda.pk)


@pytest.mark.parametrize("account", ["ventis", "aija", "dace", "otto", "svens", "pupil"])
def test_record_is_changed_by_its_partner_only(world: World, account: str) -> None:
    record = enrolled(world)
    somebody = world.everybody()[account]
    attempts = (
        lambda: confirm_record(actor=somebody, record=record),
        lambda: reject_record(actor=somebody, record=record, reason="x"),
        lambda: record_completion(actor=somebody, record=record, completed_on=date(2019, 6, 21), hours=None),
        lambda: enrol_person(actor=somebody, activity=world.summer, person=world.zane, started_on=date(2019, 6, 3)),
    )
    for attempt in attempts:
        with pytest.raises(RefusedError):
            attempt()


def test_record_of_a_day_to_come_is_refused(world: World) -> None:
    activity = factories.make_activity(
        world.programme, world.valmiera_partner, world.valmiera, ends_on=timezone.localdate() + timedelta(days=30)
    )
    with pytest.raises(RefusedError, match="has not come yet"):
        enrol_person(
            actor=world.valda, activity=activity, person=world.peteris, started_on=timezone.localdate() + timedelta(days=1)
        )


def test_activity_page_asks_the_same_number_of_queries_for_any_number_of_people(client: Client, world: World) -> None:
    client.force_login(world.valda)
    counts = []
    for number in (1, 20):
        for _ in range(number):
            factories.take_part(world.summer, factories.make_person(), world.erdf)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/activities/summer-2019/").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] <= 16

"""Scans from phones at the door: a signed list without names, any clock, sent twice, from two phones, around a cancellation."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from microcities.events.actions.attendance import take_attendance
from microcities.events.actions.registrations import cancel_registration
from microcities.events.door import door_list, ticket_digest
from microcities.events.models import Attendee, Event
from microcities.people.models import Account
from microcities.trail.models import Look
from tests.events.conftest import begin, make_event
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(world: World) -> Event:
    """An event that began an hour ago, with two places, three people and one who waits."""
    return begin(make_event(world, capacity=3), people=4, ago=timedelta(hours=1), hours=3)


@pytest.fixture
def door(client: Client, organiser: Account, begun: Event) -> "Phone":
    client.force_login(organiser)
    return Phone(client, begun)


class Phone:
    """A phone with its own clock and the list that it was given forty minutes ago."""

    def __init__(self, client: Client, event: Event, *, ahead: timedelta = timedelta(0)) -> None:
        self.client, self.event, self.ahead = client, event, ahead
        self.list = given_ago(event, timedelta(minutes=40))["signature"]

    def scan(self, code: str, minutes_ago: float = 0, **fields: Any) -> dict[str, Any]:
        at = timezone.now() + self.ahead - timedelta(minutes=minutes_ago)
        return {"id": f"{code}-{minutes_ago}", "code": code, "at": at.isoformat(), "way": "qr", **fields}

    def send(self, *scans: dict[str, Any], **fields: Any) -> Any:
        sent_at = timezone.now() + self.ahead
        body = {"list": self.list, "sent_at": sent_at.isoformat(), "scans": list(scans), **fields}
        return self.client.post(
            f"/en/events/run/{self.event.uid}/check-in/scans.json", json.dumps(body), content_type="application/json"
        )

    def outcomes(self, *scans: dict[str, Any]) -> list[str]:
        return [each["outcome"] for each in self.send(*scans).json()["answers"]]


def given_ago(event: Event, ago: timedelta) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        then = timezone.now() - ago
        patch.setattr("microcities.events.door.timezone.now", lambda: then)
        return door_list(event)


def people(event: Event) -> list[Attendee]:
    return list(event.attendees.order_by("pk"))


def came_at(attendee: Attendee) -> datetime | None:
    attendee.refresh_from_db()
    return attendee.checked_in_at


def minutes_since(moment: datetime | None) -> int:
    assert moment is not None
    return round((timezone.now() - moment).total_seconds() / 60)


def test_list_holds_digests_of_confirmed_tickets_and_no_names(door: Phone, begun: Event) -> None:
    answer = door.client.get(f"/en/events/run/{begun.uid}/check-in/tickets.json")
    given = answer.json()
    confirmed = [each.code for each in people(begun)[:3]]
    assert given["tickets"] == sorted(ticket_digest(given["salt"], code) for code in confirmed)
    assert (given["came"], given["expected"]) == (0, 3)
    text = answer.content.decode()
    assert not any(part in text for each in people(begun) for part in (each.code, each.person.family_name))
    assert given["salt"] != door_list(begun)["salt"]


def test_scan_is_answered_with_the_name_and_the_look_is_logged(door: Phone, begun: Event, world: World) -> None:
    minor = people(begun)[0]
    Attendee.objects.filter(pk=minor.pk).update(person=world.peteris)
    answer = door.send(door.scan(minor.code, 5)).json()
    assert answer["answers"] == [{
        "id": f"{minor.code}-5", "code": minor.code, "outcome": "checked_in", "kind": "good", "words": "checked in",
        "name": world.peteris.name, "group": "",
    }]
    assert (answer["came"], answer["expected"]) == (1, 3)
    minor.refresh_from_db()
    assert (minor.attendance, minor.check_in_way, minutes_since(minor.checked_in_at)) == ("attended", "qr", 5)
    assert Look.objects.filter(person_id=world.peteris.pk).count() == 1


def test_same_scan_twice_and_two_phones_keep_the_earliest_time(door: Phone, begun: Event) -> None:
    first = people(begun)[0]
    assert door.outcomes(door.scan(first.code, 10)) == ["checked_in"]
    known = came_at(first)
    assert door.outcomes(door.scan(first.code, 10), door.scan(first.code, 2)) == ["known", "known"]
    assert abs((came_at(first) - known).total_seconds()) < 5
    other = Phone(door.client, begun)
    assert other.outcomes(other.scan(first.code, 20, way="code")) == ["known"]
    assert minutes_since(came_at(first)) == 20
    assert begun.attendees.filter(attendance="attended").count() == 1


@pytest.mark.parametrize("ahead", [timedelta(hours=9), timedelta(hours=-9), timedelta(days=-400)])
def test_phone_whose_clock_is_wrong_still_tells_when(begun: Event, door: Phone, ahead: timedelta) -> None:
    wrong = Phone(door.client, begun, ahead=ahead)
    assert wrong.outcomes(wrong.scan(people(begun)[0].code, 15)) == ["checked_in"]
    assert minutes_since(came_at(people(begun)[0])) == 15


def test_clock_set_between_scan_and_sending_stays_within_list_and_now(door: Phone, begun: Event) -> None:
    first, second, _third, _fourth = people(begun)
    long_ago = door.scan(first.code, 60 * 24 * 300)
    later = door.scan(second.code, -60 * 24)
    assert door.outcomes(long_ago, later) == ["checked_in", "checked_in"]
    assert (minutes_since(came_at(first)), minutes_since(came_at(second))) == (40, 0)


def test_cancellation_and_scan_are_told_apart_by_which_came_first(door: Phone, begun: Event) -> None:
    first, second, _third, fourth = people(begun)
    for each in (first, second):
        account = Account.objects.get(person=each.person)
        cancel_registration(actor=account, registration=each.registration)
    ten_ago = timezone.now() - timedelta(minutes=10)
    Attendee.objects.filter(pk__in=[first.pk, second.pk]).update(cancelled_at=ten_ago)
    assert door.outcomes(door.scan(first.code, 12), door.scan(second.code, 5)) == ["cancelled_since", "not_confirmed"]
    assert begun.attendees.filter(attendance="attended").count() == 0
    # The freed place was offered, and an offer is no ticket.
    assert door.outcomes(door.scan(fourth.code)) == ["not_confirmed"]
    assert door.outcomes(door.scan("ZZZZ2222")) == ["unknown"]


def test_scan_that_arrives_after_the_list_said_nobody_came_stands(door: Phone, begun: Event, organiser: Account) -> None:
    first = people(begun)[0]
    take_attendance(actor=organiser, event=begun, came=[], stayed_away=[first.pk])
    assert door.outcomes(door.scan(first.code, 30)) == ["checked_in"]


def test_scans_of_a_cancelled_event_let_nobody_in(door: Phone, begun: Event) -> None:
    Event.objects.filter(pk=begun.pk).update(state="cancelled", cancel_reason="Vētra")
    assert door.outcomes(door.scan(people(begun)[0].code)) == ["not_announced"]


def test_what_cannot_be_read_is_refused_whole_with_a_reason(door: Phone, begun: Event, world: World) -> None:
    code = people(begun)[0].code
    good, other = door.scan(code), make_event(world)
    wrong: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
        ((good,), {"list": ""}), ((good,), {"list": door_list(other)["signature"]}), ((good,), {"list": door.list[:-2] + "xx"}),
        ((good,), {"list": None}),
        ((good,), {"sent_at": "now"}), ((), {}), ((good,) * 201, {}), ((good, {"code": code}), {}), ((good, "x"), {}),
        ((good, {**good, "at": "2026-01-01T10:00"}), {}), ((good, {**good, "code": "X" * 21}), {}), ((), {"scans": "all"}),
    ]
    for scans, fields in wrong:
        answer = door.send(*scans, **fields)
        assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json"), fields
        assert answer.json()["detail"]
    address = f"/en/events/run/{begun.uid}/check-in/scans.json"
    for body in ("", "[]", "{", "\x00"):
        assert door.client.post(address, body, content_type="application/json").status_code == 400
    assert begun.attendees.filter(attendance="attended").count() == 0


def test_door_is_shut_to_others_and_asks_for_the_forms_token(world: World, begun: Event) -> None:
    base = f"/en/events/run/{begun.uid}/check-in"
    for account, status in ((world.ventis, 404), (world.svens, 403), (world.aija, 403)):
        client = Client()
        client.force_login(account)
        assert client.get(f"{base}/tickets.json").status_code == status
        assert client.post(f"{base}/scans.json", "{}", content_type="application/json").status_code == status
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.valda)
    assert strict.post(f"{base}/scans.json", "{}", content_type="application/json").status_code == 403


def test_page_of_the_door_alone_may_use_the_camera(door: Phone, begun: Event) -> None:
    shown = door.client.get(f"/en/events/run/{begun.uid}/check-in/")
    assert "camera=(self)" in shown.headers["Permissions-Policy"]
    assert "camera=()" in door.client.get(f"/en/events/run/{begun.uid}/").headers["Permissions-Policy"]

"""Two hundred people for twenty seats over real connections, and the same rush with the lock taken away."""

import threading
import time
from collections import Counter
from collections.abc import Callable

import pytest
from django.db import connections

from microcities.access.answers import RefusedError
from microcities.events.actions import registrations
from microcities.events.actions.registrations import accept_offer, cancel_registration, register
from microcities.events.models import Attendee, Event, Registration
from microcities.people.models import Account
from tests.events.conftest import make_event, visitor
from tests.world import build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
CLIENTS = 16


def at_once(work: list[Callable[[], object]]) -> Counter[str]:
    """Run all of `work` on sixteen connections that start together; outcomes by name."""
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(CLIENTS)
    left = iter(work)
    guard = threading.Lock()

    def client() -> None:
        gate.wait(60)
        try:
            while True:
                with guard:
                    each = next(left, None)
                if each is None:
                    return
                try:
                    answer = each()
                    outcomes[getattr(answer, "state", "done")] += 1
                except Exception as error:
                    outcomes[type(error).__name__] += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return outcomes


def rush(event: Event, people: int) -> list[Callable[[], object]]:
    pairs = [visitor(number) for number in range(people)]
    return [
        lambda account=account, person=person: register(actor=account, event=event, people=[person])
        for account, person in pairs
    ]


def test_two_hundred_people_for_twenty_seats() -> None:
    event = make_event(build_world(), capacity=20)
    work = rush(event, 200)
    began = time.monotonic()
    assert at_once(work) == {"confirmed": 20, "waiting": 180}
    print(f"200 for 20 seats: {time.monotonic() - began:.2f} s")
    assert sorted(Attendee.objects.coming().values_list("seat", flat=True)) == list(range(1, 21))
    lines = list(Registration.objects.order_by("registered_at", "place_in_line").values_list("place_in_line", flat=True))
    assert sorted(lines) == list(range(1, 201))
    assert set(Registration.objects.filter(state="confirmed").values_list("place_in_line", flat=True)) == set(range(1, 21))


def test_rush_without_the_lock_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event(build_world(), capacity=20)
    monkeypatch.setattr(registrations, "lock_event", lambda each: Event.objects.get(pk=each.pk))
    outcomes = at_once(rush(event, 60))
    assert outcomes["IntegrityError"] > 0, "two read the same place in line, and the database refused one of them"
    assert Attendee.objects.coming().count() <= 20


def test_cancelling_accepting_and_coming_at_once_keep_the_order() -> None:
    event = make_event(build_world(), capacity=5)
    for first in rush(event, 20):
        first()

    def cancel(pk: int) -> object:
        registration = Registration.objects.get(pk=pk)
        return cancel_registration(actor=Account.objects.get(pk=registration.made_by_id), registration=registration)

    def accept() -> object:
        registration = Registration.objects.filter(state="offered").order_by("?").first()
        if registration is None:
            raise RefusedError("nothing is offered")
        return accept_offer(actor=Account.objects.get(pk=registration.made_by_id), registration=registration)

    newcomers = [visitor(number) for number in range(100, 110)]
    work: list[Callable[[], object]] = [
        *(lambda pk=pk: cancel(pk) for pk in Registration.objects.filter(state="confirmed").values_list("pk", flat=True)),
        *(accept for _number in range(10)),
        *(lambda account=a, person=p: register(actor=account, event=event, people=[person]) for a, p in newcomers),
    ]
    outcomes = at_once(work)
    assert set(outcomes) <= {"cancelled", "confirmed", "waiting", "RefusedError"}
    holding = Registration.objects.filter(state__in=("confirmed", "offered"))
    waiting = Registration.objects.filter(state="waiting")
    assert holding.count() == 5
    assert max(holding.values_list("place_in_line", flat=True)) < min(waiting.values_list("place_in_line", flat=True))

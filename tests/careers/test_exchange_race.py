"""A rush on an offer's places over real connections: none is given twice, whoever writes; without its guards they would be."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from microcities.access.answers import RefusedError
from microcities.careers.actions import proposals
from microcities.careers.actions.proposals import agree, answer_request, take_places
from microcities.careers.models import Encounter, EncounterOffer, EncounterRequest, Proposal
from microcities.people.models import Account
from tests.careers.conftest import build_schools
from tests.careers.exchange import TODAY, Exchange, ask, build_exchange, make_employer, offer
from tests.rushing import CLIENTS, rush
from tests.world import build_world

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.sql]
PLACES, EACH = 20, 6
SOON = TODAY + timedelta(days=10)


def given(**fields: Any) -> int:
    return Proposal.objects.agreed().filter(**fields).aggregate(sum=Sum("places"))["sum"] or 0


def build() -> Exchange:
    return build_exchange(build_schools(build_world()))


def taker(ground: Exchange, found: EncounterOffer) -> Callable[[int, int], object]:
    """Each client takes places for its school, with an account read anew."""

    def take(client: int, _round: int) -> object:
        account, school = ((ground.anna, ground.ventspils), (ground.baiba, ground.valmiera))[client % 2]
        return take_places(
            actor=Account.objects.get(pk=account.pk), offer=found, school=school, held_on=SOON, places=EACH
        )

    return take


def test_places_asked_for_by_eight_schools_at_once_are_never_given_twice() -> None:
    ground = build()
    found = offer(ground, places=PLACES)
    assert rush(taker(ground, found)) == {"done": PLACES // EACH, "RefusedError": CLIENTS - PLACES // EACH}
    assert (given(offer=found), Encounter.objects.count()) == (PLACES // EACH * EACH, PLACES // EACH)


def test_without_the_row_lock_the_database_still_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    """All look before anybody writes: the action's own check passes for everybody, and the trigger stops the rest."""
    ground = build()
    found = offer(ground, places=PLACES)
    looked = threading.Barrier(CLIENTS)
    look_away(monkeypatch, looked)
    outcomes = rush(taker(ground, found))
    assert outcomes == {"done": PLACES // EACH, "IntegrityError": CLIENTS - PLACES // EACH}
    assert given(offer=found) == PLACES // EACH * EACH


def test_with_both_guards_away_places_are_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests above would not see, were the guards not there: this rush really oversells."""
    ground = build()
    found = offer(ground, places=PLACES)
    look_away(monkeypatch, threading.Barrier(CLIENTS))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE careers_proposal DISABLE TRIGGER careers_proposal_within_places")
    try:
        assert rush(taker(ground, found)) == {"done": CLIENTS}
        assert given(offer=found) == CLIENTS * EACH
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE careers_proposal ENABLE TRIGGER careers_proposal_within_places")


def look_away(monkeypatch: pytest.MonkeyPatch, looked: threading.Barrier) -> None:
    """Take the row lock out, and let nobody write before all have looked."""
    checked = proposals._require_places

    def check_together(about: Any, places: int) -> None:
        checked(about, places)
        looked.wait(60)

    monkeypatch.setattr(proposals, "_require_places", check_together)
    monkeypatch.setattr(type(EncounterOffer.objects.all()), "select_for_update", lambda rows, **_how: rows)


def test_school_that_agrees_with_eight_employers_at_once_gets_no_more_places_than_pupils() -> None:
    ground = build()
    found = ask(ground, pupils=PLACES)
    waits = []
    for number in range(CLIENTS):
        firm, account = make_employer(f"SIA {number}", f"firma{number}@example.org")
        waits.append(answer_request(actor=account, request=found, host=firm, held_on=SOON, places=EACH))
    outcomes = rush(lambda client, _round: agree(actor=Account.objects.get(pk=ground.anna.pk), proposal=waits[client]))
    assert outcomes == {"done": PLACES // EACH, RefusedError.__name__: CLIENTS - PLACES // EACH}
    assert (given(request=found), EncounterRequest.objects.get().pupils) == (PLACES // EACH * EACH, PLACES)


def test_one_proposal_is_agreed_once_however_often_the_button_is_pressed() -> None:
    ground = build()
    made = answer_request(actor=ground.firm_account, request=ask(ground), host=ground.firm, held_on=SOON, places=EACH)
    outcomes = rush(lambda _client, _round: agree(actor=Account.objects.get(pk=ground.anna.pk), proposal=made))
    assert outcomes == {"done": 1, "RefusedError": CLIENTS - 1}
    assert Encounter.objects.count() == 1

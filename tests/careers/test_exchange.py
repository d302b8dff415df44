"""Offers, requests, answers and agreements: what may follow on what, what becomes of it, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation

from microcities.access.answers import RefusedError
from microcities.careers.actions.encounters import mark_attendance
from microcities.careers.actions.exchange import (
    change_offer,
    make_offer,
    set_terms,
    withdraw_offer,
    withdraw_request,
)
from microcities.careers.actions.proposals import (
    agree,
    answer_request,
    call_off,
    decline,
    refuse_request,
    reply,
    take_places,
    withdraw,
)
from microcities.careers.employers import asked_in_month, employers
from microcities.careers.exchange_rules import PROPOSAL_CHANGES, SIDES, may_change_proposal
from microcities.careers.exchange_tables import offer_word, proposal_word, request_word
from microcities.careers.models import (
    Encounter,
    EncounterOffer,
    EncounterRequest,
    Proposal,
    ProposalState,
)
from microcities.notices.models import Notice
from microcities.notices.worklist import tasks_for
from tests.careers.conftest import Schools, make_pupil, place
from tests.careers.exchange import TODAY, Exchange, ask, build_exchange, offer

pytestmark = pytest.mark.django_db
SOON = TODAY + timedelta(days=10)
LATER = TODAY + timedelta(days=90)


@pytest.fixture
def ground(schools: Schools) -> Exchange:
    return build_exchange(schools)


def told(reader: Any) -> list[str]:
    return list(Notice.objects.filter(account=reader, kind="careers.exchange").order_by("pk").values_list("subject", flat=True))


def waiting(account: Any) -> set[str]:
    with translation.override("en"):
        return {str(task.title) for task in tasks_for(type(account).objects.get(pk=account.pk))}


def take(ground: Exchange, found: EncounterOffer, **fields: Any) -> Proposal:
    given = {"actor": ground.anna, "school": ground.ventspils, "held_on": SOON, "places": 5}
    return take_places(offer=found, **{**given, **fields})


def answered(ground: Exchange, found: EncounterRequest, **fields: Any) -> Proposal:
    given = {"actor": ground.firm_account, "host": ground.firm, "held_on": SOON, "places": 5}
    return answer_request(request=found, **{**given, **fields})


# --- an offer ---


def test_places_taken_on_an_offered_day_are_agreed_and_planned_at_once(ground: Exchange) -> None:
    found = offer(ground, sector="C")
    made = take(ground, found, school_class=ground.nine_a, purpose="Kā top programma", places=1)
    encounter = Encounter.objects.get()
    assert (made.state, made.encounter) == ("agreed", encounter)
    told_of = (encounter.school, encounter.host, encounter.held_on, encounter.kind)
    assert told_of == (ground.ventspils, ground.firm, SOON, "employer")
    assert (encounter.sector, encounter.outcomes, encounter.purpose_shared_with_host) == ("C", "Kā top programma", True)
    assert list(encounter.attendances.values_list("person_id", "presence")) == [(ground.pupil.pk, "expected")]
    assert len(told(ground.firm_account)) == 1


def test_purpose_that_nobody_told_the_host_is_not_said_to_be_shared(ground: Exchange) -> None:
    take(ground, offer(ground))
    assert Encounter.objects.get().purpose_shared_with_host is False


def test_class_larger_than_the_places_is_left_to_the_school(ground: Exchange) -> None:
    place(ground.nine_a, make_pupil(ground.ventspils, "Anete"))
    take(ground, offer(ground), school_class=ground.nine_a, places=1)
    assert Encounter.objects.get().attendances.count() == 0


def test_attendance_is_recorded_as_of_any_encounter(ground: Exchange) -> None:
    made = take(ground, offer(ground), school_class=ground.nine_a, held_on=TODAY, places=1)
    assert made.encounter is not None
    assert mark_attendance(actor=ground.anna, encounter=made.encounter, attended=[ground.pupil.pk]) == 1
    with pytest.raises(RefusedError):
        call_off(actor=ground.anna, proposal=made, reason="Nenotika")
    assert Proposal.objects.get().state == "agreed"


def test_no_more_places_than_there_are(ground: Exchange) -> None:
    found = offer(ground, places=8)
    take(ground, found)
    with pytest.raises(RefusedError, match="3"):
        take(ground, found, places=4)
    take(ground, found, places=3)
    with pytest.raises(RefusedError):
        take(ground, found, places=1)
    assert offer_word(EncounterOffer.objects.with_taken().get())[1] == "warning"
    with pytest.raises(ValidationError) as error:
        change_offer(actor=ground.firm_account, offer=found, places=7)
    assert list(error.value.message_dict) == ["places"]
    assert change_offer(actor=ground.firm_account, offer=found, places=9).places == 9


def test_another_day_is_a_proposal_that_the_employer_answers_and_the_school_agrees_on(ground: Exchange) -> None:
    made = take(ground, offer(ground), held_on=LATER, purpose="Darba drošība")
    assert (made.state, Encounter.objects.count()) == ("with_host", 0)
    assert "Answer a school's proposal" in waiting(ground.firm_account)
    with pytest.raises(RefusedError):
        agree(actor=ground.anna, proposal=made)
    replied = reply(actor=ground.firm_account, proposal=made, held_on=LATER + timedelta(days=1), places=4, note="Piektdien")
    assert (replied.state, replied.places) == ("with_school", 4)
    assert "Answer an employer's proposal" in waiting(ground.anna)
    agreed = agree(actor=ground.anna, proposal=made)
    assert agreed.encounter is not None
    assert (agreed.state, agreed.encounter.held_on) == ("agreed", LATER + timedelta(days=1))
    assert agreed.encounter.purpose_shared_with_host is True
    assert waiting(ground.anna) & {"Answer an employer's proposal"} == set()


def test_withdrawn_offer_closes_what_waits_and_keeps_what_is_agreed(ground: Exchange) -> None:
    found = offer(ground)
    agreed, waits = take(ground, found), take(ground, found, held_on=LATER)
    withdraw_offer(actor=ground.firm_account, offer=found)
    states = dict(Proposal.objects.values_list("pk", "state"))
    assert states == {agreed.pk: "agreed", waits.pk: "withdrawn"}
    assert len(told(ground.anna)) == 1
    with pytest.raises(RefusedError):
        take(ground, found)
    with pytest.raises(RefusedError):
        withdraw_offer(actor=ground.firm_account, offer=found)


def test_offer_whose_days_have_passed_is_taken_by_nobody(ground: Exchange) -> None:
    found = offer(ground)
    EncounterOffer.objects.filter(pk=found.pk).update(from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=1))
    with pytest.raises(RefusedError):
        take(ground, found)
    assert list(EncounterOffer.objects.open_on(TODAY)) == []
    with pytest.raises(RefusedError):
        offer(ground, from_on=TODAY - timedelta(days=9), until_on=TODAY - timedelta(days=1))


def test_agreement_called_off_frees_the_places_and_takes_the_plan_away(ground: Exchange) -> None:
    found = offer(ground, places=5)
    made = take(ground, found, school_class=ground.nine_a)
    with pytest.raises(RefusedError):
        call_off(actor=ground.firm_account, proposal=made, reason="  ")
    called = call_off(actor=ground.firm_account, proposal=made, reason="Slimība")
    assert (called.state, called.encounter, Encounter.objects.count()) == ("called_off", None, 0)
    assert len(told(ground.anna)) == 1
    assert take(ground, found).state == "agreed"


# --- a request ---


def test_employers_yes_waits_for_the_school_and_is_planned_when_it_agrees(ground: Exchange) -> None:
    found = ask(ground, kind="subject", subject="math", school_class=ground.nine_a, pupils=1)
    made = answered(ground, found, places=1)
    assert (made.state, made.purpose) == ("with_school", found.outcomes)
    assert len(told(ground.anna)) == 1
    agreed = agree(actor=ground.anna, proposal=made)
    encounter = agreed.encounter
    assert encounter is not None
    assert (encounter.kind, encounter.subject, encounter.through_curriculum) == ("subject", "math", True)
    assert (encounter.purpose_shared_with_host, encounter.attendances.count()) == (True, 1)
    assert request_word(EncounterRequest.objects.with_taken().get())[1] == "good"


def test_two_employers_share_a_request_but_never_more_than_its_pupils(ground: Exchange) -> None:
    found = ask(ground, pupils=10)
    first = answered(ground, found, places=6)
    second = answered(ground, found, actor=ground.other_account, host=ground.other_firm, places=6)
    agree(actor=ground.anna, proposal=first)
    with pytest.raises(RefusedError, match="4"):
        agree(actor=ground.anna, proposal=second)
    decline(actor=ground.anna, proposal=second, reason="Vietu ir par daudz")
    again = answered(ground, found, actor=ground.other_account, host=ground.other_firm, places=4)
    assert agree(actor=ground.anna, proposal=again).state == "agreed"


def test_no_needs_a_reason_and_tells_the_school(ground: Exchange) -> None:
    found = ask(ground)
    with pytest.raises(RefusedError):
        refuse_request(actor=ground.firm_account, request=found, host=ground.firm, reason=" ")
    refused = refuse_request(actor=ground.firm_account, request=found, host=ground.firm, reason="Ražošanas plāns")
    assert (refused.state, refused.reason) == ("declined", "Ražošanas plāns")
    assert len(told(ground.anna)) == 1


def test_employer_answers_once_until_it_withdraws(ground: Exchange) -> None:
    found = ask(ground)
    made = answered(ground, found)
    with pytest.raises(RefusedError):
        answered(ground, found)
    assert withdraw(actor=ground.firm_account, proposal=made).state == "withdrawn"
    assert answered(ground, found).state == "with_school"


def test_request_is_closed_by_its_day(ground: Exchange) -> None:
    found = ask(ground)
    waits = answered(ground, found, actor=ground.other_account, host=ground.other_firm)
    yesterday = TODAY - timedelta(days=1)
    EncounterRequest.objects.filter(pk=found.pk).update(asked_on=yesterday, answer_by=yesterday)
    assert list(EncounterRequest.objects.for_firms(ground.firm_account, TODAY)) == []
    with translation.override("en"), pytest.raises(RefusedError, match="has passed"):
        answered(ground, found)
    with translation.override("en"):
        assert request_word(EncounterRequest.objects.with_taken().get())[0] == "closed"
    assert agree(actor=ground.anna, proposal=waits).state == "agreed"


def test_nothing_is_agreed_on_a_day_that_has_passed(ground: Exchange) -> None:
    made = answered(ground, ask(ground))
    Proposal.objects.filter(pk=made.pk).update(held_on=TODAY - timedelta(days=1))
    with pytest.raises(RefusedError):
        agree(actor=ground.anna, proposal=made)
    with translation.override("en"):
        assert proposal_word(Proposal.objects.get())[0] == "lapsed"
    assert "Answer an employer's proposal" not in waiting(ground.anna)


def test_withdrawn_request_closes_what_waits(ground: Exchange) -> None:
    found = ask(ground)
    answered(ground, found)
    withdraw_request(actor=ground.anna, request=found)
    assert (Proposal.objects.get().state, len(told(ground.firm_account))) == ("withdrawn", 1)
    with pytest.raises(RefusedError):
        answered(ground, found)


def test_wrong_days_are_refused(ground: Exchange) -> None:
    yesterday = TODAY - timedelta(days=1)
    with pytest.raises(RefusedError):
        ask(ground, answer_by=yesterday)
    with pytest.raises(ValidationError):
        ask(ground, answer_by=SOON, from_on=TODAY, until_on=TODAY)
    with pytest.raises(RefusedError):
        answered(ground, ask(ground), held_on=yesterday)
    with pytest.raises(ValidationError):
        ask(ground, kind="subject")


def test_class_of_another_school_is_refused(ground: Exchange) -> None:
    with pytest.raises(RefusedError):
        ask(ground, school_class=ground.theirs)
    with pytest.raises(RefusedError):
        take(ground, offer(ground), school_class=ground.theirs)


# --- not written to by many ---


def test_one_employer_is_written_to_and_all_are_not(ground: Exchange) -> None:
    ask(ground)
    assert (told(ground.firm_account), told(ground.other_account)) == ([], [])
    assert "Look at what schools ask for" in waiting(ground.firm_account)
    ask(ground, host=ground.firm)
    assert (len(told(ground.firm_account)), told(ground.other_account)) == (1, [])
    assert "Answer a school's request" in waiting(ground.firm_account)
    assert "Answer a school's request" not in waiting(ground.other_account)


def test_school_learns_how_many_schools_asked_an_employer_this_month(ground: Exchange) -> None:
    ask(ground, host=ground.firm)
    ask(ground, host=ground.firm)
    ask(ground, actor=ground.baiba, school=ground.valmiera, host=ground.firm)
    old = ask(ground, actor=ground.baiba, school=ground.valmiera, host=ground.other_firm)
    EncounterRequest.objects.filter(pk=old.pk).update(asked_on=TODAY.replace(day=1) - timedelta(days=1))
    assert asked_in_month(TODAY) == {ground.firm.pk: 2}


def test_employer_that_pauses_is_not_asked_and_is_offered_to_nobody(ground: Exchange) -> None:
    set_terms(actor=ground.firm_account, organisation=ground.firm, cities=[], paused_until=TODAY)
    assert list(employers()) == [ground.other_firm]
    with pytest.raises(RefusedError):
        ask(ground, host=ground.firm)
    set_terms(actor=ground.firm_account, organisation=ground.firm, cities=[], paused_until=TODAY - timedelta(days=1))
    assert ask(ground, host=ground.firm).pk


def test_employer_sees_requests_of_the_cities_it_chose_and_those_put_to_it(ground: Exchange) -> None:
    here = ask(ground)
    there = ask(ground, actor=ground.baiba, school=ground.valmiera)
    rows = EncounterRequest.objects
    assert set(rows.for_firms(ground.firm_account, TODAY)) == {here, there}
    set_terms(actor=ground.firm_account, organisation=ground.firm, cities=[ground.ventspils.city])
    assert set(rows.for_firms(ground.firm_account, TODAY)) == {here}
    with pytest.raises(RefusedError):
        answered(ground, there)
    alone = ask(ground, actor=ground.baiba, school=ground.valmiera, host=ground.firm)
    assert set(rows.for_firms(ground.firm_account, TODAY)) == {here, alone}


# --- the table of changes, and the database ---


def test_every_change_that_the_table_forbids_is_refused(ground: Exchange) -> None:
    made = take(ground, offer(ground), held_on=LATER)
    found = {}
    for state in ProposalState.values:
        row = Proposal.objects.get(pk=made.pk)
        row.state = state
        for verb in PROPOSAL_CHANGES:
            sides = {
                side for side, account in (("host", ground.firm_account), ("school", ground.anna))
                if may_change_proposal(account, row, verb)
            }
            if sides:
                found[state, verb] = sides
    assert found == {
        ("with_host", "reply"): {"host"}, ("with_host", "decline"): {"host"}, ("with_host", "withdraw"): {"school"},
        ("with_school", "agree"): {"school"}, ("with_school", "decline"): {"school"}, ("with_school", "withdraw"): {"host"},
        ("agreed", "call_off"): {"host", "school"},
    }
    assert PROPOSAL_CHANGES.keys() == SIDES.keys()


def forbidden(name: str, **fields: Any) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        Proposal.objects.create(**fields)
    assert error.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


@pytest.mark.sql
def test_database_refuses_what_makes_no_sense(ground: Exchange) -> None:
    found, asked = offer(ground, places=5), ask(ground, pupils=5)
    sound = {"school": ground.ventspils, "host": ground.firm, "held_on": SOON, "places": 5}
    forbidden("proposal_answers_one_thing", **sound, state="with_host")
    forbidden("proposal_answers_one_thing", **sound, state="with_host", offer=found, request=asked)
    forbidden("proposal_within_places", **sound | {"places": 6}, state="agreed", offer=found)
    forbidden("proposal_within_places", **sound | {"places": 6}, state="agreed", request=asked)
    forbidden("proposal_says_day_and_places", **sound | {"held_on": None}, state="with_host", offer=found)
    forbidden("proposal_refused_with_reason", **sound, state="declined", offer=found)
    Proposal.objects.create(**sound, state="agreed", offer=found)
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        EncounterOffer.objects.filter(pk=found.pk).update(places=4)
    assert error.value.__cause__.diag.constraint_name == "offer_places_for_agreed"  # type: ignore[union-attr]
    Proposal.objects.create(**sound, state="with_school", request=asked)
    forbidden("proposal_once_a_host", **sound, state="with_school", request=asked)


def test_firm_acts_for_itself_only(ground: Exchange) -> None:
    with pytest.raises(RefusedError):
        make_offer(actor=ground.other_account, host=ground.firm)
    found = offer(ground)
    with pytest.raises(RefusedError):
        change_offer(actor=ground.other_account, offer=found, places=1)
    with pytest.raises(RefusedError):
        answered(ground, ask(ground), actor=ground.other_account)
    with pytest.raises(RefusedError):
        answered(ground, ask(ground, host=ground.firm), actor=ground.other_account, host=ground.other_firm)
    with pytest.raises(RefusedError):
        take(ground, found, actor=ground.baiba)
    with pytest.raises(RefusedError):
        take(ground, found, actor=ground.firm_account)

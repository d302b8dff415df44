"""Answering offers and requests, and agreeing: the school has the last word, and no place is given twice.

Whatever agrees on places first locks the offer's or request's row; below that the database holds a trigger, for whatever passes
these actions by. An agreement is a planned encounter in the school's programme, and attendance is recorded there.
"""

from datetime import date
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.actions.encounters import record_encounter
from microcities.careers.exchange_letters import (
    tell_agreed,
    tell_answered,
    tell_called_off,
    tell_closed,
    tell_declined,
    tell_proposed,
)
from microcities.careers.exchange_rules import (
    day_ahead,
    may_answer_request,
    may_change_proposal,
    may_take,
    side_of,
)
from microcities.careers.models import (
    EncounterAttendance,
    EncounterKind,
    EncounterOffer,
    EncounterRequest,
    Enrolment,
    ExchangeTerms,
    Presence,
    Proposal,
    ProposalState,
    School,
    SchoolClass,
)
from microcities.people.models import Account, Organisation, Person
from microcities.trail.context import change


def answer_request(
    *, actor: Account, request: EncounterRequest, host: Organisation, held_on: date, places: int, note: str = ""
) -> Proposal:
    """An employer says yes with a day and places: as wished, or as a counter-proposal. The school then agrees or declines."""
    require(day_ahead(held_on))
    with change("careers.answer_request", actor=actor):
        locked = EncounterRequest.objects.select_for_update(of=("self",)).select_related("school").get(pk=request.pk)
        require(may_answer_request(actor, host, locked))
        _require_places(locked, places)
        found = Proposal.objects.create(
            request=locked, school=locked.school, host=host, state=ProposalState.WITH_SCHOOL, held_on=held_on, places=places,
            school_class=locked.school_class, purpose=locked.outcomes, note=note, made_by_id=actor.pk,
        )
        tell_answered(found)
    return found


def refuse_request(*, actor: Account, request: EncounterRequest, host: Organisation, reason: str) -> Proposal:
    """An employer says no, and why."""
    with change("careers.refuse_request", actor=actor):
        locked = EncounterRequest.objects.select_for_update(of=("self",)).select_related("school").get(pk=request.pk)
        require(may_answer_request(actor, host, locked))
        found = Proposal.objects.create(
            request=locked, school=locked.school, host=host, state=ProposalState.DECLINED, reason=_given(reason),
            made_by_id=actor.pk,
        )
        tell_declined(found, by_host=True)
    return found


def take_places(
    *, actor: Account, offer: EncounterOffer, school: School, held_on: date, places: int,
    school_class: SchoolClass | None = None, purpose: str = "", note: str = "",
) -> Proposal:
    """A school takes places of an offer: agreed at once on one of its days, otherwise proposed to the employer."""
    require(day_ahead(held_on))
    with change("careers.take_places", actor=actor):
        locked = EncounterOffer.objects.select_for_update(of=("self",)).select_related("host").get(pk=offer.pk)
        require(may_take(actor, school, locked))
        if school_class is not None and school_class.school_id != school.pk:
            raise RefusedError(_("The class is of another school."))
        _require_places(locked, places)
        found = Proposal.objects.create(
            offer=locked, school=school, host=locked.host, state=ProposalState.WITH_HOST, held_on=held_on, places=places,
            school_class=school_class, purpose=purpose, note=note, made_by_id=actor.pk,
        )
        if locked.from_on <= held_on <= locked.until_on:
            _agree(actor, found)
        else:
            tell_proposed(found)
    return found


def reply(*, actor: Account, proposal: Proposal, held_on: date, places: int, note: str = "") -> Proposal:
    """The employer answers a school's proposal with a day and places; the school then agrees or declines."""
    require(day_ahead(held_on))
    with change("careers.reply", actor=actor):
        locked = _locked(actor, proposal, "reply")
        _require_places(locked.about, places)
        locked.held_on, locked.places, locked.note, locked.state = held_on, places, note, ProposalState.WITH_SCHOOL
        locked.save(update_fields=["held_on", "places", "note", "state"])
        tell_answered(locked)
    return locked


def agree(*, actor: Account, proposal: Proposal) -> Proposal:
    """The school agrees: the places are taken, and the encounter is planned."""
    with change("careers.agree", actor=actor):
        locked = _locked(actor, proposal, "agree")
        _require_places(locked.about, locked.places or 0)
        _agree(actor, locked)
    return locked


def decline(*, actor: Account, proposal: Proposal, reason: str) -> Proposal:
    """Whoever has the word says no, and why."""
    with change("careers.decline_proposal", actor=actor):
        locked = _locked(actor, proposal, "decline")
        by_host = locked.state == ProposalState.WITH_HOST
        locked.state, locked.reason = ProposalState.DECLINED, _given(reason)
        locked.save(update_fields=["state", "reason"])
        tell_declined(locked, by_host=by_host)
    return locked


def withdraw(*, actor: Account, proposal: Proposal) -> Proposal:
    """Whoever waits for the other side takes the proposal back."""
    with change("careers.withdraw_proposal", actor=actor):
        locked = _locked(actor, proposal, "withdraw")
        by_host = locked.state == ProposalState.WITH_SCHOOL
        locked.state = ProposalState.WITHDRAWN
        locked.save(update_fields=["state"])
        tell_closed(locked, by_host=by_host)
    return locked


def call_off(*, actor: Account, proposal: Proposal, reason: str) -> Proposal:
    """Either side calls off what was agreed: the places are free again, the planned encounter goes.

    Raises RefusedError once attendance is recorded.
    """
    with change("careers.call_off", actor=actor):
        locked = _locked(actor, proposal, "call_off")
        encounter = locked.encounter
        if encounter is not None and encounter.attendances.exclude(presence=Presence.EXPECTED).exists():
            raise RefusedError(_("Attendance is recorded already, so it was held."))
        locked.state, locked.reason, locked.encounter = ProposalState.CALLED_OFF, _given(reason), None
        locked.save(update_fields=["state", "reason", "encounter"])
        if encounter is not None:
            EncounterAttendance.objects.filter(encounter=encounter).delete()
            encounter.delete()
        tell_called_off(locked, by_host="school" not in side_of(actor, locked))
    return locked


def agreed_places(about: EncounterOffer | EncounterRequest) -> int:
    """How many places are agreed."""
    found: int | None = about.proposals.agreed().aggregate(count=Sum("places"))["count"]
    return found or 0


def _given(reason: str) -> str:
    if not reason.strip():
        raise RefusedError(_("Say why, so that the other side can plan."))
    return reason.strip()


def _locked(actor: Account, proposal: Proposal, verb: str) -> Proposal:
    """The proposal, after the offer or request it answers: the same order everywhere, so nobody waits in a circle."""
    if proposal.offer_id is not None:
        EncounterOffer.objects.select_for_update().get(pk=proposal.offer_id)
    else:
        EncounterRequest.objects.select_for_update().get(pk=proposal.request_id or 0)
    related = ("offer", "request", "school", "host", "school_class", "encounter")
    locked = Proposal.objects.select_for_update(of=("self",)).select_related(*related).get(pk=proposal.pk)
    require(may_change_proposal(actor, locked, verb))
    return locked


def _require_places(about: EncounterOffer | EncounterRequest, places: int) -> None:
    """Enough of them are free; the offer or request is locked by the caller."""
    there = about.places if isinstance(about, EncounterOffer) else about.pupils
    left = there - agreed_places(about)
    if places < 1 or places > left:
        if left <= 0:
            raise RefusedError(_("No place is left."))
        raise RefusedError(_("Choose from 1 to %(count)s places: so many are left.") % {"count": left})


def _agree(actor: Account, proposal: Proposal) -> None:
    """The agreement becomes a planned encounter, with the pupils of the class where one was named."""
    proposal.state = ProposalState.AGREED
    proposal.encounter = record_encounter(
        actor=actor, school=proposal.school, pupils=_pupils(proposal), **_told(proposal)
    )
    proposal.save(update_fields=["state", "encounter"])
    tell_agreed(proposal)


def _pupils(proposal: Proposal) -> list[Person]:
    """Pupils of the class on the day, when there are places for all of them; otherwise the school chooses later."""
    if proposal.school_class is None or proposal.held_on is None:
        return []
    rows = Enrolment.objects.on(proposal.held_on).filter(school_class=proposal.school_class).select_related("person")
    people = [each.person for each in rows]
    return people if len(people) <= (proposal.places or 0) else []


def _told(proposal: Proposal) -> dict[str, Any]:
    """What the offer or request says of the encounter, and that the host knows the purpose when the school told it."""
    about, terms = proposal.about, ExchangeTerms.objects.filter(organisation_id=proposal.host_id).first()
    told: dict[str, Any] = {
        "name": about.name, "kind": about.kind, "held_on": proposal.held_on, "hours": about.hours, "mode": about.mode,
        "host": proposal.host, "host_size": terms.size if terms else "", "sector": terms.sector if terms else "",
        "is_stem": about.is_stem, "outcomes": proposal.purpose or about.outcomes,
        "purpose_shared_with_host": bool(proposal.purpose),
    }
    if isinstance(about, EncounterOffer):
        return told | {"sector": about.sector or told["sector"]}
    return told | {"subject": about.subject, "through_curriculum": about.kind == EncounterKind.SUBJECT}

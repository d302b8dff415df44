"""Offering encounters to schools, and asking employers for them; how an employer wants to be asked."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.actions.proposals import agreed_places
from microcities.careers.exchange_letters import tell_asked, tell_closed
from microcities.careers.exchange_rules import (
    day_ahead,
    may_act_for,
    may_ask,
    may_change_offer,
    may_withdraw_request,
)
from microcities.careers.models import (
    EncounterOffer,
    EncounterRequest,
    ExchangeTerms,
    ProposalState,
    School,
    Standing,
)
from microcities.people.models import Account, Organisation
from microcities.programme.models import City
from microcities.trail.context import change

WAITING = (ProposalState.WITH_HOST, ProposalState.WITH_SCHOOL)


def set_terms(*, actor: Account, organisation: Organisation, cities: list[City], **fields: Any) -> ExchangeTerms:
    """From which cities an employer takes requests (none: all), until when it wants none, its sector and size."""
    require(may_act_for(actor, organisation.pk))
    with change("careers.set_exchange_terms", actor=actor):
        found = ExchangeTerms.objects.filter(organisation=organisation).first() or ExchangeTerms(organisation=organisation)
        for name, value in fields.items():
            setattr(found, name, value)
        found.full_clean()
        found.save()
        found.cities.set(cities)
    return found


def make_offer(*, actor: Account, host: Organisation, **fields: Any) -> EncounterOffer:
    """Offer an encounter to schools. Raises RefusedError, ValidationError."""
    require(may_act_for(actor, host.pk))
    found = EncounterOffer(host=host, made_by_id=actor.pk, **fields)
    require(day_ahead(found.until_on))
    found.full_clean()
    with change("careers.make_offer", actor=actor):
        found.save()
    return found


def change_offer(*, actor: Account, offer: EncounterOffer, **fields: Any) -> EncounterOffer:
    """Change an offer; what was agreed stays as it was agreed, and its places remain. Raises RefusedError, ValidationError."""
    with change("careers.change_offer", actor=actor):
        locked = EncounterOffer.objects.select_for_update().get(pk=offer.pk)
        require(may_change_offer(actor, locked))
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.full_clean()
        if locked.places < (agreed := agreed_places(locked)):
            wrong = _("%(count)s places are agreed already. There cannot be fewer.") % {"count": agreed}
            raise ValidationError({"places": wrong})
        locked.save()
    return locked


def withdraw_offer(*, actor: Account, offer: EncounterOffer) -> EncounterOffer:
    """Offer it no more. What waits for an answer is withdrawn with it, what was agreed is held."""
    with change("careers.withdraw_offer", actor=actor):
        locked = EncounterOffer.objects.select_for_update().get(pk=offer.pk)
        require(may_change_offer(actor, locked))
        _close(locked)
    return locked


def ask_for_encounter(
    *, actor: Account, school: School, host: Organisation | None = None, **fields: Any
) -> EncounterRequest:
    """Ask one employer, or with no `host` all in the city. Raises RefusedError, ValidationError."""
    require(may_ask(actor, school, host))
    today = timezone.localdate()
    found = EncounterRequest(school=school, host=host, asked_by_id=actor.pk, asked_on=today, **fields)
    require(day_ahead(found.answer_by))
    if found.school_class is not None and found.school_class.school_id != school.pk:
        raise RefusedError(_("The class is of another school."))
    found.full_clean()
    with change("careers.ask_for_encounter", actor=actor):
        found.save()
        tell_asked(found)
    return found


def withdraw_request(*, actor: Account, request: EncounterRequest) -> EncounterRequest:
    """Ask no more. Answers that wait are withdrawn with it, what was agreed is held."""
    with change("careers.withdraw_request", actor=actor):
        locked = EncounterRequest.objects.select_for_update(of=("self",)).select_related("school").get(pk=request.pk)
        require(may_withdraw_request(actor, locked))
        _close(locked)
    return locked


def _close(about: EncounterOffer | EncounterRequest) -> None:
    about.state = Standing.WITHDRAWN
    about.save(update_fields=["state"])
    waiting = about.proposals.filter(state__in=WAITING).select_related("offer", "request", "school", "host")
    for each in waiting.order_by("pk"):
        each.state = ProposalState.WITHDRAWN
        each.save(update_fields=["state"])
        tell_closed(each, by_host=isinstance(about, EncounterOffer))

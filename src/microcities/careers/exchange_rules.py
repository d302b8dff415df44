"""Who may offer, ask, answer and agree on encounters, and which changes of state there are."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.careers.models import EncounterOffer, EncounterRequest, ExchangeTerms, Proposal, School, Standing
from microcities.careers.rules import may_keep, may_open_schools
from microcities.people.models import Organisation
from microcities.people.roles import Permission

if TYPE_CHECKING:
    from microcities.people.models import Account

HOST, SCHOOL = "host", "school"
# By verb: the states of a proposal from which it may happen, and which side may do it.
PROPOSAL_CHANGES: dict[str, frozenset[str]] = {
    "reply": frozenset({"with_host"}),
    "agree": frozenset({"with_school"}),
    "decline": frozenset({"with_host", "with_school"}),
    "withdraw": frozenset({"with_host", "with_school"}),
    "call_off": frozenset({"agreed"}),
}
SIDES: dict[str, frozenset[str]] = {
    "reply": frozenset({HOST}),
    "agree": frozenset({SCHOOL}),
    "decline": frozenset({HOST, SCHOOL}),
    "withdraw": frozenset({HOST, SCHOOL}),
    "call_off": frozenset({HOST, SCHOOL}),
}


def may_give_encounters(account: Any) -> Answer:
    """People of employers."""
    if account.is_authenticated and account.may(Permission.GIVE_ENCOUNTERS):
        return YES
    return no(_("Encounters are offered by people of employers."))


def may_see_exchange(account: Any) -> Answer:
    """People of employers, and whoever may open the records of some school."""
    if may_give_encounters(account) or may_open_schools(account):
        return YES
    return no(_("Offers and requests are seen by schools and employers."))


def may_act_for(account: "Account", organisation_id: int) -> Answer:
    """Somebody of this employer."""
    if organisation_id in account.organisation_ids(Permission.GIVE_ENCOUNTERS):
        return YES
    return no(_("This is done by the employer's own people."))


def may_change_offer(account: "Account", offer: EncounterOffer) -> Answer:
    """The employer's own people, until it is withdrawn."""
    if not (answer := may_act_for(account, offer.host_id)):
        return answer
    if offer.state != Standing.OPEN:
        return no(_("The offer is withdrawn. Make a new one."))
    return YES


def may_ask(account: "Account", school: School, host: Organisation | None) -> Answer:
    """Whoever keeps the school's records; an employer that pauses is not asked."""
    if not (answer := may_keep(account, school)):
        return answer
    if host is None:
        return YES
    today = timezone.localdate()
    terms = ExchangeTerms.objects.paused_on(today).filter(organisation=host).first()
    if terms is not None:
        return no(_("This employer asks not to be asked now. Choose another one, or ask all employers in the city."))
    return YES


def may_withdraw_request(account: "Account", request: EncounterRequest) -> Answer:
    """Whoever keeps the school's records, once."""
    if not (answer := may_keep(account, request.school)):
        return answer
    if request.state != Standing.OPEN:
        return no(_("The request is withdrawn already."))
    return YES


def may_answer_request(account: "Account", host: Organisation, request: EncounterRequest) -> Answer:
    """An employer to whom it is put, in time, once."""
    if not (answer := may_act_for(account, host.pk)):
        return answer
    today = timezone.localdate()
    if request.state != Standing.OPEN:
        return no(_("The school has withdrawn the request."))
    if request.answer_by < today:
        return no(_("The day until which answers were wanted has passed."))
    if not EncounterRequest.objects.for_firms(account, today).filter(pk=request.pk).exists():
        return no(_("The request is put to another employer."))
    if request.host_id not in (None, host.pk):
        return no(_("The request is put to another employer."))
    if request.proposals.filter(host=host, state__in=["with_host", "with_school", "agreed"]).exists():
        return no(_("You have answered already. Withdraw that answer first."))
    return YES


def may_take(account: "Account", school: School, offer: EncounterOffer) -> Answer:
    """Whoever keeps the school's records, while it is offered."""
    if not (answer := may_keep(account, school)):
        return answer
    if offer.state != Standing.OPEN:
        return no(_("The employer has withdrawn the offer."))
    if offer.until_on < timezone.localdate():
        return no(_("The days of this offer have passed."))
    return YES


def side_of(account: "Account", proposal: Proposal) -> frozenset[str]:
    """For which sides the account speaks."""
    sides = set()
    if may_act_for(account, proposal.host_id):
        sides.add(HOST)
    if may_keep(account, proposal.school):
        sides.add(SCHOOL)
    return frozenset(sides)


def may_change_proposal(account: "Account", proposal: Proposal, verb: str) -> Answer:
    """Whether this may be done with the proposal now. Who has the word declines; who waits for the other withdraws."""
    sides = side_of(account, proposal) & SIDES[verb]
    if not sides:
        return no(_("This is done by the other side, or by people of the school and the employer only."))
    if proposal.state not in PROPOSAL_CHANGES[verb]:
        words = proposal.get_state_display()
        return no(_now("The proposal is “%(state)s”, so this cannot be done now.") % {"state": words})
    has_word = proposal.state.removeprefix("with_") in sides
    if verb == "decline" and not has_word:
        return no(_("The other side has the word. You may withdraw the proposal."))
    if verb == "withdraw" and len(sides) == 1 and has_word:
        return no(_("You have the word. Agree or decline."))
    return _in_time(proposal, verb)


def _in_time(proposal: Proposal, verb: str) -> Answer:
    """Nothing is agreed on for a day that has passed, and what has been held is not called off."""
    today = timezone.localdate()
    if verb in {"reply", "agree"} and proposal.held_on is not None and proposal.held_on < today:
        return no(_("The day proposed has passed."))
    if verb == "call_off" and proposal.held_on is not None and proposal.held_on < today:
        return no(_("The day has passed. The school records who was there."))
    return YES


def day_ahead(day: date) -> Answer:
    """A day that is still to come, or today."""
    if day < timezone.localdate():
        return no(_("The day has passed. Choose a later one."))
    return YES

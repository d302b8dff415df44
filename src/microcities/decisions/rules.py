"""Who may see, confirm and discard decision files; each answer is yes or a reason a person can read."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.decisions.models import DecisionRun, State
from microcities.people.roles import Permission

# From each state, the states that may follow; the trigger of the migration holds the same.
FOLLOWS: dict[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.CONFIRMED, State.DISCARDED}),
    State.CONFIRMED: frozenset(),
    State.DISCARDED: frozenset(),
}


def may_see_decisions(account: Any) -> Answer:
    """Rule of all pages on decisions and engines."""
    if account.is_authenticated and account.may(Permission.SEE_DECISIONS):
        return YES
    return no(_("Only the programme's managers, coordinators and auditors see decision files."))


def may_see_run(account: Any, run: DecisionRun) -> Answer:
    """Who may see this very file, and its history."""
    if not (answer := may_see_decisions(account)):
        return answer
    if DecisionRun.objects.visible_to(account).filter(pk=run.pk).exists():
        return YES
    return no(_("This decision is of another organisation or of the whole programme."))


def may_confirm_decisions(account: Any) -> Answer:
    """Rule of the pages that settle a decision."""
    if account.is_authenticated and account.may(Permission.CONFIRM_DECISIONS):
        return YES
    return no(_("Your role does not confirm decisions."))


def may_follow(run: DecisionRun, state: State) -> Answer:
    """Yes while the run is open for this step."""
    if state in FOLLOWS[State(run.state)]:
        return YES
    if run.state == State.CONFIRMED:
        return no(_("This decision is already confirmed. To decide otherwise, run the engine anew."))
    return no(_("This decision has been discarded. To decide otherwise, run the engine anew."))


def may_confirm(account: Any, run: DecisionRun) -> Answer:
    """A person with the role confirms, and another one than who ran it where that is asked for."""
    # The platform itself has no `may`: a person confirms.
    if not hasattr(account, "may") or not may_confirm_decisions(account):
        return no(_("Only a person whose role confirms decisions can do this."))
    if not (answer := may_see_run(account, run)):
        return answer
    if run.needs_second_person and run.run_by_id == account.pk:
        return no(_("You ran this yourself. Somebody else has to confirm it."))
    return may_follow(run, State.CONFIRMED)


def may_discard(account: Any, run: DecisionRun) -> Answer:
    """Whoever may confirm may also set aside, also what they ran themselves."""
    if not hasattr(account, "may") or not may_confirm_decisions(account):
        return no(_("Only a person whose role confirms decisions can do this."))
    if not (answer := may_see_run(account, run)):
        return answer
    return may_follow(run, State.DISCARDED)

"""Ends sessions: the one on the telephone that was lost, all but this one, or all of a member's."""

from collections.abc import Iterable

from microcities.access.answers import require
from microcities.people.models import Account, Membership, Session
from microcities.people.rules import may_end_membership
from microcities.trail.context import change


def end_sessions(*, actor: Account, sessions: Iterable[Session]) -> int:
    """Sign these sessions out; those of other accounts are left alone. Returns how many ended."""
    keys = [each.session_key for each in sessions]
    with change("people.end_sessions", actor=actor):
        ended, _by_model = Session.objects.filter(account=actor, session_key__in=keys).delete()
    return ended


def end_sessions_of_member(*, actor: Account, membership: Membership) -> int:
    """Sign a member out everywhere, as when a computer was stolen; the role stays. Returns how many sessions ended.

    Raises RefusedError when the actor may not end this role either.
    """
    require(may_end_membership(actor, membership))
    with change("people.end_sessions_of_member", actor=actor):
        ended, _by_model = Session.objects.filter(account_id=membership.account_id).delete()
    return ended

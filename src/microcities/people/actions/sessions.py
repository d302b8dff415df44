"""Ends sessions: the one on the telephone that was lost, or all but this one."""

from collections.abc import Iterable

from microcities.people.models import Account, Session
from microcities.trail.context import change


def end_sessions(*, actor: Account, sessions: Iterable[Session]) -> int:
    """Sign these sessions out; those of other accounts are left alone. Returns how many ended."""
    keys = [each.session_key for each in sessions]
    with change("people.end_sessions", actor=actor):
        ended, _by_model = Session.objects.filter(account=actor, session_key__in=keys).delete()
    return ended

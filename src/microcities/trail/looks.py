"""The log of looks at protected persons' records: the one thing that a reading request may write."""

from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass

from microcities.trail.context import current_origin
from microcities.trail.models import Look


@dataclass(frozen=True)
class _Seen:
    person_id: int
    reason: str
    what: str


_seen: ContextVar[tuple[_Seen, ...]] = ContextVar("seen", default=())


def note_look(person_id: int, *, reason: str, what: str = "") -> None:
    """Remember that the present request showed this person; written when the reading transaction has ended.

    `reason` is the viewer's task in words of the platform (`results.evidence`), `what` the part that was shown.
    """
    note_looks((person_id,), reason=reason, what=what)


def note_looks(person_ids: Iterable[int], *, reason: str, what: str = "") -> None:
    """The same for many persons at once, as an export shows them."""
    _seen.set((*_seen.get(), *(_Seen(number, reason, what) for number in person_ids)))


def write_looks() -> None:
    """Write what `note_look` gathered; if that fails the request fails, so nobody sees an unlogged record."""
    seen = dict.fromkeys(_seen.get())
    _seen.set(())
    if not seen:
        return
    origin = current_origin()
    Look.objects.bulk_create(
        Look(
            person_id=each.person_id,
            actor_id=origin.actor_id,
            reason=each.reason,
            what=each.what,
            request_id=origin.request_id,
            address=origin.address[:200],
        )
        for each in seen
    )

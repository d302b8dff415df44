"""Who acts now, and the one way to write: `with change("verb", actor=account): ...`."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.db import connection, transaction
from django.http import HttpRequest

from microcities.trail.models import Action


class Actor(Protocol):
    """Whoever acts: an account, or the system itself."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class System:
    """The platform acting on a schedule or a command line; `name` says which part of it."""

    name: str
    pk: None = None


@dataclass(frozen=True)
class Origin:
    """Where the present work comes from."""

    actor_id: int | None = None
    request_id: uuid.UUID | None = None
    address: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def current_origin() -> Origin:
    """The origin of the request or job under way."""
    return _origin.get()


@contextmanager
def request_origin(request: HttpRequest) -> Iterator[None]:
    """Mark all that follows as done by this request's account."""
    user = getattr(request, "user", None)
    origin = Origin(
        actor_id=user.pk if user is not None and user.is_authenticated else None,
        request_id=uuid.uuid4(),
        address=request.path,
    )
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)


def _announce(action_id: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('microcities.action', %s, true)", [str(action_id or "")])


_action: ContextVar[int | None] = ContextVar("action", default=None)


@contextmanager
def change(verb: str, *, actor: Actor, reason: str = "") -> Iterator[Action]:
    """Run one action: one transaction, one trail line, and every row it touches points to that line.

    `verb` is `app.verb_noun`; `reason` is what the actor gave as the reason, where one is asked for. Nested actions
    each leave their own line and share the outer transaction.
    """
    origin = replace(current_origin(), actor_id=actor.pk if actor.pk is not None else current_origin().actor_id)
    outer = _action.get()
    with transaction.atomic():
        line = Action.objects.create(
            verb=verb,
            actor_id=actor.pk,
            system=getattr(actor, "name", "") if actor.pk is None else "",
            reason=reason,
            request_id=origin.request_id,
            part_of_id=outer,
        )
        token = _action.set(line.pk)
        _announce(line.pk)
        try:
            yield line
        finally:
            _action.reset(token)
        # After an error the rollback takes the announcement back; a query now would hide what went wrong.
        if not connection.needs_rollback:
            _announce(outer)

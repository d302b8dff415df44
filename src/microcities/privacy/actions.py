"""What persons and the data protection officer do: ask, answer, hold, and start a programme's clock."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import models
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import RefusedError, require
from microcities.privacy.erasure import Erased, ErasureRefusedError, erase_person
from microcities.privacy.models import LegalHold, Request, RequestKind, RequestState, RetentionStart
from microcities.privacy.record import clocks_on
from microcities.privacy.rulebook.clocks import months_after
from microcities.privacy.rules import may_answer, may_ask
from microcities.trail.context import Actor, change

# Sent with `request` (a Request) inside the transaction that hands it in.
request_received = Signal()
# Sent with `request` and `answer` inside the transaction, before anything is erased: who wants to write to the person
# takes the address now and returns a function, which is called at the end of the same transaction.
request_answered = Signal()


def ask_about_data(*, actor: Any, person: Any, kind: RequestKind, message: str) -> Request:
    """Hand in a request; RefusedError when somebody else must ask or one of this kind is open already."""
    today = timezone.localdate()
    require(may_ask(actor, person, today))
    if Request.objects.open().filter(person=person, kind=kind).exists():
        raise RefusedError(_("A request of this kind is open already. You will be answered."))
    with change("privacy.ask_about_data", actor=actor):
        asked = Request.objects.create(
            person=person,
            kind=kind,
            message=message,
            asked_by_id=actor.pk,
            due_on=months_after(today, clocks_on(today).answer_within_months),
        )
        request_received.send(Request, request=asked)
    return asked


def refuse_request(*, actor: Actor, request: Request, answer: str) -> None:
    """Answer no, with the reason that the person will read."""
    with change("privacy.refuse_request", actor=actor):
        _decided, then = _decide(request, actor, RequestState.REFUSED, answer)
        then()


def grant_request(*, actor: Actor, request: Request, answer: str) -> Erased | None:
    """Answer yes. An erasure is carried out at once; a correction has been made by whoever keeps the record.

    RefusedError when the request is answered already or the law keeps the record for now.
    """
    with change("privacy.grant_request", actor=actor):
        decided, then = _decide(request, actor, RequestState.GRANTED, answer)
        erased = None
        if decided.kind == RequestKind.ERASURE:
            try:
                erased = erase_person(actor=actor, person=decided.person, reason=str(_("request of the person")))
            except ErasureRefusedError as error:
                raise RefusedError(error.reason) from error
        then()
    return erased


def _decide(request: Request, actor: Actor, state: RequestState, answer: str) -> tuple[Request, Callable[[], None]]:
    """The decided request, and what is to be called once the decision has been carried out."""
    locked = Request.objects.select_for_update().select_related(None).get(pk=request.pk)
    require(may_answer(locked))
    locked.state, locked.answer = state, answer
    locked.decided_by_id, locked.decided_at = actor.pk, timezone.now()
    locked.save(update_fields=["state", "answer", "decided_by_id", "decided_at"])
    # Receivers answer with what is to be done once the letter may go out.
    said: list[Any] = [later for _receiver, later in request_answered.send(Request, request=locked, answer=answer)]

    def then() -> None:
        for later in said:
            later()

    return locked, then


def place_hold(
    *, actor: Actor, reason: str, from_on: date, person: Any = None, programme: Any = None, to_on: date | None = None
) -> LegalHold:
    """Keep a person's data, or those of everybody in a programme, while proceedings last."""
    with change("privacy.place_hold", actor=actor):
        return LegalHold.objects.create(
            person=person, programme=programme, reason=reason, from_on=from_on, to_on=to_on, placed_by_id=actor.pk
        )


def lift_hold(*, actor: Actor, hold: LegalHold, to_on: date) -> LegalHold:
    """Let a hold end on a day; RefusedError when that is before it began."""
    if to_on < hold.from_on:
        raise RefusedError(_("A hold cannot end before it began."))
    with change("privacy.lift_hold", actor=actor):
        hold.to_on = to_on
        hold.save(update_fields=["to_on"])
    return hold


def start_clock(*, actor: Actor, programme: models.Model, clock: str, event_on: date, source: str) -> RetentionStart:
    """Record, or correct, the event from which a programme's retention runs, with the document that proves it."""
    with change("privacy.start_clock", actor=actor):
        start, _created = RetentionStart.objects.update_or_create(
            programme=programme, defaults={"clock": clock, "event_on": event_on, "source": source}
        )
    return start

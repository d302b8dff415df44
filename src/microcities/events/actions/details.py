"""What an event asks of those who register, and whom they meet there."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.events.actions.registrations import lock_event
from microcities.events.models import Event, EventHost, EventState, Question, Registration
from microcities.events.rules import may_manage
from microcities.people.models import Account, Organisation
from microcities.trail.context import change


def set_questions(*, actor: Account, event: Event, questions: Sequence[Question]) -> None:
    """Ask these and no others. Refused once somebody has registered: answers belong to the questions as they were read."""
    with change("events.set_questions", actor=actor):
        locked = _changeable(actor, event)
        if Registration.objects.filter(event=locked).exists():
            raise RefusedError(_("Somebody has registered already. The questions stay as they were read."))
        Question.objects.filter(event=locked).delete()
        for position, question in enumerate(questions, 1):
            question.event, question.position = locked, position
        Question.objects.bulk_create(questions)


def add_host(*, actor: Account, event: Event, organisation: Organisation) -> None:
    """Say that people meet this organisation at the event; saying it twice is the same as once."""
    with change("events.add_host", actor=actor):
        EventHost.objects.get_or_create(event=_changeable(actor, event), organisation=organisation)


def remove_host(*, actor: Account, event: Event, organisation: Organisation) -> None:
    """Say that people do not meet this organisation at the event after all."""
    with change("events.remove_host", actor=actor):
        EventHost.objects.filter(event=_changeable(actor, event), organisation=organisation).delete()


def _changeable(actor: Account, event: Event) -> Event:
    require(may_manage(actor, event))
    locked = lock_event(event)
    if locked.state == EventState.CANCELLED:
        raise RefusedError(_("The event is cancelled. Plan a new one."))
    return locked

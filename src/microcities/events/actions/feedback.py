"""Keeping what somebody thought of an event, so that nobody can tell who said it."""

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.events.models import Attendee, Feedback
from microcities.events.rules import may_give_feedback
from microcities.people.models import Account
from microcities.trail.context import change


def give_feedback(
    *, actor: Account, attendee: Attendee, group: str, useful: int, learnt: bool | None = None, words: str = ""
) -> None:
    """Keep one answer and note that this attendee has answered; the two are not tied to each other."""
    with change("events.give_feedback", actor=actor):
        fresh = Attendee.objects.select_for_update(of=("self",)).select_related("event").get(pk=attendee.pk)
        require(may_give_feedback(actor, fresh))
        if not 1 <= useful <= 5:
            raise RefusedError(_("Choose from 1 to 5."))
        Attendee.objects.filter(pk=fresh.pk).update(has_answered=True)
        Feedback.objects.create(
            event=fresh.event, group=group, useful=useful, learnt=learnt, words=words.strip(), given_on=timezone.localdate()
        )

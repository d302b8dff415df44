"""Moving a registration to another date of its series: nobody loses a place before the other one is sure."""

from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.events.actions.registrations import cancel_registration, register
from microcities.events.models import Attendee, Event, Registration, RegistrationState
from microcities.events.rules import may_change_registration, may_move
from microcities.people.models import Account
from microcities.trail.context import change


def move_registration(*, actor: Account, registration: Registration, to: Event) -> Registration:
    """Register everybody on it for `to` and give the old places back; refused whole when `to` has not places for all.

    Returns the new registration. Raises RefusedError or PeopleRefusedError.
    """
    with change("events.move_registration", actor=actor):
        # Both at once and in the order of their numbers, so that two moves against each other do not wait for ever.
        list(Event.objects.select_for_update(no_key=True).filter(pk__in=[registration.event_id, to.pk]).order_by("pk"))
        fresh = Registration.objects.select_related("event").get(pk=registration.pk)
        require(may_change_registration(actor, fresh, "cancel"))
        require(may_move(fresh.event, to))
        people = list(fresh.attendees.filter(cancelled_at__isnull=True).select_related("person").order_by("pk"))
        made = register(
            actor=actor, event=to, people=[each.person for each in people], organisation=fresh.organisation,
            label=fresh.label, answers=_answers(people, fresh.event, to),
        )
        if made.state != RegistrationState.CONFIRMED:
            raise RefusedError(_("That date has not enough free places. Your registration stays as it was."))
        cancel_registration(actor=actor, registration=fresh)
        return made


def _answers(people: list[Attendee], before: Event, after: Event) -> dict[int, dict[str, object]]:
    """Answers follow to the same questions of the other date."""
    texts = {str(pk): text for pk, text in before.questions.values_list("pk", "text")}
    numbers = {text: str(pk) for pk, text in after.questions.values_list("pk", "text")}
    return {
        each.person_id: {
            numbers[texts[key]]: value for key, value in each.answers.items() if texts.get(key) in numbers
        }
        for each in people
    }

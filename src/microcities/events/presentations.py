"""Links of this app, the words of its actions, and who sees the history of its records."""

from typing import Any

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer
from microcities.access.guards import signed_in
from microcities.events.models import Event
from microcities.events.rules import may_manage_events
from microcities.privacy.rules import may_see_trail
from microcities.trail.reading import name_verb, presented
from microcities.ui.shell import register_nav

VERBS = {
    "events.draft_event": _("drafted an event"),
    "events.publish_event": _("announced an event"),
    "events.change_event": _("changed an event"),
    "events.cancel_event": _("cancelled an event"),
    "events.delete_draft": _("threw the draft of an event away"),
    "events.draft_series": _("drafted a series of events"),
    "events.publish_series": _("announced a series of events"),
    "events.change_following": _("changed an event and those after it"),
    "events.change_all": _("changed a series of events"),
    "events.cancel_following": _("cancelled an event and those after it"),
    "events.cancel_all": _("cancelled all dates of a series that are to come"),
    "events.set_questions": _("wrote the questions of an event"),
    "events.add_host": _("added a host to an event"),
    "events.remove_host": _("took a host off an event"),
    "events.register": _("registered people for an event"),
    "events.accept_offer": _("accepted a place at an event"),
    "events.decline_registration": _("declined a place at an event"),
    "events.cancel_registration": _("cancelled a registration for an event"),
    "events.move_registration": _("moved a registration to another date"),
    "events.remove_attendee": _("took a person off a registration"),
    "events.lapse_offers": _("took back places that nobody accepted in time"),
    "events.take_attendance": _("took attendance by the list"),
    "events.sync_scans": _("checked people in"),
    "events.give_feedback": _("gave feedback on an event"),
    "events.create_feed": _("made the address of a calendar"),
    "events.revoke_feed": _("withdrew the address of a calendar"),
}


def may_see_event_history(account: Any, event: Model) -> Answer:
    """Those who see the trail, and those who plan the event."""
    if account.is_authenticated and Event.objects.run_by(account).filter(pk=event.pk).exists():
        return YES
    return may_see_trail(account)


for verb, words in VERBS.items():
    name_verb(verb, words)
presented("events.Event", rule=may_see_event_history)
register_nav("main", _("Events"), "events:list", 25)
register_nav("main", _("Organise events"), "events:run", 35, rule=may_manage_events)
register_nav("account", _("My registrations"), "events:mine", 15, rule=signed_in)

"""What actions and looks on days of work are called on the pages of the trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "summerjobs.note_days": _("noted days of summer work"),
    "summerjobs.report_incident": _("reported an incident at summer work"),
    "summerjobs.close_incident": _("closed an incident at summer work"),
    "summerjobs.give_feedback": _("said how summer work was"),
    "summerjobs.complete_placement": _("ended a placement on its last day"),
}

"""What actions and looks on draws and placements are called on the pages of the trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.ui.components import StatusKind

VERBS: dict[str, str | Promise] = {
    "summerjobs.freeze_draw": _("froze the input of a draw"),
    "summerjobs.enter_seed": _("entered the seed of a draw"),
    "summerjobs.run_draw": _("ran a draw"),
    "summerjobs.set_draw_aside": _("set a draw aside"),
    "summerjobs.publish_draw": _("published a draw"),
    "summerjobs.refill": _("offered free places to the next"),
    "summerjobs.rank_pupils": _("ranked pupils for a post"),
    "summerjobs.placement": _("a summer placement"),
    "summerjobs.accept_placement": _("accepted a place"),
    "summerjobs.decline_placement": _("declined a place"),
    "summerjobs.withdraw_placement": _("withdrew a placement"),
    "summerjobs.end_placement_early": _("ended a placement early"),
    "summerjobs.lapse_placement": _("let an offer lapse"),
}

# By the state of a placement: the kind of its badge.
KINDS: dict[str, StatusKind] = {
    "offered": "info", "accepted": "good", "declined": "neutral", "lapsed": "warning", "withdrawn": "neutral",
    "dropped_out": "warning", "completed": "good",
}

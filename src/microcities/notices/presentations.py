"""What the actions of this app are called on the pages of the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.trail.reading import name_verb

VERBS = {
    "notices.notify": _("made a notice"),
    "notices.deliver_notice": _("sent a notice by e-mail"),
    "notices.mark_read": _("marked notices as read"),
    "notices.refuse_kind": _("refused a kind of e-mail"),
    "notices.want_kind": _("asked for a kind of e-mail"),
}

for verb, words in VERBS.items():
    name_verb(verb, words)

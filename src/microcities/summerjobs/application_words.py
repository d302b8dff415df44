"""What actions and looks on applications are called on the pages of the trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.privacy.rules import has_record
from microcities.ui.shell import register_nav

VERBS: dict[str, str | Promise] = {
    "summerjobs.begin_application": _("began an application for summer work"),
    "summerjobs.write_application": _("wrote in an application for summer work"),
    "summerjobs.set_wishes": _("named wishes for summer posts"),
    "summerjobs.move_wish": _("changed the order of wishes"),
    "summerjobs.set_groups": _("said to which groups a pupil belongs"),
    "summerjobs.add_document": _("added a document to an application"),
    "summerjobs.remove_document": _("removed a document of an application"),
    "summerjobs.send_application": _("sent an application for summer work"),
    "summerjobs.withdraw_application": _("withdrew an application for summer work"),
    "summerjobs.say_word": _("said a guardian's word on summer work"),
    "summerjobs.take_word_back": _("took a guardian's word back"),
    "summerjobs.confirm_facts": _("checked an application for summer work"),
    "summerjobs.see_group": _("saw the proof of a group"),
    "summerjobs.ask_for_missing": _("asked for what is missing in an application"),
    "summerjobs.refuse_application": _("refused an application for summer work"),
    "summerjobs.application": _("an application for summer work"),
}

register_nav("account", _("My summer work"), "summerjobs:mine", 13, rule=has_record)

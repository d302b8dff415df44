"""What actions and looks on agreements are called on the pages of the trail."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "summerjobs.make_agreement": _("made an agreement on summer work"),
    "summerjobs.sign_agreement": _("signed an agreement on summer work"),
    "summerjobs.bring_signed_file": _("added a signed file to an agreement"),
    "summerjobs.take_signature_back": _("took a signature back"),
    "summerjobs.note_medical": _("noted the day of a medical check"),
}

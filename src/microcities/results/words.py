"""Words for the codes that evidence rows carry; a service may use codes of its own, which then stand as they are."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

PROOF_WORDS: dict[str, "str | Promise"] = {
    "none": _("nothing yet"),
    "list": _("partner's list"),
    "document": _("document"),
    "confirmation": _("confirmed by a third party"),
    "measurement": _("measured by the platform"),
}
VERIFICATION_WORDS: dict[str, "str | Promise"] = {
    "unverified": _("not yet confirmed"),
    "confirmed": _("confirmed"),
}

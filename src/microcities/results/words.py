"""Words for codes: those of evidence rows, of services and of the EU's common indicators; an unknown code stands as it is."""

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
SERVICE_WORDS: dict[str, "str | Promise"] = {
    "participation": _("partners' lists and records of participation"),
    "marketing": _("student marketing"),
    "edtech": _("EdTech Factory"),
    "talent": _("talent attraction"),
    "careers": _("career support"),
    "makerspaces": _("makerspaces"),
    "grants": _("innovation grants"),
    "journeys": _("journeys between services"),
    "investment": _("foreign investment"),
}
# Short titles of the common indicators of Regulations (EU) 2021/1057, 2021/1058 and 2021/1059; to be checked with the fiches.
COMMON_CODE_WORDS: dict[str, "str | Promise"] = {
    "RCO05": _("new enterprises supported"),
    "RCO84": _("pilot actions developed jointly and implemented"),
    "RCR01": _("jobs created in supported entities, in annual full-time equivalents"),
    "RCR104": _("solutions taken up or up-scaled by organisations"),
    "EECR03": _("participants gaining a qualification upon leaving"),
}

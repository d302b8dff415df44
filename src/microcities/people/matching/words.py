"""The words for why two records may be one person."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FIELDS: Mapping[str, "str | Promise"] = {
    "given_name": gettext_lazy("given name"),
    "family_name": gettext_lazy("family name"),
    "name_order": gettext_lazy("order of the names"),
    "birth_on": gettext_lazy("date of birth"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("telephone"),
    "sex": gettext_lazy("sex"),
    "organisation": gettext_lazy("organisation that knows the person"),
    "local_reference": gettext_lazy("the organisation's own reference"),
}
VERDICTS: Mapping[str, "str | Promise"] = {
    "same": gettext_lazy("the same"),
    "ending": gettext_lazy("the same but for the ending"),
    "part": gettext_lazy("one is a part of the other"),
    "alike": gettext_lazy("alike, perhaps a typing error"),
    "near": gettext_lazy("nearly the same"),
    "different": gettext_lazy("different"),
    "missing": gettext_lazy("missing in one of the two"),
    "swapped": gettext_lazy("swapped"),
}


def reason_words(reason: Mapping[str, str]) -> str:
    """One comparison in words: "family name: the same but for the ending"."""
    return _("%(field)s: %(verdict)s") % {
        "field": FIELDS[reason["field"]], "verdict": VERDICTS[reason["verdict"]]
    }

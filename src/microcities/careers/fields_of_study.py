"""Fields and levels of study in words; records hold their codes."""

from django.utils.translation import gettext_lazy as _

# Broad fields of ISCED-F 2013, in the words of the classification.
FIELDS = {
    "01": _("education"), "02": _("arts and humanities"),
    "03": _("social sciences, journalism and information"), "04": _("business, administration and law"),
    "05": _("natural sciences, mathematics and statistics"), "06": _("information and communication technologies"),
    "07": _("engineering, manufacturing and construction"), "08": _("agriculture, forestry, fisheries and veterinary"),
    "09": _("health and welfare"), "10": _("services"),
}
# Levels of ISCED 2011 as learners know them.
LEVELS = {
    "3": _("secondary school or technikum"), "5": _("college"), "6": _("bachelor's studies"),
    "7": _("master's studies"),
}

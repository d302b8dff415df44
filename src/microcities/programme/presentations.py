"""What the actions of this app are called on the pages of the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.trail.reading import name_verb

VERBS = {
    "programme.set_up": _("set up the installation"),
    "programme.create_programme": _("created a programme"),
    "programme.add_city": _("added a city"),
    "programme.add_partner": _("took in a partner"),
    "programme.add_funding_source": _("added a source of money"),
}

for verb, words in VERBS.items():
    name_verb(verb, words)

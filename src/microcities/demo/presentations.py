"""What the making of the demo is called on the pages of the trail."""

from django.utils.translation import gettext_lazy as _

from microcities.trail.reading import name_verb

name_verb("demo.build", _("built the demo programme"))
name_verb("demo.scale_up", _("multiplied the demo's population"))

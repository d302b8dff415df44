"""Ties between the programme's activities and the summer schemes in which pupils really work."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from microcities.careers.models import Encounter
from microcities.participation.models.activities import Activity, Participation
from microcities.privacy.declarations import AboutPerson, NoPersonalData
from microcities.summerjobs.models import Placement, SummerScheme


class SummerTie(models.Model):
    """The scheme whose work an activity of the programme accounts for; then nobody types who took part."""

    privacy = NoPersonalData("which scheme belongs to which activity")

    activity = models.OneToOneField(Activity, models.PROTECT, related_name="summer_tie", verbose_name=_("activity"))
    scheme = models.OneToOneField(SummerScheme, models.PROTECT, related_name="summer_tie", verbose_name=_("scheme"))

    class Meta:
        verbose_name = _("tie to a summer scheme")
        verbose_name_plural = _("ties to summer schemes")


class PlacementRecord(models.Model):
    """The participation that accounts for a placement: one record for one piece of work."""

    privacy = AboutPerson(path="participation.person", impersonal=("id", "participation", "placement"))

    participation = models.OneToOneField(
        Participation, models.CASCADE, related_name="placement_record", verbose_name=_("participation")
    )
    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="placement_record", verbose_name=_("placement")
    )

    class Meta:
        verbose_name = _("record of a placement")
        verbose_name_plural = _("records of placements")


class PlacementExperience(models.Model):
    """The encounter in the school's career record that a finished placement became."""

    privacy = AboutPerson(path="placement.person", impersonal=("id", "encounter", "placement"))

    encounter = models.OneToOneField(
        Encounter, models.CASCADE, related_name="placement_experience", verbose_name=_("encounter")
    )
    placement = models.OneToOneField(
        Placement, models.PROTECT, related_name="placement_experience", verbose_name=_("placement")
    )

    class Meta:
        verbose_name = _("experience from a placement")
        verbose_name_plural = _("experience from placements")

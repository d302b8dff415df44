"""What was ever published, cell by cell, so that the disclosure audit can look back over all of it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from microcities.privacy.declarations import NoPersonalData
from microcities.programme.models import Programme
from microcities.results.models.indicators import Indicator
from microcities.results.queries import PublicationQuerySet

NOW = models.functions.Now()


class Publication(models.Model):
    """Figures of one day as the public was told them."""

    privacy = NoPersonalData("published figures")

    programme = models.ForeignKey(Programme, models.PROTECT, related_name="publications")
    as_of = models.DateField(_("figures of"))
    published_at = models.DateTimeField(_("published"), db_default=NOW)
    published_by_id = models.BigIntegerField()

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")


class Withheld(models.TextChoices):
    """Why a line of a publication has no figure."""

    SMALL = "small", _("fewer people than may be shown")
    DIFFERENCE = "difference", _("together with an earlier publication it would show a few people")
    DEDUCIBLE = "deducible", _("together with other published figures it would show a few people")


class PublishedLine(models.Model):
    """One published number, or a withheld one.

    `dimension` is total, city, sex, age or sex_age, and `key` which of them (city number, sex, band, `sex/band`).
    """

    privacy = NoPersonalData("published figures")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="lines")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="published")
    dimension = models.CharField(max_length=16)
    key = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=16)
    value = models.DecimalField(max_digits=20, decimal_places=6, null=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    withheld = models.CharField(max_length=12, choices=Withheld, blank=True)
    records = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("published line")
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "indicator", "dimension", "key"], name="published_line_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(state="counted", withheld=""),
                name="published_line_withheld_is_empty",
            ),
        ]


class PublishedCell(models.Model):
    """True count of one base cell (city, sex, age band) at a publication; kept for later audits, never shown."""

    privacy = NoPersonalData("counts")

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="cells")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="published_cells")
    city_id = models.BigIntegerField()
    sex = models.CharField(max_length=12)
    age_band = models.CharField(max_length=16)
    count = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "indicator", "city_id", "sex", "age_band"], name="published_cell_once"
            ),
        ]

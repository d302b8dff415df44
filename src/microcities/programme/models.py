"""Programme, cities, partners and funding sources."""

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from microcities.people.models import Organisation
from microcities.privacy.declarations import NoPersonalData
from microcities.programme.queries import CityQuerySet, PartnerQuerySet, ProgrammeQuerySet


class City(models.Model):
    """A city of the programme. `place` is its key in the rulebook of territory codes, which knows codes by date."""

    privacy = NoPersonalData("public places")

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("name in English"), max_length=80)
    place = models.CharField(_("key in the territory rulebook"), max_length=40, unique=True)
    accent = models.SlugField(_("accent colour token"), default="sea")

    objects = CityQuerySet.as_manager()

    class Meta:
        verbose_name = _("city")
        verbose_name_plural = _("cities")

    def __str__(self) -> str:
        return self.name if (get_language() or "lv").startswith("lv") else self.name_en

# Funds and initiatives that have a name in every language of the Union; others are shown as they are written.
EU_NAMES = {
    "ERDF": _("ERDF"),
    "ESF+": _("ESF+"),
    "Cohesion Fund": _("Cohesion Fund"),
    "Urban Innovative Actions": _("Urban Innovative Actions"),
}


class Programme(models.Model):
    """One jobs-and-skills programme with its period and money."""

    privacy = NoPersonalData("a public programme")

    slug = models.SlugField(_("short name"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200)
    starts_on = models.DateField(_("start"))
    ends_on = models.DateField(_("end"))
    budget = models.DecimalField(_("budget, EUR"), max_digits=14, decimal_places=2)
    co_financing = models.DecimalField(_("EU co-financing, EUR"), max_digits=14, decimal_places=2)
    co_financing_rate = models.DecimalField(_("co-financing rate, %"), max_digits=5, decimal_places=2)
    fund = models.CharField(_("fund"), max_length=40)
    initiative = models.CharField(_("initiative"), max_length=120, blank=True)
    source_url = models.URLField(_("source"), blank=True)
    cities = models.ManyToManyField(City, related_name="programmes", verbose_name=_("cities"))
    is_synthetic = models.BooleanField(_("people in it are synthetic"), default=False)

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="programme_dates"),
            models.CheckConstraint(
                condition=Q(budget__gte=F("co_financing"), co_financing__gte=0), name="programme_co_financing"
            ),
        ]

    def __str__(self) -> str:
        return self.name if (get_language() or "lv").startswith("lv") else self.name_en

    @property
    def co_financing_at_rate(self) -> Decimal:
        """Budget times rate, to the cent: what the co-financing must be."""
        return (self.budget * self.co_financing_rate / 100).quantize(Decimal("0.01"))

    @property
    def fund_name(self) -> str:
        """The fund as this language calls it."""
        return str(EU_NAMES.get(self.fund, self.fund))

    @property
    def initiative_name(self) -> str:
        """The initiative as this language calls it."""
        return str(EU_NAMES.get(self.initiative, self.initiative))

    @property
    def days(self) -> int:
        """Days of the period, both ends counted."""
        return (self.ends_on - self.starts_on).days + 1


class FundingSource(models.Model):
    """Money that pays for records: the programme's own grant, a city's budget, another programme."""

    privacy = NoPersonalData("public money")

    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=160)
    name_en = models.CharField(_("name in English"), max_length=160)
    programme = models.ForeignKey(
        Programme, models.PROTECT, null=True, blank=True, related_name="funding_sources", verbose_name=_("programme")
    )

    class Meta:
        verbose_name = _("funding source")

    def __str__(self) -> str:
        return self.name if (get_language() or "lv").startswith("lv") else self.name_en


class Partner(models.Model):
    """An organisation's part in a programme."""

    privacy = NoPersonalData("legal bodies")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="partners")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partnerships")
    city = models.ForeignKey(City, models.PROTECT, related_name="partners")
    is_lead = models.BooleanField(_("lead partner"), default=False)
    since_on = models.DateField(_("since"))
    until_on = models.DateField(_("until"), null=True, blank=True)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = _("partner")
        constraints = [
            models.UniqueConstraint(fields=["programme", "organisation"], name="partner_once"),
            models.UniqueConstraint(
                fields=["programme"], condition=Q(is_lead=True), name="partner_one_lead"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("since_on")), name="partner_dates"
            ),
        ]

    def __str__(self) -> str:
        return str(self.organisation)

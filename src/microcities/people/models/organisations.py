"""Organisations, each once by its registration number, and who owns whom."""

import uuid

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.lv import pvn

from microcities.database.expressions import SlipKeys
from microcities.people.queries import ORGANISATION_KEY, OrganisationQuerySet
from microcities.privacy.declarations import NoPersonalData


class OrganisationKind(models.TextChoices):
    """What an organisation is, as programmes group them."""

    MUNICIPALITY = "municipality", _("municipality")
    AGENCY = "agency", _("development agency")
    PARK = "park", _("technology park")
    SCHOOL = "school", _("school")
    TECHNIKUM = "technikum", _("technikum")
    UNIVERSITY = "university", _("university")
    COMPANY = "company", _("company")
    NGO = "ngo", _("association or foundation")
    STATE = "state", _("state body")
    OTHER = "other", _("other")


class Organisation(models.Model):
    """A legal body, once, by its registration number where it has one."""

    privacy = NoPersonalData("legal bodies; their people are memberships")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=OrganisationKind)
    registration_number = models.CharField(_("registration number"), max_length=20, blank=True)
    country = models.CharField(_("country"), max_length=2, default="LV")
    economic_code = models.CharField(_("economic activity (NACE)"), max_length=8, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    employees_on = models.DateField(_("employees counted on"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    website = models.URLField(_("website"), blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        indexes = [
            GinIndex(OpClass(ORGANISATION_KEY, "gin_trgm_ops"), name="organisation_name_search"),
            GinIndex(SlipKeys(ORGANISATION_KEY), name="organisation_name_slips"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "registration_number"],
                condition=~Q(registration_number=""),
                name="organisation_one_per_number",
            ),
            models.CheckConstraint(
                condition=Q(employees__isnull=True, employees_on__isnull=True)
                | Q(employees__isnull=False, employees_on__isnull=False),
                name="organisation_employees_dated",
            ),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a Latvian registration number that fails its check digit."""
        if self.country != "LV" or not self.registration_number:
            return
        try:
            self.registration_number = pvn.validate(self.registration_number)
        except StdnumError as error:
            raise ValidationError(
                {"registration_number": _("This is not a Latvian registration number: 11 digits, for example "
                                          "90000051970. Check it in the register of enterprises.")}
            ) from error


class Ownership(models.Model):
    """One organisation owns a share of another for a time: what conflict hints and aid ceilings rest on."""

    privacy = NoPersonalData("shares between legal bodies")

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="owns")
    owned = models.ForeignKey(Organisation, models.CASCADE, related_name="owned_by")
    share_percent = models.DecimalField(_("share, %"), max_digits=5, decimal_places=2)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(share_percent__gt=0, share_percent__lte=100), name="ownership_share"),
            models.CheckConstraint(condition=~Q(owner=F("owned")), name="ownership_of_another"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="ownership_dates"
            ),
        ]

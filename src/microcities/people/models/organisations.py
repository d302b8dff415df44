"""Organisations, each once by its registration number, and who owns whom."""

import uuid
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.lv import pvn

from microcities.database.expressions import SlipKeys
from microcities.people.codes import LAST_PERSONAL_DIGIT
from microcities.people.queries import ORGANISATION_KEY, OrganisationQuerySet
from microcities.privacy.declarations import NoPersonalData

# A division, group or class of NACE: 62, 62.0, 62.01.
ECONOMIC_CODE = r"^[0-9]{2}(\.[0-9]{1,2})?$"
COUNTRY = r"^[A-Z]{2}$"
# Of legal bodies; eleven digits that begin with 0 to 3 are a person's code, which is never kept in the clear.
LATVIAN_NUMBER = r"^[4-9][0-9]{10}$"


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
    country = models.CharField(
        _("country"), max_length=2, default="LV",
        validators=[RegexValidator(COUNTRY, _("A country is two capital letters, for example LV."))],
    )
    economic_code = models.CharField(
        _("economic activity (NACE)"), max_length=8, blank=True,
        validators=[
            RegexValidator(ECONOMIC_CODE, _("A NACE code is two digits, a dot and one or two more, for example 62.01."))
        ],
    )
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
                violation_error_code="number_taken",
                violation_error_message=_("An organisation with this registration number is known already."),
            ),
            models.CheckConstraint(
                condition=Q(employees__isnull=True, employees_on__isnull=True)
                | Q(employees__isnull=False, employees_on__isnull=False),
                name="organisation_employees_dated",
            ),
            models.CheckConstraint(condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_known"),
            models.CheckConstraint(
                condition=Q(economic_code="") | Q(economic_code__regex=ECONOMIC_CODE), name="organisation_economic_code"
            ),
            models.CheckConstraint(condition=Q(country__regex=COUNTRY), name="organisation_country"),
            models.CheckConstraint(
                condition=~Q(country="LV") | Q(registration_number="") | Q(registration_number__regex=LATVIAN_NUMBER),
                name="organisation_latvian_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse a Latvian number that is none of a legal body, and a number of employees without its day."""
        wrong: dict[str, str | Promise] = {}
        if self.country == "LV" and self.registration_number:
            try:
                self.registration_number = pvn.validate(self.registration_number)
            except StdnumError:
                wrong["registration_number"] = _(
                    "This is not a Latvian registration number: 11 digits, for example 90000051970. Check it in the "
                    "register of enterprises."
                )
            else:
                if self.registration_number[0] <= LAST_PERSONAL_DIGIT:
                    wrong["registration_number"] = _(
                        "This is a personal code, which must not stand here. Leave the field empty for somebody who "
                        "works on their own account."
                    )
        if self.employees is not None and self.employees_on is None:
            wrong["employees_on"] = _("Give the day on which the employees were counted.")
        if self.employees is None and self.employees_on is not None:
            wrong["employees"] = _("Give the number of employees counted on that day, or leave the day empty.")
        if wrong:
            raise ValidationError(wrong)


class Ownership(models.Model):
    """One organisation owns a share of another for a time: what conflict hints and aid ceilings rest on.

    That the shares of one organisation are never more than 100 % on any day is held by a trigger, see migration 0007.
    """

    privacy = NoPersonalData("shares between legal bodies")

    owner = models.ForeignKey(Organisation, models.CASCADE, related_name="owns", verbose_name=_("owner"))
    owned = models.ForeignKey(Organisation, models.CASCADE, related_name="owned_by", verbose_name=_("owned organisation"))
    share_percent = models.DecimalField(
        _("share, %"), max_digits=5, decimal_places=2,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("ownership")
        verbose_name_plural = _("ownerships")
        constraints = [
            models.CheckConstraint(condition=Q(share_percent__gt=0, share_percent__lte=100), name="ownership_share"),
            models.CheckConstraint(condition=~Q(owner=F("owned")), name="ownership_of_another"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="ownership_dates"
            ),
            ExclusionConstraint(
                name="ownership_told_once",
                expressions=[
                    ("owner", RangeOperators.EQUAL), ("owned", RangeOperators.EQUAL),
                    (Func("valid_from", "valid_to", Value("[]"), function="daterange", output_field=DateRangeField()),
                     RangeOperators.OVERLAPS),
                ],
                violation_error_code="told_already",
                violation_error_message=_("A share of this owner is on record for some of these days already. End that first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.owner} → {self.owned}"

    def clean(self) -> None:
        """Refuse an organisation that owns itself, and an end before the start."""
        wrong = {}
        if self.owner_id and self.owner_id == self.owned_id:
            wrong["owner"] = _("An organisation does not own itself. Choose another one.")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            wrong["valid_to"] = _("The last day comes before the first. Choose a later one.")
        if wrong:
            raise ValidationError(wrong)

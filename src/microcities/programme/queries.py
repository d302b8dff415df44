"""Questions asked of programmes."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from microcities.database.expressions import LatvianKey

if TYPE_CHECKING:
    from microcities.programme.models import City, Partner, Programme


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes run on this installation."""

    def current(self, on: date) -> "ProgrammeQuerySet":
        return self.filter(starts_on__lte=on, ends_on__gte=on)


class CityQuerySet(models.QuerySet["City"]):
    """Cities of the programme."""

    def in_latvian_order(self) -> "CityQuerySet":
        return self.order_by(LatvianKey("name"), "pk")


class PartnerQuerySet(models.QuerySet["Partner"]):
    """Partners of a programme."""

    def in_force(self, on: date) -> "PartnerQuerySet":
        return self.filter(Q(until_on__isnull=True) | Q(until_on__gte=on), since_on__lte=on)

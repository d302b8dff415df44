"""Questions asked of requests, holds and retention events."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from microcities.privacy.models import LegalHold, Request


class RequestQuerySet(models.QuerySet["Request"]):
    """Requests of persons about their data."""

    def open(self) -> "RequestQuerySet":
        return self.filter(state="open")

    def of(self, person: models.Model) -> "RequestQuerySet":
        return self.filter(person_id=person.pk).order_by("-asked_at", "-pk")

    def in_order_of_urgency(self) -> "RequestQuerySet":
        return self.order_by("due_on", "pk")


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    """Proceedings during which nothing may be erased."""

    def in_force(self, on: date) -> "LegalHoldQuerySet":
        return self.filter(Q(to_on__isnull=True) | Q(to_on__gte=on), from_on__lte=on)

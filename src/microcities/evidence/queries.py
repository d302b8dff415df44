"""Questions asked of evidence."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q, Sum

if TYPE_CHECKING:
    from microcities.evidence.models import EvidenceRow, PartTally, Tally

ANY = 0  # the scope value for "whichever funding source", "whichever city" and "whichever partner"


class EvidenceRowQuerySet(models.QuerySet["EvidenceRow"]):
    """Evidence rows, each as it was known from one moment to another."""

    def known_at(self, moment: datetime | None) -> "EvidenceRowQuerySet":
        """Rows as they stood at a moment; None is now."""
        if moment is None:
            return self.filter(known_to__isnull=True)
        return self.filter(Q(known_to__isnull=True) | Q(known_to__gt=moment), known_from__lte=moment)

    def of_measures(self, measures: Iterable[str]) -> "EvidenceRowQuerySet":
        return self.filter(measure__in=list(measures))

    def up_to(self, day: date) -> "EvidenceRowQuerySet":
        return self.filter(fact_on__lte=day)

    def between(self, first: date, last: date) -> "EvidenceRowQuerySet":
        return self.filter(fact_on__range=(first, last))

    def paid_by(self, funding_ids: Iterable[int]) -> "EvidenceRowQuerySet":
        """Rows that any of these sources paid for, also as the second payer."""
        return self.filter(funding_ids__overlap=list(funding_ids))

    def paid_twice(self) -> "EvidenceRowQuerySet":
        """Rows paid from more than one source: to be looked at before they are claimed."""
        return self.filter(funding_ids__len__gt=1)


class TallyQuerySet(models.QuerySet["Tally"]):
    """Changes of counts; their sums are the counts."""

    def counts(
        self,
        *,
        as_of: date,
        recorded_at: datetime | None = None,
        funding_id: int = ANY,
        by_city: bool = False,
        city_id: int = ANY,
    ) -> "models.QuerySet[Tally, dict[str, object]]":
        """Per measure (and city): distinct subjects, records, confirmed records and quantity up to a day.

        `recorded_at` answers as the records stood at that moment. Subjects are distinct within the scope asked for:
        those of two cities or two funding sources must not be added up.
        """
        rows = self.filter(fact_on__lte=as_of, funding_id=funding_id, partner_id=ANY)
        rows = rows.exclude(city_id=ANY) if by_city else rows.filter(city_id=city_id)
        if recorded_at is not None:
            rows = rows.filter(known_at__lte=recorded_at)
        keys = ("measure", "city_id") if by_city else ("measure",)
        return rows.order_by().values(*keys).annotate(
            subjects=Sum("subjects"), records=Sum("records"), confirmed=Sum("confirmed"), quantity=Sum("quantity")
        )


class PartTallyQuerySet(models.QuerySet["PartTally"]):
    """Changes of where subjects stand; their sums are the parts of a figure as it is now."""

    def places(
        self, measure: str, *, as_of: date, funding_id: int = ANY, city_id: int = ANY, partner_id: int = ANY
    ) -> "models.QuerySet[PartTally, dict[str, object]]":
        """How many subjects of a scope stand at each city, partner, sex and age, up to a day."""
        rows = self.filter(
            measure=measure, funding_id=funding_id, city_id=city_id, partner_id=partner_id, fact_on__lte=as_of
        )
        placed = rows.order_by().values("at_city_id", "at_partner_id", "sex", "age")
        return placed.annotate(count=Sum("subjects")).exclude(count=0)

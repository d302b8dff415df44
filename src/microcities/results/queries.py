"""Questions asked of indicators, targets, observations, reports and publications."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from microcities.people.roles import Permission
from microcities.programme.models import Partner

if TYPE_CHECKING:
    from microcities.people.models import Account
    from microcities.programme.models import Programme
    from microcities.results.models import (
        ApiToken,
        Indicator,
        Observation,
        Publication,
        Report,
        Target,
    )


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    """Indicators of programmes."""

    def of(self, programme: "Programme") -> "IndicatorQuerySet":
        """Those of one programme in the order of its definition."""
        return self.filter(programme=programme).order_by("order", "pk")

    def open_to_the_public(self) -> "IndicatorQuerySet":
        return self.filter(is_public=True)


class TargetQuerySet(models.QuerySet["Target"]):
    """Targets with all their revisions."""

    def decided_by(self, day: date) -> "TargetQuerySet":
        """What had been decided by a day, so that a past date shows the target of that time."""
        return self.filter(decided_on__lte=day)

    def newest_first(self) -> "TargetQuerySet":
        return self.order_by("-decided_on", "-pk")


class ObservationQuerySet(models.QuerySet["Observation"]):
    """Figures from outside."""

    def confirmed(self) -> "ObservationQuerySet":
        return self.filter(confirmed_at__isnull=False, rejected_at__isnull=True)

    def waiting(self) -> "ObservationQuerySet":
        return self.filter(confirmed_at__isnull=True, rejected_at__isnull=True)

    def up_to(self, day: date) -> "ObservationQuerySet":
        return self.filter(on__lte=day)


class ReportQuerySet(models.QuerySet["Report"]):
    """Reports of periods, whole or one partner's."""

    def visible_to(self, account: "Account") -> "ReportQuerySet":
        """All for whoever may see everybody; else own organisations', and the whole programme's for who answers for it."""
        if account.may(Permission.SEE_ALL_PEOPLE):
            return self
        own = Q(partner__organisation_id__in=account.organisation_ids(Permission.SEE_RESULTS_DETAIL))
        led = Partner.objects.filter(
            is_lead=True, organisation_id__in=account.organisation_ids(Permission.SUBMIT_REPORTS)
        )
        return self.filter(own | Q(partner__isnull=True, period__programme__in=led.values("programme")))

    def answered_for_by(self, organisations: list[int]) -> "ReportQuerySet":
        """Those that these organisations submit: their own, and the whole programme's where one of them leads it."""
        own = Q(partner__organisation_id__in=organisations)
        led = Q(
            partner__isnull=True, period__programme__partners__is_lead=True,
            period__programme__partners__organisation_id__in=organisations,
        )
        return self.filter(own | led).distinct()

    def newest_first(self) -> "ReportQuerySet":
        return self.order_by("-period__ends_on", F("partner_id").asc(nulls_first=True), "-version")


class PublicationQuerySet(models.QuerySet["Publication"]):
    """What the public was told, and when."""

    def standing_on(self, programme: "Programme", day: date) -> "Publication | None":
        """The newest publication whose figures are of `day` or earlier."""
        return self.filter(programme=programme, as_of__lte=day).order_by("-as_of", "-pk").first()


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    """Tokens of accounts."""

    def usable_at(self, moment: datetime) -> "ApiTokenQuerySet":
        """Neither withdrawn nor over, of accounts that are open."""
        return self.filter(revoked_at__isnull=True, expires_at__gt=moment, account__is_active=True)

    def not_withdrawn(self) -> "ApiTokenQuerySet":
        return self.filter(revoked_at__isnull=True)

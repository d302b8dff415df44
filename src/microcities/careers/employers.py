"""Which employers can be asked, and how many schools have asked each of them: so that one is not written to by many."""

from datetime import date

from django.db.models import Count, QuerySet
from django.utils import timezone

from microcities.careers.models import EncounterRequest, ExchangeTerms
from microcities.people.models import Membership, Organisation
from microcities.people.roles import Permission


def employers() -> QuerySet[Organisation]:
    """Organisations with somebody who answers for them today, those that pause left out."""
    today = timezone.localdate()
    answering = Membership.objects.in_force(today).allowing(Permission.GIVE_ENCOUNTERS)
    paused = ExchangeTerms.objects.paused_on(today)
    found = Organisation.objects.filter(pk__in=answering.values("organisation_id"))
    return found.exclude(pk__in=paused.values("organisation_id")).in_latvian_order()


def asked_in_month(day: date) -> dict[int, int]:
    """By employer: how many schools have asked it since the first of the month, withdrawn requests too."""
    asked = EncounterRequest.objects.filter(host__isnull=False, asked_on__gte=day.replace(day=1), asked_on__lte=day)
    rows = asked.order_by().values("host_id").annotate(schools=Count("school_id", distinct=True))
    return {row["host_id"]: row["schools"] for row in rows if row["host_id"] is not None}

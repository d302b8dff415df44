"""What of applications waits for whom on My work."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.notices.worklist import Task, waits_for
from microcities.privacy.rules import has_record
from microcities.summerjobs.application_rules import asks_guardian
from microcities.summerjobs.models import Application
from microcities.summerjobs.queries import own_and_wards, runs
from microcities.summerjobs.rules import may_run_summer

MOST_SHOWN = 10


@waits_for("summerjobs.applications_own", only=has_record)
def own_applications(account: Any) -> Iterator[Task]:
    """Drafts to send before the last day, what is missing, and what a guardian is asked."""
    rows = Application.objects.of_people(own_and_wards(account)).filter(
        scheme__closed_at__isnull=True, withdrawn_at__isnull=True, refused_reason="",
        scheme__apply_until_on__gte=timezone.localdate(),
    ).select_related("scheme", "person")
    for each in rows.order_by("scheme__apply_until_on", "pk")[:MOST_SHOWN]:
        href, due_on = reverse("summerjobs:application", args=[each.pk]), each.scheme.apply_until_on
        if each.submitted_at is None:
            yield Task(_("Send your application for summer work"), href, due_on=due_on, detail=str(each.scheme))
        elif each.missing:
            yield Task(_("Add what is missing in the application"), href, due_on=due_on, detail=each.missing)
        elif each.person_id != account.person_id and asks_guardian(account, each):
            yield Task(_("Say whether your child may work"), href, due_on=due_on, detail=each.person.name)


@waits_for("summerjobs.applications_city", only=may_run_summer)
def to_check(account: Any) -> Iterator[Task]:
    """How many applications wait for the check, by scheme."""
    rows = Application.objects.sent().filter(
        scheme__organisation_id__in=runs(account), scheme__closed_at__isnull=True, checked_at__isnull=True, missing=""
    ).select_related("scheme")
    counted: dict[Any, int] = {}
    for each in rows.order_by("scheme_id"):
        counted[each.scheme] = counted.get(each.scheme, 0) + 1
    for scheme, count in counted.items():
        href = reverse("summerjobs:applications", args=[scheme.pk])
        yield Task(_("Check applications"), href, count=count, detail=str(scheme))

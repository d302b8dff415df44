"""What of days of work and incidents waits for whom on My work."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.notices.worklist import Task, waits_for
from microcities.summerjobs.models import Incident, Placement, WorkDay
from microcities.summerjobs.queries import firms, runs
from microcities.summerjobs.rules import may_offer_posts, may_run_summer

MOST_SHOWN = 20
# Days are noted within a week, while people remember.
PATIENCE = timedelta(days=7)


@waits_for("summerjobs.days_employer", only=may_offer_posts)
def days_to_note(account: Any) -> Iterator[Task]:
    """Pupils at work whose last week has no day noted yet."""
    today = timezone.localdate()
    lately = WorkDay.objects.noted().filter(placement=OuterRef("pk"), on__gte=Least(today, OuterRef("last_on")) - PATIENCE)
    rows = Placement.objects.filter(
        ~Exists(lately), post__host__organisation_id__in=firms(account), state="accepted", first_on__lte=today,
        agreements__replaced_at__isnull=True, agreements__isnull=False, post__host__scheme__closed_at__isnull=True,
    )
    for each in rows.select_related("post").order_by("first_on", "pk")[:MOST_SHOWN]:
        yield Task(_("Note days of summer work"), reverse("summerjobs:days", args=[each.public_id]), detail=str(each.post))


@waits_for("summerjobs.incidents_city", only=may_run_summer)
def incidents(account: Any) -> Iterator[Task]:
    """Incidents that the city has not closed, the oldest first."""
    rows = Incident.objects.filter(closed_at__isnull=True, placement__post__host__scheme__organisation_id__in=runs(account))
    for each in rows.select_related("placement__post").order_by("reported_at")[:MOST_SHOWN]:
        href = reverse("summerjobs:days", args=[each.placement.public_id])
        yield Task(_("Look at an incident at work"), href, due_on=each.happened_on, detail=str(each.placement.post))

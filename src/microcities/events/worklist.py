"""What of events waits for whom on My work: places offered, attendance to take, drafts to announce."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.events.models import Event, EventState, Registration
from microcities.events.rules import may_manage_events
from microcities.notices.worklist import Task, waits_for

MOST_SHOWN = 10
# Attendance that nobody took within so many days is asked for no more.
ASKED_FOR = timedelta(days=30)


@waits_for("events.offers")
def offers_to_accept(account: Any) -> Iterator[Task]:
    """Places that are kept for this account until it says yes."""
    now = timezone.now()
    waiting = Registration.objects.of_account(account).filter(state="offered", offered_until__gt=now)
    for each in waiting.select_related("event").order_by("offered_until")[:MOST_SHOWN]:
        due = timezone.localdate(each.offered_until) if each.offered_until else None
        yield Task(
            _("Accept a place that has become free"), reverse("events:registration", args=[each.pk]), due_on=due,
            detail=str(each.event),
        )


@waits_for("events.attendance")
def attendance_to_take(account: Any) -> Iterator[Task]:
    """Events that have begun and of which it is not known who came."""
    if not may_manage_events(account):
        return
    now = timezone.now()
    begun = Event.objects.run_by(account).filter(
        state=EventState.PUBLISHED, starts_at__lte=now, ends_at__gt=now - ASKED_FOR
    ).unknown_attendance()
    for each in begun.order_by("starts_at")[:MOST_SHOWN]:
        count = each.unknown  # type: ignore[attr-defined]  # annotated
        yield Task(_("Take attendance"), reverse("events:attendance", args=[each.uid]), count=count, detail=str(each))

"""Puts proposed decisions into My work of whoever confirms them."""

from collections.abc import Iterable

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.decisions.models import DecisionRun
from microcities.notices.worklist import Task, waits_for
from microcities.people.models import Account
from microcities.people.roles import Permission
from microcities.ui.numbers import format_day


@waits_for("decisions.confirm")
def decisions_to_confirm(account: Account) -> Iterable[Task]:
    """One line for all proposed decisions that this account may confirm."""
    if not account.may(Permission.CONFIRM_DECISIONS):
        return
    waiting = DecisionRun.objects.confirmable_by(account).aggregate(count=Count("pk"), oldest=Min("run_at"))
    if waiting["count"]:
        yield Task(
            title=ngettext("Decision waiting for confirmation", "Decisions waiting for confirmation", waiting["count"]),
            url=f"{reverse('decisions:list')}?state=proposed&sort=run_at",
            count=waiting["count"],
            detail=_("The oldest is of %(date)s.") % {"date": format_day(waiting["oldest"])},
        )

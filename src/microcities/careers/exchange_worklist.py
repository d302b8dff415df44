"""What of the exchange of encounters waits for whom on My work, on both sides."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.careers.exchange_rules import HOST, SCHOOL, may_give_encounters
from microcities.careers.models import LIVE, EncounterRequest, Proposal
from microcities.careers.rules import keeps_a_school
from microcities.notices.worklist import Task, waits_for

MOST_SHOWN = 10


@waits_for("careers.exchange_school", only=keeps_a_school)
def proposals_for_schools(account: Any) -> Iterator[Task]:
    """Days and places that employers propose to the account's schools."""
    rows = Proposal.objects.of_schools(account).waiting(SCHOOL, timezone.localdate())
    yield from _answers(rows, _("Answer an employer's proposal"))


@waits_for("careers.exchange_employer", only=may_give_encounters)
def proposals_for_employers(account: Any) -> Iterator[Task]:
    """Days that schools propose, what they ask of the account's firms alone, and how many requests to all are open."""
    today = timezone.localdate()
    yield from _answers(Proposal.objects.of_firms(account).waiting(HOST, today), _("Answer a school's proposal"))
    answered = Proposal.objects.of_firms(account).filter(request__isnull=False, state__in=[*LIVE, "declined"])
    fresh = EncounterRequest.objects.for_firms(account, today).exclude(pk__in=answered.values("request_id"))
    put_to_us = fresh.filter(host__isnull=False).select_related("school__organisation")
    for each in put_to_us.order_by("answer_by", "pk")[:MOST_SHOWN]:
        href = reverse("careers:exchange-request", args=[each.pk])
        yield Task(_("Answer a school's request"), href, due_on=each.answer_by, detail=f"{each}, {each.school}")
    if count := fresh.filter(host__isnull=True).count():
        yield Task(_("Look at what schools ask for"), reverse("careers:exchange-requests"), count=count)


def _answers(rows: Any, title: Any) -> Iterator[Task]:
    for each in rows.select_related("offer", "request").order_by("held_on", "pk")[:MOST_SHOWN]:
        href = reverse("careers:exchange-proposal", args=[each.pk])
        yield Task(title, href, due_on=each.held_on, detail=str(each))

"""The lists of the data protection officer."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.privacy.export import look_words
from microcities.privacy.models import Request, RequestKind, RequestState
from microcities.trail.models import Look
from microcities.trail.sentences import WhoActed
from microcities.ui.filters import ChoiceFilter, DateFilter, TextFilter
from microcities.ui.tables import Column, Table


def requests_table(params: QueryDict) -> Table:
    """Requests about personal data; open ones that are due first stand on top."""
    return Table(
        rows=Request.objects.select_related("person"),
        columns=[
            Column("pk", _("Number"), order_by="pk", numeric=True, heading=True, link=_address),
            Column(
                "kind",
                _("Request"),
                value=lambda row: row.get_kind_display(),
                filter=ChoiceFilter("kind", choices=RequestKind.choices),
            ),
            Column("asked_at", _("Asked"), order_by="asked_at"),
            Column("due_on", _("Answer due"), order_by="due_on"),
            Column(
                "state",
                _("State"),
                value=lambda row: row.get_state_display(),
                filter=ChoiceFilter("state", choices=RequestState.choices),
            ),
        ],
        params=params,
        caption=_("Requests about personal data"),
        default_sort="due_on",
        empty=_("No requests"),
        empty_hint=_("Persons ask on their page “My data”."),
    )


def _address(row: Request) -> str:
    return reverse("privacy:request", args=[row.pk])


def looks_table(params: QueryDict) -> Table:
    """Every logged look, the latest first; the person appears by number only."""
    who = WhoActed()
    return Table(
        rows=Look.objects.order_by("-id"),
        columns=[
            Column("at", _("When"), order_by="id", filter=DateFilter("at__date")),
            Column("who", _("Who"), value=lambda look: who(look.actor_id, look.at)),
            Column("person_id", _("Number of the person"), filter=TextFilter(_of_person)),
            Column("reason", _("Why"), value=lambda look: look_words(look.reason)),
            Column("what", _("What was shown"), value=lambda look: look_words(look.what)),
        ],
        params=params,
        caption=_("Looks at protected records"),
        default_sort="-at",
        counted=False,
        empty=_("Nobody has opened a protected record yet"),
    )


def _of_person(rows: "QuerySet[Any]", typed: str) -> "QuerySet[Any]":
    return rows.filter(person_id=int(typed)) if typed.strip().isdigit() else rows.none()

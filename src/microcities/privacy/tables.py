"""The lists of the data protection officer, and of who looked at one's own record."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.privacy.export import look_words
from microcities.privacy.models import LegalHold, Request, RequestKind, RequestState
from microcities.privacy.retention import Due
from microcities.trail.models import Look
from microcities.trail.sentences import WhoActed
from microcities.ui.filters import ChoiceFilter, DateFilter, SearchFilter, TextFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table, worded


def requests_table(params: QueryDict) -> Table:
    """Requests about personal data; open ones that are due first stand on top."""
    return Table(
        rows=Request.objects.select_related("person"),
        columns=[
            Column("pk", _("Number"), order_by="pk", numeric=True, heading=True, link=_address),
            Column(
                "kind",
                _("Request"),
                value=worded(RequestKind, "kind"),
                order_by="kind",
                filter=ChoiceFilter("kind", choices=RequestKind.choices),
            ),
            Column("asked_at", _("Asked"), order_by="asked_at"),
            Column("due_on", _("Answer due"), order_by="due_on"),
            Column(
                "state",
                _("State"),
                value=worded(RequestState, "state"),
                order_by="state",
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


def holds_table(rows: "QuerySet[LegalHold]", in_force: Collection[int], params: QueryDict) -> Table:
    """Legal holds; one without an end has the link that ends it."""
    words = {True: _("in force"), False: _("not in force")}

    def end(row: LegalHold) -> "str | SafeString":
        if row.to_on:
            return format_day(row.to_on)
        href = reverse("privacy:end-hold", args=[row.pk])
        return format_html(
            '<a href="{}">{}<span class="visually-hidden">: {}</span></a>', href, _("End it"), _over(row)
        )

    return Table(
        rows=rows,
        columns=[
            Column("over", _("Over"), value=_over, heading=True),
            Column("reason", _("Proceedings"), filter=TextFilter("reason__icontains")),
            Column("from_on", _("From"), order_by="from_on"),
            Column("to_on", _("To"), order_by="to_on", cell=end),
            Column("state", _("State"), value=lambda row: words[row.pk in in_force]),
        ],
        params=params,
        caption=_("Holds"),
        default_sort="-from_on",
        tie_break=("-pk",),
        empty=_("No holds"),
        empty_hint=_("Place one when a court, a claim or an audit needs data to be kept."),
    )


def _over(row: LegalHold) -> str:
    return row.person.name if row.person is not None else str(row.programme)


def due_table(rows: "Sequence[Due]", words: str, name: str, params: QueryDict) -> Table:
    """What one clock says to erase: by number, because nobody needs the names for it."""
    return Table(
        rows=rows,
        columns=[
            Column("number", _("Number"), order_by="number", heading=True),
            Column("last_day", _("Last day of keeping"), order_by="last_day", filter=DateFilter("last_day__lte", _("Until"))),
            Column("hold", _("Hold"), value=lambda row: row.held.reason if row.held else "",
                   cell=lambda row: row.held.reason if row.held else _("none")),
        ],
        params=params,
        caption=words,
        name=name,
        headed=True,
    )


def own_looks_table(rows: "Sequence[dict[str, Any]]", name: str, number: int, params: QueryDict) -> Table:
    """Who opened one person's record: rows of `moments_in_words(looks_at(...))`, the latest first."""
    return Table(
        rows=rows,
        columns=[
            Column("at", _("When"), heading=True),
            Column("who", _("Who"), order_by="who", filter=SearchFilter("who")),
            Column("why", _("Why"), order_by="why", filter=SearchFilter("why")),
            Column("what", _("What was shown")),
        ],
        params=params,
        caption=name,
        name=f"person-{number}",
        headed=True,
        empty=_("Nobody has looked"),
        empty_hint=_("When somebody opens this record, it is written here."),
    )

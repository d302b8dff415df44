"""The tables of schemes, employers and posts, and how each of them stands in words."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.summerjobs.models import HostKind, HostState, PostState, SummerHost, SummerScheme
from microcities.summerjobs.post_words import POST_KINDS
from microcities.summerjobs.queries import PostQuerySet
from microcities.ui.components import StatusKind, status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.tables import Column, Table, worded

HOST_KINDS: dict[str, StatusKind] = {"applied": "info", "approved": "good", "refused": "warning", "withdrawn": "neutral"}


def _state(kinds: dict[str, StatusKind], choices: Any) -> Column:
    words = worded(choices, "state")
    return Column(
        "state", _("State"), value=words, cell=lambda row: status(words(row), kinds[row.state]), order_by="state",
        filter=ChoiceFilter("state", choices=list(choices.choices)),
    )


def ages_words(row: Any) -> str:
    """From the youngest to the oldest."""
    return f"{row.age_from}–{row.age_to}"


def post_table(
    rows: PostQuerySet, params: QueryDict, scheme: SummerScheme | None = None, *, staff: bool = False,
    link: Callable[[Any], str] | None = None,
) -> Table:
    """Posts with their places; for staff and employers with the state of each."""
    periods = [(str(each.pk), str(each)) for each in scheme.periods.all()] if scheme else []
    columns = [
        Column("name", _("Work"), value=str, order_by=LatvianKey("name"), heading=True,
               link=link or (lambda row: reverse("summerjobs:post", args=[row.pk]))),
        Column("host", _("Employer"), value=lambda row: str(row.host), order_by=LatvianKey("host__organisation__name")),
        Column("period", _("Period"), value=lambda row: str(row.period), order_by="period__first_on",
               filter=ChoiceFilter("period_id", choices=periods) if periods else None),
        *([] if scheme else [Column("first_on", _("First day"), value="period.first_on", order_by="period__first_on")]),
        Column("age", _("Age"), value=ages_words, order_by="age_from"),
        Column("stem", _("STEM"), value=lambda row: _("yes") if row.is_stem else _("no"), order_by="is_stem",
               filter=ChoiceFilter("is_stem", choices=[("True", _("yes")), ("False", _("no"))])),
        Column("places", _("Places"), order_by="places", numeric=True),
        Column("left", _("Still free"), value=lambda row: max(0, row.places - row.taken), numeric=True),
    ]
    if staff:
        columns.append(_state(POST_KINDS, PostState))
    return Table(
        rows=rows.with_taken().select_related("host__organisation", "period"), columns=columns, params=params, name="posts",
        caption=_("Posts"), default_sort="period" if scheme else "-first_on", headed=True, empty=_("No post yet"),
        empty_hint=_("Posts appear here when an employer offers them and the city has approved them."),
    )


def host_table(rows: QuerySet[SummerHost], params: QueryDict) -> Table:
    """Employers of a scheme, by name."""
    return Table(
        rows=rows.select_related("organisation"),
        columns=[
            Column("name", _("Employer"), value=str, order_by=LatvianKey("organisation__name"), heading=True,
                   link=lambda row: reverse("summerjobs:host", args=[row.pk])),
            Column("kind", _("Kind"), value=worded(HostKind, "kind"), order_by="kind",
                   filter=ChoiceFilter("kind", choices=list(HostKind.choices))),
            Column("posts", _("Posts"), value=lambda row: row.offered, numeric=True),
            Column("places", _("Places"), value=lambda row: row.offered_places or 0, numeric=True),
            Column("before", _("Earlier summers"), value=lambda row: row.before, numeric=True),
            _state(HOST_KINDS, HostState),
        ],
        params=params, name="hosts", caption=_("Employers"), default_sort="name", headed=True,
        empty=_("No employer takes part yet"),
        empty_hint=_("Employers see a published scheme on their own page and take part there."),
    )

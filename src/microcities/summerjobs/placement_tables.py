"""The city's table of placements, and how each of them stands."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.summerjobs.draw_story import Line
from microcities.summerjobs.draw_words import KINDS
from microcities.summerjobs.models import Placement, PlacementState
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.tables import Column, Table, worded


def placement_table(rows: QuerySet[Placement], params: QueryDict) -> Table:
    """Placements by the first day of work."""
    words = worded(PlacementState, "state")
    return Table(
        rows=rows.select_related("person", "post__host__organisation", "application"),
        columns=[
            Column("person", _("Pupil"), value="person.name", heading=True, order_by=(
                LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                link=lambda row: reverse("summerjobs:offer", args=[row.public_id])),
            Column("code", _("Code"), value="application.code", order_by="application__code"),
            Column("post", _("Work"), value=lambda row: str(row.post), order_by=LatvianKey("post__name")),
            Column("host", _("Employer"), value=lambda row: str(row.post.host),
                   order_by=LatvianKey("post__host__organisation__name")),
            Column("first_on", _("First day"), order_by="first_on"),
            Column("last_on", _("Last day"), order_by="last_on"),
            Column("answer_by", _("Answer by"), order_by="answer_by"),
            Column("state", _("State"), value=words, cell=lambda row: status(words(row), KINDS[row.state]), order_by="state",
                   filter=ChoiceFilter("state", choices=list(PlacementState.choices))),
        ],
        params=params, name="p", caption=_("Placements"), default_sort="first_on", headed=True,
        empty=_("No place has been offered yet"), empty_hint=_("Placements appear here when a draw is published."),
        on_export=log_download(_("summer placements"), lambda row: (row.person,)),
    )


def line_table(rows: list[Line], params: QueryDict) -> Table:
    """The public result of a draw: codes by lot."""
    return Table(
        rows=rows,
        columns=[
            Column("number", _("Number by lot"), numeric=True, order_by="number"),
            Column("code", _("Code"), heading=True, order_by="code"),
            Column("place", _("Place"), order_by="place", cell=lambda row: row.place or _("none in this round")),
            Column("rank", _("Wish"), order_by="rank", cell=lambda row: row.rank or "–"),
            Column("why", _("Why no earlier wish"), value="why", cell=lambda row: row.why or "–"),
        ],
        params=params, name="lots", caption=_("Result by codes"), default_sort="number", headed=True,
        empty=_("No code like this was in the draw"), empty_hint=_("Look at the code on the page of your application."),
    )

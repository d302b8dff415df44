"""The table of pupils at work."""

from decimal import Decimal
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.summerjobs.draw_words import KINDS
from microcities.summerjobs.models import PlacementState
from microcities.summerjobs.working_days import MINUTES_OF_HOUR
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.tables import Column, Table, worded


def work_table(rows: Any, params: QueryDict) -> Table:
    """Pupils by the first day of work; `noted` days and worked `minutes` stand on the rows."""
    words = worded(PlacementState, "state")
    return Table(
        rows=rows.select_related("person", "post__host__organisation"),
        columns=[
            Column("person", _("Pupil"), value="person.name", heading=True, order_by=(
                LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                link=lambda row: reverse("summerjobs:days", args=[row.public_id])),
            Column("post", _("Work"), value=lambda row: str(row.post), order_by=LatvianKey("post__name")),
            Column("host", _("Employer"), value=lambda row: str(row.post.host),
                   order_by=LatvianKey("post__host__organisation__name")),
            Column("first_on", _("First day"), order_by="first_on"),
            Column("noted", _("Days noted"), order_by="noted", numeric=True),
            Column("hours", _("Hours worked"), value=lambda row: Decimal(row.minutes or 0) / MINUTES_OF_HOUR, numeric=True,
                   decimals=1, order_by="minutes"),
            Column("state", _("State"), value=words, cell=lambda row: status(words(row), KINDS[row.state]), order_by="state",
                   filter=ChoiceFilter("state", choices=list(PlacementState.choices))),
        ],
        params=params, name="w", caption=_("Days of work"), default_sort="first_on", headed=True,
        empty=_("Nobody works yet"), empty_hint=_("Pupils appear here once they have accepted a place."),
        on_export=log_download(_("days of summer work"), lambda row: (row.person,)),
    )

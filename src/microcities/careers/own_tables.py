"""The tables of somebody's own careers page."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from microcities.careers.fields_of_study import FIELDS, LEVELS
from microcities.careers.models import Destination, EncounterAttendance, EncounterKind, Presence
from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.ui.components import status
from microcities.ui.numbers import format_quantity
from microcities.ui.tables import Column, Table, worded

PRESENCE_KINDS: dict[str, Any] = {"attended": "good", "absent": "warning", "expected": "neutral"}


def encounter_table(rows: QuerySet[EncounterAttendance], params: QueryDict) -> Table:
    """What one met: employers, workplaces, places of study."""
    return Table(
        rows=rows,
        columns=[
            Column("day", _("Day"), value="encounter.held_on", order_by="encounter__held_on"),
            Column("name", _("What it was"), value="encounter.name", order_by=LatvianKey("encounter__name"), heading=True),
            Column("kind", _("Kind"), value=worded(EncounterKind, "encounter.kind")),
            Column("host", _("With whom"), value=lambda row: str(row.encounter.host or row.encounter.school)),
            Column("hours", _("Hours"), value=_hours, numeric=True),
            Column("presence", _("Were you there?"), value=worded(Presence, "presence"),
                   cell=lambda row: status(row.get_presence_display(), PRESENCE_KINDS[row.presence])),
        ],
        params=params, caption=_("What I met"), name="e", default_sort="-day", headed=True, per_page=10,
        empty=_("No meeting is recorded yet"), empty_hint=_("Your school records meetings with employers and places of study."),
        on_export=log_download(_("careers record"), lambda row: (row.person,)),
    )


def destination_words(row: Destination) -> str:
    """Where to, in one line."""
    level = str(LEVELS.get(str(row.level), "")) if row.level else ""
    field = str(FIELDS.get(row.field_code[:2], row.field_code))
    parts = (row.get_way_display(), str(row.provider or ""), level, field)
    return ", ".join(part for part in parts if part)


def hours_words(row: EncounterAttendance) -> str:
    """The hours with their unit."""
    return format_quantity(_hours(row), "h")


def _hours(row: EncounterAttendance) -> Any:
    return row.hours if row.hours is not None else row.encounter.hours

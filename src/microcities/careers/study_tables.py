"""The table of what places of study offer, and that of occupations with their letters."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.careers.engines.occupations import Occupation
from microcities.careers.fields_of_study import FIELDS
from microcities.careers.frameworks import language
from microcities.careers.interest_results import TYPE_NAMES
from microcities.careers.models import StudyProgramme
from microcities.careers.study_paths import kind_choices
from microcities.database.expressions import LatvianKey
from microcities.events.words import language_words
from microcities.programme.models import City
from microcities.ui.components import StatusKind, status
from microcities.ui.filters import ChoiceFilter, SearchFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table


def study_table(rows: QuerySet[StudyProgramme], params: QueryDict) -> Table:
    """Programmes by kind, city and field; whatever is asked for, nothing is left out unsaid."""
    kinds = dict(kind_choices())
    cities = [(each.slug, str(each)) for each in City.objects.in_latvian_order()]
    return Table(
        rows=rows.select_related("organisation", "city"),
        columns=[
            Column("name", _("Programme"), value=str, order_by=LatvianKey("name"), heading=True, filter=SearchFilter("name"),
                   link=lambda row: reverse("careers:study", args=[row.pk])),
            Column("organisation", _("Place of study"), order_by=LatvianKey("organisation__name")),
            Column("kind", _("Kind of studies"), value=lambda row: kinds.get(row.kind, row.kind), order_by="kind",
                   filter=ChoiceFilter("kind", choices=list(kinds.items()))),
            Column("field", _("Field"), value="field_words", order_by="field_code",
                   filter=ChoiceFilter("field_code__startswith", choices=list(FIELDS.items()))),
            Column("city", _("City"), order_by=LatvianKey("city__name"), filter=ChoiceFilter("city__slug", choices=cities)),
            Column("languages", _("Languages"), value=lambda row: language_words(row.languages)),
            Column("until", _("Applications"), value=lambda row: applications(row)[0], order_by="closes_on",
                   cell=lambda row: status(*applications(row)),
                   filter=ChoiceFilter(_open_now, choices=[("open", _("open now"))]), export=lambda row: row.closes_on),
        ],
        params=params, caption=_("What you can study"), default_sort="name", headed=True,
        empty=_("No place of study has entered a programme yet"),
        empty_hint=_("Look at the kinds of studies; each says what it asks for."),
    )


def applications(row: StudyProgramme) -> tuple[str, StatusKind]:
    """(how applications stand, kind of status)."""
    today = timezone.localdate()
    if row.withdrawn_on:
        return _("not offered any more"), "neutral"
    if row.is_open(today):
        return (_("open until %(day)s") % {"day": format_day(row.closes_on)} if row.closes_on else _("open")), "good"
    if row.opens_on and row.opens_on > today:
        return _("from %(day)s") % {"day": format_day(row.opens_on)}, "info"
    if row.closes_on:
        return _("closed since %(day)s") % {"day": format_day(row.closes_on)}, "neutral"
    return _("ask the place of study"), "neutral"


def occupation_table(rows: Sequence[Occupation], params: QueryDict) -> Table:
    """Every occupation of the table, whatever anybody's interests are."""
    spoken = language()
    letters = [(letter, str(name)) for letter, name in TYPE_NAMES.items()]
    return Table(
        rows=rows,
        columns=[
            Column("name", _("Occupation"), value=lambda row: row.in_language(spoken), order_by="name", heading=True,
                   filter=SearchFilter("name")),
            Column("isco", _("ISCO-08"), order_by="isco"),
            Column("letters", _("Letters (Holland), our reading"), order_by="letters"),
            Column("first", _("First letter"), value=lambda row: row.letters[0], cell=lambda row: TYPE_NAMES[row.letters[0]],
                   filter=ChoiceFilter("first", choices=letters)),
        ],
        params=params, caption=_("Occupations"), default_sort="name", headed=True, tie_break=(),
        empty=_("The table is empty"),
    )


def _open_now(rows: Any, _wanted: str) -> Any:
    return rows.open_on(timezone.localdate())


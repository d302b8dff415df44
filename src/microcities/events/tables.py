"""The tables of events: what is open, what one organises."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.events.models import Audience, Event, EventKind, EventLanguage, EventState
from microcities.events.wording import when_words, where_words
from microcities.events.words import language_words, state_words
from microcities.programme.models import City
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter, DateFilter, SearchFilter
from microcities.ui.tables import Column, Table, worded


def event_table(rows: QuerySet[Event], params: QueryDict) -> Table:
    """What everybody may come to, the next first."""
    now = timezone.now()
    cities = [(each.slug, str(each)) for each in City.objects.in_latvian_order()]
    return Table(
        rows=_shown(rows),
        columns=[
            _name("events:event"),
            _when(),
            Column("where", _("Where"), value=where_words),
            Column("city", _("City"), order_by=LatvianKey("city__name"), filter=ChoiceFilter("city__slug", choices=cities)),
            Column("audience", _("For whom"), value=worded(Audience, "audience"), order_by="audience",
                   filter=ChoiceFilter(_for_audience, choices=Audience.choices)),
            Column("languages", _("Languages"), value=lambda row: language_words(row.languages),
                   filter=ChoiceFilter(_in_language, _("Language"), choices=EventLanguage.choices)),
            Column("state", _("Places"), value=lambda row: state_words(row, now)[0],
                   cell=lambda row: status(*state_words(row, now))),
        ],
        params=params, caption=_("Events that are open now"), default_sort="when", headed=True,
        empty=_("No event is announced at the moment"), empty_hint=_("Come back in some days, or subscribe to the calendar."),
    )


def run_table(rows: QuerySet[Event], params: QueryDict) -> Table:
    """Events of one's organisations, drafts included, the latest first."""
    now = timezone.now()
    return Table(
        rows=_shown(rows),
        columns=[
            _name("events:run-event"),
            _when(),
            Column("kind", _("Kind"), value=worded(EventKind, "kind"), order_by="kind",
                   filter=ChoiceFilter("kind", choices=EventKind.choices)),
            Column("city", _("City"), order_by=LatvianKey("city__name")),
            Column("organisation", _("Organiser"), order_by=LatvianKey("organisation__name")),
            Column("taken", _("People"), order_by="taken", numeric=True),
            Column("state", _("State"), value=worded(EventState, "state"), order_by="state",
                   filter=ChoiceFilter("state", choices=EventState.choices), cell=lambda row: status(*state_words(row, now))),
        ],
        params=params, caption=_("Events you organise"), default_sort="-when",
        empty=_("You have planned no event yet"), empty_hint=_("Plan one; nobody sees it before you announce it."),
    )


def _shown(rows: QuerySet[Event]) -> Any:
    return rows.select_related("city", "room", "organisation").with_places_taken()  # type: ignore[attr-defined]


def _name(page: str) -> Column:
    return Column("name", _("Event"), value=str, order_by=LatvianKey("name"), heading=True, filter=SearchFilter("name"),
                  link=lambda row: reverse(page, args=[row.uid]))


def _when() -> Column:
    return Column("when", _("When"), value=when_words, order_by="starts_at",
                  filter=DateFilter("ends_at__date__gte", _("From day")), export=lambda row: row.starts_at)


def _for_audience(rows: Any, wanted: str) -> Any:
    """What is for everybody is for each."""
    return rows.filter(audience__in={wanted, Audience.EVERYBODY.value})


def _in_language(rows: Any, wanted: str) -> Any:
    return rows.filter(languages__contains=[wanted])

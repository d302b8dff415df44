"""The tables of offers, requests and proposals, and how each of them stands in words."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.careers.models import (
    ASKED_KINDS,
    OFFERED_KINDS,
    EncounterKind,
    EncounterOffer,
    EncounterRequest,
    Proposal,
    ProposalState,
    Standing,
    Way,
)
from microcities.database.expressions import LatvianKey
from microcities.programme.models import City
from microcities.ui.components import StatusKind, status
from microcities.ui.filters import ChoiceFilter
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table, worded

SECTORS = "ABCDEFGHIJKLMNOPQRSTUV"
KINDS: dict[str, StatusKind] = {
    ProposalState.WITH_HOST: "info", ProposalState.WITH_SCHOOL: "info", ProposalState.AGREED: "good",
    ProposalState.DECLINED: "neutral", ProposalState.WITHDRAWN: "neutral", ProposalState.CALLED_OFF: "warning",
}
Word = tuple[str, StatusKind]


def offer_word(offer: Any) -> Word:
    """How an offer with `taken` stands today."""
    if offer.state == Standing.WITHDRAWN:
        return _("withdrawn"), "neutral"
    if offer.until_on < timezone.localdate():
        return _("days are past"), "neutral"
    return (_("full"), "warning") if offer.taken >= offer.places else (_("open"), "good")


def request_word(request: Any) -> Word:
    """How a request with `taken` stands today; the day until which answers are wanted closes it."""
    if request.taken >= request.pupils:
        return _("agreed"), "good"
    if request.state == Standing.WITHDRAWN:
        return _("withdrawn"), "neutral"
    if request.answer_by < timezone.localdate():
        return _("closed"), "neutral"
    return _("open"), "info"


def proposal_word(proposal: Proposal) -> Word:
    """How a proposal stands today; on one whose day has passed nobody answers any more."""
    waits = proposal.state in {ProposalState.WITH_HOST, ProposalState.WITH_SCHOOL}
    if waits and proposal.held_on is not None and proposal.held_on < timezone.localdate():
        return _("lapsed"), "neutral"
    return proposal.get_state_display(), KINDS[proposal.state]


def days_words(first: date, last: date) -> str:
    """One day, or from one to another."""
    return format_day(first) if first == last else f"{format_day(first)} – {format_day(last)}"


def _cities() -> list[tuple[str, str]]:
    return [(str(each.pk), str(each)) for each in City.objects.in_latvian_order()]


def _kind(kinds: tuple[str, ...]) -> Column:
    choices = [pair for pair in EncounterKind.choices if pair[0] in kinds]
    return Column("kind", _("Kind"), value=worded(EncounterKind, "kind"), order_by="kind",
                  filter=ChoiceFilter("kind", choices=choices))


def _way() -> Column:
    return Column("way", _("How"), value=worded(Way, "way"), order_by="way")


def _badge(word: Word) -> str:
    return status(*word)


def offer_table(rows: QuerySet[EncounterOffer], params: QueryDict, *, own: bool = False) -> Table:
    """Offers, those that begin first on top."""
    return Table(
        rows=rows.select_related("host", "city"),
        columns=[
            Column("name", _("What is offered"), order_by=LatvianKey("name"), heading=True,
                   link=lambda row: reverse("careers:exchange-offer", args=[row.pk])),
            Column("host", _("Employer"), value="host.name", order_by=LatvianKey("host__name")),
            Column("city", _("City"), value=lambda row: str(row.city), order_by="city_id",
                   filter=ChoiceFilter("city_id", choices=_cities())),
            _kind(OFFERED_KINDS), _way(),
            Column("sector", _("Sector (NACE)"), value="sector", order_by="sector",
                   filter=ChoiceFilter("sector", choices=[(each, each) for each in SECTORS])),
            Column("days", _("Days"), value=lambda row: days_words(row.from_on, row.until_on), order_by="from_on"),
            Column("left", _("Places left"), value=lambda row: max(0, row.places - row.taken), numeric=True),
            Column("state", _("State"), value=lambda row: offer_word(row)[0], cell=lambda row: _badge(offer_word(row))),
        ],
        params=params, name="offers", caption=_("Offers"), default_sort="days", headed=True,
        empty=_("You have offered nothing yet") if own else _("No employer offers an encounter now"),
        empty_hint=_("Make an offer, so that schools find you.") if own else _("Ask employers for what your pupils need."),
    )


def request_table(rows: QuerySet[EncounterRequest], params: QueryDict, *, own: bool = False) -> Table:
    """Requests, those whose answers are wanted first on top."""
    asked = Column(
        "host", _("Whom the school asked"), value=lambda row: str(row.host) if row.host else _("all employers in the city")
    )
    school = Column(
        "school", _("School"), value=lambda row: str(row.school), order_by=LatvianKey("school__organisation__name")
    )
    return Table(
        rows=rows.select_related("school__organisation", "school__city", "host", "school_class"),
        columns=[
            Column("name", _("Request"), order_by=LatvianKey("name"), heading=True,
                   link=lambda row: reverse("careers:exchange-request", args=[row.pk])),
            asked if own else school,
            Column("city", _("City"), value=lambda row: str(row.school.city), order_by="school__city_id", on_screen=not own,
                   filter=None if own else ChoiceFilter("school__city_id", choices=_cities())),
            _kind(ASKED_KINDS), _way(),
            Column("pupils", _("Pupils"), order_by="pupils", numeric=True),
            Column("days", _("Wished days"), value=lambda row: days_words(row.from_on, row.until_on), order_by="from_on"),
            Column("answer_by", _("Answers wanted by"), order_by="answer_by"),
            Column("state", _("State"), value=lambda row: request_word(row)[0], cell=lambda row: _badge(request_word(row))),
        ],
        params=params, name="requests", caption=_("Requests"), default_sort="-answer_by" if own else "answer_by", headed=True,
        empty=_("Your school has asked for nothing yet") if own else _("No school asks for an encounter now"),
        empty_hint=_("Ask employers, or look at what they offer.") if own
        else _("Make an offer, so that schools find you. You may also choose more cities."),
    )


def proposal_table(rows: QuerySet[Proposal], params: QueryDict, *, for_host: bool) -> Table:
    """Answers and agreements, the latest day first, with the other side's name."""
    related = ("offer", "request", "school__organisation", "host")
    other = (
        Column("school", _("School"), value=lambda row: str(row.school), order_by=LatvianKey("school__organisation__name"))
        if for_host else Column("host", _("Employer"), value="host.name", order_by=LatvianKey("host__name"))
    )
    return Table(
        rows=rows.select_related(*related),
        columns=[
            Column("name", _("Encounter"), value=str, heading=True,
                   link=lambda row: reverse("careers:exchange-proposal", args=[row.pk])),
            other,
            Column("day", _("Day"), value="held_on", order_by="held_on"),
            Column("places", _("Places"), value="places", order_by="places", numeric=True),
            Column("state", _("State"), value=lambda row: proposal_word(row)[0], cell=lambda row: _badge(proposal_word(row)),
                   filter=ChoiceFilter("state", choices=ProposalState.choices)),
        ],
        params=params, name="proposals", caption=_("Answers and agreements"), default_sort="-day", headed=True,
        empty=_("Nobody has answered yet"),
    )

"""Pairs that may be one person: the list, the decision, and the way back."""

from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Concat
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.database.collation import search_key
from microcities.database.expressions import LatvianKey, SearchKey
from microcities.people.actions.merging import decide_match, undo_merge
from microcities.people.forms import MatchForm, UndoMergeForm
from microcities.people.matching.words import reason_words
from microcities.people.models import MatchCandidate, Merge, Person
from microcities.people.rules import may_decide_matches
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_download, log_look, log_shown
from microcities.ui.filters import TextFilter
from microcities.ui.numbers import format_day, format_percent
from microcities.ui.pages import page
from microcities.ui.tables import Column, Table


def _either_named(pairs: QuerySet[MatchCandidate], text: str) -> QuerySet[MatchCandidate]:
    """Pairs one of whose persons has this in a name, without diacritics."""
    keys = {side: SearchKey(Concat(f"{side}__given_name", Value(" "), f"{side}__family_name")) for side in ("first", "second")}
    wanted = search_key(text)
    return pairs.alias(first_key=keys["first"], second_key=keys["second"]).filter(
        Q(first_key__contains=wanted) | Q(second_key__contains=wanted)
    )


@allow(may_decide_matches)
def matches(request: HttpRequest) -> HttpResponse | FileResponse:
    """Pairs that wait for this account's decision, the likeliest first."""
    pairs = MatchCandidate.objects.open().decidable_by(account_of(request)).select_related("first", "second")
    table = Table(
        rows=pairs,
        columns=[
            Column("first", _("One record"), value=lambda pair: pair.first.name, heading=True,
                   link=lambda pair: reverse("persons:match", args=[pair.pk]),
                   order_by=(LatvianKey("first__family_name"), LatvianKey("first__given_name")),
                   filter=TextFilter(_either_named, _("Name"))),
            Column("second", _("Other record"), value=lambda pair: pair.second.name,
                   order_by=(LatvianKey("second__family_name"), LatvianKey("second__given_name"))),
            # A score of 0.999 must not read as 100 %: what is certain is not asked.
            Column("score", _("Likeness"), order_by="score", cell=lambda pair: format_percent(pair.score, 1),
                   numeric=True, unit="share"),
        ],
        params=request.GET, caption=_("Possible double records"), default_sort="-score",
        empty=_("No pair waits for your decision"),
        empty_hint=_("Pairs appear here when a list brings somebody who may be known already."),
        on_export=log_download(_("Possible double records"), lambda pair: (pair.first, pair.second)),
    )
    if table.export_format:
        return table.export("double-records")
    log_shown(table.page.rows, _("Possible double records"), lambda pair: (pair.first, pair.second))
    return page(request, "people/matches.html", {"table": table}, part="table")


@allow(may_decide_matches, methods=("GET", "POST"))
def match(request: HttpRequest, number: int) -> HttpResponse:
    """Two records side by side, why they may be one person, and the decision."""
    account = account_of(request)
    visible = MatchCandidate.objects.decidable_by(account).select_related("first", "second")
    pair = get_object_or_404(visible, pk=number)
    for each in (pair.first, pair.second):
        log_look(each, reason="people.match", what=_("comparison of two records"))
    form = MatchForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            decide_match(actor=account, candidate=pair, same=form.is_same, reason=form.cleaned_data["reason"])
            messages.success(request, _("Your decision is recorded."))
            return redirect("persons:matches")
    context: dict[str, Any] = {
        "pair": pair, "form": form, "rows": _side_by_side(pair.first, pair.second),
        "reasons": [reason_words(reason) for reason in pair.reasons],
        "crumbs": [(_("Home"), "/"), (_("Double records"), reverse("persons:matches")), (pair.first.name, "")],
    }
    return page(request, "people/match.html", context)


def _side_by_side(first: Person, second: Person) -> list[tuple[str, Any, Any]]:
    fields = ("given_name", "family_name", "birth_on", "sex", "email", "phone", "country")
    rows = []
    for name in fields:
        label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
        rows.append((label, _shown(first, name), _shown(second, name)))
    return rows


def _shown(person: Person, name: str) -> Any:
    if name == "birth_on":
        return format_day(person.birth_on) if person.birth_on else ""
    return person.get_sex_display() if name == "sex" else getattr(person, name)


@allow(may_decide_matches, methods=("GET", "POST"))
def take_apart(request: HttpRequest, number: int) -> HttpResponse:
    """Undo a merge, with a reason."""
    account = account_of(request)
    merge = get_object_or_404(
        Merge.objects.filter(kept__in=Person.objects.visible_to(account)).select_related("kept", "absorbed"), pk=number
    )
    log_look(merge.kept, reason="people.match", what=_("comparison of two records"))
    form = UndoMergeForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            undo_merge(actor=account, merge=merge, reason=form.cleaned_data["reason"])
            messages.success(request, _("These are two persons again."))
            return redirect("persons:person", merge.kept.public_id)
    return page(request, "people/take_apart.html", {"merge": merge, "form": form})

"""One talk as its counsellor sees it: what was advised and agreed, and what became of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.bookings.models import Resource, ResourceKind
from microcities.careers.actions.guidance import (
    cancel_guidance,
    decline_guidance,
    hold_guidance,
    miss_guidance,
    move_guidance,
    offer_guidance,
    record_talk,
)
from microcities.careers.actions.notes import change_notes
from microcities.careers.forms.talks import CancelTalkForm
from microcities.careers.forms.talks_held import HoldForm, OfferForm, RecordTalkForm, SharedNotesForm
from microcities.careers.models import GuidanceTalk, SealedNote
from microcities.careers.own_record import talk_lines
from microcities.careers.rules import may_change_talk, may_counsel, may_give_guidance, may_read_sealed
from microcities.careers.views.own.booking import first_day_shown, time_form, times_page
from microcities.careers.views.talks.lists import crumbs, guidance_form
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.ui.pages import page

VERBS = ("move", "cancel", "decline", "hold", "no_show", "note")


def talk_of(request: HttpRequest, number: int) -> GuidanceTalk:
    """A talk that the counsellor may read; the look at a minor's is logged."""
    rows = GuidanceTalk.objects.visible_to(account_of(request))
    found = get_object_or_404(rows.select_related("person", "organisation", "booking", "adviser"), pk=number)
    log_look(found.person, reason="careers.talk", what=_("a guidance talk"))
    return found


def person_of(request: HttpRequest, reference: UUID) -> Person:
    """Somebody whose record the counsellor may open."""
    found = get_object_or_404(Person.objects.visible_to(account_of(request)), public_id=reference)
    log_look(found, reason="careers.talk", what=_("a guidance talk"))
    return found


@allow(may_give_guidance)
def talk(request: HttpRequest, number: int) -> HttpResponse:
    """The talk with its notes; the sealed one is told to be there, and opened on a page of its own."""
    account, found = account_of(request), talk_of(request, number)
    note = SealedNote.objects.select_related("talk").filter(talk=found).first()
    mine = bool(may_counsel(account, found.organisation_id))
    context: dict[str, Any] = {
        "talk": found, "line": talk_lines([found])[0], "note": note, "crumbs": crumbs((found.person.name, "")),
        "may": {verb: mine and bool(may_change_talk(account, found, verb)) for verb in VERBS},
        "may_read": note is not None and bool(may_read_sealed(account, note)),
    }
    return page(request, "careers/talks/talk.html", context)


@allow(may_give_guidance, methods=("GET", "POST"))
def hold(request: HttpRequest, number: int) -> HttpResponse:
    """What the talk came to."""
    found = talk_of(request, number)
    form = HoldForm(request.POST or None, talk=found)
    if form.is_valid():
        with refusals_on(form):
            hold_guidance(actor=account_of(request), talk=found, **form.values)
            messages.success(request, _("The talk is recorded. The person reads the advice and what was agreed."))
            return redirect("careers:talk", number)
    return guidance_form(request, form, _("Record the talk"), _("Save"), _back(number), lead=found.person.name)


@allow(may_give_guidance, methods=("GET", "POST"))
def notes(request: HttpRequest, number: int) -> HttpResponse:
    """Correct the part that the person reads."""
    found = talk_of(request, number)
    now = {"advice": found.advice, "agreed": found.agreed, "next_on": found.next_on}
    form = SharedNotesForm(request.POST or None, initial=now)
    if form.is_valid():
        with refusals_on(form):
            change_notes(actor=account_of(request), talk=found, **form.values)
            messages.success(request, _("The notes are corrected. Both texts stay in the history."))
            return redirect("careers:talk", number)
    return guidance_form(request, form, _("Correct the notes"), _("Save"), _back(number), lead=found.person.name)


@allow(may_give_guidance, methods=("GET", "POST"))
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Another time with a counsellor of the organisation."""
    account, found, first = account_of(request), talk_of(request, number), first_day_shown(request)
    rows = Resource.objects.in_use().of_kind(ResourceKind.COUNSELLOR).filter(organisation_id=found.organisation_id)
    form = time_form(request, list(rows.in_latvian_order()), first)
    if form.is_valid():
        with refusals_on(form, "time"):
            move_guidance(actor=account, talk=found, counsellor=form.counsellor, starts_at=form.starts_at)
            messages.success(request, _("The talk is moved. Everybody concerned is told."))
            return redirect("careers:talk", number)
    return times_page(
        request, form, first, title=_("Move the talk"), button=_("Move"), person=found.person, back=_back(number),
        crumbs=crumbs((found.person.name, _back(number)), (_("Move the talk"), "")),
    )


@allow(may_give_guidance, methods=("GET", "POST"))
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """The talk is not to be."""
    found = talk_of(request, number)
    form = CancelTalkForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            cancel_guidance(actor=account_of(request), talk=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("The talk is cancelled. Everybody concerned is told."))
            return redirect("careers:talk", number)
    return guidance_form(request, form, _("Cancel the talk"), _("Cancel the talk"), _back(number), lead=found.person.name)


@allow(may_give_guidance, methods=("POST",))
def missed(request: HttpRequest, number: int) -> HttpResponse:
    """The person did not come."""
    found = talk_of(request, number)
    return _done(request, number, lambda: miss_guidance(actor=account_of(request), talk=found), _("Noted as missed."))


@allow(may_give_guidance, methods=("POST",))
def declined(request: HttpRequest, number: int) -> HttpResponse:
    """The person said no to the offer."""
    found = talk_of(request, number)
    return _done(request, number, lambda: decline_guidance(actor=account_of(request), talk=found), _("Noted as declined."))


@allow(may_give_guidance, methods=("GET", "POST"))
def offer(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Offer a talk to somebody."""
    account, person = account_of(request), person_of(request, reference)
    form = OfferForm(request.POST or None, account=account, person=person)
    if form.is_valid():
        with refusals_on(form):
            made = offer_guidance(actor=account, person=person, **form.cleaned_data)
            messages.success(request, _("The talk is offered. The person finds it on the own page."))
            return redirect("careers:talk", made.pk)
    back = reverse("persons:person", args=[reference])
    return guidance_form(request, form, _("Offer a talk"), _("Offer"), back, lead=person.name)


@allow(may_give_guidance, methods=("GET", "POST"))
def record(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Record a talk that was neither offered nor booked here."""
    account, person = account_of(request), person_of(request, reference)
    form = RecordTalkForm(request.POST or None, account=account, person=person)
    if form.is_valid():
        with refusals_on(form):
            made = record_talk(actor=account, person=person, **form.values)
            messages.success(request, _("The talk is recorded. The person reads the advice and what was agreed."))
            return redirect("careers:talk", made.pk)
    back = reverse("persons:person", args=[reference])
    return guidance_form(request, form, _("Record a talk"), _("Save"), back, lead=person.name)


def _back(number: int) -> str:
    return reverse("careers:talk", args=[number])


def _done(request: HttpRequest, number: int, act: Callable[[], object], said: str) -> HttpResponse:
    try_to(act, request, said)
    return redirect("careers:talk", number)

"""Booking a guidance talk for oneself or a child: free times, the talk's page, moving, cancelling, declining."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.bookings.models import Resource
from microcities.careers.actions.guidance import book_guidance, cancel_guidance, decline_guidance, move_guidance
from microcities.careers.forms.talks import CancelTalkForm, TimeForm
from microcities.careers.models import GuidanceTalk
from microcities.careers.own_record import counsellors_for, talk_lines
from microcities.careers.queries import own_people
from microcities.careers.rules import may_change_talk
from microcities.careers.views.own.record import crumbs, own_person
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.ui.pages import form_page, page

DAYS_SHOWN = 7
FARTHEST = timedelta(days=180)


def own_talk(request: HttpRequest, number: int) -> GuidanceTalk:
    """The visitor's talk or a child's; a look at a child's is logged."""
    account = account_of(request)
    rows = GuidanceTalk.objects.filter(person_id__in=own_people(account))
    found = get_object_or_404(rows.select_related("person", "organisation", "booking", "adviser"), pk=number)
    if found.person_id != account.person_id:
        log_look(found.person, reason="careers.own_record", what=_("the careers page"))
    return found


def first_day_shown(request: HttpRequest) -> date:
    """The first day of the week asked for: today, or a later one named in the address."""
    today = timezone.localdate()
    try:
        asked = date.fromisoformat(request.GET.get("from", ""))
    except ValueError:
        return today
    return min(max(asked, today), today + FARTHEST)


def times_page(
    request: HttpRequest, form: TimeForm, first: date, **context: Any
) -> HttpResponse:
    """Free times of a week, with the ways to the weeks before and after."""
    today = timezone.localdate()
    before, after = first - timedelta(days=DAYS_SHOWN), first + timedelta(days=DAYS_SHOWN)
    context |= {
        "form": form, "first": first, "last": after - timedelta(days=1),
        "before": max(before, today) if first > today else None, "after": after if after <= today + FARTHEST else None,
    }
    return page(request, "careers/own/times.html", context)


def time_form(request: HttpRequest, counsellors: list[Resource], first: date) -> TimeForm:
    """The form of the week that begins on `first`."""
    last = first + timedelta(days=DAYS_SHOWN - 1)
    return TimeForm(request.POST or None, counsellors=counsellors, first=first, last=last)


@allow(has_record, methods=("GET", "POST"))
def book(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Book one of the free times."""
    account, person, first = account_of(request), own_person(request, reference), first_day_shown(request)
    form = time_form(request, counsellors_for(person), first)
    if form.is_valid():
        with refusals_on(form, "time"):
            talk = book_guidance(
                actor=account, person=person, counsellor=form.counsellor, starts_at=form.starts_at,
                key=form.cleaned_data["key"],
            )
            messages.success(request, _("The talk is booked. The confirmation is among your notices."))
            return redirect("careers:own-talk", talk.pk)
    return times_page(
        request, form, first, title=_("Book a talk"), button=_("Book"), person=person,
        back=reverse("careers:record", args=[reference]), crumbs=crumbs(person, account, (_("Book a talk"), "")),
    )


@allow(has_record)
def talk(request: HttpRequest, number: int) -> HttpResponse:
    """One talk: when, with whom, what was advised and agreed, and what may be done."""
    account, found = account_of(request), own_talk(request, number)
    context = {
        "talk": found, "line": talk_lines([found])[0], "person": found.person,
        "may": {verb: bool(may_change_talk(account, found, verb)) for verb in ("book", "move", "cancel", "decline")},
        "crumbs": crumbs(found.person, account, (_("Talk"), "")),
    }
    return page(request, "careers/own/talk.html", context)


@allow(has_record, methods=("GET", "POST"))
def move(request: HttpRequest, number: int) -> HttpResponse:
    """Another time; the old one stands until the new one is sure."""
    account, found, first = account_of(request), own_talk(request, number), first_day_shown(request)
    same = [each for each in counsellors_for(found.person) if each.organisation_id == found.organisation_id]
    form = time_form(request, same, first)
    if form.is_valid():
        with refusals_on(form, "time"):
            move_guidance(actor=account, talk=found, counsellor=form.counsellor, starts_at=form.starts_at)
            messages.success(request, _("The talk is moved."))
            return redirect("careers:own-talk", number)
    return times_page(
        request, form, first, title=_("Move the talk"), button=_("Move"), person=found.person,
        back=reverse("careers:own-talk", args=[number]), crumbs=crumbs(found.person, account, (_("Move the talk"), "")),
    )


@allow(has_record, methods=("GET", "POST"))
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Give the time back."""
    account, found = account_of(request), own_talk(request, number)
    form = CancelTalkForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form):
            cancel_guidance(actor=account, talk=found, reason=form.cleaned_data["reason"])
            messages.success(request, _("The talk is cancelled. The time is free for somebody else."))
            return redirect("careers:record", found.person.public_id)
    person: Person = found.person
    title, back = _("Cancel the talk"), reverse("careers:own-talk", args=[number])
    return form_page(request, form, title=title, button=title, back=back, crumbs=crumbs(person, account, (title, "")))


@allow(has_record, methods=("POST",))
def decline(request: HttpRequest, number: int) -> HttpResponse:
    """No talk wanted; another one may be asked for at any time."""
    found = own_talk(request, number)
    said = _("You have declined the talk. You may book one at any time.")
    try_to(decline_guidance, request, said, actor=account_of(request), talk=found)
    return redirect("careers:own-talk", number)

"""Pages on which an organiser sees who comes, prints the list, takes attendance and checks people in."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.headers import WITH_CAMERA
from microcities.access.outcome import try_to
from microcities.database.expressions import LatvianKey
from microcities.events.actions.attendance import ScanOutcome, check_in, plain_code, sync_scans, take_attendance
from microcities.events.door import door_list
from microcities.events.forms.attendance import AttendanceForm, CodeForm, NotedForm
from microcities.events.models import Attendance, Attendee, CheckInWay, Event
from microcities.events.noted import read_noted
from microcities.events.registration_tables import people_table
from microcities.events.rules import may_manage_events
from microcities.events.views.organising import run_crumbs, run_event_of
from microcities.events.wording import when_words, where_words
from microcities.events.words import SCAN_KINDS, scan_words
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.ui.components import StatusKind
from microcities.ui.pages import page


def _with_place(event: Event) -> list[Attendee]:
    """Those with a confirmed place in Latvian order; each look at a minor is noted."""
    confirmed = Attendee.objects.filter(event=event).confirmed().select_related("person", "registration__organisation")
    found = list(confirmed.order_by(LatvianKey("person__family_name"), LatvianKey("person__given_name"), "pk"))
    log_shown(found, _("registration for an event"), lambda row: (row.person,))
    return found


@allow(may_manage_events)
def people(request: HttpRequest, uid: str) -> HttpResponse | FileResponse:
    """Everybody registered, with answers; the file holds the codes too, for check-in without a connection."""
    event = run_event_of(request, uid)
    table = people_table(event, request.GET)
    if table.export_format:
        return table.export(f"event-{event.pk}")
    log_shown(table.page.rows, _("registration for an event"), lambda row: (row.person,))
    context = {"event": event, "table": table, "crumbs": run_crumbs(event, (_("Who comes"), ""))}
    return page(request, "events/people.html", context, part="table")


@allow(may_manage_events)
def print_list(request: HttpRequest, uid: str) -> HttpResponse:
    """A list to print and sign."""
    event = run_event_of(request, uid)
    context = {
        "event": event, "when": when_words(event), "where": where_words(event), "people": _with_place(event),
        "crumbs": run_crumbs(event, (_("List to print"), "")),
    }
    return page(request, "events/print.html", context)


@allow(may_manage_events, methods=("GET", "POST"))
def attendance(request: HttpRequest, uid: str) -> HttpResponse:
    """Who came, by the list."""
    event = run_event_of(request, uid)
    form = AttendanceForm(request.POST or None, attendees=_with_place(event))
    if form.is_valid():
        came, away = form.keys(Attendance.ATTENDED), form.keys(Attendance.NO_SHOW)
        try:
            take_attendance(actor=account_of(request), event=event, came=came, stayed_away=away)
        except RefusedError as refusal:
            form.add_error(None, str(refusal.reason))
        else:
            messages.success(request, _("The attendance is kept."))
            return redirect("events:run-event", uid)
    context = {"event": event, "form": form, "crumbs": run_crumbs(event, (_("Attendance"), ""))}
    return page(request, "events/attendance.html", context)


@allow(may_manage_events, methods=("GET", "POST"))
def code_entry(request: HttpRequest, uid: str) -> HttpResponse:
    """Check in by a code; the field is empty again for the next person."""
    event = run_event_of(request, uid)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            who = check_in(actor=account_of(request), event=event, code=form.cleaned_data["code"])
        except RefusedError as refusal:
            form.add_error("code", str(refusal.reason))
        else:
            messages.success(request, _("%(name)s is checked in.") % {"name": who.person.name})
            return redirect("events:check-in", uid)
    context = {
        "event": event, "form": form, "door": door_list(event), "crumbs": run_crumbs(event, (_("Check people in"), "")),
    }
    answer = page(request, "events/check_in.html", context)
    answer.headers["Permissions-Policy"] = WITH_CAMERA
    return answer


@allow(may_manage_events, methods=("GET", "POST"))
def code_page(request: HttpRequest, uid: str, code: str) -> HttpResponse:
    """Where the QR code of a ticket leads: who it is, and the button that checks them in."""
    event = run_event_of(request, uid)
    people = Attendee.objects.filter(event=event).select_related("person", "registration__organisation")
    found = get_object_or_404(people, code=plain_code(code))
    if request.method == "POST":
        said = _("%(name)s is checked in.") % {"name": found.person.name}
        try_to(check_in, request, said, actor=account_of(request), event=event, code=found.code, way=CheckInWay.QR)
        return redirect("events:check-in-code", uid, found.code)
    log_shown([found], _("registration for an event"), lambda row: (row.person,))
    back = reverse("events:check-in", args=[uid])
    context = {
        "event": event, "attendee": found, "has_place": found.seat is not None and found.registration.state == "confirmed",
        "back": back, "crumbs": run_crumbs(event, (_("Check people in"), back), (found.code, "")),
    }
    return page(request, "events/check_in_code.html", context)


@allow(may_manage_events, methods=("GET", "POST"))
def noted(request: HttpRequest, uid: str) -> HttpResponse:
    """Bring in what was noted without a connection; sent twice it changes nothing more."""
    event = run_event_of(request, uid)
    form = NotedForm(request.POST or None, request.FILES or None)
    outcomes: list[tuple[ScanOutcome, str, StatusKind]] = []
    unreadable: Any = []
    if form.is_valid():
        scans, unreadable = read_noted(form.cleaned_data["text"], event)
        words = scan_words()
        found = sync_scans(actor=account_of(request), event=event, scans=scans, way=CheckInWay.CODE)
        outcomes = [(each, words[each.outcome], SCAN_KINDS[each.outcome]) for each in found]
    context = {
        "event": event, "form": form, "outcomes": outcomes, "unreadable": unreadable,
        "crumbs": run_crumbs(event, (_("Noted without a connection"), "")),
    }
    return page(request, "events/noted.html", context)

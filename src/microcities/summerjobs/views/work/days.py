"""The days of a placement as they were: noted by the employer, read by pupil, guardian and city."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count, Q, Sum
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.access.answers import RefusedError
from microcities.access.guards import allow, signed_in
from microcities.access.outcome import refusals_on
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.summerjobs.actions.work import (
    close_incident,
    give_feedback,
    note_as_planned,
    note_days,
    report_incident,
)
from microcities.summerjobs.agreement_rules import acts_as
from microcities.summerjobs.forms.work import AnswerForm, DayForm, FeedbackForm, IncidentForm
from microcities.summerjobs.models import Incident, Party, Placement, WorkDay
from microcities.summerjobs.rules import may_run_summer, may_see_summer, may_see_two_sides
from microcities.summerjobs.views.draws.places import placement_of, way
from microcities.summerjobs.views.finding import desk_way, host_of, host_way, read_scheme, require_page
from microcities.summerjobs.work_rules import (
    WORKED_STATES,
    may_close_incident,
    may_give_feedback,
    may_note_days,
    may_report_incident,
    signed_agreement,
)
from microcities.summerjobs.work_tables import work_table
from microcities.summerjobs.working_days import MINUTES_OF_HOUR
from microcities.ui.pages import Crumbs, form_page, page

Lines = list[dict[str, Any]]


@allow(signed_in)
def days(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Every agreed day with what was noted, incidents, and feedback."""
    found, account = placement_of(request, number), account_of(request)
    lines = _lines(found)
    # What pupil and supervisor's side say of each other is read by them, the guardian and the city.
    given = list(found.feedback.all()) if acts_as(account, found) or may_see_summer(account) else []
    context = {
        "placement": found, "post": found.post, "lines": lines, "may_note": may_note_days(account, found),
        "hours": sum(each["day"].worked_minutes for each in lines if each["day"]) / MINUTES_OF_HOUR,
        "to_note": sum(each["due"] and each["day"] is None for each in lines),
        "incidents": [(each, may_close_incident(account, each)) for each in found.incidents.all()],
        "may_report": may_report_incident(account, found), "feedback": given,
        "may_give": [party for party in (Party.PUPIL, Party.EMPLOYER) if may_give_feedback(account, found, party)],
        "crumbs": way(request, found, (_("Days of work"), "")),
    }
    return page(request, "summerjobs/work/days.html", context)


def _lines(placement: Placement) -> Lines:
    """Agreed days and noted ones together, by date."""
    agreement, today = signed_agreement(placement), timezone.localdate()
    planned = {date.fromisoformat(each["on"]): each["minutes"] for each in agreement.terms["days"]} if agreement else {}
    noted = {each.on: each for each in placement.work_days.noted()}
    return [
        {"on": on, "planned": planned.get(on, 0), "day": noted.get(on), "due": on <= today}
        for on in sorted({*planned, *noted})
    ]


@allow(may_see_two_sides, methods=("POST",))
def as_planned(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """All days up to today that are not noted were worked as agreed."""
    found = placement_of(request, number)
    try:
        count = note_as_planned(actor=account_of(request), placement=found)
    except RefusedError as refusal:
        messages.error(request, str(refusal.reason))
    else:
        messages.success(request, ngettext("%(count)s day is noted.", "%(count)s days are noted.", count) % {"count": count})
    return redirect("summerjobs:days", number)


@allow(may_see_two_sides, methods=("GET", "POST"))
def day(request: HttpRequest, number: uuid.UUID, on: str) -> HttpResponse:
    """Note one day."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_note_days(account, found))
    try:
        wanted = date.fromisoformat(on)
    except ValueError:
        raise Http404(_("This is no day.")) from None
    form = DayForm(request.POST or None, initial=_before(found, wanted))
    if form.is_valid():
        with refusals_on(form):
            note_days(actor=account, placement=found, notes=[form.as_note(wanted)])
            messages.success(request, _("The day is noted."))
            return redirect("summerjobs:days", number)
    return _form(request, found, form, _("Note a day"), _("Save"), str(wanted))


def _before(placement: Placement, on: date) -> dict[str, Any]:
    """What was noted of the day, or what was agreed for it."""
    noted = WorkDay.objects.filter(placement=placement, on=on).first()
    if noted is not None:
        return {name: getattr(noted, name) for name in ("came_at", "left_at", "break_minutes", "absence", "note")}
    agreement = signed_agreement(placement)
    agreed = next((each for each in agreement.terms["days"] if each["on"] == on.isoformat()), None) if agreement else None
    return {"came_at": agreed["from"], "left_at": agreed["to"], "break_minutes": agreed["break"]} if agreed else {}


def _form(request: HttpRequest, placement: Placement, form: Any, title: str, button: str, lead: str = "") -> HttpResponse:
    back = reverse("summerjobs:days", args=[placement.public_id])
    steps: Crumbs = way(request, placement, (_("Days of work"), back), (title, ""))
    return form_page(request, form, title=title, button=button, back=back, crumbs=steps, lead=lead or str(placement.post))


@allow(signed_in, methods=("GET", "POST"))
def incident_new(request: HttpRequest, number: uuid.UUID) -> HttpResponse:
    """Report what happened at work."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_report_incident(account, found))
    form = IncidentForm(request.POST or None, initial={"happened_on": timezone.localdate()})
    if form.is_valid():
        with refusals_on(form, "happened_on"):
            report_incident(actor=account, placement=found, **form.cleaned_data)
            messages.success(request, _("Reported. The city is written to at once."))
            return redirect("summerjobs:days", number)
    return _form(request, found, form, _("Report an incident"), _("Send to the city"))


@allow(may_run_summer, methods=("GET", "POST"))
def incident_close(request: HttpRequest, number: int) -> HttpResponse:
    """The city says what it did."""
    account = account_of(request)
    rows = Incident.objects.filter(placement__in=Placement.objects.visible_to(account).values("pk"))
    incident = get_object_or_404(rows.select_related("placement"), pk=number)
    found = placement_of(request, incident.placement.public_id)
    incident.placement = found
    require_page(may_close_incident(account, incident))
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "answer"):
            close_incident(actor=account, incident=incident, **form.cleaned_data)
            messages.success(request, _("The incident is closed."))
            return redirect("summerjobs:days", found.public_id)
    return _form(request, found, form, _("Close the incident"), _("Close the incident"), incident.what)


@allow(signed_in, methods=("GET", "POST"))
def feedback(request: HttpRequest, number: uuid.UUID, party: str) -> HttpResponse:
    """How the work was, by the pupil or by the supervisor's side."""
    found, account = placement_of(request, number), account_of(request)
    require_page(may_give_feedback(account, found, party))
    form = FeedbackForm(request.POST or None, instance=found.feedback.filter(by_party=party).first())
    if form.is_valid():
        with refusals_on(form):
            give_feedback(actor=account, placement=found, party=party, **form.cleaned_data)
            messages.success(request, _("Thank you."))
            return redirect("summerjobs:days", number)
    return _form(request, found, form, _("How it was"), _("Save"))


@allow(may_see_two_sides)
def attendance(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """All pupils of an employer in a scheme with the days noted."""
    host = host_of(request, number)
    table = work_table(_worked(Q(post__host=host)), request.GET)
    if table.export_format:
        return table.export(f"days-{host.scheme.year}")
    log_shown(table.page.rows, _("days of summer work"), lambda row: (row.person,))
    steps = host_way(request, host, (_("Days of work"), ""))
    context = {"lead": f"{host}, {host.scheme.titled}", "table": table, "crumbs": steps}
    return page(request, "summerjobs/work/list.html", context, part="table")


@allow(may_see_summer)
def desk(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """All pupils of a scheme with the days noted and what happened."""
    scheme = read_scheme(request, number)
    table = work_table(_worked(Q(post__host__scheme=scheme)), request.GET)
    if table.export_format:
        return table.export(f"days-{scheme.year}")
    log_shown(table.page.rows, _("days of summer work"), lambda row: (row.person,))
    context = {"lead": scheme.titled, "table": table, "crumbs": desk_way(scheme, (_("Days of work"), ""))}
    return page(request, "summerjobs/work/list.html", context, part="table")


def _worked(which: Q) -> Any:
    return Placement.objects.filter(which, state__in=WORKED_STATES).annotate(
        noted=Count("work_days", filter=Q(work_days__noted_at__isnull=False), distinct=True),
        minutes=Sum("work_days__worked_minutes"),
    )

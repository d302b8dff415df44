"""Pages of encounters: a school's list, one with its checklist and pupils, recording by hand or from an event, attendance."""

import re
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.encounters import (
    add_pupils,
    change_encounter,
    mark_attendance,
    read_attendance_again,
    record_encounter,
    record_from_event,
)
from microcities.careers.event_links import said_by
from microcities.careers.forms.schools_encounters import (
    EncounterForm,
    EventEncounterForm,
    NewEncounterForm,
    PresenceForm,
    PupilsForm,
)
from microcities.careers.models import ASKS_REFLECTION, CHECKS, Encounter, Presence, School
from microcities.careers.rules import may_keep, may_keep_schools, may_open_schools
from microcities.careers.tables import checklist_badge, encounter_table
from microcities.careers.views.schools.finding import (
    crumbs,
    encounter_crumbs,
    encounter_of,
    kept_school,
    school_of,
)
from microcities.database.expressions import LatvianKey
from microcities.events.models import Event
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.ui.pages import form_page, page

UUID_TEXT = re.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@allow(may_open_schools)
def encounters(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """All encounters of a school."""
    school = school_of(request, number)
    table = encounter_table(Encounter.objects.filter(school=school), request.GET)
    if table.export_format:
        return table.export(f"encounters-{number}")
    context = {
        "school": school, "table": table, "may_keep": may_keep(account_of(request), school),
        "crumbs": crumbs(school, (_("Encounters"), "")),
    }
    return page(request, "careers/schools/encounters.html", context, part="table")


@allow(may_keep_schools, methods=("GET", "POST"))
def encounter_new(request: HttpRequest, number: int) -> HttpResponse:
    """Record an encounter by hand."""
    school, account = kept_school(request, number), account_of(request)
    form = NewEncounterForm(request.POST or None, school=school)
    if form.is_valid():
        with refusals_on(form, "held_on"):
            attended = form.cleaned_data["attended"]
            made = record_encounter(actor=account, school=school, pupils=form.pupils, attended=attended, **form.values)
            messages.success(request, _("The encounter is recorded."))
            return redirect("careers:encounter", made.pk)
    back = reverse("careers:encounters", args=[number])
    way = crumbs(school, (_("Encounters"), back), (_("Record an encounter"), ""))
    return form_page(request, form, title=_("Record an encounter"), back=back, button=_("Record"), crumbs=way)


def _said(request: HttpRequest, school: School) -> dict[str, Any]:
    """What the event named in the address says of the encounter; nothing when there is none that the account sees."""
    uid = request.GET.get("event", "")
    seen = Event.objects.visible_to(account_of(request))
    event = seen.filter(uid=uid).first() if UUID_TEXT.fullmatch(uid) else None
    return said_by(event, school) if event is not None else {}


@allow(may_keep_schools, methods=("GET", "POST"))
def encounter_from_event(request: HttpRequest, number: int) -> HttpResponse:
    """Record an encounter from an event, with the attendance taken there."""
    school, account = kept_school(request, number), account_of(request)
    form = EventEncounterForm(request.POST or None, account=account, initial=_said(request, school))
    if form.is_valid():
        with refusals_on(form, "event"):
            made = record_from_event(actor=account, school=school, **form.cleaned_data)
            messages.success(request, _("The encounter is recorded, with those of the school's pupils who came."))
            return redirect("careers:encounter", made.pk)
    back = reverse("careers:encounters", args=[number])
    title = _("Record from an event")
    way = crumbs(school, (_("Encounters"), back), (title, ""))
    return form_page(request, form, title=title, back=back, button=_("Record"), crumbs=way)


def _checklist(found: Encounter) -> list[tuple[str, bool]]:
    """Each question that its kind asks, and whether it is answered with yes."""
    return [(str(Encounter._meta.get_field(name).verbose_name), getattr(found, name)) for name in CHECKS[found.kind]]  # type: ignore[union-attr]


def _listed(found: Encounter) -> Any:
    rows = found.attendances.select_related("person")
    return rows.order_by(LatvianKey("person__family_name"), LatvianKey("person__given_name"), "pk")


@allow(may_open_schools)
def encounter(request: HttpRequest, number: int) -> HttpResponse:
    """One encounter: what it was, whether it counts, who was there."""
    found = encounter_of(request, number)
    people = list(_listed(found))
    log_shown(people, _("pupils of an encounter"), lambda row: (row.person,))
    context = {
        "encounter": found, "people": people, "checklist": _checklist(found), "badge": checklist_badge(found),
        "there": sum(each.presence == Presence.ATTENDED for each in people),
        "asks_reflection": found.kind in ASKS_REFLECTION, "may_keep": may_keep(account_of(request), found.school),
        "crumbs": encounter_crumbs(found),
    }
    return page(request, "careers/schools/encounter.html", context)


@allow(may_keep_schools, methods=("GET", "POST"))
def encounter_change(request: HttpRequest, number: int) -> HttpResponse:
    """Correct an encounter or answer its checklist."""
    found = encounter_of(request, number, kept=True)
    form = EncounterForm(request.POST or None, instance=encounter_of(request, number, kept=True))
    if form.is_valid():
        with refusals_on(form):
            change_encounter(actor=account_of(request), encounter=found, **form.cleaned_data)
            messages.success(request, _("The encounter is changed."))
            return redirect("careers:encounter", number)
    back, way = reverse("careers:encounter", args=[number]), encounter_crumbs(found, (_("Change"), ""))
    return form_page(request, form, title=f"{_('Change')}: {found.name}", back=back, button=_("Save"), crumbs=way)


@allow(may_keep_schools, methods=("GET", "POST"))
def encounter_pupils(request: HttpRequest, number: int) -> HttpResponse:
    """Put more pupils on the list."""
    found = encounter_of(request, number, kept=True)
    form = PupilsForm(request.POST or None, encounter=found)
    if form.is_valid():
        with refusals_on(form, "classes"):
            added = add_pupils(actor=account_of(request), encounter=found, pupils=form.pupils)
            messages.success(request, _("Pupils added to the list: %(count)s.") % {"count": added})
            return redirect("careers:encounter", number)
    back, way = reverse("careers:encounter", args=[number]), encounter_crumbs(found, (_("Add pupils"), ""))
    return form_page(request, form, title=f"{_('Add pupils')}: {found.name}", back=back, button=_("Add"), crumbs=way)


@allow(may_keep_schools, methods=("GET", "POST"))
def encounter_attendance(request: HttpRequest, number: int) -> HttpResponse:
    """Who was there, and who thought it over afterwards."""
    found = encounter_of(request, number, kept=True)
    form = PresenceForm(request.POST if request.method == "POST" else None, attendances=list(_listed(found)))
    if form.is_valid():
        with refusals_on(form):
            came, away = form.chosen(Presence.ATTENDED), form.chosen(Presence.ABSENT)
            thoughtful = [each for each in form.reflected if each not in away]
            mark_attendance(actor=account_of(request), encounter=found, attended=came, absent=away, reflected=thoughtful)
            messages.success(request, _("The attendance is kept."))
            return redirect("careers:encounter", number)
    log_shown(form.attendances, _("pupils of an encounter"), lambda row: (row.person,))
    context = {"encounter": found, "form": form, "crumbs": encounter_crumbs(found, (_("Attendance"), ""))}
    return page(request, "careers/schools/attendance.html", context)


@allow(may_keep_schools, methods=("POST",))
def encounter_again(request: HttpRequest, number: int) -> HttpResponse:
    """Take the event's attendance over again, as after late check-ins."""
    found = encounter_of(request, number, kept=True)
    said = _("The event's attendance is taken over.")
    try_to(read_attendance_again, request, said, actor=account_of(request), encounter=found)
    return redirect("careers:encounter", number)

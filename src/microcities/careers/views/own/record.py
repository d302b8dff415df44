"""Somebody's own careers page, a guardian's view of a child's, and the record on paper."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.encounters import confirm_reading
from microcities.careers.actions.outcomes import record_destination
from microcities.careers.documents import record_pdf
from microcities.careers.experience import experience_of
from microcities.careers.forms.own import IntentionForm
from microcities.careers.models import CareerPlan
from microcities.careers.own_record import (
    counsellors_for,
    destinations_of,
    encounters_of,
    enrolments_of,
    last_read,
    open_events,
    school_of,
    talks_of,
)
from microcities.careers.own_tables import destination_words, encounter_table
from microcities.careers.queries import own_people
from microcities.careers.question_rules import may_ask_for
from microcities.careers.question_words import question_lines
from microcities.events.wording import when_words, where_words
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.trail.looks import note_look
from microcities.ui.pages import form_page, page


def own_person(request: HttpRequest, reference: UUID | None = None) -> Person:
    """The visitor, or the child with this reference; a look at a child's record is logged, and for others there is none."""
    account = account_of(request)
    if reference is None:
        return get_object_or_404(Person, pk=account.person_id)
    person = get_object_or_404(Person, public_id=reference, pk__in=own_people(account), erased_at__isnull=True)
    if person.pk != account.person_id:
        log_look(person, reason="careers.own_record", what=_("the careers page"))
    return person


def crumbs(person: Person, account: Any, *steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to one's own page, or to the child's."""
    way = [(_("Home"), reverse("programme:home")), (_("My career"), reverse("careers:mine"))]
    if person.pk != account.person_id:
        way.append((person.name, reverse("careers:record", args=[person.public_id])))
    return [*way, *steps] if steps else [*way[:-1], (way[-1][0], "")]


@allow(has_record)
def mine(request: HttpRequest, reference: UUID | None = None) -> HttpResponse | FileResponse:
    """What I met, my talks, my plan, and what is open for me."""
    account, person = account_of(request), own_person(request, reference)
    table = encounter_table(encounters_of(account, person), request.GET)
    if table.export_format:
        return table.export("careers-record")
    talks = talks_of(account, person)
    wards = Person.objects.filter(pk__in=own_people(account)).exclude(pk=account.person_id or 0).in_latvian_order()
    context: dict[str, Any] = {
        "person": person, "own": person.pk == account.person_id, "table": table,
        "enrolment": enrolments_of(account, person).filter(left_on__gte=timezone.localdate()).first(),
        "experience": experience_of(person),
        "talks": talks, "coming": any(line.is_coming for line in talks), "may_book": bool(counsellors_for(person)),
        "questions": question_lines(account, person), "may_ask": may_ask_for(account, person),
        "destinations": [(each, destination_words(each)) for each in destinations_of(account, person)],
        "may_intend": school_of(person) is not None, "read_on": last_read(person),
        "events": [(each, when_words(each), where_words(each)) for each in open_events(person)],
        "interests": person.interest_sheets.finished().first(), "career_plan": CareerPlan.objects.filter(person=person).first(),
        "wards": wards if person.pk == account.person_id else (),
        "crumbs": crumbs(person, account),
    }
    return page(request, "careers/own/mine.html", context, part="table")


@allow(has_record, methods=("POST",))
def confirm(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The record has been read."""
    person = own_person(request, reference)
    try_to(confirm_reading, request, _("Noted: the record was read today."), actor=account_of(request), person=person)
    return redirect("careers:record", reference)


@allow(has_record, methods=("GET", "POST"))
def intend(request: HttpRequest, reference: UUID) -> HttpResponse:
    """Say where one means to go after this school."""
    account, person = account_of(request), own_person(request, reference)
    if (school := school_of(person)) is None:
        raise Http404(_("There is no school to which this could be said."))
    today = timezone.localdate()
    said_today = person.destinations.filter(kind="intended", said_on=today).exists()
    form = IntentionForm(request.POST or None, said_today=said_today)
    if form.is_valid():
        said_by = "pupil" if person.pk == account.person_id else "guardian"
        with refusals_on(form):
            record_destination(
                actor=account, school=school, person=person, kind="intended", said_on=today,
                confirmed_by=said_by, **form.cleaned_data,
            )
            return redirect("careers:record", reference)
    back = reverse("careers:record", args=[reference])
    title, way = _("Where do you mean to go?"), crumbs(person, account, (_("Plan"), ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way, lead=str(school))


@allow(has_record)
def document(request: HttpRequest, reference: UUID) -> HttpResponse:
    """The record on paper; every download is logged, whatever the age."""
    account, person = account_of(request), own_person(request, reference)
    note_look(person.pk, reason="careers.own_record", what="pdf")
    made = record_pdf(account, person, own=person.pk == account.person_id)
    response = HttpResponse(made, content_type="application/pdf")
    words = _("careers-record")  # letters, digits and hyphens only: it becomes a file name
    response["Content-Disposition"] = f'attachment; filename="{words}-{timezone.localdate().isoformat()}.pdf"'
    return response

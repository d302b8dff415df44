"""Pages of the careers programme and of what else a school records: lists with their forms."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.actions.outcomes import (
    record_destination,
    record_evidence,
    record_feedback,
    record_qualification,
    record_training,
)
from microcities.careers.actions.schools import (
    end_interpretation,
    interpret_criterion,
    publish_programme,
    write_programme,
)
from microcities.careers.forms.schools_records import (
    DestinationForm,
    EndReadingForm,
    EvidenceForm,
    FeedbackForm,
    ProgrammeForm,
    PublishForm,
    QualificationForm,
    ReadingForm,
    TrainingForm,
)
from microcities.careers.models import CareersProgramme, Interpretation, School, present_year
from microcities.careers.record_tables import RECORDS, RecordKind
from microcities.careers.rules import may_keep, may_keep_schools, may_open_schools
from microcities.careers.school_years import label
from microcities.careers.views.schools.finding import crumbs, kept_school, school_of
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.ui.pages import form_page, page

# By kind: the form, the action, and the field at which a refusal stands.
FORMS: dict[str, tuple[Any, Any, str]] = {
    "training": (TrainingForm, record_training, "person"),
    "feedback": (FeedbackForm, record_feedback, "held_on"),
    "evidence": (EvidenceForm, record_evidence, "from_on"),
    "destinations": (DestinationForm, record_destination, "person"),
    "readings": (ReadingForm, interpret_criterion, "criterion"),
    "qualifications": (QualificationForm, record_qualification, "counsellor"),
}


def _kind(kind: str) -> RecordKind:
    if kind not in RECORDS:
        raise Http404
    return RECORDS[kind]


@allow(may_open_schools)
def records(request: HttpRequest, number: int, kind: str) -> HttpResponse | FileResponse:
    """The records of one kind."""
    school, found, account = school_of(request, number), _kind(kind), account_of(request)
    table = found.table(account, school, request.GET)
    if table.export_format:
        return table.export(f"{kind}-{number}")
    if found.names_pupils:
        log_shown(table.page.rows, str(found.title), lambda row: (row.person,))
    context = {
        "school": school, "kind": kind, "found": found, "table": table, "may_keep": may_keep(account, school),
        "crumbs": crumbs(school, (str(found.title), "")),
    }
    return page(request, "careers/schools/records.html", context, part="table")


@allow(may_keep_schools, methods=("GET", "POST"))
def record_new(request: HttpRequest, number: int, kind: str) -> HttpResponse:
    """One more record of a kind."""
    found, school = _kind(kind), kept_school(request, number)
    form_class, act, place = FORMS[kind]
    form = form_class(request.POST or None, school=school)
    if form.is_valid():
        given = {} if kind == "qualifications" else {"school": school}
        with refusals_on(form, place):
            act(actor=account_of(request), **given, **form.cleaned_data)
            messages.success(request, _("Recorded."))
            return redirect("careers:records", number, kind)
    back = reverse("careers:records", args=[number, kind])
    way = crumbs(school, (str(found.title), back), (str(found.add), ""))
    return form_page(request, form, title=str(found.add), back=back, button=_("Record"), crumbs=way, lead=str(found.lead))


@allow(may_keep_schools, methods=("GET", "POST"))
def end_reading(request: HttpRequest, number: int) -> HttpResponse:
    """A reading of a criterion ends."""
    account = account_of(request)
    seen = Interpretation.objects.visible_to(account).select_related("school__organisation", "person")
    found = get_object_or_404(seen, pk=number)
    if not (answer := may_keep(account, found.school)):
        raise PermissionDenied(answer.reason)
    form = EndReadingForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "last_on"):
            end_interpretation(actor=account, interpretation=found, **form.cleaned_data)
            return redirect("careers:records", found.school_id, "readings")
    log_look(found.person, reason="careers.change", what=_("Special needs"))
    back = reverse("careers:records", args=[found.school_id, "readings"])
    title = f"{found.criterion}: {found.person.name}"
    way = crumbs(found.school, (_("Special needs"), back), (title, ""))
    return form_page(request, form, title=title, back=back, button=_("End it"), crumbs=way)


# --- careers programme ---


def _programme_of(school: School, year: int) -> CareersProgramme | None:
    return CareersProgramme.objects.filter(school=school, school_year=year).select_related("leader").first()


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 1990 <= int(asked) <= 2100 else present_year()


@allow(may_open_schools)
def programme(request: HttpRequest, number: int) -> HttpResponse:
    """The careers programme of a year."""
    school, year = school_of(request, number), _year(request)
    years = sorted({*school.programmes.values_list("school_year", flat=True), present_year()})
    found = _programme_of(school, year)
    context = {
        "school": school, "programme_of_year": found, "number": year, "year": label(year),
        "years": [(each, label(each), each == year) for each in years],
        "outcomes": [line for line in found.outcomes.splitlines() if line.strip()] if found else [],
        "may_keep": may_keep(account_of(request), school), "crumbs": crumbs(school, (_("Careers programme"), "")),
    }
    return page(request, "careers/schools/programme.html", context)


@allow(may_keep_schools, methods=("GET", "POST"))
def programme_write(request: HttpRequest, number: int) -> HttpResponse:
    """Write a year's programme."""
    school, year = kept_school(request, number), _year(request)
    form = ProgrammeForm(request.POST or None, school=school, instance=_programme_of(school, year))
    back = f"{reverse('careers:programme', args=[number])}?year={year}"
    if form.is_valid():
        with refusals_on(form):
            write_programme(actor=account_of(request), school=school, school_year=year, **form.cleaned_data)
            messages.success(request, _("The programme is kept."))
            return redirect(back)
    title = _("Careers programme %(year)s") % {"year": label(year)}
    way = crumbs(school, (_("Careers programme"), back), (_("Write"), ""))
    return form_page(request, form, title=title, back=back, button=_("Save"), crumbs=way)


@allow(may_keep_schools, methods=("GET", "POST"))
def programme_publish(request: HttpRequest, number: int) -> HttpResponse:
    """Say where everybody can read the programme."""
    school, year = kept_school(request, number), _year(request)
    found = get_object_or_404(CareersProgramme, school=school, school_year=year)
    form = PublishForm(request.POST or None)
    back = f"{reverse('careers:programme', args=[number])}?year={year}"
    if form.is_valid():
        with refusals_on(form, "published_on"):
            publish_programme(actor=account_of(request), programme=found, **form.cleaned_data)
            messages.success(request, _("The programme is published."))
            return redirect(back)
    way = crumbs(school, (_("Careers programme"), back), (_("Publish"), ""))
    return form_page(request, form, title=_("Publish the careers programme"), back=back, button=_("Publish"), crumbs=way)

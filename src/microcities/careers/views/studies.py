"""What one can study: the kinds with what they ask for, the programmes of places of study, and who enters them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.access.guards import allow, public
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.studies import add_study, change_study, withdraw_study
from microcities.careers.engines.occupations import shipped_occupations
from microcities.careers.forms.studies import StudyForm
from microcities.careers.models import StudyProgramme
from microcities.careers.study_paths import STAGE_WORDS, facts_of, kind_words, paths, stage_of, study_rule
from microcities.careers.study_rules import may_keep_studies, may_keep_study
from microcities.careers.study_tables import applications, occupation_table, study_table
from microcities.careers.views.own.record import crumbs, own_person
from microcities.events.words import language_words
from microcities.people.sign_in import account_of
from microcities.privacy.rules import has_record
from microcities.ui.pages import form_page, page


def _way(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a page of studies."""
    return [(_("Home"), reverse("programme:home")), (_("Study paths"), reverse("careers:study-paths")), *steps]


@public
def study_paths(request: HttpRequest) -> HttpResponse:
    """All kinds of studies in Latvia, for everybody."""
    context = {"paths": paths(), "rule": study_rule(), "crumbs": [*_way()[:1], (_("Study paths"), "")]}
    return page(request, "careers/studies/paths.html", context)


@allow(has_record)
def own_paths(request: HttpRequest, reference: UUID | None = None) -> HttpResponse:
    """The same, those first that usually come after where the person is."""
    person = own_person(request, reference)
    stage = stage_of(person)
    context = {
        "paths": paths(stage), "rule": study_rule(), "stage": STAGE_WORDS[stage], "person": person,
        "own": person.pk == account_of(request).person_id,
        "crumbs": crumbs(person, account_of(request), (_("Study paths"), "")),
    }
    return page(request, "careers/studies/paths.html", context)


@public
def studies(request: HttpRequest) -> HttpResponse | FileResponse:
    """What places of study offer."""
    table = study_table(StudyProgramme.objects.offered(), request.GET)
    if table.export_format:
        return table.export("studies")
    context = {"table": table, "may_keep": may_keep_studies(request.user), "crumbs": _way((_("What you can study"), ""))}
    return page(request, "careers/studies/studies.html", context, part="table")


@public
def study(request: HttpRequest, number: int) -> HttpResponse:
    """One programme, with what its kind asks for."""
    found = get_object_or_404(StudyProgramme.objects.select_related("organisation", "city"), pk=number)
    kind = study_rule().values.kind(found.kind)
    context: dict[str, Any] = {
        "study": found, "kind": kind_words(found.kind), "facts": facts_of(kind) if kind else (), "rule": study_rule(),
        "languages": language_words(found.languages), "state": applications(found),
        "may_keep": may_keep_study(request.user, found.organisation),
        "crumbs": _way((_("What you can study"), reverse("careers:studies")), (str(found), "")),
    }
    return page(request, "careers/studies/study.html", context)


def _kept(request: HttpRequest, number: int) -> StudyProgramme:
    """A programme that the account keeps; whoever does not is told so."""
    found = get_object_or_404(StudyProgramme.objects.select_related("organisation"), pk=number)
    if not (answer := may_keep_study(account_of(request), found.organisation)):
        raise PermissionDenied(answer.reason)
    return found


def _form_page(request: HttpRequest, form: StudyForm, title: str, back: str) -> HttpResponse:
    way = _way((_("What you can study"), reverse("careers:studies")), (title, ""))
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way)


@allow(may_keep_studies, methods=("GET", "POST"))
def study_new(request: HttpRequest) -> HttpResponse:
    """Enter a programme."""
    account = account_of(request)
    form = StudyForm(request.POST or None, account=account)
    if form.is_valid():
        with refusals_on(form):
            found = add_study(actor=account, **form.cleaned_data)
            messages.success(request, _("The programme is entered and can be seen by everybody."))
            return redirect("careers:study", found.pk)
    return _form_page(request, form, _("Enter a programme"), reverse("careers:studies"))


@allow(may_keep_studies, methods=("GET", "POST"))
def study_change(request: HttpRequest, number: int) -> HttpResponse:
    """Change what is said of a programme."""
    found = _kept(request, number)
    form = StudyForm(request.POST or None, account=account_of(request), instance=found)
    if form.is_valid():
        with refusals_on(form):
            change_study(actor=account_of(request), study=found, **form.cleaned_data)
            messages.success(request, _("Kept."))
            return redirect("careers:study", number)
    return _form_page(request, form, _("Change the programme"), reverse("careers:study", args=[number]))


@allow(may_keep_studies, methods=("POST",))
def study_withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """It is not offered any more, or is again."""
    found, offered = _kept(request, number), request.POST.get("offered") == "yes"
    said = _("The programme is offered again.") if offered else _("The programme is not listed any more.")
    try_to(withdraw_study, request, said, actor=account_of(request), study=found, offered=offered)
    return redirect("careers:study", number)


@public
def occupations(request: HttpRequest) -> HttpResponse | FileResponse:
    """The full table of occupations with our letters, whatever anybody's interests are."""
    found, language = shipped_occupations(), get_language() or "lv"
    table = occupation_table(found.occupations, request.GET)
    if table.export_format:
        return table.export("occupations")
    context = {
        "table": table, "note": found.note.in_language(language), "source": found.source.in_language(language),
        "version": found.name, "read_on": found.read_on, "crumbs": _way((_("Occupations"), "")),
    }
    return page(request, "careers/studies/occupations.html", context, part="table")

"""A pupil's own application, part by part; the guardian sees the same and says what the law asks for."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.access.outcome import refusals_on, try_to
from microcities.access.uploads import private_file
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look
from microcities.privacy.rules import has_record
from microcities.summerjobs.actions.applications import (
    add_document,
    begin_application,
    remove_document,
    send_application,
    set_groups,
    withdraw_application,
    write_application,
)
from microcities.summerjobs.actions.checking import say_word, take_word_back
from microcities.summerjobs.application_rules import (
    may_change,
    may_speak,
    may_withdraw,
    sections_of,
    standing_of,
    words_in_force,
)
from microcities.summerjobs.application_status import status_of
from microcities.summerjobs.draw_story import result_of
from microcities.summerjobs.draw_words import KINDS
from microcities.summerjobs.forms.applications import FORMS, GroupsForm, PaperForm, PersonForm, residence_words
from microcities.summerjobs.guardian_texts import asked_of, text_for
from microcities.summerjobs.models import Application, ApplicationDocument, GuardianWord, Placement, SummerScheme
from microcities.summerjobs.queries import own_and_wards
from microcities.summerjobs.views.finding import crumbs, require_page, scheme_of
from microcities.summerjobs.working_days import Law
from microcities.ui.pages import Crumbs, form_page, page


def own_application(request: HttpRequest, number: int) -> Application:
    """The application of the visitor or of a child; a look at a child's is logged. For others there is none."""
    account = account_of(request)
    rows = Application.objects.of_people(own_and_wards(account)).select_related("scheme__city", "person", "school")
    found = get_object_or_404(rows, pk=number)
    if found.person_id != account.person_id:
        log_look(found.person, reason="summerjobs.application", what=_("an application for summer work"))
    return found


def way(application: Application, *steps: tuple[str, str]) -> Crumbs:
    """The way by the page of the own summers."""
    here = (str(application.scheme), reverse("summerjobs:application", args=[application.pk]) if steps else "")
    return crumbs((_("My summer work"), reverse("summerjobs:mine")), here, *steps)


@allow(has_record)
def mine(request: HttpRequest) -> HttpResponse:
    """Applications of the visitor and of the children, and the schemes in which pupils can apply now."""
    account, today = account_of(request), timezone.localdate()
    people = own_and_wards(account)
    rows = Application.objects.of_people(people).select_related("scheme__city", "person").order_by("-scheme__year", "pk")
    laws: dict[int, Law] = {}
    lines = [(each, status_of(each, laws.setdefault(each.scheme_id, Law(each.scheme)))) for each in rows]
    for each, _status in lines:
        if each.person_id != account.person_id:
            log_look(each.person, reason="summerjobs.application", what=_("an application for summer work"))
    context = {
        "lines": lines, "own": account.person_id, "crumbs": crumbs((_("My summer work"), "")),
        "open": SummerScheme.objects.taking_applications(today).select_related("city").newest_first(),
    }
    return page(request, "summerjobs/applications/mine.html", context)


@allow(has_record, methods=("GET", "POST"))
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Begin, or go on with, an application; a guardian says for whom."""
    account, scheme = account_of(request), scheme_of(request, number)
    people = Person.objects.filter(pk__in=own_and_wards(account)).in_latvian_order()
    known = Application.objects.filter(scheme=scheme, person_id=account.person_id or 0).first()
    if request.method == "GET" and known and len(people) == 1:
        return redirect("summerjobs:application", known.pk)
    form = PersonForm(request.POST or None, people=people, initial={"person": account.person_id})
    if form.is_valid():
        with refusals_on(form, "person"):
            made = begin_application(actor=account, scheme=scheme, person=form.cleaned_data["person"])
            return redirect("summerjobs:application", made.pk)
    title, back = _("Apply for summer work"), reverse("summerjobs:scheme", args=[number])
    hint = _("It takes about ten minutes on a phone. You can stop and go on later: what you entered is kept.")
    steps = crumbs((str(scheme), back), (title, ""))
    return form_page(request, form, title=title, button=_("Begin"), back=back, crumbs=steps, lead=str(scheme), hint=hint)


@allow(has_record)
def application(request: HttpRequest, number: int) -> HttpResponse:
    """The application as a list of parts, how it stands, and what a guardian is asked."""
    account, found = account_of(request), own_application(request, number)
    law = Law(found.scheme)
    standing = standing_of(found, law)
    kind = asked_of(standing)
    context = {
        "application": found, "scheme": found.scheme, "status": status_of(found, law), "sections": sections_of(found),
        "wishes": list(found.wishes.select_related("post__host__organisation", "post__period")), "standing": standing,
        "words": words_in_force(found), "may_change": may_change(account, found), "may_withdraw": may_withdraw(account, found),
        "may_speak": standing != "adult" and may_speak(account, found), "asked": kind, "text": text_for(kind),
        "placements": _places(found), "result": result_of(found),
        "guardians": found.person.guardianships_as_ward.in_force(timezone.localdate()).exists(), "crumbs": way(found),
    }
    return page(request, "summerjobs/applications/application.html", context)


def _places(application: Application) -> list[Placement]:
    """Places that were offered, the latest first, each with the kind of its badge as `kind`."""
    rows = application.placements.select_related("post__host__organisation").order_by("-offered_at", "pk")
    found = list(rows)
    for each in found:
        each.kind = KINDS[each.state]  # type: ignore[attr-defined]
    return found


@allow(has_record, methods=("GET", "POST"))
def section(request: HttpRequest, number: int, part: str) -> HttpResponse:
    """One part of the application."""
    account, found = account_of(request), own_application(request, number)
    require_page(may_change(account, found))
    if part not in FORMS:
        raise Http404(_("An application has no such part."))
    form = FORMS[part](request.POST or None, instance=found)
    if form.is_valid():
        with refusals_on(form):
            write_application(actor=account, application=found, **form.cleaned_data)
            return redirect("summerjobs:application", number)
    title = next((str(each.title) for each in sections_of(found) if each.code == part), _("About you, for employers"))
    return part_page(request, found, form, title)


def part_page(request: HttpRequest, found: Application, form: Any, title: str, hint: str = "") -> HttpResponse:
    """A page with one part's form."""
    back = reverse("summerjobs:application", args=[found.pk])
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=way(found, (title, "")), hint=hint)


@allow(has_record, methods=("GET", "POST"))
def groups(request: HttpRequest, number: int) -> HttpResponse:
    """Groups for which places are kept."""
    account, found = account_of(request), own_application(request, number)
    require_page(may_change(account, found))
    form = GroupsForm(request.POST or None, application=found)
    if form.is_valid():
        with refusals_on(form):
            set_groups(actor=account, application=found, **form.cleaned_data)
            return redirect("summerjobs:application", number)
    return part_page(request, found, form, _("Places kept for some pupils"))


@allow(has_record, methods=("GET", "POST"))
def documents(request: HttpRequest, number: int) -> HttpResponse:
    """Papers of the application: those that are there, and one more."""
    account, found = account_of(request), own_application(request, number)
    require_page(may_change(account, found))
    form = PaperForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        with refusals_on(form, "file"):
            add_document(actor=account, application=found, **form.cleaned_data)
            messages.success(request, _("The document is added."))
            return redirect("summerjobs:application-documents", number)
    steps = way(found, (_("Documents"), ""))
    context = {"application": found, "form": form, "documents": found.documents.all(), "crumbs": steps}
    return page(request, "summerjobs/applications/documents.html", context)


@allow(has_record, methods=("POST",))
def document_remove(request: HttpRequest, number: int) -> HttpResponse:
    """The paper is not needed."""
    rows = ApplicationDocument.objects.filter(application__person_id__in=own_and_wards(account_of(request)))
    found = get_object_or_404(rows.select_related("application__scheme"), pk=number)
    try_to(remove_document, request, _("The document is removed."), actor=account_of(request), document=found)
    return redirect("summerjobs:application-documents", found.application_id)


@allow(signed_in)
def document(request: HttpRequest, number: int) -> FileResponse:
    """The file, for the pupil, the guardian and the city's staff; each look at a minor's is logged."""
    account = account_of(request)
    found = get_object_or_404(ApplicationDocument.objects.select_related("application__person"), pk=number)
    if not Application.objects.visible_to(account).filter(pk=found.application_id).exists():
        raise Http404
    if found.application.person_id != account.person_id:
        log_look(found.application.person, reason="summerjobs.application", what=_("a document of an application"))
    return private_file(found.file.name, found.name)


@allow(has_record, methods=("GET", "POST"))
def send(request: HttpRequest, number: int) -> HttpResponse:
    """Check the answers, and send."""
    account, found = account_of(request), own_application(request, number)
    require_page(may_change(account, found))
    if request.method == "POST" and try_to(
        send_application, request, _("Your application is sent."), actor=account, application=found
    ):
        return redirect("summerjobs:application", number)
    context = {
        "application": found, "wishes": list(found.wishes.select_related("post__host__organisation", "post__period")),
        "sections": sections_of(found), "residence": residence_words(found.residence), "documents": found.documents.count(),
        "crumbs": way(found, (_("Check your answers"), "")),
    }
    return page(request, "summerjobs/applications/send.html", context)


@allow(has_record, methods=("POST",))
def withdraw(request: HttpRequest, number: int) -> HttpResponse:
    """Take the application back."""
    found = own_application(request, number)
    try_to(withdraw_application, request, _("The application is withdrawn."), actor=account_of(request), application=found)
    return redirect("summerjobs:application", number)


@allow(has_record, methods=("POST",))
def word(request: HttpRequest, number: int) -> HttpResponse:
    """A guardian consents, confirms or refuses, or takes that back."""
    account, found, kind = account_of(request), own_application(request, number), request.POST.get("kind", "")
    if kind == "back":
        try_to(take_word_back, request, _("Taken back."), actor=account, application=found)
    elif kind in GuardianWord.Kind.values:
        try_to(say_word, request, _("Noted. Thank you."), actor=account, application=found, kind=kind)
    return redirect("summerjobs:application", number)

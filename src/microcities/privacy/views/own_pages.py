"""A person's own data: read it, take it along, see who looked, ask for correction or erasure."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.privacy.actions import ask_about_data
from microcities.privacy.documents import export_pdf
from microcities.privacy.export import export_json, export_person, in_words, looks_at, moments_in_words
from microcities.privacy.forms import AskForm
from microcities.privacy.looks import log_look
from microcities.privacy.models import Request, RequestKind
from microcities.privacy.reach import persons_as_one
from microcities.privacy.rules import has_record, may_ask, own_or_ward, wards_of
from microcities.privacy.tables import own_looks_table
from microcities.trail.looks import note_look
from microcities.ui.pages import page


def _person(request: HttpRequest, reference: UUID | None) -> Any:
    """The visitor, or the ward with this reference; for anybody else the page does not exist."""
    model: Any = apps.get_model("people.Person")
    account: Any = request.user
    if reference is None:
        return get_object_or_404(model, pk=account.person_id)
    person = get_object_or_404(model, public_id=reference)
    if not own_or_ward(account, person, timezone.localdate()):
        raise Http404(_("You can see your own data and that of children whose guardian you are."))
    return person


@allow(has_record)
def mine(request: HttpRequest, reference: UUID | None = None) -> HttpResponse:
    """Everything on record about the visitor, or about a ward."""
    account: Any = request.user
    person = _person(request, reference)
    log_look(person, reason="privacy.own_data")
    context = {
        "person": person,
        "own": person.pk == account.person_id,
        "export": in_words(export_person(person)),
        "requests": Request.objects.of(person),
        "wards": wards_of(account.person_id, timezone.localdate()),
        "may_ask": may_ask(account, person, timezone.localdate()),
        "kinds": RequestKind,
    }
    return page(request, "privacy/mine.html", context)


@allow(has_record)
def download(request: HttpRequest, format: str, reference: UUID | None = None) -> HttpResponse:
    """The same as a file; every download is logged, whatever the age."""
    person = _person(request, reference)
    note_look(person.pk, reason="privacy.export", what=format)
    if format == "pdf":
        response = HttpResponse(export_pdf(person), content_type="application/pdf")
    else:
        response = HttpResponse(export_json(person), content_type="application/json; charset=utf-8")
    words = _("personal-data")  # letters, digits and hyphens only: it becomes a file name
    response["Content-Disposition"] = f'attachment; filename="{words}-{timezone.localdate().isoformat()}.{format}"'
    return response


@allow(has_record)
def looks(request: HttpRequest) -> HttpResponse | FileResponse:
    """Who opened the visitor's record and those of the wards."""
    account: Any = request.user
    persons = [_person(request, None), *wards_of(account.person_id, timezone.localdate())]
    tables = [
        own_looks_table(moments_in_words(looks_at(persons_as_one(person))), person.name, number, request.GET)
        for number, person in enumerate(persons, start=1)
    ]
    for table in tables:
        if table.export_format:
            return table.export("looks")
    return page(request, "privacy/looks.html", {"tables": tables})


@allow(has_record, methods=("GET", "POST"), own_account=True)
def ask(request: HttpRequest, kind: str, reference: UUID | None = None) -> HttpResponse:
    """Ask for correction or erasure."""
    account: Any = request.user
    person = _person(request, reference)
    if kind not in RequestKind.values:
        raise Http404(_("There is no request of that kind."))
    if not (answer := may_ask(account, person, timezone.localdate())):
        raise PermissionDenied(answer.reason)
    form = AskForm(request.POST or None, needs_message=kind == RequestKind.RECTIFICATION)
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = ask_about_data(actor=account, person=person, kind=RequestKind(kind), **form.cleaned_data)
            messages.success(request, _("Your request has number %(number)s.") % {"number": made.pk})
            return redirect(reverse("privacy:mine", kwargs={"reference": reference} if reference else None))
    log_look(person, reason="privacy.own_data")
    return page(request, "privacy/ask.html", {"form": form, "person": person, "kind": RequestKind(kind)})

"""Organisations: the list, one organisation with its size and owners, and the forms that add and change them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.people.actions.organisations import (
    add_organisation,
    change_organisation,
    end_ownership,
    record_ownership,
)
from microcities.people.forms import ChangeOrganisationForm, EndOwnershipForm, OrganisationForm, OwnershipForm
from microcities.people.models import Organisation, Ownership
from microcities.people.places import place_names
from microcities.people.roles import Permission
from microcities.people.rules import may_change_organisation, may_change_people, may_see_organisations
from microcities.people.sign_in import account_of
from microcities.people.sizes import size_of
from microcities.people.tables import organisation_table, owned_table, owner_table
from microcities.ui.pages import Crumbs, form_page, page

# Where the errors of constraints, which name no field, stand in the forms.
FIELDS = {"number_taken": "registration_number", "told_already": "owner"}


def _address(organisation: Organisation) -> str:
    return reverse("organisations:organisation", args=[organisation.public_id])


def _crumbs(*steps: tuple[str, str]) -> Crumbs:
    return [(_("Home"), "/"), (_("Organisations"), reverse("organisations:organisations")), *steps]


@allow(may_see_organisations)
def organisations(request: HttpRequest) -> HttpResponse | FileResponse:
    """All organisations on record."""
    table = organisation_table(Organisation.objects.all(), request.GET)
    if table.export_format:
        return table.export("organisations")
    context = {"table": table, "may_add": may_change_people(account_of(request))}
    return page(request, "people/organisations.html", context, part="table")


@allow(may_see_organisations)
def organisation(request: HttpRequest, public_id: UUID) -> HttpResponse | FileResponse:
    """One organisation: what is said of it, how large it is by which rule, its owners and what it owns."""
    account = account_of(request)
    found = get_object_or_404(Organisation, public_id=public_id)
    may_change = may_change_organisation(account, found)
    sees_trail = account.may(Permission.SEE_TRAIL)
    owners = owner_table(found.owned_by.all(), request.GET, may_end=bool(may_change), sees_trail=sees_trail)
    owned = owned_table(found.owns.all(), request.GET)
    for table in (owners, owned):
        if table.export_format:
            return table.export(f"organisation-{table.name}")
    context: dict[str, Any] = {
        "organisation": found, "place": place_names().get(found.place, found.place), "size": size_of(found),
        "owners": owners, "owned": owned, "may_change": may_change,
        "history": reverse("trail:row", args=["people_organisation", found.pk]) if sees_trail else "",
        "crumbs": _crumbs((found.name, "")),
    }
    return page(request, "people/organisation.html", context)


@allow(may_change_people, methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Add an organisation."""
    title = _("Add an organisation")
    return _form_page(
        request, OrganisationForm(request.POST or None), title, _("The organisation is on record."),
        lambda values: add_organisation(actor=account_of(request), **values), _crumbs((title, "")),
    )


@allow(may_change_people, methods=("GET", "POST"))
def change(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Change what is said of an organisation, with the reason."""
    found = _to_change(request, get_object_or_404(Organisation, public_id=public_id))
    return _form_page(
        request, ChangeOrganisationForm(request.POST or None, organisation=found), _("Change the organisation"),
        _("The changes are saved."),
        lambda values: change_organisation(actor=account_of(request), organisation=found, **values),
        _crumbs((found.name, _address(found)), (_("Change"), "")), found,
    )


@allow(may_change_people, methods=("GET", "POST"))
def record_owner(request: HttpRequest, public_id: UUID) -> HttpResponse:
    """Record who owns a share of an organisation."""
    found = _to_change(request, get_object_or_404(Organisation, public_id=public_id))

    def act(values: dict[str, Any]) -> Organisation:
        record_ownership(actor=account_of(request), owned=found, **values)
        return found

    return _form_page(
        request, OwnershipForm(request.POST or None, owned=found), _("Record an owner"), _("The owner is on record."), act,
        _crumbs((found.name, _address(found)), (_("Record an owner"), "")), found,
    )


@allow(may_change_people, methods=("GET", "POST"))
def end_owner(request: HttpRequest, number: int) -> HttpResponse:
    """Say when somebody's share of an organisation ended."""
    ownership = get_object_or_404(Ownership.objects.select_related("owner", "owned"), pk=number)
    found = _to_change(request, ownership.owned)

    def act(values: dict[str, Any]) -> Organisation:
        end_ownership(actor=account_of(request), ownership=ownership, **values)
        return found

    title = _("End the share of %(owner)s") % {"owner": ownership.owner}
    return _form_page(
        request, EndOwnershipForm(request.POST or None), title, _("The end of the share is on record."), act,
        _crumbs((found.name, _address(found)), (_("End the share"), "")), found,
    )


def _to_change(request: HttpRequest, found: Organisation) -> Organisation:
    """The organisation, for whoever may change it."""
    if not (answer := may_change_organisation(account_of(request), found)):
        raise PermissionDenied(answer.reason)
    return found


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, said: str,
    act: Callable[[dict[str, Any]], Organisation], crumbs: Crumbs, about: Organisation | None = None,
) -> HttpResponse:
    """A page with a form that does one thing and leads to the organisation; what was refused stands at its field."""
    if form.is_valid():
        with refusals_on(form, constraints=FIELDS):
            found = act(form.cleaned_data)
            messages.success(request, said)
            return redirect("organisations:organisation", found.public_id)
    lead = str(about) if about else _("Look first whether it is there already: each organisation stands on record once.")
    back = _address(about) if about else reverse("organisations:organisations")
    return form_page(request, form, title=title, button=_("Save"), back=back, crumbs=crumbs, lead=lead)

"""Adds a school that keeps its career support here, and corrects what is said of it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.actions.schools import add_new_school, add_school, change_school
from microcities.careers.compared_tables import known_schools_table
from microcities.careers.forms.schools_adding import AddSchoolForm, ChangeSchoolForm
from microcities.careers.models import School
from microcities.careers.rules import may_add_schools, may_change_school
from microcities.people.models import Account
from microcities.people.sign_in import account_of
from microcities.ui.pages import form_page, page


def _way(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to these pages; not by the list of schools, which a coordinator has not."""
    title, here = _("Add or correct a school"), reverse("careers:school-new")
    return [(_("Home"), "/"), (title, here if steps else ""), *steps]


def _add(account: Account, data: dict[str, Any]) -> School:
    organisation, name = data.pop("organisation"), data.pop("name", "")
    if organisation is None:
        return add_new_school(actor=account, name=name, **data)
    return add_school(actor=account, organisation=organisation, **data)


@allow(may_add_schools, methods=("GET", "POST"))
def school_new(request: HttpRequest) -> HttpResponse | FileResponse:
    """Add a school; below stand those that are here already, so that none is added twice."""
    account = account_of(request)
    form = AddSchoolForm(request.POST or None, account=account)
    if form.is_valid():
        with refusals_on(form, "organisation"):
            made = _add(account, dict(form.cleaned_data))
            messages.success(request, _("%(name)s is added. Invite its staff next.") % {"name": made})
            return redirect("careers:school-new")
    table = known_schools_table(School.objects.all(), request.GET, account)
    if table.export_format:
        return table.export("schools-known")
    return page(request, "careers/schools/school_new.html", {"form": form, "table": table, "crumbs": _way()})


@allow(may_add_schools, methods=("GET", "POST"))
def school_change(request: HttpRequest, number: int) -> HttpResponse:
    """Correct name, city or kind."""
    account = account_of(request)
    found = get_object_or_404(School.objects.select_related("organisation", "city", "programme"), pk=number)
    if not (answer := may_change_school(account, found)):
        raise PermissionDenied(answer.reason)
    form = ChangeSchoolForm(request.POST or None, school=found)
    if form.is_valid():
        with refusals_on(form):
            change_school(actor=account, school=found, **form.cleaned_data)
            messages.success(request, _("The school is corrected."))
            return redirect("careers:school-new")
    back = reverse("careers:school-new")
    return form_page(request, form, title=_("Correct a school"), back=back, button=_("Save"), crumbs=_way((str(found), "")))

"""Finds the school, class or encounter of an address for whoever may open it, and leads the way back."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.careers.models import Encounter, Enrolment, School, SchoolClass
from microcities.careers.rules import may_keep
from microcities.people.sign_in import account_of
from microcities.ui.pages import Crumbs


def school_of(request: HttpRequest, number: int) -> School:
    """The school, for whoever may open its records; for anybody else there is none of that number."""
    seen = School.objects.seen_by(account_of(request))
    return get_object_or_404(seen.select_related("organisation", "city", "programme"), pk=number)


def kept_school(request: HttpRequest, number: int) -> School:
    """The school, for whoever keeps its records; whoever only reads them is told so."""
    school = school_of(request, number)
    _require_keeping(request, school)
    return school


def class_of(request: HttpRequest, number: int, *, kept: bool = False) -> SchoolClass:
    """A class of a school whose records the account may open, or keeps."""
    seen = SchoolClass.objects.visible_to(account_of(request))
    found = get_object_or_404(seen.select_related("school__organisation"), pk=number)
    if kept:
        _require_keeping(request, found.school)
    return found


def kept_enrolment(request: HttpRequest, number: int) -> Enrolment:
    """A pupil's time in a class of a school whose records the account keeps."""
    rows = Enrolment.objects.filter(school_class__school__in=School.objects.kept_by(account_of(request)))
    return get_object_or_404(rows.select_related("person", "school_class__school__organisation"), pk=number)


def encounter_of(request: HttpRequest, number: int, *, kept: bool = False) -> Encounter:
    """An encounter of a school whose records the account may open, or keeps."""
    seen = Encounter.objects.visible_to(account_of(request))
    found = get_object_or_404(seen.select_related("school__organisation", "host", "event"), pk=number)
    if kept:
        _require_keeping(request, found.school)
    return found


def _require_keeping(request: HttpRequest, school: School) -> None:
    if not (answer := may_keep(account_of(request), school)):
        raise PermissionDenied(answer.reason)


def crumbs(school: School | None = None, *steps: tuple[str, str]) -> Crumbs:
    """The way to a page of a school."""
    path = [(_("Home"), "/"), (_("Schools"), reverse("careers:schools") if school is not None else "")]
    if school is not None:
        path.append((str(school), reverse("careers:school", args=[school.pk]) if steps else ""))
    return [*path, *steps]


def class_crumbs(found: SchoolClass, *steps: tuple[str, str]) -> Crumbs:
    """The way to a page of a class."""
    classes = reverse("careers:classes", args=[found.school_id])
    here = reverse("careers:class", args=[found.pk]) if steps else ""
    return crumbs(found.school, (_("Classes"), classes), (found.name, here), *steps)


def encounter_crumbs(found: Encounter, *steps: tuple[str, str]) -> Crumbs:
    """The way to a page of an encounter."""
    encounters = reverse("careers:encounters", args=[found.school_id])
    here = reverse("careers:encounter", args=[found.pk]) if steps else ""
    return crumbs(found.school, (_("Encounters"), encounters), (found.name, here), *steps)

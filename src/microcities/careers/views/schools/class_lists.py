"""Pages of class lists: bringing one, looking at every difference, applying it whole, taking it back."""

import base64
import binascii
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError
from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.careers.actions.class_lists import apply_class_list, undo_class_list
from microcities.careers.class_lists.comparing import Comparison
from microcities.careers.class_lists.dry_run import compare_class_list
from microcities.careers.forms.schools import ApplyForm, BringForm
from microcities.careers.list_tables import leaver_table, plan_table
from microcities.careers.models import ClassList, School
from microcities.careers.rules import may_keep, may_keep_schools, may_open_schools
from microcities.careers.tables import class_list_table, outcome_words
from microcities.careers.views.schools.finding import crumbs, kept_school, school_of
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.spreadsheets.reading import ListUnreadableError
from microcities.ui.pages import page


@allow(may_open_schools)
def class_lists(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Class lists that were applied; the last one can be taken back."""
    school = school_of(request, number)
    table = class_list_table(ClassList.objects.filter(school=school), request.GET)
    if table.export_format:
        return table.export("class-lists")
    last = ClassList.objects.filter(school=school, undone_at__isnull=True).order_by("-pk").first()
    context = {
        "school": school, "table": table, "last": last, "may_keep": may_keep(account_of(request), school),
        "crumbs": crumbs(school, (_("Class lists"), "")),
    }
    return page(request, "careers/schools/class_lists.html", context, part="table")


@allow(may_keep_schools, methods=("GET", "POST"))
def bring(request: HttpRequest, number: int) -> HttpResponse:
    """Bring a list and see what it would change; nothing is written."""
    school = kept_school(request, number)
    form = BringForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        data = form.cleaned_data
        try:
            with refusals_on(form, "taken_on"):
                found = compare_class_list(actor=account_of(request), school=school, **data)
                return _compared(request, school, found, _carried(data, found))
        except ListUnreadableError as error:
            form.add_error("file", str(error))
    context = {"school": school, "form": form, "crumbs": _crumbs(school, _("Bring a class list"))}
    return page(request, "careers/schools/bring.html", context)


def _crumbs(school: School, last: str) -> Any:
    return crumbs(school, (_("Class lists"), reverse("careers:class-lists", args=[school.pk])), (last, ""))


def _carried(data: Any, found: Comparison) -> ApplyForm:
    """The compared list in hidden fields of the page: the platform keeps no file that was not applied."""
    data["file"].seek(0)
    content = base64.b64encode(data["file"].read()).decode("ascii")
    return ApplyForm(initial={
        "content": content, "file_name": data["file"].name, "digest": found.digest, "taken_on": data["taken_on"],
        "is_whole_school": data["is_whole_school"],
    })


def _compared(request: HttpRequest, school: School, found: Comparison, form: ApplyForm) -> HttpResponse:
    log_shown(found.plans, _("Rows of the list"), lambda plan: (plan.enrolment.person if plan.enrolment else None,))
    log_shown(found.leavers, _("Rows of the list"), lambda row: (row.person,))
    context = {
        "school": school, "found": found, "form": form, "refused": len(found.refused), "words": outcome_words(found.outcomes),
        "classes": ", ".join(found.new_classes), "rows": plan_table(found), "leavers": leaver_table(found),
        "crumbs": _crumbs(school, _("Differences")),
    }
    return page(request, "careers/schools/compared.html", context)


@allow(may_keep_schools, methods=("POST",))
def apply(request: HttpRequest, number: int) -> HttpResponse:
    """Apply a list that was compared."""
    school, form = kept_school(request, number), ApplyForm(request.POST)
    if not form.is_valid():
        raise BadRequest(_("The comparison is not complete. Bring the list again."))
    data = form.cleaned_data
    try:
        content = BytesIO(base64.b64decode(data.pop("content"), validate=True))
        apply_class_list(actor=account_of(request), school=school, file=content, **data)
    except (RefusedError, ListUnreadableError, binascii.Error) as error:
        said = str(error.reason) if isinstance(error, RefusedError) else _("The list cannot be read. Bring it again.")
        messages.error(request, said)
        return redirect("careers:bring-class-list", number)
    messages.success(request, _("The class list is applied."))
    return redirect("careers:class-lists", number)


@allow(may_keep_schools, methods=("POST",))
def undo(request: HttpRequest, number: int) -> HttpResponse:
    """Take the list that was applied last back."""
    mine = School.objects.kept_by(account_of(request))
    found = get_object_or_404(ClassList.objects.filter(school__in=mine).select_related("school"), pk=number)
    try_to(undo_class_list, request, _("The class list is taken back."), actor=account_of(request), class_list=found)
    return redirect("careers:class-lists", found.school_id)

"""Pages of classes: those of a year, one with its pupils, who joins, moves, goes and leaves, and the next school year."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.careers.actions.pupils import enrol, hand_over, leave, move_to_class, roll_over
from microcities.careers.actions.schools import change_class, found_class
from microcities.careers.forms.schools import (
    ClassForm,
    EnrolForm,
    HandOverForm,
    LeaveForm,
    MoveForm,
    RollOverForm,
)
from microcities.careers.models import SchoolClass, present_year
from microcities.careers.rules import may_keep, may_keep_schools, may_open_schools
from microcities.careers.school_years import label
from microcities.careers.tables import class_table, pupil_table
from microcities.careers.views.schools.finding import (
    class_crumbs,
    class_of,
    crumbs,
    kept_enrolment,
    kept_school,
    school_of,
)
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.ui.pages import form_page, page

STEPS = {"move": (MoveForm, move_to_class), "hand-over": (HandOverForm, hand_over), "leave": (LeaveForm, leave)}


def _year(request: HttpRequest) -> int:
    """The school year asked for, or this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdigit() and 1990 <= int(asked) <= 2100 else present_year()


@allow(may_open_schools)
def classes(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Classes of a school year."""
    school, year = school_of(request, number), _year(request)
    table = class_table(SchoolClass.objects.filter(school=school).of_year(year), request.GET)
    if table.export_format:
        return table.export(f"classes-{year}")
    years = sorted({*school.classes.values_list("school_year", flat=True).distinct(), present_year()})
    context = {
        "school": school, "table": table, "year": label(year), "may_keep": may_keep(account_of(request), school),
        "years": [(each, label(each), each == year) for each in years], "number": year,
        "crumbs": crumbs(school, (_("Classes"), "")),
    }
    return page(request, "careers/schools/classes.html", context, part="table")


@allow(may_keep_schools, methods=("GET", "POST"))
def class_new(request: HttpRequest, number: int) -> HttpResponse:
    """Make a class by hand."""
    school, year = kept_school(request, number), _year(request)
    form = ClassForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "name"):
            made = found_class(actor=account_of(request), school=school, school_year=year, **form.cleaned_data)
            return redirect("careers:class", made.pk)
    back = reverse("careers:classes", args=[number])
    way = crumbs(school, (_("Classes"), back), (_("Add a class"), ""))
    title = _("Add a class for %(year)s") % {"year": label(year)}
    return form_page(request, form, title=title, back=back, button=_("Add the class"), crumbs=way)


@allow(may_open_schools)
def class_page(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """A class with everybody who is or was in it."""
    found = class_of(request, number)
    may = may_keep(account_of(request), found.school)
    table = pupil_table(found.enrolments.all(), request.GET, changes=bool(may))
    if table.export_format:
        return table.export(f"class-{found.pk}")
    log_shown(table.page.rows, _("pupils of a class"), lambda row: (row.person,))
    context = {"class": found, "table": table, "may_keep": may, "year": label(found.school_year), "crumbs": class_crumbs(found)}
    return page(request, "careers/schools/class.html", context, part="table")


@allow(may_keep_schools, methods=("GET", "POST"))
def class_change(request: HttpRequest, number: int) -> HttpResponse:
    """Correct a class."""
    found = class_of(request, number, kept=True)
    form = ClassForm(request.POST or None, instance=class_of(request, number, kept=True))
    if form.is_valid():
        with refusals_on(form, "name"):
            change_class(actor=account_of(request), school_class=found, **form.cleaned_data)
            messages.success(request, _("The class is changed."))
            return redirect("careers:class", number)
    back = reverse("careers:class", args=[number])
    way = class_crumbs(found, (_("Change"), ""))
    title = _("Change class %(name)s") % {"name": found.name}
    return form_page(request, form, title=title, back=back, button=_("Save"), crumbs=way)


@allow(may_keep_schools, methods=("GET", "POST"))
def class_enrol(request: HttpRequest, number: int) -> HttpResponse:
    """Take a person known at the school into the class."""
    found = class_of(request, number, kept=True)
    form = EnrolForm(request.POST or None, school_class=found)
    if form.is_valid():
        with refusals_on(form, "person"):
            enrol(actor=account_of(request), school_class=found, **form.cleaned_data)
            messages.success(request, _("The pupil is in the class."))
            return redirect("careers:class", number)
    back, way = reverse("careers:class", args=[number]), class_crumbs(found, (_("Add a pupil"), ""))
    lead = _("Those known at the school who are in no class now. Somebody new comes with a class list or under People.")
    title = _("Add a pupil to class %(name)s") % {"name": found.name}
    return form_page(request, form, title=title, back=back, button=_("Add the pupil"), crumbs=way, lead=lead)


@allow(may_keep_schools)
def enrolment(request: HttpRequest, number: int) -> HttpResponse:
    """What can become of a pupil's time in a class."""
    found = kept_enrolment(request, number)
    log_look(found.person, reason="careers.change", what=_("pupils of a class"))
    way = class_crumbs(found.school_class, (found.person.name, ""))
    context = {"enrolment": found, "class": found.school_class, "crumbs": way}
    return page(request, "careers/schools/enrolment.html", context)


def _step_words(step: str) -> tuple[str, str]:
    return {
        "move": (_("Move to another class"), _("The pupil is in the other class.")),
        "hand-over": (_("Hand over to another school"), _("The other school can take the pupil in.")),
        "leave": (_("Leaves school"), _("The pupil's last day is entered.")),
    }[step]


@allow(may_keep_schools, methods=("GET", "POST"))
def enrolment_step(request: HttpRequest, number: int, step: str) -> HttpResponse:
    """A pupil moves to another class, goes to another school, or leaves."""
    found = kept_enrolment(request, number)
    form_class, act = STEPS[step]
    form: Any = form_class(request.POST or None, enrolment=found)
    title, said = _step_words(step)
    if form.is_valid():
        with refusals_on(form):
            act(actor=account_of(request), enrolment=found, **form.cleaned_data)  # type: ignore[operator]
            messages.success(request, said)
            return redirect("careers:class", found.school_class_id)
    back = reverse("careers:enrolment", args=[number])
    way = class_crumbs(found.school_class, (found.person.name, back), (title, ""))
    log_look(found.person, reason="careers.change", what=_("pupils of a class"))
    return form_page(request, form, title=f"{title}: {found.person.name}", back=back, button=_("Save"), crumbs=way)


@allow(may_keep_schools, methods=("GET", "POST"))
def next_year(request: HttpRequest, number: int) -> HttpResponse:
    """Begin the next school year: classes move up with their pupils, final classes finish."""
    school, year = kept_school(request, number), _year(request)
    form = RollOverForm(request.POST if request.method == "POST" else None, school=school, from_year=year)
    if form.is_valid():
        with refusals_on(form):
            done = roll_over(actor=account_of(request), school=school, from_year=year, names=form.names)
            said = _("Classes made: %(classes)s. Pupils moved up: %(up)s. Pupils who finished: %(out)s.")
            messages.success(request, said % {"classes": done.classes, "up": done.moved_up, "out": done.finished})
            return redirect(f"{reverse('careers:classes', args=[number])}?year={year + 1}")
    back = f"{reverse('careers:classes', args=[number])}?year={year}"
    title = _("Begin the school year %(year)s") % {"year": label(year + 1)}
    lead = _("Everybody who was in a class to 31 August moves up with it; classes in their last year finish. All or nothing.")
    way = crumbs(school, (_("Classes"), back), (title, ""))
    return form_page(request, form, title=title, back=back, button=_("Begin the year"), crumbs=way, lead=lead)

"""Pages of schools: the list, one school's benchmarks on a day, a criterion's missing pupils, the heat map, the report."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.careers.dashboards import Results, results_of, steps_of, unfinished_of
from microcities.careers.dashboards_pupils import HeatMap, heat_map, missing_of
from microcities.careers.dashboards_report import rows_of_report, write_pdf
from microcities.careers.forms.schools import AskForm
from microcities.careers.models import School, SchoolClass
from microcities.careers.rules import (
    may_add_schools,
    may_change_school,
    may_compare_schools,
    may_keep,
    may_open_schools,
    may_see_cities,
)
from microcities.careers.school_years import year_of
from microcities.careers.tables import change_table, criteria_table, heat_table, missing_table, school_table
from microcities.careers.views.schools.finding import crumbs, school_of
from microcities.people.models import Person
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.rulebooks.registry import NoRuleInForceError
from microcities.ui.exports import Format, file_response
from microcities.ui.pages import page


@allow(may_open_schools)
def schools(request: HttpRequest) -> HttpResponse | FileResponse:
    """All schools whose records the account may open."""
    account = account_of(request)
    table = school_table(School.objects.seen_by(account), request.GET)
    if table.export_format:
        return table.export("schools")
    context = {
        "table": table, "crumbs": crumbs(), "may_see_cities": may_see_cities(account),
        "may_compare": may_compare_schools(account), "may_add": may_add_schools(account),
    }
    return page(request, "careers/schools/schools.html", context, part="table")


def _asked(request: HttpRequest, school: School) -> tuple[AskForm, Results | None]:
    """The reader's question and its answer; None where no framework is in force on the day."""
    form = AskForm(request.GET, setting=school.setting)
    try:
        return form, results_of(school, form.asked)
    except NoRuleInForceError:
        return form, None


def _query(request: HttpRequest) -> str:
    """The question as it stands in the address, to carry it along."""
    kept = request.GET.copy()
    for key in [key for key in kept if key not in AskForm.base_fields]:
        del kept[key]
    return f"?{kept.urlencode()}" if kept else ""


@allow(may_open_schools)
def school(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """A school's benchmarks on a day, what changed since an earlier one, and what to do next."""
    found = school_of(request, number)
    form, results = _asked(request, found)
    query = _query(request)
    context: dict[str, Any] = {
        "school": found, "form": form, "results": results, "query": query, "crumbs": crumbs(found),
        "may_change": may_change_school(account_of(request), found),
    }
    if results is not None:
        table, changes = criteria_table(results, request.GET, query), change_table(results, request.GET)
        if table.export_format or changes.export_format:
            name = f"benchmarks-{slugify(str(found))}-{results.asked.day}"
            return table.export(name) if table.export_format else changes.export(f"{name}-changes")
        context |= {
            "table": table, "changes": changes, "steps": steps_of(results), "unfinished": unfinished_of(results),
            "may_keep": may_keep(account_of(request), found),
        }
    return page(request, "careers/schools/school.html", context)


@allow(may_open_schools)
def report(request: HttpRequest, number: int) -> HttpResponse:
    """The same as a PDF, without names of pupils."""
    found = school_of(request, number)
    _form, results = _asked(request, found)
    if results is None:
        raise Http404
    answer = HttpResponse(write_pdf(results), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file_name(results)}.pdf"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@allow(may_open_schools)
def report_file(request: HttpRequest, number: int, kind: Format) -> FileResponse:
    """The report as a table for programs: each criterion with its counts, without names of pupils."""
    _form, results = _asked(request, school_of(request, number))
    if results is None:
        raise Http404
    header, rows = rows_of_report(results)
    return file_response(kind, _file_name(results), header, rows)


def _file_name(results: Results) -> str:
    return f"benchmarks-{slugify(str(results.school))}-{results.asked.day}"


@allow(may_open_schools)
def criterion(request: HttpRequest, number: int, code: str) -> HttpResponse | FileResponse:
    """One criterion: how it is counted, by class, and who is still lacking what."""
    found = school_of(request, number)
    form, results = _asked(request, found)
    line = results.criterion(code) if results is not None else None
    if results is None or line is None:
        raise Http404
    table = missing_table(missing_of(results, line), request.GET, _("pupils lacking a criterion"))
    if table.export_format:
        return table.export(f"lacking-{code}-{results.asked.day}")
    log_shown(table.page.rows, _("pupils lacking a criterion"), lambda row: (row.person,))
    context = {
        "school": found, "line": line, "results": results, "form": form, "table": table, "query": _query(request),
        "classes": _by_class(line.groups), "crumbs": crumbs(found, (f"{line.code} {line.name}", "")),
    }
    return page(request, "careers/schools/criterion.html", context, part="table")


def _by_class(groups: Any) -> list[tuple[SchoolClass, Any]]:
    classes = SchoolClass.objects.filter(pk__in=[int(each["group"]) for each in groups]).in_order()
    by_number = {each["group"]: each for each in groups}
    return [(each, by_number[str(each.pk)]) for each in classes]


@allow(may_open_schools)
def heat(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """A class's pupils against the criteria that are asked of them."""
    found = school_of(request, number)
    form, results = _asked(request, found)
    classes = list(found.classes.of_year(year_of(form.asked.day)).in_order())
    chosen = next((each for each in classes if str(each.pk) == request.GET.get("class")), classes[0] if classes else None)
    shown = _heat_map(results, chosen) if results is not None and chosen is not None else HeatMap((), ())
    table = heat_table(shown, request.GET, chosen)
    if table.export_format:
        return table.export(f"pupils-by-criterion-{found.pk}-{form.asked.day}")
    log_shown(table.page.rows, _("pupils by criterion"), lambda row: (row.person,))
    context = {
        "school": found, "form": form, "results": results, "classes": classes, "chosen": chosen, "map": shown,
        "table": table, "query": _query(request), "crumbs": crumbs(found, (_("Pupils by criterion"), "")),
    }
    return page(request, "careers/schools/heat.html", context)


def _heat_map(results: Results, chosen: SchoolClass) -> HeatMap:
    on_roll = chosen.enrolments.filter(joined_on__lte=results.roll_on, left_on__gte=results.roll_on)
    pupils = Person.objects.filter(pk__in=on_roll.values("person_id")).in_latvian_order()
    return heat_map(results, chosen, pupils)

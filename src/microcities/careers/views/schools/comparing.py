"""Pages that name no pupil: benchmarks by city, who chooses science and technology, and what an employer gave."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow, signed_in
from microcities.careers.compared_tables import (
    breakdown_table,
    city_table,
    cohort_table,
    difference_words,
    given_table,
    standing_table,
)
from microcities.careers.comparisons import (
    benchmark_names,
    by_city,
    encounters_of,
    follow_ups_of,
    given_by,
    schools_on,
    stem_results,
    stem_years,
)
from microcities.careers.forms.schools_compared import CitiesForm, StemForm
from microcities.careers.models import Encounter, School
from microcities.careers.rules import may_add_schools, may_compare_schools, may_open_schools, may_see_cities
from microcities.careers.school_years import label
from microcities.people.models import Account, Organisation
from microcities.people.sign_in import account_of
from microcities.ui.pages import page


def _crumbs(*steps: tuple[str, str]) -> Any:
    return [(_("Home"), "/"), *steps]


@allow(may_compare_schools)
def cities(request: HttpRequest) -> HttpResponse | FileResponse:
    """Every school that the reader may compare against the eight benchmarks, by city."""
    account = account_of(request)
    schools = School.objects.compared_by(account)
    form = CitiesForm(request.GET, schools=schools)
    day, city = form.asked
    schools = schools.filter(city=city) if city else schools
    lines = schools_on(day, schools.select_related("organisation", "city", "programme").in_latvian_order())
    names = benchmark_names(day)
    table, totals = standing_table(lines, names, request.GET), city_table(by_city(lines), names, request.GET)
    if table.export_format or totals.export_format:
        return table.export(f"schools-{day}") if table.export_format else totals.export(f"cities-{day}")
    context = {
        "form": form, "day": day, "table": table, "totals": totals, "may_see_all": may_see_cities(account),
        "may_add": may_add_schools(account), "crumbs": _crumbs((_("Benchmarks by city"), "")),
    }
    return page(request, "careers/schools/cities.html", context)


@allow(may_see_cities)
def stem(request: HttpRequest) -> HttpResponse | FileResponse:
    """Who chooses science and technology, beside an earlier school year."""
    form = StemForm(request.GET, years=stem_years())
    context: dict[str, Any] = {"form": form, "crumbs": _crumbs((_("Who chooses science and technology"), ""))}
    if form.asked is not None:
        year, compared, kind = form.asked
        output = stem_results(year, compared, kind)
        schools = {str(each.pk): str(each) for each in School.objects.select_related("organisation")}
        years = (label(year), label(compared))
        whole, parts = cohort_table(output, years, request.GET), breakdown_table(output, years, schools, request.GET)
        if whole.export_format or parts.export_format:
            return whole.export("stem-choice") if whole.export_format else parts.export("stem-choice-parts")
        difference = difference_words(output["difference"])
        follow_ups = follow_ups_of((year, compared), timezone.localdate())
        context |= {
            "whole": whole, "parts": parts, "difference": difference, "today": timezone.localdate(),
            "follow_ups": list(zip(years, follow_ups, strict=True)),
            "unequal": year != compared and not all(each.is_whole for each in follow_ups),
        }
    return page(request, "careers/schools/stem.html", context)


def _own(account: Account) -> Any:
    """Organisations that the account belongs to today."""
    memberships = account.memberships.in_force(timezone.localdate())
    return Organisation.objects.filter(pk__in=memberships.values("organisation_id")).in_latvian_order()


@allow(signed_in)
def given_list(request: HttpRequest) -> HttpResponse:
    """One's organisations, with the way to what each gave."""
    context = {"organisations": list(_own(account_of(request))), "crumbs": _crumbs((_("What we gave"), ""))}
    return page(request, "careers/schools/given_list.html", context)


@allow(signed_in)
def given(request: HttpRequest, public_id: str) -> HttpResponse | FileResponse:
    """What an organisation gave to pupils: for its own people all of it, for schools what it gave to them."""
    account, host = account_of(request), get_object_or_404(Organisation, public_id=public_id)
    rows, is_own = encounters_of(host), _own(account).filter(pk=host.pk).exists()
    if not is_own and not may_open_schools(account):
        raise Http404
    if not is_own:
        rows = rows.filter(pk__in=Encounter.objects.visible_to(account).values("pk"))
    table = given_table(rows, request.GET)
    if table.export_format:
        return table.export("given")
    own_list = (_("What we gave"), reverse("careers:given-list"))
    context = {
        "host": host, "table": table, "given": given_by(Encounter.objects.filter(pk__in=rows.values("pk"))), "is_own": is_own,
        "today": timezone.localdate(), "crumbs": _crumbs(own_list, (str(host), "")),
    }
    return page(request, "careers/schools/given.html", context, part="table")

"""Outside figures: the list, recording one with its document, and the second person's decision."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.database.expressions import LatvianKey
from microcities.people.sign_in import account_of
from microcities.programme.models import Programme
from microcities.results.actions.indicators import confirm_observation, record_observation, reject_observation
from microcities.results.forms import ObservationForm
from microcities.results.models import Observation
from microcities.results.observed import one_value
from microcities.results.presentation import number_words
from microcities.results.rules import may_confirm, may_record_observations, may_record_or_confirm
from microcities.results.views.asking import crumbs, the_programme
from microcities.ui.filters import ChoiceFilter, DateFilter
from microcities.ui.pages import form_page, page
from microcities.ui.tables import Column, Table

WHOLE = "whole"  # the filter's word for figures of no single city


def _state(row: Observation) -> str:
    if row.rejected_at:
        return _("withdrawn") if row.confirmed_at else _("refused")
    return _("confirmed") if row.confirmed_at else _("waits for a second person")


def _in_city(rows: QuerySet[Observation], wanted: str) -> QuerySet[Observation]:
    return rows.filter(city__isnull=True) if wanted == WHOLE else rows.filter(city_id=int(wanted))


def _cities(programme: Programme) -> list[tuple[str, str]]:
    cities = programme.cities.in_latvian_order()
    return [(WHOLE, _("whole programme")), *((str(city.pk), str(city)) for city in cities)]


@allow(may_record_or_confirm)
def observation_list(request: HttpRequest) -> HttpResponseBase:
    """All outside figures with their documents and states."""
    programme = the_programme(request)
    rows = Observation.objects.filter(indicator__programme=programme).select_related("indicator", "city")
    columns = [
        Column("indicator", _("Indicator"), value=lambda row: str(row.indicator), order_by="indicator__order",
               link=lambda row: reverse("results:observation", args=[row.pk]), heading=True),
        Column("city", _("City"), value=lambda row: str(row.city) if row.city else _("whole programme"),
               order_by=LatvianKey("city__name"), filter=ChoiceFilter(_in_city, choices=_cities(programme))),
        Column("on", _("Of the day"), order_by="on", filter=DateFilter("on__gte", _("Not before"))),
        Column("value", _("Value"), value=one_value, cell=lambda row: number_words(row.indicator, one_value(row))),
        Column("document", _("Source document"), value="document_title"),
        Column("state", _("State"), value=_state),
    ]
    table = Table(rows=rows, columns=columns, params=request.GET, caption=_("Outside figures"), default_sort="-on",
                  empty=_("No outside figure has been recorded"),
                  empty_hint=_("Record a figure with the document that it comes from."))
    if table.export_format:
        return table.export("outside-figures")
    context = {
        "table": table, "may_record": bool(may_record_observations(account_of(request))),
        "crumbs": crumbs((_("Outside figures"), "")),
    }
    return page(request, "results/observations.html", context, part="table")


@allow(may_record_observations, methods=("GET", "POST"))
def record(request: HttpRequest) -> HttpResponse:
    """Record an outside figure with its document."""
    form = ObservationForm(request.POST or None, request.FILES or None, programme=the_programme(request),
                           initial={"indicator": request.GET.get("indicator")})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            record_observation(actor=account_of(request), **form.cleaned_data)
            messages.success(request, _("The figure is recorded. It counts once a second person has confirmed it."))
            return redirect("results:observations")
    steps = crumbs((_("Outside figures"), reverse("results:observations")), (_("Record a figure"), ""))
    title, back = _("Record an outside figure"), reverse("results:observations")
    return form_page(request, form, title=title, button=_("Record"), back=back, crumbs=steps)


@allow(may_record_or_confirm, methods=("GET", "POST"))
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """One outside figure; a second person confirms or refuses it here."""
    account = account_of(request)
    observation = get_object_or_404(Observation.objects.select_related("indicator", "city"), pk=pk)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        confirms = request.POST.get("decision") == "confirm"
        try_to(
            lambda: confirm_observation(actor=account, observation=observation) if confirms
            else reject_observation(actor=account, observation=observation, reason=reason),
            request, _("Your decision is recorded."),
        )  # fmt: skip
        return redirect("results:observation", pk)
    context = {
        "observation": observation, "state": _state(observation), "answer": may_confirm(account, observation),
        "value": number_words(observation.indicator, one_value(observation)),
        "crumbs": crumbs((_("Outside figures"), reverse("results:observations")), (str(observation), "")),
    }
    return page(request, "results/observation.html", context)


@allow(may_record_or_confirm)
def document(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document behind an outside figure, as a download."""
    observation = get_object_or_404(Observation, pk=pk)
    if not observation.file:
        raise Http404
    return FileResponse(observation.file.open("rb"), as_attachment=True, filename=observation.file.name.split("/")[-1])

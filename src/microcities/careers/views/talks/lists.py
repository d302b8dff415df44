"""A counsellor's own pages: the talks, the hours, and being opened to booking."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.bookings.models import Resource, ResourceKind
from microcities.careers.actions.hours import open_to_booking, set_weekly_hours
from microcities.careers.forms.talks_held import HoursForm, OpenForm
from microcities.careers.rules import may_give_guidance, may_keep_hours
from microcities.careers.talk_tables import days_table, tabs_of, talk_table, talks_to_show
from microcities.people.models import Account
from microcities.people.roles import Permission
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.ui.pages import form_page, page

VIEWS = ("today", "week", "waiting", "offered", "all")


def crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    """The way to a counsellor's page."""
    return [(_("Home"), reverse("programme:home")), (_("Guidance"), reverse("careers:talks") if steps else ""), *steps]


def own_counsellors(account: Account) -> list[Resource]:
    """What of the account's organisations is booked as counsellor and its hours are the account's to set."""
    here = account.organisation_ids(Permission.GIVE_GUIDANCE)
    rows = Resource.objects.in_use().of_kind(ResourceKind.COUNSELLOR).filter(organisation_id__in=here)
    shown = rows.select_related("organisation").in_latvian_order()
    return [each for each in shown if may_keep_hours(account, each)]


@allow(may_give_guidance)
def talks(request: HttpRequest) -> HttpResponse | FileResponse:
    """Talks of today, of the next days, those that wait to be recorded, and the rest."""
    account = account_of(request)
    shown = request.GET.get("show", "week")
    shown = shown if shown in VIEWS else "week"
    table = talk_table(talks_to_show(account, shown), request.GET, latest_first=shown in ("offered", "all"))
    if table.export_format:
        return table.export("guidance-talks")
    log_shown(table.page.rows, _("a guidance talk"), lambda row: (row.person,))
    context = {"table": table, "tabs": tabs_of(shown), "crumbs": crumbs()}
    return page(request, "careers/talks/talks.html", context, part="table")


@allow(may_give_guidance)
def hours(request: HttpRequest) -> HttpResponse:
    """When the counsellor can be booked, and what is free in the next two weeks."""
    found = own_counsellors(account_of(request))
    context = {
        "counsellors": [(each, -(-each.minimum_notice // 60), days_table(each, request.GET)) for each in found],
        "crumbs": crumbs((_("My hours"), "")),
    }
    return page(request, "careers/talks/hours.html", context)


@allow(may_give_guidance, methods=("GET", "POST"))
def open_hours(request: HttpRequest) -> HttpResponse:
    """Be booked from now on."""
    account = account_of(request)
    form = OpenForm(request.POST or None, account=account)
    if form.is_valid():
        with refusals_on(form):
            made = open_to_booking(actor=account, **form.values)
            messages.success(request, _("You can be booked as soon as you have set your hours."))
            return redirect("careers:set-hours", made.pk)
    return guidance_form(request, form, _("Be open to booking"), _("Save"), reverse("careers:hours"))


@allow(may_give_guidance, methods=("GET", "POST"))
def set_hours(request: HttpRequest, number: int) -> HttpResponse:
    """The hours of a week from a day on."""
    account = account_of(request)
    here = account.organisation_ids(Permission.GIVE_GUIDANCE)
    counsellor = get_object_or_404(Resource, pk=number, kind=ResourceKind.COUNSELLOR, organisation_id__in=here)
    form = HoursForm(request.POST or None, counsellor=counsellor)
    if form.is_valid():
        with refusals_on(form):
            from_on = form.cleaned_data["from_on"]
            set_weekly_hours(actor=account, counsellor=counsellor, from_on=from_on, hours=form.hours)
            messages.success(request, _("The hours are kept. Talks that are booked already stay booked."))
            return redirect("careers:hours")
    return guidance_form(request, form, _("Set the hours"), _("Save"), reverse("careers:hours"), lead=str(counsellor))


def guidance_form(request: HttpRequest, form: Any, title: str, button: str, back: str, lead: str = "") -> HttpResponse:
    """A form of a counsellor's on a page of its own."""
    return form_page(request, form, title=title, button=button, back=back, crumbs=crumbs((title, "")), lead=lead)

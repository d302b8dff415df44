"""The city's list of applications, and one of them with its check."""

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on, try_to
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_look, log_shown
from microcities.summerjobs.actions.checking import ask_for_missing, confirm_facts, refuse_application, see_group
from microcities.summerjobs.application_rules import may_check, standing_of, words_in_force
from microcities.summerjobs.application_status import status_of
from microcities.summerjobs.application_tables import application_table
from microcities.summerjobs.eligible import Openness
from microcities.summerjobs.forms.applications import WordsForm, residence_words
from microcities.summerjobs.forms.posts import group_names
from microcities.summerjobs.models import Application, GroupClaim
from microcities.summerjobs.rules import may_run_summer, may_see_summer
from microcities.summerjobs.views.finding import desk_way, read_scheme, require_page
from microcities.ui.pages import form_page, page


def staff_application(request: HttpRequest, number: int) -> Application:
    """A sent application of a scheme that the account runs, or may read; the look is logged."""
    rows = Application.objects.visible_to(account_of(request)).filter(submitted_at__isnull=False)
    found = get_object_or_404(rows.select_related("scheme__city", "scheme__organisation", "person", "school"), pk=number)
    log_look(found.person, reason="summerjobs.application", what=_("an application for summer work"))
    return found


@allow(may_see_summer)
def applications(request: HttpRequest, number: int) -> HttpResponse | FileResponse:
    """Applications that were sent to a scheme."""
    scheme = read_scheme(request, number)
    table = application_table(Application.objects.filter(scheme=scheme, submitted_at__isnull=False), request.GET)
    if table.export_format:
        return table.export(f"applications-{scheme.year}")
    log_shown(table.page.rows, _("applications for summer work"), lambda row: (row.person,))
    context = {"scheme": scheme, "table": table, "crumbs": desk_way(scheme, (_("Applications"), ""))}
    return page(request, "summerjobs/applications/list.html", context, part="table")


@allow(may_see_summer)
def check(request: HttpRequest, number: int) -> HttpResponse:
    """One application: facts, wishes with what closes them, papers, groups, the guardian's words."""
    found = staff_application(request, number)
    openness, names = Openness(found.scheme), dict(group_names(found.scheme))
    wishes = found.wishes.select_related("post__host__organisation", "post__period", "post__programme")
    context = {
        "application": found, "scheme": found.scheme, "status": status_of(found, openness.law),
        "standing": standing_of(found, openness.law), "residence": residence_words(found.residence),
        "words": words_in_force(found), "documents": found.documents.all(),
        "wishes": [(each, openness.shut(found, each.post)) for each in wishes],
        "groups": [(each, names.get(each.group, each.group)) for each in found.groups.all()],
        "may_check": may_check(account_of(request), found),
        "crumbs": desk_way(
            found.scheme, (_("Applications"), reverse("summerjobs:applications", args=[found.scheme_id])), (found.code, "")
        ),
    }
    return page(request, "summerjobs/applications/check.html", context)


@allow(may_run_summer, methods=("POST",))
def confirm(request: HttpRequest, number: int) -> HttpResponse:
    """The facts are proved."""
    found = staff_application(request, number)
    try_to(confirm_facts, request, _("Checked. It goes into the draw."), actor=account_of(request), application=found)
    return redirect("summerjobs:application-check", number)


@allow(may_run_summer, methods=("POST",))
def group_seen(request: HttpRequest, number: int) -> HttpResponse:
    """The proof of a group is seen."""
    claim = get_object_or_404(GroupClaim.objects.select_related("application__scheme"), pk=number)
    found = staff_application(request, claim.application_id)
    try_to(see_group, request, _("Noted: the proof is seen."), actor=account_of(request), claim=claim)
    return redirect("summerjobs:application-check", found.pk)



@allow(may_run_summer, methods=("GET", "POST"))
def say(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Ask for what is missing, or refuse with the reason."""
    account, found = account_of(request), staff_application(request, number)
    require_page(may_check(account, found))
    form = WordsForm(request.POST or None)
    if form.is_valid():
        with refusals_on(form, "words"):
            if what == "refuse":
                refuse_application(actor=account, application=found, reason=form.cleaned_data["words"])
            else:
                ask_for_missing(actor=account, application=found, missing=form.cleaned_data["words"])
            messages.success(request, _("The pupil is told."))
            return redirect("summerjobs:application-check", number)
    title = _("Refuse the application") if what == "refuse" else _("Ask for what is missing")
    back = reverse("summerjobs:application-check", args=[number])
    way = desk_way(found.scheme, (found.code, back), (title, ""))
    return form_page(request, form, title=title, button=title, back=back, crumbs=way, lead=found.person.name)

"""The public pages of activities, and the forms with which partners keep them.

Who took part, and how many, is shown only to those who may see the people: a number counted now would tell the public
more than the audited publications of results do (docs/decisions/0007).
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow, public
from microcities.access.outcome import refusals_on
from microcities.participation.actions.activities import add_activity, change_activity
from microcities.participation.forms import ActivityForm, ChangeActivityForm
from microcities.participation.models import Activity, Participation
from microcities.participation.rules import may_add_activities, may_change_activity, may_see_participants
from microcities.participation.tables import activity_table, record_table
from microcities.people.sign_in import account_of
from microcities.privacy.looks import log_shown
from microcities.privacy.rules import may_see_trail
from microcities.programme.shell import newest_programme
from microcities.ui.pages import form_page, page


def _crumbs(*steps: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Home"), "/"), (_("Activities"), reverse("participation:activities")), *steps]


@public
def activities(request: HttpRequest) -> HttpResponse | FileResponse:
    """All activities of the programme."""
    table = activity_table(Activity.objects.all(), request.GET)
    if table.export_format:
        return table.export("activities")
    context = {"table": table, "may_add": may_add_activities(request.user)}
    return page(request, "participation/activities.html", context, part="table")


@public
def activity(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """One activity: what it is; who took part and how many only for those who may see the people."""
    found = get_object_or_404(Activity.objects.select_related("organisation", "city", "programme"), code=code)
    records = Participation.objects.none()
    if request.user.is_authenticated:
        records = Participation.objects.visible_to(request.user).filter(activity=found)
    table = record_table(records, request.GET)
    if table.export_format and request.user.is_authenticated:
        return table.export(f"activity-{found.code}")
    log_shown(table.page.rows, _("Who took part"), lambda row: (row.person,))
    context: dict[str, Any] = {
        "activity": found, "table": table, "shows_people": records.exists(),
        "count": records.counted_people() if may_see_participants(request.user, found) else None,
        "may_change": may_change_activity(request.user, found),
        "history": reverse("trail:row", args=["participation_activity", found.pk]) if may_see_trail(request.user) else "",
        "crumbs": _crumbs((str(found), "")),
    }
    return page(request, "participation/activity.html", context, part="table")


@allow(may_add_activities, methods=("GET", "POST"))
def add(request: HttpRequest) -> HttpResponse:
    """Add an activity of a partner."""
    account, programme = account_of(request), newest_programme(request)
    if programme is None:
        raise Http404(_("There is no programme yet."))
    title = _("Add an activity")
    return _form_page(
        request, ActivityForm(request.POST or None, account=account, programme=programme), title,
        _("The activity is on the list."),
        lambda values: add_activity(actor=account, programme=programme, **values),
        back=reverse("participation:activities"), crumbs=_crumbs((title, "")),
        lead=_("The public sees the activity at once. Participants come in by lists or one by one."),
    )


@allow(may_add_activities, methods=("GET", "POST"))
def change(request: HttpRequest, code: str) -> HttpResponse:
    """Change an activity's names, dates or source, with the reason."""
    found = get_object_or_404(Activity, code=code)
    if not (answer := may_change_activity(request.user, found)):
        raise PermissionDenied(answer.reason)
    address = reverse("participation:activity", args=[code])
    return _form_page(
        request, ChangeActivityForm(request.POST or None, activity=found), _("Change the activity"),
        _("The changes are saved."),
        lambda values: change_activity(actor=account_of(request), activity=found, **values),
        back=address, crumbs=_crumbs((str(found), address), (_("Change"), "")), lead=str(found),
        hint=_("Kind, city and the organisation that runs it stay: results are counted by them."),
    )


def _form_page(
    request: HttpRequest, form: forms.Form, title: str, said: str, act: Callable[[dict[str, Any]], Activity],
    **shown: Any,
) -> HttpResponse:
    """A page with a form that leads to the activity; what was refused stands at its field."""
    if form.is_valid():
        with refusals_on(form):
            done = act(form.cleaned_data)
            messages.success(request, said)
            return redirect("participation:activity", done.code)
    return form_page(request, form, title=title, button=_("Save"), **shown)

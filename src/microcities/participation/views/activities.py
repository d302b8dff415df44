"""The public pages of activities; who took part, and how many, is shown only to those who may see the people.

A number counted now would tell the public more than the audited publications of results do (docs/decisions/0007).
"""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.participation.models import Activity, Participation
from microcities.participation.rules import may_see_participants
from microcities.participation.tables import activity_table, record_table
from microcities.privacy.looks import log_shown
from microcities.ui.pages import page


@public
def activities(request: HttpRequest) -> HttpResponse | FileResponse:
    """All activities of the programme."""
    table = activity_table(Activity.objects.all(), request.GET)
    if table.export_format:
        return table.export("activities")
    return page(request, "participation/activities.html", {"table": table}, part="table")


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
        "crumbs": [(_("Home"), "/"), (_("Activities"), reverse("participation:activities")), (str(found), "")],
    }
    return page(request, "participation/activity.html", context, part="table")

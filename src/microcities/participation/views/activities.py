"""The public pages of activities; who took part is shown only to those who may see the people."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.participation.models import Activity, Participation
from microcities.participation.tables import activity_table, record_table
from microcities.rulebooks.registry import rule
from microcities.ui.pages import page

# A figure about the whole programme follows the rule that holds wherever no narrower one does.
EVERYWHERE = "any"


@public
def activities(request: HttpRequest) -> HttpResponse | FileResponse:
    """All activities of the programme."""
    table = activity_table(Activity.objects.all(), request.GET)
    if table.export_format:
        return table.export("activities")
    return page(request, "participation/activities.html", {"table": table}, part="table")


@public
def activity(request: HttpRequest, code: str) -> HttpResponse | FileResponse:
    """One activity: what it is and how many took part; the people only for those who may see them."""
    found = get_object_or_404(Activity.objects.select_related("organisation", "city", "programme"), code=code)
    records = Participation.objects.none()
    if request.user.is_authenticated:
        records = Participation.objects.visible_to(request.user).filter(activity=found)
    table = record_table(records, request.GET)
    if table.export_format and request.user.is_authenticated:
        return table.export(f"activity-{found.code}")
    context: dict[str, Any] = {
        "activity": found, "table": table, "shows_people": records.exists(), **_published(found),
        "crumbs": [(_("Home"), "/"), (_("Activities"), reverse("participation:activities")), (str(found), "")],
    }
    return page(request, "participation/activity.html", context, part="table")


def _published(activity: Activity) -> dict[str, Any]:
    """One figure only: how many took part. Several stages side by side would tell small differences between them."""
    count = Participation.objects.filter(activity=activity).counted_people()
    disclosure = rule("results.disclosure", on=timezone.localdate(), territory=EVERYWHERE).values
    return {"count": count, "withheld": disclosure.withholds_count(count), "threshold": disclosure.threshold}

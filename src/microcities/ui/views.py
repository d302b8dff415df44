"""The gallery: every component with the call that draws it, for those who build and judge pages."""

from django.http import HttpRequest, HttpResponseBase

from microcities.ui import gallery as examples
from microcities.ui.icons import ICONS
from microcities.ui.pages import page


def gallery(request: HttpRequest) -> HttpResponseBase:
    """Show every component; the URL map decides who may see it."""
    table = examples.people_table(request.GET)
    if table.export_format:
        return table.export("summer-jobs")
    context = {
        "groups": list(examples.groups()),
        "form": examples.SampleForm(request.GET if "sent" in request.GET else None),
        "table": table,
        "table_call": examples.table_call(),
        "icons": sorted(ICONS),
    }
    return page(request, "ui/gallery.html", context, part="table", status=200)

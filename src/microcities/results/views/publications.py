"""What was published, and publishing the figures of another day."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.access.guards import allow
from microcities.access.outcome import refusals_on
from microcities.people.sign_in import account_of
from microcities.results.forms import PublishForm
from microcities.results.models import Publication, PublishedLine
from microcities.results.publishing import publish_figures
from microcities.results.rules import may_approve_reports, may_see_detail
from microcities.results.tables import publication_table, withheld_table
from microcities.results.views.asking import crumbs, the_programme, usual_day
from microcities.ui.pages import page


@allow(may_see_detail, methods=("GET", "POST"))
def publication_list(request: HttpRequest) -> HttpResponse | FileResponse:
    """All publications with what was withheld and why; the manager publishes another day here."""
    programme = the_programme(request)
    form = PublishForm(request.POST or None, initial={"as_of": usual_day(programme)})
    if request.method == "POST" and form.is_valid():
        with refusals_on(form):
            made = publish_figures(actor=account_of(request), programme=programme, **form.cleaned_data)
            messages.success(request, _published_words(made))
            return redirect("results:publications")
    rows = programme.publications.annotate(
        shown=Count("lines", filter=Q(lines__value__isnull=False)),
        withheld=Count("lines", filter=~Q(lines__withheld="")),
    )
    lines = PublishedLine.objects.filter(publication=rows.order_by("-as_of", "-pk").first()).exclude(withheld="")
    table, kept_back = publication_table(rows, request.GET), withheld_table(lines, programme, request.GET)
    if table.export_format or kept_back.export_format:
        return table.export("publications") if table.export_format else kept_back.export("withheld")
    context = {
        "form": form, "table": table, "kept_back": kept_back if kept_back.is_filtered or kept_back.page.rows else None,
        "may_publish": bool(may_approve_reports(account_of(request))), "crumbs": crumbs((_("Publications"), "")),
    }
    return page(request, "results/publications.html", context)


def _published_words(publication: Publication) -> str:
    withheld = publication.lines.exclude(withheld="").count()
    return ngettext(
        "Published. %(count)s number was withheld.", "Published. %(count)s numbers were withheld.", withheld
    ) % {"count": withheld}

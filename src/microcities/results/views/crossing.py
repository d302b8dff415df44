"""A counted figure crossed by any two of sex, age, city, partner and service."""

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.results.breakdown import break_down
from microcities.results.crossing import crossed_table, names_in
from microcities.results.forms import CrossForm
from microcities.results.reading import Level
from microcities.results.reading_for_export import scope_of_question
from microcities.results.rules import may_see_detail
from microcities.results.views.asking import asked, crumbs, the_indicator, the_programme
from microcities.ui.pages import page


@allow(may_see_detail)
def crossed(request: HttpRequest, code: str) -> HttpResponse:
    """The figure as a crossed table; a partner's are its own records, as counted now."""
    programme = the_programme(request)
    indicator = the_indicator(programme, code)
    if indicator.is_outside or indicator.is_share:
        raise Http404
    form, question, reader = asked(request, programme)
    form.fields.pop("records_of", None)
    question = replace(question, own=reader.level == Level.OWN)
    choice = CrossForm(request.GET)
    choice.full_clean()
    found = break_down(indicator, programme, scope_of_question(programme, reader, question))
    context = {
        "form": form, "choice": choice, "indicator": indicator, "question": question, "own": question.own,
        "parts": [crossed_table(indicator, found, names_in(found), *choice.dimensions)] if found.cells else [],
        "query": request.GET.urlencode(),
        "crumbs": crumbs((str(indicator), reverse("results:indicator", args=[code])), (_("Crossed"), "")),
    }
    return page(request, "results/crossed.html", context)

"""The public face: home, the programme, who you are, search, and the accessibility statement."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import public
from microcities.database.finding import words_of
from microcities.notices.worklist import tasks_for
from microcities.programme.accessibility import statement
from microcities.programme.audiences import AUDIENCES, BY_SLUG
from microcities.programme.offers import for_audience, offers_of, open_on
from microcities.programme.presentation import activities_table, code_rows, partners_by_city
from microcities.programme.search import search
from microcities.programme.shell import newest_programme, scheme_of
from microcities.ui.pages import page

LATEST = 4
LONGEST_QUERY = 100


@public
def home(request: HttpRequest) -> HttpResponse:
    """What this is, who you are, what is open for you now."""
    programme = newest_programme(request)
    offers = offers_of(programme)
    context = {
        "audiences": AUDIENCES,
        "cities": list(programme.cities.in_latvian_order()) if programme else [],
        "open": (running := open_on(offers, timezone.localdate())),
        "offers": running or offers[:LATEST],
        "waiting": len(tasks_for(request.user)) if request.user.is_authenticated else 0,
    }
    return page(request, "programme/home.html", context)


@public
def programme_page(request: HttpRequest) -> HttpResponseBase:
    """The programme: period, money, partners, codes of its cities, activities."""
    programme, today = newest_programme(request), timezone.localdate()
    table = activities_table(offers_of(programme), request.GET)
    if table.export_format:
        return table.export("activities")
    context: dict[str, Any] = {"table": table, "today": today}
    if programme is not None:
        context |= {
            "cities": partners_by_city(programme),
            "codes": code_rows(programme, today),
            "scheme": scheme_of(programme),
            "share": programme.co_financing_rate / 100,
            "own_share": programme.budget - programme.co_financing,
        }
    return page(request, "programme/programme.html", context, part="table")


@public
def audience_page(request: HttpRequest, slug: str) -> HttpResponse:
    """What one kind of visitor can do here."""
    audience = BY_SLUG.get(slug)
    if audience is None:
        raise Http404(_("There is no such page."))
    offers = for_audience(offers_of(newest_programme(request)), slug)
    context = {
        "audience": audience,
        "steps": [step for step in audience.steps if step.href],
        "open": (running := open_on(offers, timezone.localdate())),
        "offers": running or offers[:LATEST],
        "crumbs": [(_("Home"), reverse("programme:home")), (audience.name, "")],
    }
    return page(request, "programme/audience.html", context)


@public
def search_page(request: HttpRequest) -> HttpResponse:
    """Everything this visitor may see that answers to the words."""
    text = request.GET.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]
    groups = search(request.user, text)
    context = {"text": text, "too_short": bool(text) and not words_of(text), "groups": groups}
    return page(request, "programme/search.html", context)


@public
def accessibility(request: HttpRequest) -> HttpResponse:
    """The accessibility statement."""
    return page(request, "programme/accessibility.html", _stated(request))


@public
def accessibility_protocol(request: HttpRequest) -> HttpResponse:
    """The protocol of the last assessment."""
    crumbs = [(_("Accessibility statement"), reverse("programme:accessibility")), (_("Protocol"), "")]
    return page(request, "programme/accessibility_protocol.html", {**_stated(request), "crumbs": crumbs})


def _stated(request: HttpRequest) -> dict[str, Any]:
    stated = statement()
    programme = newest_programme(request)
    lead = programme.partners.filter(is_lead=True).select_related("organisation").first() if programme else None
    return {
        "stated": stated,
        "institution_name": stated.institution or (str(lead) if lead else ""),
        "old": stated.is_old_on(timezone.localdate()),
        "site_address": request.build_absolute_uri(reverse("programme:home")),
    }

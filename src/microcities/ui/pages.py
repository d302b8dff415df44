"""One way to answer with HTML, so that a page and its htmx fragment can never be mixed up by a cache.

return page(request, "skills/list.html", {"table": table}, part="table")
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

# The way to a page: (words, path), the last without a path.
Crumbs = Sequence[tuple[str, str]]
# What the answer depends on. A cache that knew only HX-Request could hand a fragment to a boosted visit.
VARIES_ON = ("HX-Request", "HX-Boosted", "HX-History-Restore-Request")


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a piece of a page, and not for a whole page on a visitor's behalf."""
    headers = request.headers
    return (
        headers.get("HX-Request") == "true"
        and headers.get("HX-Boosted") != "true"
        and headers.get("HX-History-Restore-Request") != "true"
    )


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    part: str | None = None,
    status: int | None = None,
) -> HttpResponse:
    """Render `template` whole, or only its `{% partialdef part %}` when htmx asks for a fragment.

    Without a `status` a form with errors among the context makes it 422, or 400 when the form stands in the address.
    """
    name = f"{template}#{part}" if part and wants_fragment(request) else template
    if status is None and any(isinstance(each, BaseForm) and each.errors for each in context.values()):
        status = 422 if request.method == "POST" else 400
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, VARIES_ON)
    return response


def form_page(
    request: HttpRequest, form: BaseForm, *, title: str, button: str, back: str, crumbs: Crumbs = (), lead: str = "",
    hint: str = "",
) -> HttpResponse:
    """A page that asks for one thing: what it is about, the form, one button, and the way back to the path `back`."""
    context = {"form": form, "title": title, "lead": lead, "hint": hint, "button": button, "back": back, "crumbs": crumbs}
    return page(request, "ui/form_page.html", context)

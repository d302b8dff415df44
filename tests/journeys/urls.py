"""The addresses of the site, and besides them one that fails on purpose, so that the pages of failures can be seen."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import URLPattern, URLResolver, path

from microcities import urls
from microcities.access.guards import public
from microcities.ui.errors import csrf_failure

handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


@public
def broken(request: HttpRequest, how: str) -> HttpResponseBase:
    """Fail in one of the ways in which a page can fail."""
    if how == "400":
        raise SuspiciousOperation
    if how == "csrf":
        return csrf_failure(request)
    if how == "429":  # what django-allauth's rate limits answer
        return render(request, "429.html", status=429)
    raise RuntimeError("broken on purpose")


urlpatterns: list[URLPattern | URLResolver] = [
    *urls.urlpatterns,
    *i18n_patterns(path("broken/<slug:how>/", broken, name="broken"), prefix_default_language=False),
]

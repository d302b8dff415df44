"""Addresses of the API: `path("api/v1/", include("microcities.results.api_urls"))`, outside the languages."""

from typing import NoReturn

from django.http import Http404, HttpRequest
from django.urls import URLPattern, include, path, re_path

from microcities.results.api import api
from microcities.results.api_guard import guarded


def no_such_address(request: HttpRequest) -> NoReturn:
    """Whatever is not an operation is a problem and no page."""
    raise Http404


_operations = [
    URLPattern(each.pattern, guarded(each.callback), each.default_args, each.name)
    for each in api.urls[0] if isinstance(each, URLPattern) and each.callback is not None
]
urlpatterns = [
    path("", include((_operations, "ninja"), namespace="api-v1")),
    re_path(r"^.*$", guarded(no_such_address)),
]

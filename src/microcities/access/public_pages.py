"""Remembers public pages for as long as nothing at all has changed in the database, so that many visitors cost little.

Whoever brings no cookie and no token sees what everybody sees. PostgreSQL names the state that a question sees (which
transactions are in it: `pg_current_snapshot`); as long as the name is the same, so is the page. A page may also depend
on the clock, so it is forgotten after a minute.
"""

import hashlib
from collections.abc import Callable

from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase

SECONDS = 60
LARGEST = 500_000
# Whoever sends one of these may be answered otherwise than a stranger is.
PERSONAL = ("Cookie", "Authorization", "HX-Request", "Range", "If-None-Match", "If-Modified-Since")


class PublicPagesMiddleware:
    """Answers a stranger's GET with the page that another stranger was given a moment ago."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # Inside a transaction its own writes would not show in the name of the state.
        if request.method != "GET" or any(map(request.headers.get, PERSONAL)) or connection.in_atomic_block:
            return self.get_response(request)
        name = _name(request)
        if (known := cache.get(name)) is not None:
            return _answer(*known)
        response = self.get_response(request)
        if isinstance(response, HttpResponse) and _is_everybodys(response):
            cache.set(name, (response.content, dict(response.headers)), SECONDS)
        return response


def _name(request: HttpRequest) -> str:
    """Of this page in this state. The host is judged here too, as it would be further in."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        [state] = cursor.fetchone()
    asked = (
        connection.settings_dict["NAME"], state, request.scheme, request.get_host(), request.get_full_path(),
        request.headers.get("Accept-Language", ""), request.headers.get("Accept", ""),
    )
    return f"public-page:{hashlib.sha256(repr(asked).encode()).hexdigest()}"


def _is_everybodys(response: HttpResponse) -> bool:
    """A whole page without cookies that nobody forbids to keep."""
    return (
        response.status_code == 200
        and not response.cookies
        and response.headers.get("Content-Type", "").startswith("text/html")
        and "no-store" not in response.headers.get("Cache-Control", "")
        and len(response.content) <= LARGEST
    )


def _answer(content: bytes, headers: dict[str, str]) -> HttpResponse:
    return HttpResponse(content, headers=headers)

"""Ends a session a fixed time after sign-in, and earlier when nobody used it: a borrowed computer forgets by itself."""

import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

SIGNED_IN_AT = "signed_in_at"
USED_AT = "used_at"
# Seconds. The session is a row in the database: writing it at every click would cost more than it protects.
NOTE_USE_EVERY = 300


def start_clocks(sender: object, request: HttpRequest, **kwargs: object) -> None:
    """Note the moment of sign-in; a receiver of Django's own signal, see apps.py."""
    request.session[SIGNED_IN_AT] = request.session[USED_AT] = int(time.time())


class SessionLifetimeMiddleware:
    """Signs out whose session is over: SESSION_COOKIE_AGE after sign-in, SESSION_IDLE_SECONDS after the last use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            now = int(time.time())
            used_at = request.session.get(USED_AT, 0)
            if now - request.session.get(SIGNED_IN_AT, 0) >= settings.SESSION_COOKIE_AGE or (
                now - used_at >= settings.SESSION_IDLE_SECONDS
            ):
                logout(request)
            elif now - used_at >= NOTE_USE_EVERY:
                request.session[USED_AT] = now
        return self.get_response(request)

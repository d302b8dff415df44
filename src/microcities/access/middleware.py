"""Shuts every address whose view carries neither `@allow` nor `@public`."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

# Views of libraries that guard themselves: module prefix -> who may, and why that is right.
GUARDED_ELSEWHERE = {
    "allauth.": "sign-in, sign-up and second factor: open by nature, allauth asks for a session where one is needed",
    "django.views.i18n": "the choice of language",
    "ninja.": "each API operation declares its own token scope or is marked public",
    "microcities.api.": "each API operation declares its own token scope or is marked public",
}


def guard_of(view: Callable[..., Any]) -> str | None:
    """Who guards a view: the name of its rule, `public`, a library's reason, or None when nobody does."""
    rule = getattr(view, "access_rule", None)
    if rule is not None:
        return rule if isinstance(rule, str) else rule.__name__
    module = getattr(getattr(view, "view_class", view), "__module__", "")
    return next((reason for prefix, reason in GUARDED_ELSEWHERE.items() if module.startswith(prefix)), None)


class ClosedByDefaultMiddleware:
    """Refuses views without a guard, so that a forgotten decorator is a closed door and not an open one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        if guard_of(view) is None:
            raise PermissionDenied(_("This page has no access rule yet, so it is closed."))

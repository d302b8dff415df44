"""A page that rests on a rule which nobody has written for this place or day says so, and is no broken page."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import get_language

from microcities.rulebooks.registry import NoRuleInForceError
from microcities.ui.errors import rule_missing

API = "/api/"


class MissingRuleMiddleware:
    """Turns NoRuleInForceError into an error page with what, why and what to do; the interface for programs has its own."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, NoRuleInForceError) or request.path.startswith(API):
            return None
        return rule_missing(request, exception.title.in_language(get_language() or "lv"))

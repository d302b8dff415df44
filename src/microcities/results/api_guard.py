"""The door of the API: token or public, reading only, so many requests a minute, each refusal as problem details (RFC 9457)."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import HttpError, ValidationError

from microcities.access.guards import read_only
from microcities.results.actions.tokens import digest_of
from microcities.results.models import ApiToken, Scope
from microcities.trail.context import request_origin
from microcities.trail.looks import write_looks

logger = logging.getLogger(__name__)
PROBLEM_TYPE = "application/problem+json"
PROBLEMS_AT = "/open-data/#problem-"
METHODS = ("GET", "HEAD")
# Requests a minute, counted in each server process on its own.
PER_TOKEN, PER_ADDRESS = 240, 120

TITLES: dict[int, "str | Promise"] = {
    401: _("The token is missing, unknown, over or withdrawn"),
    403: _("The token may not read this"),
    404: _("There is no such thing here"),
    405: _("This address is for reading only"),
    422: _("A value in the request cannot be used"),
    429: _("Too many requests"),
    500: _("Something broke on our side"),
}


@dataclass
class ProblemError(Exception):
    """A refusal with its reason. `errors` are {"parameter", "detail"}; `headers` go with the answer."""

    status: int
    detail: "str | Promise" = ""
    errors: Sequence[dict[str, str]] = ()
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Caller:
    """Who asks: the token, or nobody."""

    token: ApiToken | None

    @property
    def account(self) -> Any:
        return self.token.account if self.token else AnonymousUser()

    def has(self, scope: Scope) -> bool:
        return self.token is not None and scope in self.token.scopes


def problem_response(request: HttpRequest, problem: ProblemError) -> JsonResponse:
    """The refusal as problem details in the active language."""
    status = HTTPStatus(problem.status)
    content: dict[str, Any] = {
        "type": f"{PROBLEMS_AT}{status.value}",
        "title": str(TITLES.get(problem.status, status.phrase)),
        "status": status.value,
        "detail": str(problem.detail),
        "instance": request.path,
    }
    if problem.errors:
        content["errors"] = list(problem.errors)
    response = JsonResponse(content, status=status, content_type=PROBLEM_TYPE, json_dumps_params={"ensure_ascii": False})
    response["Vary"] = "Accept-Language"
    for name, value in problem.headers.items():
        response[name] = value
    return response


def accepted_language(request: HttpRequest) -> str:
    """The first language of Accept-Language that the platform speaks, else its first."""
    known = dict(settings.LANGUAGES)
    for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:200]):
        if (short := code.split("-")[0]) in known:
            return short
    return settings.LANGUAGE_CODE


def as_problem(error: Exception) -> ProblemError:
    """Any error as a refusal; what nobody foresaw is recorded and says nothing of itself."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, Http404):
        return ProblemError(404, _("Check the address. The lists give the codes and numbers there are."))
    if isinstance(error, ValidationError):
        return ProblemError(422, _("See “errors” for the parameter and what is wrong with it."), [
            {"parameter": str(each["loc"][-1]), "detail": str(each["msg"])} for each in error.errors
        ])
    if isinstance(error, HttpError):
        return ProblemError(error.status_code, str(error))
    logger.error("API request failed", exc_info=error)
    return ProblemError(500, _("The fault has been recorded. Try again in a minute."))


def unauthorised(detail: "str | Promise") -> ProblemError:
    """401 with the header that says how to sign in."""
    return ProblemError(401, detail, headers={"WWW-Authenticate": 'Bearer realm="microcities"'})


def caller_of(request: HttpRequest) -> Caller:
    """The caller by the bearer token of the header; a token that is not good is refused, also for what is public."""
    header = request.headers.get("Authorization")
    if header is None:
        return Caller(None)
    kind, _space, secret = header.partition(" ")
    if kind.lower() != "bearer":
        raise unauthorised(_("Send the token as “Authorization: Bearer …”."))
    usable = ApiToken.objects.usable_at(timezone.now()).select_related("account")
    token = usable.filter(digest=digest_of(secret.strip())).first()
    if token is None:
        raise unauthorised(_("Make a new token on the page “Access tokens”."))
    return Caller(token)


def check_rate(who: str, most: int) -> None:
    """Count a request of this minute; ProblemError 429 above `most`."""
    now = int(time.time())
    key = f"api.rate.{who}.{now // 60}"
    cache.add(key, 0, timeout=90)
    try:
        count = cache.incr(key)
    except ValueError:
        count = 1  # a full cache has just thrown the counter out
    if count > most:
        raise ProblemError(429, _("Wait a minute; large parts come down as files in one go."),
                      headers={"Retry-After": str(60 - now % 60)})


def address_of(request: HttpRequest) -> str:
    """The client's address; behind our own proxy it is the last one that proxy wrote down."""
    if settings.ALLAUTH_TRUSTED_PROXY_COUNT and (chain := request.headers.get("X-Forwarded-For")):
        return chain.split(",")[-1].strip()[:64]
    return str(request.META.get("REMOTE_ADDR", ""))


def guarded(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Open a view of the API: who asks is known, nothing can be written, and every refusal is a problem."""

    @wraps(view)
    def door(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with translation.override(accepted_language(request)):
            try:
                response = _answer(view, request, *args, **kwargs)
            except Exception as error:
                response = problem_response(request, as_problem(error))
        _open_to_other_sites(request, response)
        if request.META["REQUEST_METHOD"] == "HEAD" and isinstance(response, HttpResponse):
            response.content = b""
        return response

    door.access_rule = "token or public, as each operation says"  # type: ignore[attr-defined]
    door.csrf_exempt = True  # type: ignore[attr-defined]  # no cookie opens anything here
    return door


def _answer(view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
    request.user = AnonymousUser()  # a session opens nothing here
    if request.method not in METHODS:
        raise ProblemError(405, _("Read it by GET."), headers={"Allow": ", ".join(METHODS)})
    request.method = "GET"
    with read_only():
        try:
            caller = caller_of(request)
        except ProblemError:
            check_rate(address_of(request), PER_ADDRESS)  # guessing is slowed down too
            raise
        token = caller.token
        check_rate(f"token.{token.pk}" if token else address_of(request), PER_TOKEN if token else PER_ADDRESS)
        request.user = caller.account
        request.caller = caller  # type: ignore[attr-defined]
        with request_origin(request):
            response = view(request, *args, **kwargs)
    with request_origin(request):
        write_looks()
    return response


def _open_to_other_sites(request: HttpRequest, response: HttpResponseBase) -> None:
    """Scripts of other sites may read what is public; a token never travels by itself, so this opens nothing."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    if "Authorization" in request.headers:
        response["Cache-Control"] = "private, no-store"

"""The two decorators of which every view carries one: `@allow(rule)` or `@public`.

A safe method runs in a read-only transaction of the database itself, so GET cannot write whatever the code does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, Rule, no
from microcities.trail.context import request_origin
from microcities.trail.looks import write_looks
from microcities.ui.errors import method_not_allowed

View = Callable[..., HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD"})


def signed_in(account: Any) -> Answer:
    """Everybody with an account may."""
    return YES if account.is_authenticated else no(_("Sign in first."))


@contextmanager
def read_only() -> Iterator[None]:
    """A transaction in which the database refuses every write, and all queries see one snapshot of each statement."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # After a first question the transaction cannot be made a writing one again.
            cursor.execute("SET TRANSACTION READ ONLY; SELECT")
        yield


def _guarded(
    view: View, rule: Rule | None, methods: tuple[str, ...], writes_on_get: str, own_account: bool = False
) -> View:
    permitted = {*methods, *(["HEAD"] if "GET" in methods else [])}

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in permitted:
            return method_not_allowed(request, permitted)
        if rule is not None and (refusal := _refusal(request, rule, own_account, "GET" in permitted)) is not None:
            return refusal
        with request_origin(request):
            if request.method in SAFE_METHODS and not writes_on_get:
                with read_only():
                    response = _complete(view(request, *args, **kwargs))
            else:
                response = _complete(view(request, *args, **kwargs))
            write_looks()
            return response

    guarded.access_rule = rule or "public"  # type: ignore[attr-defined]
    guarded.writes_on_get = writes_on_get  # type: ignore[attr-defined]
    guarded.own_account = own_account  # type: ignore[attr-defined]
    return cast(View, guarded)


def _complete(response: HttpResponseBase) -> HttpResponseBase:
    """The answer, unless it is only made while it is sent: outside of the transaction, the origin and the log of looks."""
    if response.streaming and not isinstance(response, FileResponse):
        raise TypeError("A streamed answer is made after its guards have gone. Write a file and send that.")
    return response


def _refusal(request: HttpRequest, rule: Rule, own_account: bool, is_page: bool) -> HttpResponse | None:
    if not request.user.is_authenticated:
        # Who has signed in comes back by GET, which the target of a form's button does not take.
        return redirect_to_login(request.get_full_path()) if is_page else redirect("account_login")
    pending = getattr(request.user, "pending_step", None)
    if pending is not None and (step := pending(request)) is not None:
        return redirect(step)
    if not (answer := rule(request.user)):
        raise PermissionDenied(answer.reason)
    if request.method not in SAFE_METHODS and not own_account and getattr(request.user, "is_read_only", False):
        raise PermissionDenied(_("Your role reads and changes nothing."))
    return None


def allow(
    rule: Rule, *, methods: tuple[str, ...] = ("GET",), writes_on_get: str = "", own_account: bool = False
) -> Callable[[View], View]:
    """Open a view to the accounts for which `rule(account)` answers yes.

    `methods` are the HTTP methods the view takes. `writes_on_get` is the reason why a GET of this view must write;
    it is empty for all views but those that an outside protocol forces (an identity provider's redirect).
    `own_account` marks a view that changes nothing but the visitor's own account, so a role that reads only may use it.
    """
    return lambda view: _guarded(view, rule, methods, writes_on_get, own_account)


def public(view: View | None = None, *, methods: tuple[str, ...] = ("GET",), writes_on_get: str = "") -> Any:
    """Open a view to everybody, signed in or not."""
    if view is None:
        return lambda inner: _guarded(inner, None, methods, writes_on_get)
    return _guarded(view, None, methods, writes_on_get)

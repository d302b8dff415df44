"""Error pages that say what happened, why, and what to do now. The URL map names them as its handlers.

handler400 = "microcities.ui.errors.bad_request"    (403, 404, 500 likewise)
CSRF_FAILURE_VIEW = "microcities.ui.errors.csrf_failure"
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from microcities.ui.pages import page
from microcities.ui.shell import build_shell


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400."""
    return _error(
        request,
        400,
        what=_("This request cannot be understood"),
        why=_("The address or the data that came with it is damaged or incomplete."),
        remedy=_("Go back, reload the page and try again."),
    )


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403; the reason is the one the refusing rule gave, when it gave one."""
    return _error(
        request,
        403,
        what=_("You may not open this page"),
        why=str(exception or "") or _("Your account has no role that allows it."),
        remedy=_(
            "If you need it for your work, ask your programme coordinator for the role,"
            " or sign in with another account."
        ),
    )


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404. The exception is not shown: it may name things that this visitor must not know of."""
    return _error(
        request,
        404,
        what=_("There is no such page"),
        why=_("The address is mistyped, the page has moved, or it is not open to you."),
        remedy=_("Check the address, or start from the home page."),
    )


@requires_csrf_token
def method_not_allowed(request: HttpRequest, permitted: Iterable[str]) -> HttpResponse:
    """Answer 405: mostly the address of a form's button, opened or reloaded as a page."""
    response = _error(
        request,
        405,
        what=_("This address is not a page"),
        why=_("It only takes what a form sends, and this request was not sent by its button."),
        remedy=_("Go back to the page with the form, or start from the home page."),
    )
    response.headers["Allow"] = ", ".join(sorted(permitted))
    return response


def rule_missing(request: HttpRequest, rule: str) -> HttpResponse:
    """Answer 501 where a page rests on a rule that is not in force at the place, or on the day, that it is asked for."""
    return _error(
        request,
        501,
        what=_("A rule is missing for this page"),
        why=_("“%(rule)s” is not in force here on the day that was asked for.") % {"rule": rule},
        remedy=_("Choose another day. If that does not help, ask whoever runs this platform to add the rule."),
    )


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with nothing that could fail again: no query, no session."""
    context = {
        "shell": build_shell(None),
        "status": 500,
        "what": _("Something broke on our side"),
        "why": _("It is our fault, not yours. The fault has been recorded."),
        "remedy": _("Wait a minute and try again. Go back: what you typed is usually still there."),
    }
    return HttpResponse(render_to_string("ui/error.html", context), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form's token is missing or old."""
    return _error(
        request,
        403,
        what=_("The form was open for too long"),
        why=_(
            "For your safety a form can be sent only from the session in which it was opened,"
            " with cookies allowed."
        ),
        remedy=_("Go back, reload the page and send the form again. Copy long answers first."),
    )


def _error(request: HttpRequest, status: int, *, what: str, why: str, remedy: str) -> HttpResponse:
    context = {"status": status, "what": what, "why": why, "remedy": remedy}
    return page(request, "ui/error.html", context, status=status)

"""The addresses of the tests of the component set."""

from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

handler400 = "microcities.ui.errors.bad_request"
handler403 = "microcities.ui.errors.permission_denied"
handler404 = "microcities.ui.errors.not_found"
handler500 = "microcities.ui.errors.server_error"


def forbidden(request: HttpRequest) -> HttpResponse:
    raise PermissionDenied("Only the auditor may read this.")


def broken(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("secret detail")


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse("home")


urlpatterns = i18n_patterns(
    path("", echo, name="home"),
    path("results/", echo, name="results"),
    path("results/summer/", echo, name="results-summer"),
    path("forbidden/", forbidden),
    path("broken/", broken),
    path("sign-in/", echo, name="account_login"),
    path("design/", include("microcities.ui.urls")),
    prefix_default_language=False,
)

"""Security headers that neither Django nor django-csp sets, and those that must stand also on Django's own refusals."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

HEADERS = {
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    # SecurityMiddleware sets these on what it lets through, not on what it refuses or redirects itself.
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
}


# For a page that reads QR codes: its own scripts may ask for the camera, and nobody else's.
WITH_CAMERA = HEADERS["Permissions-Policy"].replace("camera=()", "camera=(self)")


class SecurityHeadersMiddleware:
    """Adds the headers, and forbids shared caches to keep pages of somebody signed in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

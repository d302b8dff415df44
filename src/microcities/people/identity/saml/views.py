"""The addresses of a SAML provider. The assertion is judged where it arrives and never stored, not even for a moment.

A browser sends no session cookie with the provider's cross-site POST. So the first address checks the assertion, keeps
an Identity (hashes and names) for a minute under a random number, and the second address, reached with the session
again, checks that this very browser had asked.
"""

import logging
from importlib import import_module
from typing import Any

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login, render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.views import BaseLoginView
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from microcities.access.guards import public
from microcities.people.identity.identity import Identity, IdentityError, identity_from
from microcities.people.identity.saml.provider import (
    EMAILS,
    FAMILY_NAMES,
    GIVEN_NAMES,
    SamlProvider,
    first,
    saml_exchange,
    saml_settings,
)

logger = logging.getLogger(__name__)
SessionStore = import_module(settings.SESSION_ENGINE).SessionStore
HANDOVER_COOKIE = "__Secure-saml_handover" if settings.SESSION_COOKIE_SECURE else "saml_handover"
HANDOVER_SECONDS = 60
OUTSIDE = "the browser comes back from the provider and begins a session"


class _LoginView(BaseLoginView):
    def get_provider(self) -> SamlProvider:
        return _provider(self.request, self.kwargs["organization_slug"])


@public(methods=("GET", "POST"), writes_on_get=OUTSIDE)
def login(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """Ask before leaving (GET), leave for the provider (POST)."""
    return _LoginView.as_view()(request, organization_slug=organization_slug)


@csrf_exempt  # the provider's own page sends this form; the answer is tied to our request by its number
@public(methods=("POST",))
def acs(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """Take the provider's assertion, check it, and hand its Identity over to `finish`."""
    provider = _provider(request, organization_slug)
    try:
        handover = _judge(provider, request)
    except IdentityError as error:
        logger.warning("SAML answer of %s refused: %s", organization_slug, error)
        return render_authentication_error(request, provider)
    store = SessionStore()
    store.update(handover)
    store.set_expiry(HANDOVER_SECONDS)
    store.save()
    path = reverse("saml_finish_acs", kwargs={"organization_slug": organization_slug})
    response = HttpResponseRedirect(path)
    response.set_cookie(
        HANDOVER_COOKIE, store.session_key, max_age=HANDOVER_SECONDS, path=path, httponly=True, samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
    return response


@public(writes_on_get=OUTSIDE)
def finish_acs(request: HttpRequest, organization_slug: str) -> HttpResponseBase:
    """Sign in with the Identity that was handed over, if this browser's session had asked the provider for it."""
    provider = _provider(request, organization_slug)
    store = SessionStore(request.COOKIES.get(HANDOVER_COOKIE))
    identity, asked_as, asked_of = store.get("identity"), store.get("in_response_to"), store.get("provider")
    store.delete()
    if not identity or asked_of != organization_slug:
        return render_authentication_error(request, provider)
    try:
        state = provider.unstash_redirect_state(request, asked_as)
    except PermissionDenied:
        return render_authentication_error(request, provider)
    social_login = provider.sociallogin_from_response(request, Identity(**identity))
    social_login.state = state
    response = complete_social_login(request, social_login)
    response.delete_cookie(HANDOVER_COOKIE, path=request.path)
    return response


@public
def metadata(request: HttpRequest, organization_slug: str) -> HttpResponse:
    """What the provider's operator needs to know about this installation, as SAML metadata."""
    provider = _provider(request, organization_slug)
    known = OneLogin_Saml2_Settings(settings=saml_settings(provider.app), sp_validation_only=True)
    return HttpResponse(known.get_sp_metadata(), content_type="application/samlmetadata+xml")


def _provider(request: HttpRequest, organization_slug: str) -> SamlProvider:
    try:
        app = get_adapter().get_app(request, provider=SamlProvider.id, client_id=organization_slug)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    return app.get_provider(request)


def _judge(provider: SamlProvider, request: HttpRequest) -> dict[str, Any]:
    """The Identity of a valid assertion and the number of the request it answers; IdentityError says why not."""
    exchange = saml_exchange(provider.app, {"SAMLResponse": request.POST.get("SAMLResponse", "")})
    try:
        exchange.process_response()
    except Exception as error:  # whatever a hostile text does to the parsers below is a refusal, not a fault of ours
        raise IdentityError(type(error).__name__) from None
    if exchange.get_errors() or not exchange.is_authenticated():
        raise IdentityError(", ".join(exchange.get_errors()) or "not authenticated")
    asked_as = exchange.get_last_response_in_response_to()
    if not asked_as:
        raise IdentityError("nobody asked for this answer")
    attributes = exchange.get_attributes()
    fields = {
        "given_name": first(attributes, GIVEN_NAMES),
        "family_name": first(attributes, FAMILY_NAMES),
        "email": first(attributes, EMAILS),
    }
    naming = provider.app.settings["names_people_by"]
    identity = identity_from(exchange.get_nameid(), naming, fields, provider=provider.app.provider_id)
    return {
        "identity": identity.as_data(),
        "in_response_to": asked_as,
        "provider": provider.app.client_id,
    }

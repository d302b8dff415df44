"""The two addresses of an OpenID Connect provider: where people leave for it, and where they come back."""

import logging
from typing import Any

from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.http import Http404, HttpRequest, HttpResponseBase
from requests import RequestException

from microcities.access.guards import public
from microcities.people.identity.oidc.provider import OidcAdapter

logger = logging.getLogger(__name__)
OUTSIDE = "the provider's redirect is a GET that begins a session"


class _CallbackView(OAuth2CallbackView):
    """allauth's own, which tells the adapter which nonce was sent."""

    def _get_state(self, request: HttpRequest, provider: Any) -> tuple[Any, Any]:
        state, response = super()._get_state(request, provider)
        self.adapter.expected_nonce = (state or {}).get("nonce", "")
        return state, response


@public(methods=("GET", "POST"), writes_on_get=OUTSIDE)
def login(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Ask before leaving (GET), leave for the provider (POST)."""
    return _answer(OAuth2LoginView, request, provider_id)


@public(writes_on_get=OUTSIDE)
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Where the provider sends people back."""
    return _answer(_CallbackView, request, provider_id)


def _answer(view: Any, request: HttpRequest, provider_id: str) -> HttpResponseBase:
    adapter = OidcAdapter(request, provider_id)
    try:
        provider = adapter.get_provider()
    except SocialApp.DoesNotExist:
        raise Http404 from None
    try:
        return view.adapter_view(adapter)(request)
    except (OAuth2Error, RequestException, KeyError) as error:  # it is away, or does not speak the protocol
        logger.warning("OpenID Connect provider %s failed: %s", provider_id, type(error).__name__)
        return render_authentication_error(request, provider)

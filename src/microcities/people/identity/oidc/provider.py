"""The OpenID Connect provider as allauth sees it: it only ever handles an Identity, never the provider's claims."""

import json
import secrets
from typing import Any

import jwt
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from microcities.people.identity.identity import Identity, IdentityError, identity_from
from microcities.people.mail import absolute_url

ALGORITHMS = ("RS256", "PS256", "ES256", "RS384", "ES384", "RS512", "ES512", "EdDSA")
CLOCK_SKEW_SECONDS = 60
REQUIRED_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nonce"]


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """Turns the answer of the token endpoint into an Identity, after checking all that the standard asks for."""

    expected_nonce = ""

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself; raises OAuth2Error when it speaks for another issuer than we trust."""
        known: dict[str, Any] = super().openid_config
        if str(known.get("issuer", "")).rstrip("/") != self.get_provider().app.settings["server_url"]:
            raise OAuth2Error("the provider's description names another issuer")
        return known

    def complete_login(self, request: HttpRequest, app: Any, token: Any, **kwargs: Any) -> SocialLogin:
        """The login behind a token response; raises OAuth2Error when the ID token is not what was asked for."""
        claims = self._checked_claims(app, str(kwargs["response"].get("id_token") or ""))
        if "userinfo_endpoint" in self.openid_config:
            info = self._fetch_user_info(token.token)
            if info.get("sub") != claims["sub"]:
                raise OAuth2Error("userinfo speaks of another subject")
            claims = {**info, **claims}
        identifier = str(claims.get(app.settings["claim"]) or "")
        try:
            identity = identity_from(
                identifier, app.settings["names_people_by"], claims, provider=app.provider_id
            )
        except IdentityError as error:
            raise OAuth2Error(str(error)) from None
        return self.get_provider().sociallogin_from_response(request, identity)

    def _checked_claims(self, app: Any, id_token: str) -> dict[str, Any]:
        """Signature, issuer, audience, times and nonce of the ID token (OpenID Connect Core 1.0, 3.1.3.7)."""
        try:
            header = jwt.get_unverified_header(id_token)
            if header.get("alg") not in ALGORITHMS:
                raise OAuth2Error("the ID token is signed in a way that is not allowed")
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key=self._signing_key(header.get("kid")),
                algorithms=[header["alg"]],
                audience=app.client_id,
                issuer=self.openid_config["issuer"],
                leeway=CLOCK_SKEW_SECONDS,
                options={"require": REQUIRED_CLAIMS},
            )
        except jwt.PyJWTError as error:
            raise OAuth2Error(f"the ID token is refused: {type(error).__name__}") from None
        if not self.expected_nonce or not secrets.compare_digest(str(claims["nonce"]), self.expected_nonce):
            raise OAuth2Error("the ID token was made for another request")
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != app.client_id:
            raise OAuth2Error("the ID token was made for another client")
        return claims

    def _signing_key(self, kid: str | None) -> jwt.PyJWK:
        with get_adapter().get_requests_session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
        for key in response.json().get("keys", []):
            if key.get("kid") == kid and key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig":
                return jwt.PyJWK.from_json(json.dumps(key))
        raise OAuth2Error("the ID token is signed with an unknown key")

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:
        """The one address to which the provider sends people back, whatever language they read."""
        with translation.override("lv"):
            return absolute_url(reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id}))


class OidcProvider(OpenIDConnectProvider):
    """OpenID Connect with a nonce, and without a way to widen the request from the address bar."""

    package = "microcities.people.identity.oidc"
    oauth2_adapter_class = OidcAdapter
    supports_token_authentication = False

    def redirect(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send the person to the provider; the nonce waits in the session's state for the answer."""
        nonce = secrets.token_urlsafe(24)
        kwargs["auth_params"] = {**self.get_auth_params(), "nonce": nonce}
        return super().redirect(request, *args, nonce=nonce, **kwargs)

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        """Nothing from the address is passed on."""
        return self.get_auth_params()

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """Nothing from the address is passed on."""
        return self.get_scope()

    def sociallogin_from_response(self, request: HttpRequest, response: Identity) -> SocialLogin:
        """A login that carries its Identity, for the adapter to tie it to a person."""
        login = super().sociallogin_from_response(request, response)
        login.identity = response
        return login

    def extract_uid(self, data: Identity) -> str:
        return data.uid

    def extract_extra_data(self, data: Identity) -> dict[str, Any]:
        """Nothing: allauth's table keeps no copy of what a provider says of a person."""
        return {}

    def extract_common_fields(self, data: Identity) -> dict[str, Any]:
        return {"email": data.email or None}

    def extract_email_addresses(self, data: Identity) -> list[EmailAddress]:
        if not data.email:
            return []
        return [EmailAddress(email=data.email, verified=data.email_verified, primary=True)]

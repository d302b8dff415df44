"""The SAML provider as allauth sees it: it only ever handles an Identity, never an assertion."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from onelogin.saml2.auth import OneLogin_Saml2_Auth

from microcities.people.identity.identity import Identity
from microcities.people.mail import absolute_url

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
GIVEN_NAMES = ("urn:oid:2.5.4.42", "givenName", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname")
FAMILY_NAMES = ("urn:oid:2.5.4.4", "surname", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname")
EMAILS = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "email",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
)


def saml_address(name: str, provider_id: str) -> str:
    """The full address of one of our SAML pages: the same in every language, because metadata names it once."""
    with translation.override("lv"):
        return absolute_url(reverse(name, kwargs={"organization_slug": provider_id}))


def saml_settings(app: Any) -> dict[str, Any]:
    """python3-saml's settings of one provider: strict, assertions signed, old algorithms refused."""
    return {
        "strict": True,
        "security": {
            "wantAssertionsSigned": True,
            "wantNameId": True,
            "wantAttributeStatement": False,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "authnRequestsSigned": False,
            "allowSingleLabelDomains": False,
        },
        "sp": {
            "entityId": app.settings["sp_entity_id"] or saml_address("saml_metadata", app.client_id),
            "assertionConsumerService": {"url": saml_address("saml_acs", app.client_id), "binding": POST_BINDING},
            "NameIDFormat": app.settings["name_id_format"],
        },
        "idp": {
            "entityId": app.settings["entity_id"],
            "singleSignOnService": {"url": app.settings["sso_url"]},
            "x509cert": app.settings["certificate"],
        },
    }


def saml_exchange(app: Any, post: dict[str, str] | None = None) -> OneLogin_Saml2_Auth:
    """An exchange with the provider; `post` is the form it sent to us."""
    acs = saml_address("saml_acs", app.client_id)
    scheme, _, rest = acs.partition("://")
    host, _, path = rest.partition("/")
    return OneLogin_Saml2_Auth(
        {
            "https": "on" if scheme == "https" else "off",
            "http_host": host,
            "script_name": f"/{path}",
            "get_data": {},
            "post_data": post or {},
        },
        saml_settings(app),
    )


def first(attributes: dict[str, list[str]], names: tuple[str, ...]) -> str:
    """The first value of the first attribute that the assertion has."""
    return next((attributes[name][0] for name in names if attributes.get(name)), "")


class SamlProvider(SAMLProvider):
    """SAML without a copy of the assertion anywhere."""

    package = "microcities.people.identity.saml"

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        """Send the person to the provider; the number of the request waits in the session for the answer."""
        exchange = saml_exchange(self.app)
        address = exchange.login(return_to="")
        self.stash_redirect_state(
            request, process, next_url, data, state_id=exchange.get_last_request_id(), **kwargs
        )
        return HttpResponseRedirect(address)

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

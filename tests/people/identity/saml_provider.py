"""A small SAML identity provider: it reads our request and answers with an assertion it signs itself."""

import base64
import uuid
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from lxml import etree
from onelogin.saml2.utils import OneLogin_Saml2_Utils

NAME_FORMAT = "urn:ivis:100001:name.id-viss"
ISSUER = "https://idp.example.test/metadata"


def instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SamlIdp:
    """What the provider says; a test changes single fields to make it lie."""

    key: str
    certificate: str
    name_id: str = "PK:161175-19997"
    attributes: dict[str, str] = field(default_factory=dict)
    issuer: str = ISSUER
    audience: str = ""
    recipient: str = ""
    in_response_to: str | None = None
    lifetime: timedelta = timedelta(minutes=2)
    signed: bool = True

    def answer(self, address: str) -> str:
        """The SAMLResponse form field with which the provider sends the browser back, for our redirect's address."""
        packed = parse_qs(urlsplit(address).query)["SAMLRequest"][0]
        request = etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))
        acs = str(request.get("AssertionConsumerServiceURL"))
        issuer = request.find("{urn:oasis:names:tc:SAML:2.0:assertion}Issuer")
        assert issuer is not None
        asked = self.in_response_to if self.in_response_to is not None else str(request.get("ID"))
        assertion = self._assertion(asked, self.audience or str(issuer.text), self.recipient or acs)
        if self.signed:
            assertion = OneLogin_Saml2_Utils.add_sign(assertion, self.key, self.certificate).decode()
        return base64.b64encode(self._response(assertion, asked, acs).encode()).decode()

    def _assertion(self, asked: str, audience: str, recipient: str) -> str:
        now = datetime.now(UTC)
        end = instant(now + self.lifetime)
        attributes = "".join(
            f'<saml:Attribute Name="{name}"><saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>'
            for name, value in self.attributes.items()
        )
        statement = f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>" if attributes else ""
        reply = f' InResponseTo="{asked}"' if asked else ""
        return (
            f'<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_{uuid.uuid4().hex}" Version="2.0"'
            f' IssueInstant="{instant(now)}"><saml:Issuer>{self.issuer}</saml:Issuer><saml:Subject>'
            f'<saml:NameID Format="{NAME_FORMAT}">{self.name_id}</saml:NameID>'
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">'
            f'<saml:SubjectConfirmationData NotOnOrAfter="{end}" Recipient="{recipient}"{reply}/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{instant(now - timedelta(minutes=5))}" NotOnOrAfter="{end}">'
            f"<saml:AudienceRestriction><saml:Audience>{audience}</saml:Audience></saml:AudienceRestriction>"
            f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{instant(now)}"><saml:AuthnContext>'
            "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:X509</saml:AuthnContextClassRef>"
            f"</saml:AuthnContext></saml:AuthnStatement>{statement}</saml:Assertion>"
        )

    def _response(self, assertion: str, asked: str, acs: str) -> str:
        reply = f' InResponseTo="{asked}"' if asked else ""
        return (
            '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol"'
            ' xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"'
            f' ID="_{uuid.uuid4().hex}" Version="2.0" IssueInstant="{instant(datetime.now(UTC))}"'
            f' Destination="{acs}"{reply}><saml:Issuer>{self.issuer}</saml:Issuer><samlp:Status>'
            '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>'
            f"{assertion}</samlp:Response>"
        )


def idp_of(key: Path, certificate: Path, **fields: object) -> SamlIdp:
    return SamlIdp(key=key.read_text(), certificate=certificate.read_text(), **fields)

"""Reads which identity providers an installation trusts from one TOML file, and refuses a file it cannot trust.

The file is named by MICROCITIES_IDENTITY_PROVIDERS. Each provider is one table:

    [[provider]]
    kind = "oidc"                       # or "saml"
    id = "latvija-lv"                   # part of its addresses: letters, digits, hyphens
    name = "Latvija.lv"                 # what people read on the button
    names_people_by = "vpm"             # vpm, eidas, or opaque (a number that means nothing outside the provider)
    server_url = "https://..."          # oidc: the issuer
    client_id = "..."                   # oidc
    client_secret_file = "/run/..."     # oidc: the secret stands in a file of its own
    entity_id = "https://..."           # saml: of the provider
    sso_url = "https://..."             # saml
    certificate_file = "/etc/..."       # saml: PEM with which the provider signs

Django is not needed to read it: settings do, before Django is there.
"""

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

OIDC_CLASS = "microcities.people.identity.oidc.provider.OidcProvider"
SAML_CLASS = "microcities.people.identity.saml.provider.SamlProvider"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
PEM = re.compile(r"-----BEGIN CERTIFICATE-----(.+?)-----END CERTIFICATE-----", re.DOTALL)


class ProviderFileError(Exception):
    """The file of identity providers cannot be used; the message says which entry, which key and why."""


def _encrypted_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK):
        return url.rstrip("/")
    raise ValueError("the address must begin with https://")


Address = Annotated[str, AfterValidator(_encrypted_address)]
Naming = Literal["vpm", "eidas", "opaque"]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,38}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Slug
    name: Annotated[str, Field(min_length=1, max_length=60)]
    names_people_by: Naming = "opaque"


class OidcEntry(_Entry):
    """A provider that speaks OpenID Connect with the authorization code flow."""

    kind: Literal["oidc"]
    server_url: Address
    client_id: Annotated[str, Field(min_length=1)]
    client_secret_file: Path
    claim: Annotated[str, Field(min_length=1)] = "sub"
    scope: tuple[str, ...] = ("openid", "profile", "email")
    email_is_verified: bool = False


class SamlEntry(_Entry):
    """A provider that speaks SAML 2.0 with the web browser profile, answers by POST and signs its assertions."""

    kind: Literal["saml"]
    entity_id: Annotated[str, Field(min_length=1)]
    sso_url: Address
    certificate_file: Path
    name_id_format: str = "urn:ivis:100001:name.id-viss"
    sp_entity_id: str = ""
    email_is_verified: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    provider: tuple[Annotated[OidcEntry | SamlEntry, Field(discriminator="kind")], ...] = ()


def read_providers(path: str | None) -> dict[str, Any]:
    """The value of SOCIALACCOUNT_PROVIDERS; without a file no provider is offered. Raises ProviderFileError."""
    if not path:
        return as_setting(())
    try:
        with open(path, "rb") as file:
            data = tomllib.load(file)
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise ProviderFileError(f"{path}: {error}") from error
    try:
        entries = _File.model_validate(data).provider
    except ValidationError as error:
        lines = (f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
        raise ProviderFileError(f"{path}: " + "; ".join(lines)) from error
    ids = [entry.id for entry in entries]
    if len(set(ids)) != len(ids):
        raise ProviderFileError(f"{path}: two providers have the same id")
    return as_setting(entries)


def as_setting(entries: tuple[OidcEntry | SamlEntry, ...]) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS of django-allauth for these entries; reads the secrets and certificates they name."""
    return {
        "openid_connect": {
            "provider_class": OIDC_CLASS,
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [_oidc(entry) for entry in entries if isinstance(entry, OidcEntry)],
        },
        "saml": {
            "provider_class": SAML_CLASS,
            "APPS": [_saml(entry) for entry in entries if isinstance(entry, SamlEntry)],
        },
    }


def _oidc(entry: OidcEntry) -> dict[str, Any]:
    return {
        "provider_id": entry.id,
        "name": entry.name,
        "client_id": entry.client_id,
        "secret": _read(entry.client_secret_file, entry.id).strip(),
        "settings": {
            "server_url": entry.server_url,
            "scope": list(entry.scope),
            "claim": entry.claim,
            "names_people_by": entry.names_people_by,
            "verified_email": entry.email_is_verified,
        },
    }


def _saml(entry: SamlEntry) -> dict[str, Any]:
    found = PEM.search(_read(entry.certificate_file, entry.id))
    if not found:
        raise ProviderFileError(f"{entry.id}: {entry.certificate_file} holds no PEM certificate")
    return {
        "provider_id": entry.id,
        "name": entry.name,
        "client_id": entry.id,
        "secret": "",
        "settings": {
            "entity_id": entry.entity_id,
            "sso_url": entry.sso_url,
            "certificate": "".join(found[1].split()),
            "name_id_format": entry.name_id_format,
            "sp_entity_id": entry.sp_entity_id,
            "names_people_by": entry.names_people_by,
            "verified_email": entry.email_is_verified,
        },
    }


def _read(path: Path, provider: str) -> str:
    try:
        return path.read_text()
    except OSError as error:
        raise ProviderFileError(f"{provider}: {path} cannot be read: {os.strerror(error.errno or 0)}") from error

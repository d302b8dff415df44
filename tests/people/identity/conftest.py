"""Providers that run on this machine, and a look for a planted code in everything that is stored or logged."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection

from microcities.people.providers import read_providers
from tests.people.identity.oidc_server import CLIENT_ID, CLIENT_SECRET, OidcServer


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def oidc(tmp_path: Path, settings: object) -> Iterator[OidcServer]:
    """A running provider that the platform trusts under the id `test`, naming people as VPM does."""
    with OidcServer() as server:
        (tmp_path / "secret").write_text(CLIENT_SECRET)
        (tmp_path / "providers.toml").write_text(
            f"""[[provider]]
kind = "oidc"
id = "test"
name = "Latvija.lv (test)"
names_people_by = "vpm"
server_url = "{server.issuer}"
client_id = "{CLIENT_ID}"
client_secret_file = "{tmp_path / 'secret'}"
email_is_verified = true
"""
        )
        settings.SOCIALACCOUNT_PROVIDERS = read_providers(str(tmp_path / "providers.toml"))
        yield server


def everything_stored() -> str:
    """All rows of all tables as text, sessions decoded."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            texts += [row[0] for row in cursor.fetchall()]
            if table == "people_session":
                cursor.execute("SELECT session_data FROM people_session")
                texts += [decoded(row[0]) for row in cursor.fetchall()]
    return "\n".join(texts)


def decoded(data: str) -> str:
    """The content of a session."""
    from microcities.people.session_store import SessionStore

    return repr(SessionStore().decode(data))


def make_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A key and a self-signed certificate in PEM files."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2",
         "-subj", f"/CN={name}"],
        check=True, capture_output=True,
    )
    return key, certificate

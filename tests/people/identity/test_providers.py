"""The file of identity providers: what it becomes, and that a doubtful one stops the platform from starting."""

from pathlib import Path

import pytest

from microcities.people.providers import ProviderFileError, read_providers

OIDC = """[[provider]]
kind = "oidc"
id = "test"
name = "Test"
server_url = "https://idp.example.test/"
client_id = "me"
client_secret_file = "{secret}"
"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("s3cret\n")
    return tmp_path / "secret"


def written(tmp_path: Path, text: str) -> str:
    (tmp_path / "providers.toml").write_text(text)
    return str(tmp_path / "providers.toml")


def test_without_a_file_no_provider_is_offered() -> None:
    setting = read_providers(None)
    assert (setting["openid_connect"]["APPS"], setting["saml"]["APPS"]) == ([], [])


def test_oidc_entry_becomes_allauths_setting(tmp_path: Path, secret: Path) -> None:
    app = read_providers(written(tmp_path, OIDC.format(secret=secret)))["openid_connect"]["APPS"][0]
    assert (app["provider_id"], app["secret"]) == ("test", "s3cret")
    assert app["settings"]["server_url"] == "https://idp.example.test"
    assert app["settings"]["names_people_by"] == "opaque"


@pytest.mark.parametrize(
    ("find", "put", "reason"),
    [
        ("https://idp", "http://idp", "the address must begin with https://"),
        ('kind = "oidc"', 'kind = "ldap"', "provider.0"),
        ('id = "test"', 'id = "Te st"', "provider.0.oidc.id"),
        ('name = "Test"', 'name = "Test"\ncolour = "red"', "provider.0.oidc.colour"),
        ('client_id = "me"', "", "provider.0.oidc.client_id"),
        ("[[provider]]", "[[provider", "providers.toml"),
    ],
)
def test_mistake_is_named(tmp_path: Path, secret: Path, find: str, put: str, reason: str) -> None:
    with pytest.raises(ProviderFileError, match=reason.replace(".", r"\.")) as caught:
        read_providers(written(tmp_path, OIDC.format(secret=secret).replace(find, put)))
    assert "s3cret" not in str(caught.value)


def test_missing_secret_or_file_or_certificate_is_named(tmp_path: Path, secret: Path) -> None:
    with pytest.raises(ProviderFileError, match="cannot be read"):
        read_providers(written(tmp_path, OIDC.format(secret=tmp_path / "none")))
    with pytest.raises(ProviderFileError, match="No such file"):
        read_providers(str(tmp_path / "none.toml"))
    saml = (
        f'[[provider]]\nkind = "saml"\nid = "s"\nname = "S"\nentity_id = "e"\nsso_url = "https://i.example.test"\n'
        f'certificate_file = "{secret}"\n'
    )
    with pytest.raises(ProviderFileError, match="holds no PEM certificate"):
        read_providers(written(tmp_path, saml))


def test_two_providers_with_one_id_are_refused(tmp_path: Path, secret: Path) -> None:
    with pytest.raises(ProviderFileError, match="same id"):
        read_providers(written(tmp_path, OIDC.format(secret=secret) * 2))

"""Signing in by SAML with really signed assertions: right ones are taken once, all others are refused."""

import base64
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.socialaccount.models import SocialAccount
from django.http import HttpResponse
from django.test import Client

from microcities.people.codes import code_hash
from microcities.people.models import Account, Person, Session
from microcities.people.providers import read_providers
from tests.people.identity.conftest import everything_stored, make_certificate
from tests.people.identity.saml_provider import ISSUER, SamlIdp, idp_of
from tests.world import World

pytestmark = pytest.mark.django_db
CODE, PLAIN = "161175-19997", "16117519997"
ATTRIBUTES = {"givenName": "Līga", "surname": "Bērziņa", "email": "liga@example.org"}


@pytest.fixture
def idp(tmp_path: Path, settings: object) -> SamlIdp:
    """A provider that the platform trusts under the id `viss`."""
    settings.ALLOWED_HOSTS = ["127.0.0.1", "testserver"]
    key, certificate = make_certificate(tmp_path, "idp")
    (tmp_path / "providers.toml").write_text(
        f"""[[provider]]
kind = "saml"
id = "viss"
name = "VISS (test)"
names_people_by = "vpm"
entity_id = "{ISSUER}"
sso_url = "https://idp.example.test/sso"
certificate_file = "{certificate}"
email_is_verified = true
"""
    )
    settings.SOCIALACCOUNT_PROVIDERS = read_providers(str(tmp_path / "providers.toml"))
    return idp_of(key, certificate, attributes=dict(ATTRIBUTES))


def leave(client: Client) -> str:
    answer = client.post("/accounts/saml/viss/login/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("https://idp.example.test/sso?SAMLRequest=")
    return answer["Location"]


def bring(client: Client, response: str) -> HttpResponse:
    """The provider's page sends its form from another site: without our session cookie, which is SameSite=Lax."""
    session = client.cookies.pop("sessionid", None)
    answer = client.post("/accounts/saml/viss/acs/", {"SAMLResponse": response})
    if session is not None:
        client.cookies["sessionid"] = session.value
    return client.get(answer["Location"]) if answer.status_code == 302 else answer


def sign_in(client: Client, idp: SamlIdp) -> HttpResponse:
    return bring(client, idp.answer(leave(client)))


def test_signed_assertion_signs_in_and_ties_the_person(idp: SamlIdp, client: Client) -> None:
    answer = sign_in(client, idp)
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    person = Account.objects.get().person
    assert person is not None
    assert (person.name, bytes(person.code_hash)) == ("Līga Bērziņa", code_hash(CODE))


def test_known_person_is_found_by_hash(world: World, idp: SamlIdp, client: Client) -> None:
    world.pupil.emailaddress_set.create(email=world.pupil.email, verified=True, primary=True)
    Person.objects.filter(pk=world.peteris.pk).update(code_hash=code_hash(CODE))
    idp.name_id, idp.attributes = f"AU:90000051970-PK:{PLAIN}", {}
    sign_in(client, idp)
    assert client.session["_auth_user_id"] == str(world.pupil.pk)


def refused(client: Client, idp: SamlIdp) -> bool:
    answer = sign_in(client, idp)
    return answer.status_code == 401 and "_auth_user_id" not in client.session and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "lie",
    [
        {"signed": False},
        {"audience": "https://another.example.test/"},
        {"recipient": "https://another.example.test/acs/"},
        {"issuer": "https://another-idp.example.test/"},
        {"lifetime": timedelta(minutes=-10)},
        {"in_response_to": "ONELOGIN_0000"},
        {"in_response_to": ""},
        {"name_id": "DP:16117519997"},
        {"name_id": "16117519997"},
    ],
    ids=lambda lie: next(f"{name}-{value}" for name, value in lie.items())[:40],
)
def test_lie_is_refused(idp: SamlIdp, client: Client, lie: dict[str, object]) -> None:
    for name, value in lie.items():
        setattr(idp, name, value)
    assert refused(client, idp)


def test_assertion_signed_by_somebody_else_is_refused(idp: SamlIdp, client: Client, tmp_path: Path) -> None:
    stranger = idp_of(*make_certificate(tmp_path, "stranger"))
    assert refused(client, stranger)


def test_assertion_changed_after_signing_is_refused(idp: SamlIdp, client: Client) -> None:
    changed = base64.b64decode(idp.answer(leave(client))).replace(b"161175-19997", b"328673-00679")
    assert bring(client, base64.b64encode(changed).decode()).status_code == 401


def test_assertion_is_taken_once(idp: SamlIdp, client: Client) -> None:
    response = idp.answer(leave(client))
    assert bring(client, response).status_code == 302
    client.post("/accounts/logout/")
    assert bring(client, response).status_code == 401


def test_assertion_in_another_browser_is_refused(idp: SamlIdp, client: Client) -> None:
    response = idp.answer(leave(client))
    assert bring(Client(), response).status_code == 401


def test_rubbish_is_refused(idp: SamlIdp, client: Client) -> None:
    leave(client)
    for rubbish in ("", "not base64!", base64.b64encode(b"<a>").decode(), base64.b64encode(b"<a/>").decode()):
        assert bring(client, rubbish).status_code == 401


def test_entities_in_the_answer_are_not_expanded(idp: SamlIdp, client: Client) -> None:
    leave(client)
    bomb = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    assert bring(client, base64.b64encode(bomb).decode()).status_code == 401


def test_handover_cookie_is_short_private_and_used_up(idp: SamlIdp, client: Client) -> None:
    response = idp.answer(leave(client))
    answer = client.post("/accounts/saml/viss/acs/", {"SAMLResponse": response})
    cookie = answer.cookies["saml_handover"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 60)
    assert cookie["path"] == "/accounts/saml/viss/acs/finish/"
    client.get(answer["Location"])
    assert not Session.objects.filter(session_key=cookie.value).exists()


def test_metadata_names_the_address_and_no_secret(idp: SamlIdp, client: Client) -> None:
    text = client.get("/accounts/saml/viss/metadata/").content.decode()
    assert "http://127.0.0.1:8000/accounts/saml/viss/acs/" in text
    assert client.get("/accounts/saml/other/metadata/").status_code == 404


def test_personal_code_is_nowhere(idp: SamlIdp, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = ""
    half_way = client.post("/accounts/saml/viss/acs/", {"SAMLResponse": idp.answer(leave(client))})
    assert half_way.status_code == 302
    seen += everything_stored() + str(half_way.headers)
    assert code_hash(CODE).hex() in seen
    client.get(half_way["Location"])
    idp.audience = "https://another.example.test/"
    answer = sign_in(Client(), idp)
    seen += everything_stored() + caplog.text + answer.content.decode()
    assert CODE not in seen
    assert PLAIN not in seen

"""Signing in through a real OpenID Connect provider: the person is found by hash, and whatever is wrong is refused."""

import logging
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from microcities.people.codes import code_hash
from microcities.people.models import Account, Person
from tests import factories
from tests.people.identity.conftest import everything_stored
from tests.people.identity.oidc_server import OidcServer, new_key
from tests.world import World

pytestmark = pytest.mark.django_db
CODE, PLAIN = "161175-19997", "16117519997"
OTHER_CODE = "328673-00679"
EMAIL = {"email": "liga@example.org", "email_verified": True}
NAMES = {"given_name": "Līga", "family_name": "Bērziņa"}


class _StayHere(HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        return None


def visit_provider(address: str) -> str:
    """The browser at the provider; returns the address it is sent back to."""
    from urllib.error import HTTPError

    try:
        build_opener(_StayHere).open(Request(address))
    except HTTPError as redirect:
        return redirect.headers["Location"]
    raise AssertionError("the provider did not redirect")


def leave(client: Client, language: str = "") -> str:
    answer = client.post(f"{language}/accounts/oidc/test/login/")
    assert answer.status_code == 302
    return answer["Location"]


def come_back(client: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    return client.get(f"{parts.path}?{parts.query}")


def sign_in(client: Client) -> HttpResponse:
    return come_back(client, visit_provider(leave(client)))


def test_person_known_by_code_is_found_and_signed_in(world: World, oidc: OidcServer, client: Client) -> None:
    world.pupil.emailaddress_set.create(email=world.pupil.email, verified=True, primary=True)
    Person.objects.filter(pk=world.peteris.pk).update(code_hash=code_hash(CODE))
    oidc.person = {"sub": f"PK:{CODE}", **NAMES}
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    assert client.session["_auth_user_id"] == str(world.pupil.pk)
    assert SocialAccount.objects.get().extra_data == {}
    assert SocialAccount.objects.get().uid == f"pk-{code_hash(CODE).hex()}"


def test_new_person_with_email_gets_account_and_person(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{CODE}", **NAMES, **EMAIL}
    assert sign_in(client)["Location"] == "/work/"
    account = Account.objects.get()
    assert account.person is not None
    assert (account.email, account.person.name) == ("liga@example.org", "Līga Bērziņa")
    assert bytes(account.person.code_hash) == code_hash(CODE)
    assert not account.has_usable_password()


def test_second_sign_in_makes_nothing_new(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{CODE}", **NAMES, **EMAIL}
    sign_in(client)
    sign_in(Client())
    assert (Account.objects.count(), Person.objects.count(), SocialAccount.objects.count()) == (1, 1, 1)


def test_known_person_without_account_gets_one_and_is_not_doubled(db: None, oidc: OidcServer, client: Client) -> None:
    known = factories.make_person("Līga", "Bērziņa", code_hash=code_hash(CODE))
    oidc.person = {"sub": f"PK:{CODE}", "given_name": "Ligita", "family_name": "Bērziņa", **EMAIL}
    sign_in(client)
    assert Account.objects.get().person == known
    assert Person.objects.get().given_name == "Līga"


def test_person_without_email_is_asked_for_one_and_keeps_names(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{CODE}", **NAMES}
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/3rdparty/signup/")
    client.post("/accounts/3rdparty/signup/", {"email": "liga@example.org"})
    account = Account.objects.get()
    assert account.person is not None
    assert account.person.name == "Līga Bērziņa"
    assert "_auth_user_id" not in client.session  # the address has to be confirmed first
    assert len(mail.outbox) == 1


def test_institution_and_company_names_lead_to_the_same_person(world: World, oidc: OidcServer) -> None:
    world.pupil.emailaddress_set.create(email=world.pupil.email, verified=True, primary=True)
    Person.objects.filter(pk=world.peteris.pk).update(code_hash=code_hash(CODE))
    for sub in (f"PK:{CODE}", f"AU:90000051970-PK:{PLAIN}", f"PK:{CODE}-UR:40003521600"):
        oidc.person = {"sub": sub}
        client = Client()
        sign_in(client)
        assert client.session["_auth_user_id"] == str(world.pupil.pk), sub
    assert SocialAccount.objects.count() == 1


def test_unconfirmed_person_comes_by_email_without_code(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": "liga@example.org"}
    sign_in(client)
    account = Account.objects.get()
    assert (account.email, account.person) == ("liga@example.org", None)


def test_a_provider_never_takes_over_an_account_by_email(world: World, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{OTHER_CODE}", "email": "valda@example.org", "email_verified": True}
    sign_in(client)
    assert "_auth_user_id" not in client.session
    assert not SocialAccount.objects.exists()


def test_connecting_a_provider_gives_the_person_its_hash(world: World, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{OTHER_CODE}"}
    client.force_login(world.pupil)
    answer = client.post("/accounts/oidc/test/login/?process=connect")
    come_back(client, visit_provider(answer["Location"]))
    assert SocialAccount.objects.get().user == world.pupil
    world.peteris.refresh_from_db()
    assert bytes(world.peteris.code_hash) == code_hash(OTHER_CODE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "another"}, {"nonce": None}, {"iss": "http://127.0.0.1:1"}, {"aud": "another-client"},
        {"exp": 1_600_000_000}, {"sub": "PK:1"}, {"sub": "DP:16117519997"}, {"aud": ["microcities-test", "other"]},
    ],
    ids=lambda wrong: "-".join(f"{name}={value}" for name, value in wrong.items())[:40],
)
def test_wrong_claim_is_refused(db: None, oidc: OidcServer, client: Client, wrong: dict[str, object]) -> None:
    oidc.person = {"sub": f"PK:{CODE}", **EMAIL}
    oidc.spoil = lambda claims: {**claims, **wrong}
    answer = sign_in(client)
    assert answer.status_code == 401
    assert "_auth_user_id" not in client.session
    assert not Account.objects.exists()


def test_description_of_another_issuer_is_refused(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.issuer = "https://another.example.test"
    assert client.post("/accounts/oidc/test/login/").status_code == 401


def test_provider_that_is_away_is_said_in_words(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.__exit__()
    answer = client.post("/en/accounts/oidc/test/login/")
    assert answer.status_code == 401
    assert "Signing in did not work" in answer.content.decode()


def test_unknown_provider_is_not_found(db: None, oidc: OidcServer, client: Client) -> None:
    assert client.post("/accounts/oidc/other/login/").status_code == 404


def test_token_signed_by_another_key_is_refused(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.sign_with = new_key()
    assert sign_in(client).status_code == 401


def test_token_signed_with_a_shared_secret_is_refused(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.algorithm = "HS256"
    assert sign_in(client).status_code == 401


def test_wrong_state_is_refused_before_the_provider_is_asked(db: None, oidc: OidcServer, client: Client) -> None:
    back = visit_provider(leave(client))
    oidc.requests.clear()
    code = parse_qs(urlsplit(back).query)["code"][0]
    answer = client.get(f"/accounts/oidc/test/login/callback/?code={code}&state=wrong")
    assert answer.status_code == 401
    assert oidc.requests == []


def test_answer_in_another_browser_is_refused(db: None, oidc: OidcServer, client: Client) -> None:
    back = visit_provider(leave(client))
    assert come_back(Client(), back).status_code == 401


def test_answer_used_twice_is_refused(db: None, oidc: OidcServer, client: Client) -> None:
    oidc.person = {"sub": f"PK:{CODE}", **EMAIL}
    back = visit_provider(leave(client))
    assert come_back(client, back).status_code == 302
    assert come_back(client, back).status_code == 401


def test_address_cannot_widen_the_request(db: None, oidc: OidcServer, client: Client) -> None:
    answer = client.post("/accounts/oidc/test/login/?scope=everything&auth_params=prompt%3Dnone%26nonce%3Dmine")
    query = parse_qs(urlsplit(answer["Location"]).query)
    assert set(query["scope"][0].split()) == {"openid", "profile", "email"}
    assert "prompt" not in query
    assert query["nonce"] != ["mine"]
    assert query["code_challenge_method"] == ["S256"]


def test_redirect_address_is_the_same_in_every_language(db: None, oidc: OidcServer, client: Client) -> None:
    addresses = {parse_qs(urlsplit(leave(client, prefix)).query)["redirect_uri"][0] for prefix in ("", "/en")}
    assert addresses == {"http://127.0.0.1:8000/accounts/oidc/test/login/callback/"}


def test_personal_code_is_nowhere(
    world: World, oidc: OidcServer, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    answers = []
    for person in (
        {"sub": f"PK:{CODE}", **NAMES, **EMAIL},
        {"sub": f"AU:1234-PK:{OTHER_CODE}", **NAMES},
        {"sub": f"PK:{CODE}", "aud": "another"},
    ):
        oidc.person = person
        answers.append(sign_in(client))
    seen = everything_stored() + caplog.text + "".join(
        answer.content.decode() + str(answer.headers) for answer in answers
    ) + str(client.cookies)
    assert code_hash(CODE).hex() in seen  # the look sees what is stored
    for planted in (CODE, PLAIN, OTHER_CODE, OTHER_CODE.replace("-", "")):
        assert planted not in seen

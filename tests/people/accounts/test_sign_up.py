"""An e-mail is enough for an account: sign-up, verification by code, sign-in, a person by the profile step."""

import re
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from microcities.people.models import Account, Person

pytestmark = pytest.mark.django_db
PASSWORD = "tīrs ezers naktī 7"


def sign_up(client: Client, email: str = "Jana@Example.org", language: str = "lv") -> None:
    prefix = "" if language == "lv" else f"/{language}"
    answer = client.post(
        f"{prefix}/accounts/signup/", {"email": email, "password1": PASSWORD, "password2": PASSWORD}, follow=True
    )
    assert answer.status_code == 200


def mailed_code() -> str:
    found = re.search(r"^([A-Z0-9-]{6,12})$", mail.outbox[-1].body, re.MULTILINE)
    assert found is not None, mail.outbox[-1].body
    return found[1]


def test_sign_up_with_code_opens_my_work(client: Client) -> None:
    sign_up(client)
    assert not client.session.get("_auth_user_id")
    answer = client.post("/accounts/confirm-email/", {"code": mailed_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/work/")
    account = Account.objects.get()
    assert (account.email, account.person, account.language) == ("jana@example.org", None, "lv")
    assert client.get("/work/").status_code == 200


def test_sign_up_in_english_keeps_the_language(client: Client) -> None:
    sign_up(client, language="en")
    assert Account.objects.get().language == "en"
    assert mail.outbox[-1].extra_headers["Content-Language"] == "en"


def test_wrong_code_is_refused_and_three_end_the_attempt(client: Client) -> None:
    sign_up(client)
    for _try in range(3):
        client.post("/accounts/confirm-email/", {"code": "WRONG1"})
    client.post("/accounts/confirm-email/", {"code": mailed_code()})
    assert not client.session.get("_auth_user_id")


def test_sign_up_with_a_known_address_looks_the_same(client: Client) -> None:
    Account.objects.create_user("jana@example.org", PASSWORD)
    sign_up(client)
    assert Account.objects.count() == 1
    assert client.post("/accounts/confirm-email/", {"code": "ABCDEF"}).status_code == 200


def test_short_or_common_password_is_refused_beside_its_field(client: Client) -> None:
    data = {"email": "jana@example.org", "password1": "parole123", "password2": "parole123"}
    answer = client.post("/accounts/signup/", data)
    assert answer.status_code == 200
    assert not Account.objects.exists()
    assert "error-summary" in answer.content.decode()


def test_passwords_are_kept_by_argon2(settings: Any) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # the first is the quick one of the tests
    account = Account.objects.create_user("a@example.org", PASSWORD)
    assert account.password.startswith("argon2$argon2id$")


def test_profile_step_ties_a_new_person(client: Client) -> None:
    account = Account.objects.create_user("jana@example.org", PASSWORD)
    client.force_login(account)
    assert "Enter your name" in client.get("/en/work/").content.decode()
    answer = client.post(
        "/en/people/me/",
        {"given_name": "Jana", "family_name": "Liepa", "birth_on_day": "3", "birth_on_month": "4",
         "birth_on_year": "1990", "language": "en"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/en/people/me/")
    account.refresh_from_db()
    assert account.person is not None
    assert (account.person.name, account.person.birth_on, account.language) == ("Jana Liepa", date(1990, 4, 3), "en")
    assert "Enter your name" not in client.get("/en/work/").content.decode()


def test_profile_step_twice_corrects_the_same_person(client: Client) -> None:
    account = Account.objects.create_user("jana@example.org", PASSWORD)
    client.force_login(account)
    for family in ("Liepa", "Liepa-Ozola"):
        client.post("/people/me/", {"given_name": "Jana", "family_name": family, "language": "lv"})
    assert [person.name for person in Person.objects.all()] == ["Jana Liepa-Ozola"]


def test_birth_date_in_the_future_is_refused_and_nothing_typed_is_lost(client: Client) -> None:
    client.force_login(Account.objects.create_user("jana@example.org", PASSWORD))
    data = {"given_name": "Jana", "family_name": "Liepa", "birth_on_day": "1", "birth_on_month": "1",
            "birth_on_year": "2099", "language": "lv"}
    answer = client.post("/en/people/me/", data)
    assert answer.status_code == 422
    assert "A date of birth lies in the past" in answer.content.decode()
    assert 'value="Jana"' in answer.content.decode()


def test_password_reset_changes_the_password_once(client: Client) -> None:
    account = Account.objects.create_user("jana@example.org", PASSWORD)
    account.emailaddress_set.create(email=account.email, verified=True, primary=True)
    client.post("/accounts/password/reset/", {"email": account.email})
    found = re.search(r"http://127\.0\.0\.1:8000(\S+)", mail.outbox[-1].body) or re.search(
        r"http://testserver(\S+)", mail.outbox[-1].body
    )
    assert found is not None
    page = client.get(found[1], follow=True)
    address = page.redirect_chain[-1][0]
    assert "set-password" in address
    client.post(address, {"password1": "cits ezers rītā 9", "password2": "cits ezers rītā 9"})
    account.refresh_from_db()
    assert account.check_password("cits ezers rītā 9")
    assert client.get(found[1]).status_code == 200  # the link is used: the page says so and changes nothing


def test_unknown_address_gets_no_reset_mail_and_the_same_page(client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_reset_password_done"))
    assert mail.outbox == []

"""Signing in: second factor of staff, limits on guessing, session keys and clocks."""

import time
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone, translation

from microcities.people.jobs import forget_failed_sign_ins
from microcities.people.models import Account, FailedSignIn
from microcities.people.passwords import NotAboutThisPlace
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "tīrs ezers naktī 7"


def give_password(account: Account) -> Account:
    account.set_password(PASSWORD)
    account.save()
    account.emailaddress_set.create(email=account.email, verified=True, primary=True)
    return account


def sign_in(client: Client, email: str, password: str = PASSWORD, address: str = "10.0.0.1") -> object:
    return client.post("/accounts/login/", {"login": email, "password": password}, REMOTE_ADDR=address)


def code_of(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def enforced(settings: object) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = True


@pytest.mark.usefixtures("enforced")
def test_staff_without_second_factor_can_only_set_one_up(world: World, client: Client) -> None:
    give_password(world.valda)
    sign_in(client, "valda@example.org")
    assert client.session["pending_step"] == "mfa_index"
    for path in ("/work/", "/people/members/", "/people/me/", "/notices/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/"), path
    assert client.get("/accounts/2fa/").status_code == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("enforced")
def test_setting_up_an_app_opens_everything_and_is_asked_for_next_time(world: World, client: Client) -> None:
    give_password(world.valda)
    sign_in(client, "valda@example.org")
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    page = client.post(asked.redirect_chain[-1][0], {"password": PASSWORD}, follow=True)
    assert 'src="data:image/svg+xml;' in page.content.decode()
    secret = page.context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
    assert answer.status_code == 302
    assert "pending_step" not in client.session
    assert client.get("/work/").status_code == 200

    stored = Authenticator.objects.get(user=world.valda, type="totp")
    assert secret not in str(stored.data)

    again = Client()
    answer = sign_in(again, "valda@example.org")
    assert answer["Location"] == "/accounts/2fa/authenticate/"
    assert again.get("/work/").status_code == 302
    with time_machine.travel(time.time() + 31):  # a code works once
        again.post("/accounts/2fa/authenticate/", {"code": code_of(secret)})
    assert again.session["_auth_user_id"] == str(world.valda.pk)


@pytest.mark.usefixtures("enforced")
def test_staff_cannot_remove_the_only_factor(world: World, client: Client) -> None:
    give_password(world.valda)
    sign_in(client, "valda@example.org")
    TOTP.activate(world.valda, "JBSWY3DPEHPK3PXP")
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    answer = client.post("/accounts/2fa/totp/deactivate/", follow=True)
    assert Authenticator.objects.filter(user=world.valda, type="totp").count() == 1
    assert answer.status_code == 200


@pytest.mark.usefixtures("enforced")
def test_participants_need_no_second_factor(world: World, client: Client) -> None:
    give_password(world.pupil)
    sign_in(client, "peteris@example.org")
    assert client.get("/work/").status_code == 200


def test_demo_staff_may_sign_in_without_second_factor(world: World, client: Client, settings: object) -> None:
    settings.STAFF_NEED_SECOND_FACTOR = False
    give_password(world.valda)
    sign_in(client, "valda@example.org")
    assert client.get("/work/").status_code == 200


def test_second_factor_pages_ask_for_the_password_again(world: World, client: Client) -> None:
    client.force_login(give_password(world.svens))
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")


def test_session_key_changes_at_sign_in(world: World, client: Client) -> None:
    give_password(world.svens)
    client.get("/accounts/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client, "svens@example.org")
    assert client.session.session_key != before
    assert not client.session.exists(before)


def test_signing_out_ends_the_session_on_the_server(world: World, client: Client) -> None:
    client.force_login(world.svens)
    key = client.session.session_key
    client.post("/accounts/logout/")
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = key
    assert stolen.get("/work/").status_code == 302


def test_changing_the_password_signs_other_browsers_out(world: World, client: Client) -> None:
    give_password(world.svens)
    other = Client()
    sign_in(client, "svens@example.org")
    sign_in(other, "svens@example.org", address="10.0.0.2")
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "cits ezers rītā 9", "password2": "cits ezers rītā 9"},
    )
    assert other.get("/work/").status_code == 302


def test_session_ends_twelve_hours_after_sign_in_even_in_use(world: World, client: Client) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client.force_login(world.svens)
        for _hour in range(11):
            clock.shift(timedelta(hours=1))
            assert client.get("/work/").status_code == 200
        clock.shift(timedelta(hours=1))
        assert client.get("/work/").status_code == 302


def test_unused_session_ends_after_two_hours(world: World, client: Client) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        client.force_login(world.svens)
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS - 1))
        assert client.get("/work/").status_code == 200
        clock.shift(timedelta(seconds=settings.SESSION_IDLE_SECONDS))
        assert client.get("/work/").status_code == 302


def test_guessing_from_many_places_is_stopped_per_account(world: World, settings: object) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1000/m/ip", "login": "1000/m/ip"}
    give_password(world.svens)
    for number in range(settings.SIGN_IN_FAILURES_ALLOWED):
        sign_in(Client(), "svens@example.org", "wrong", address=f"10.1.0.{number}")
    assert FailedSignIn.objects.count() == settings.SIGN_IN_FAILURES_ALLOWED
    answer = sign_in(Client(HTTP_ACCEPT_LANGUAGE="en"), "svens@example.org", address="10.2.0.1")
    assert answer.status_code == 200
    assert "10.2.0.1" not in answer.content.decode()
    assert FailedSignIn.objects.count() == settings.SIGN_IN_FAILURES_ALLOWED  # the right password was not even tried
    other = give_password(factories.make_account("cita@example.org"))
    assert sign_in(Client(), other.email, address="10.2.0.1").status_code == 302
    with time_machine.travel(timezone.now() + timedelta(minutes=settings.SIGN_IN_FAILURES_WITHIN_MINUTES, seconds=1)):
        assert sign_in(Client(), "svens@example.org", address="10.2.0.1").status_code == 302


def test_limit_says_what_to_do(world: World, settings: object) -> None:
    settings.SIGN_IN_FAILURES_ALLOWED = 0
    give_password(world.svens)
    answer = Client().post("/en/accounts/login/", {"login": "svens@example.org", "password": PASSWORD})
    assert "Wait a quarter of an hour, or set a new password." in answer.content.decode()


def test_guessing_from_one_place_is_stopped_by_address(world: World) -> None:
    def told_to_wait(number: int) -> bool:
        data = {"login": f"nobody{number}@example.org", "password": "wrong"}
        page = Client().post("/en/accounts/login/", data, REMOTE_ADDR="10.3.0.1")
        return "Too many failed attempts" in page.content.decode()

    assert [told_to_wait(number) for number in range(12)] == [False] * 10 + [True] * 2


def test_a_new_password_ends_the_wait(world: World, settings: object) -> None:
    settings.SIGN_IN_FAILURES_ALLOWED = 1
    give_password(world.svens)
    sign_in(Client(), "svens@example.org", "wrong")
    client = Client()
    client.force_login(world.svens)
    client.post(
        "/accounts/password/change/",
        {"oldpassword": PASSWORD, "password1": "cits ezers rītā 9", "password2": "cits ezers rītā 9"},
    )
    assert FailedSignIn.objects.count() == 0
    assert sign_in(Client(), "svens@example.org", "cits ezers rītā 9", address="10.4.0.1").status_code == 302


def test_failed_sign_ins_are_forgotten_after_a_day(world: World) -> None:
    sign_in(Client(), "svens@example.org", "wrong")
    FailedSignIn.objects.update(at=timezone.now() - timedelta(hours=25))
    forget_failed_sign_ins(timestamp=0)
    assert FailedSignIn.objects.count() == 0


def test_wrong_password_and_unknown_account_read_the_same(world: World) -> None:
    give_password(world.svens)
    texts = []
    for email in ("svens@example.org", "nobody@example.org"):
        page = Client().post("/en/accounts/login/", {"login": email, "password": "wrong"})
        summary = page.content.decode().partition("error-summary")[2].partition("</div>")[0]
        assert summary
        texts.append(summary)
    assert texts[0] == texts[1]


def test_closed_account_cannot_sign_in(world: World, client: Client) -> None:
    give_password(world.svens)
    Account.objects.filter(pk=world.svens.pk).update(is_active=False)
    sign_in(client, "svens@example.org")
    assert "_auth_user_id" not in client.session


def test_redirect_after_sign_in_never_leaves_the_site(world: World, client: Client) -> None:
    give_password(world.svens)
    answer = client.post(
        "/accounts/login/?next=https://evil.example/",
        {"login": "svens@example.org", "password": PASSWORD, "next": "https://evil.example/"},
    )
    assert answer["Location"] == "/work/"


def test_session_of_a_closed_account_is_over_at_once(world: World, client: Client) -> None:
    client.force_login(world.svens)
    assert client.get("/work/").status_code == 200
    Account.objects.filter(pk=world.svens.pk).update(is_active=False)
    assert client.get("/work/").status_code == 302


def test_changing_the_address_asks_for_the_password_again(world: World, client: Client) -> None:
    give_password(world.svens)
    sign_in(client, "svens@example.org")
    answer = client.post("/accounts/email/", {"action_add": "1", "email": "jauna@example.org"})
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert not world.svens.emailaddress_set.filter(email="jauna@example.org").exists()


def test_security_log_names_no_address(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", logger="microcities.security")
    give_password(world.svens)
    sign_in(Client(), "svens@example.org", "wrong")
    sign_in(Client(), "svens@example.org")
    said = [record.getMessage() for record in caplog.records if record.name == "microcities.security"]
    assert said[0].startswith("sign-in failed login=")
    assert said[1] == f"sign-in account={world.svens.pk} factors=password"
    assert "svens" not in caplog.text


@pytest.mark.parametrize("password", ["Ventspils2021!", "VALMIERA-valmiera", "mazpilsētas 123", "paroleparole"])
def test_password_of_context_words_is_refused(password: str) -> None:
    with translation.override("en"), pytest.raises(ValidationError, match="easy to guess"):
        NotAboutThisPlace().validate(password)


def test_password_with_own_words_beside_the_place_is_taken() -> None:
    NotAboutThisPlace().validate("ventspils zirnis un pupa")
    NotAboutThisPlace().validate(PASSWORD)


def test_long_password_is_taken_whole(world: World, client: Client) -> None:
    long = "ābols " * 20 + "!"
    world.svens.set_password(long)
    world.svens.save()
    world.svens.emailaddress_set.create(email=world.svens.email, verified=True, primary=True)
    assert sign_in(Client(), "svens@example.org", long[:-1]).status_code == 200
    assert sign_in(client, "svens@example.org", long).status_code == 302

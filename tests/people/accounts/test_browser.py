"""Signing up, passkeys and the account pages in a real browser, under the real content security policy."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page

from microcities.people.actions.memberships import invite_member
from microcities.people.jobs import send_invitation
from microcities.people.models import Account
from tests.chromium import chromium
from tests.journeys.axe import axe_violations
from tests.people.accounts.test_invitations import account_with
from tests.people.accounts.test_sign_in import give_password
from tests.people.accounts.test_sign_up import PASSWORD, mailed_code
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def small_world(live_server: Any, settings: Any) -> World:
    settings.STAFF_NEED_SECOND_FACTOR = True
    settings.SITE_URL = live_server.url
    return build_world()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """A page of a new visitor, or of an account; whatever the browser complains of fails the test."""
    contexts, complaints = [], []

    def opened(path: str, account: Account | None = None, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        if account is not None:
            client = Client()
            client.force_login(account)
            context.add_cookies(
                [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
            )
        page = context.new_page()
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [text for text in complaints if "status of 404" not in text and "status of 403" not in text] == []


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_sign_up_by_keyboard_until_my_work(small_world: World, open_page: Callable[..., Page], prefix: str) -> None:
    page = open_page(f"{prefix}/accounts/signup/")
    page.focus("input[name=email]")
    for text in ("jana@example.org", PASSWORD, PASSWORD):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/confirm-email/")
    assert axe_violations(page) == []
    page.fill("input[name=code]", mailed_code())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{prefix}/work/")
    assert page.inner_text("h1") != ""


def test_staff_sets_up_a_passkey_and_signs_in_with_it(
    small_world: World, open_page: Callable[..., Page]
) -> None:
    account = give_password(small_world.valda)
    page = open_page("/en/accounts/login/")
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
                     "isUserVerified": True, "automaticPresenceSimulation": True}},
    )
    page.fill("input[name=login]", account.email)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/en/accounts/2fa/")
    assert "Your role needs a second factor" in page.inner_text("main")
    assert axe_violations(page) == []
    page.click("main a[href$='/webauthn/add/']")
    if "reauthenticate" in page.url:
        page.fill("input[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/webauthn/add/**")
    page.fill("input[name=name]", "Tālrunis")
    page.check("input[name=passwordless]")
    page.click("#mfa_webauthn_add")
    page.wait_for_url(re.compile(r"recovery-codes|webauthn/$|/2fa/$"))
    page.goto(page.url.partition("/en/")[0] + "/en/work/")
    assert page.inner_text("h1") == "My work"
    assert account.authenticator_set.filter(type="webauthn").count() == 1

    page.context.clear_cookies()
    page.goto(page.url.partition("/en/")[0] + "/en/accounts/login/")
    page.click("#passkey_login")
    page.wait_for_url("**/en/work/")
    assert page.inner_text("h1") == "My work"


def test_invitation_from_mail_to_role(small_world: World, open_page: Callable[..., Page], live_server: Any) -> None:
    account = account_with("jauns@example.org")
    invitation = invite_member(
        actor=small_world.valda, organisation=small_world.valmiera_partner, email=account.email, role="participant",
        language="en",
    )
    send_invitation(invitation_id=invitation.pk)
    assert len(mail.outbox) == 1
    link = re.search(r"^(http://\S+/invitation/\S+)$", mail.outbox[0].body, re.MULTILINE)
    assert link is not None
    page = open_page(link[1].removeprefix(live_server.url), account)
    assert page.url.endswith("/en/people/invitation/")
    assert axe_violations(page) == []
    page.click("main button")
    page.wait_for_url("**/en/work/")
    assert "You now hold the role" in page.inner_text("main")

"""Every page carries the security headers, errors included, and a deployment passes Django's own check."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.world import World

pytestmark = pytest.mark.django_db
PUBLIC = ["/accounts/login/", "/en/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/nothing-here/"]
SIGNED_IN = ["/work/", "/notices/", "/people/me/", "/accounts/email/", "/accounts/2fa/", "/people/members/"]


def directives(policy: str) -> dict[str, str]:
    return {name: value for name, _, value in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("path", PUBLIC)
def test_public_page_has_all_headers(client: Client, path: str) -> None:
    check_headers(client.get(path).headers)


@pytest.mark.parametrize("path", SIGNED_IN)
def test_page_of_somebody_signed_in_has_all_headers_and_is_not_cached(
    world: World, client: Client, path: str
) -> None:
    client.force_login(world.svens if path != "/people/members/" else world.valda)
    headers = client.get(path).headers
    check_headers(headers)
    assert "no-store" in headers["Cache-Control"]


def check_headers(headers: object) -> None:
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["object-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["base-uri"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


def test_cookies_are_http_only_and_same_site(world: World, client: Client) -> None:
    world.svens.set_password("tīrs ezers naktī 7")
    world.svens.save()
    world.svens.emailaddress_set.create(email=world.svens.email, verified=True, primary=True)
    client.get("/accounts/login/")
    client.post("/accounts/login/", {"login": world.svens.email, "password": "tīrs ezers naktī 7"})
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert (token["httponly"], token["samesite"]) == (True, "Lax")


def test_form_without_token_is_refused_in_words(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.svens)
    answer = strict.post("/en/people/me/", {"given_name": "A", "family_name": "B", "language": "lv"})
    assert answer.status_code == 403
    assert "The form was open for too long" in answer.content.decode()


def test_missing_page_names_nothing_of_the_inside(client: Client) -> None:
    answer = client.get("/en/nothing-here/")
    assert answer.status_code == 404
    text = answer.content.decode()
    assert "There is no such page" in text
    assert "urlconf" not in text.lower()


def test_forbidden_page_says_the_reason_of_the_rule(world: World, client: Client) -> None:
    client.force_login(world.svens)
    answer = client.get("/en/people/members/")
    assert answer.status_code == 403
    assert "Only a coordinator or a reporting officer of a partner invites" in answer.content.decode()


def test_unknown_host_is_refused(client: Client) -> None:
    assert client.get("/accounts/login/", HTTP_HOST="evil.example").status_code == 400


@pytest.mark.parametrize("secure", [True, False])
@pytest.mark.parametrize(
    ("method", "path", "host"),
    [
        ("GET", "/static/ui/css/ui.css", "testserver"),
        ("GET", "/static/no-such.css", "testserver"),
        ("GET", "/", "evil.example"),
        ("POST", "/en/notices/read/", "testserver"),
        ("PUT", "/en/", "testserver"),
        ("TRACE", "/en/", "testserver"),
        ("GET", "/en/no-such/", "testserver"),
        ("GET", "/en/open-data/rules.csv", "testserver"),
    ],
)
def test_whatever_the_server_answers_has_all_headers(
    settings: Any, tmp_path: Path, method: str, path: str, host: str, secure: bool
) -> None:
    """Static files, refusals of the framework itself and the redirect to TLS included."""
    settings.STATIC_ROOT = str(tmp_path)
    settings.SECURE_SSL_REDIRECT = True
    (tmp_path / "ui" / "css").mkdir(parents=True)
    (tmp_path / "ui" / "css" / "ui.css").write_text("a {}")
    client = Client(enforce_csrf_checks=True)
    answer = client.generic(method, path, secure=secure, HTTP_HOST=host)
    check_headers(answer.headers)
    if path.startswith("/static/ui") and secure:
        assert answer.status_code == 200


def test_long_address_and_null_byte_do_not_break_anything(client: Client) -> None:
    assert client.get("/people/invitation/" + "a" * 3000 + "/").status_code in {302, 404}
    assert client.post("/accounts/login/", {"login": "a\x00@b.lv", "password": "x\x00"}).status_code == 200


def test_method_that_a_view_does_not_take_is_refused(world: World, client: Client) -> None:
    client.force_login(world.svens)
    assert client.post("/work/").status_code == 405
    assert client.delete("/people/me/").status_code == 405


def deployment(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "MICROCITIES_SITE_URL": "https://mazpilsetas.example.lv",
        "MICROCITIES_HOSTS": "mazpilsetas.example.lv",
        "MICROCITIES_BEHIND_PROXY": "1",
        "MICROCITIES_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "microcities.settings",
        **changes,
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_deployment_passes_djangos_check(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    done = deployment(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_check_would_catch_an_insecure_deployment(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    done = deployment(tmp_path, MICROCITIES_SITE_URL="http://mazpilsetas.example.lv")
    assert done.returncode == 1
    assert "security.W011" in done.stderr


def test_secrets_are_made_private_and_differ(tmp_path: Path) -> None:
    (tmp_path / "static").mkdir()
    deployment(tmp_path)
    files = sorted((tmp_path / "secrets").iterdir())
    assert [file.name for file in files] == ["microcities_person_hash_key", "microcities_secret_key"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert len({file.read_text() for file in files}) == 2
    assert min(len(file.read_text()) for file in files) >= 50


def test_cookies_of_a_deployment_belong_to_the_host_alone(tmp_path: Path) -> None:
    script = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, "
        "s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)"
    )
    environment = {
        **os.environ, "MICROCITIES_SITE_URL": "https://mazpilsetas.example.lv", "MICROCITIES_DATA": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "microcities.settings",
    }
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "None", "/"]


def test_debugging_is_off() -> None:
    assert settings.DEBUG is False

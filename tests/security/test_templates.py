"""No template holds a script, a style or an event handler of its own: the content security policy would stop them."""

import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings

OURS = sorted((Path(settings.PACKAGE)).glob("*/templates/**/*.html"))
# Pages of e-mails never reach a browser under our policy; they carry no style either.
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/(?:ld\+)?json\")[^>]*>", re.IGNORECASE)
INLINE_STYLE = re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE)
SCRIPT_ADDRESS = re.compile(r"\b(?:href|src|action)\s*=\s*[\"']\s*javascript:", re.IGNORECASE)
UNSAFE = re.compile(r"\|\s*safe\b|autoescape off")
ELSEWHERE = re.compile(r"<(?:script|link|img|iframe|form)[^>]*\b(?:src|href|action)=\"(?:https?:)?//", re.IGNORECASE)
# Django's own help texts are HTML that Django has made.
MAY_BE_SAFE = {"ui/forms/about.html"}


def test_there_are_templates_to_look_at() -> None:
    assert len(OURS) > 30


@pytest.mark.parametrize("path", OURS, ids=lambda path: "/".join(path.parts[-3:]))
def test_template_obeys_the_policy(path: Path) -> None:
    text = path.read_text()
    assert INLINE_SCRIPT.findall(text) == []
    assert INLINE_STYLE.findall(text) == []
    assert HANDLER.findall(text) == []
    assert SCRIPT_ADDRESS.findall(text) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("path", OURS, ids=lambda path: "/".join(path.parts[-3:]))
def test_template_escapes_what_it_shows(path: Path) -> None:
    name = str(path).partition("/templates/")[2]
    assert name in MAY_BE_SAFE or UNSAFE.findall(path.read_text()) == []


def test_templates_of_allauth_that_we_do_not_replace_obey_the_policy_too() -> None:
    root = Path(allauth.__file__).parent / "templates"
    replaced = {str(path).partition("/templates/")[2] for path in OURS}
    used = [root / app for app in ("account", "mfa", "socialaccount", "allauth")]
    found = {}
    for path in (path for folder in used for path in folder.rglob("*.html")):
        if str(path.relative_to(root)) in replaced or "phone" in path.name:  # no sign-in by telephone
            continue
        text = path.read_text()
        if INLINE_SCRIPT.search(text) or INLINE_STYLE.search(text) or HANDLER.search(text):
            found[str(path.relative_to(root))] = True
    assert found == {}

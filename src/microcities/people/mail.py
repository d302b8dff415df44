"""One form for every e-mail of the platform: plain text and HTML, the reader's language, the mark of EU support."""

from collections.abc import Mapping
from email.mime.image import MIMEImage
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

EMBLEM = Path(__file__).parent / "static" / "people" / "eu.png"
EMBLEM_ID = "eu-emblem"


def absolute_url(path: str) -> str:
    """The full address of a path of this installation."""
    return settings.SITE_URL.rstrip("/") + path


def address_of(language: str, url_name: str, *args: Any) -> str:
    """The full address of a page in a language."""
    with translation.override(language):
        return absolute_url(reverse(url_name, args=args))


def letter(
    *,
    to: str,
    subject: str,
    text: str,
    language: str,
    button: tuple[str, str] | None = None,
    unsubscribe_url: str = "",
    headers: Mapping[str, str] | None = None,
) -> EmailMultiAlternatives:
    """An e-mail ready to send. `text` is paragraphs divided by empty lines; `button` is (words, address).

    The subject loses its line breaks, so that no header can be smuggled in.
    """
    subject = " ".join(subject.split())
    context = {
        "subject": subject,
        "text": text.strip(),
        "button": button,
        "unsubscribe_url": unsubscribe_url,
        "site_url": settings.SITE_URL,
        "language": language,
        "emblem_id": EMBLEM_ID,
    }
    with translation.override(language):
        plain = render_to_string("people/mail/letter.txt", context).strip() + "\n"
        html = render_to_string("people/mail/letter.html", context)
    message = EmailMultiAlternatives(
        subject, plain, settings.DEFAULT_FROM_EMAIL, [to],
        headers={"Content-Language": language, "Auto-Submitted": "auto-generated", **(headers or {})},
    )
    message.attach_alternative(html, "text/html")
    message.mixed_subtype = "related"
    message.attach(_emblem())
    return message


@cache
def _emblem_bytes() -> bytes:
    return EMBLEM.read_bytes()


def _emblem() -> MIMEImage:
    image = MIMEImage(_emblem_bytes(), "png")
    image.add_header("Content-ID", f"<{EMBLEM_ID}>")
    image.add_header("Content-Disposition", "inline", filename="eu.png")
    return image

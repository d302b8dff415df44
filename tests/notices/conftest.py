"""A kind of notice that may be refused, one that may not, and a mail server."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from microcities.notices.kinds import Kind, register_kind
from tests.notices.mail_server import MailServer


@pytest.fixture(autouse=True)
def nothing_counted() -> None:
    cache.clear()


@pytest.fixture
def news() -> Kind:
    """A kind that a reader may refuse."""
    return register_kind("tests.news", "News of the tests", service=False)


@pytest.fixture
def service() -> Kind:
    """A kind that is part of the service."""
    return register_kind("tests.service", "Answers to you")


@pytest.fixture
def mail_server(settings: object) -> Iterator[MailServer]:
    """A running mail server that the platform uses."""
    with MailServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", server.port, False
        yield server

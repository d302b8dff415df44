"""The real site with the demo programme, on this machine alone, and one browser for all journeys."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.templatetags.static import static
from django.test import Client, override_settings
from playwright.sync_api import Browser, BrowserContext, Page

from microcities.demo.building import build_demo, demo_accounts
from microcities.people.models import Account
from microcities.ui import tables
from microcities.ui.paging import Slice, cut
from tests.chromium import chromium

# Of a table, on one page: further rows have the same elements, and looking at their colours takes most of the time.
ROWS = 4
DAY = 24 * 60 * 60


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """The demo programme, committed, because the server's threads read it through connections of their own.

    The value is the session cookie of each demo account: the sign-in form has a journey of its own.
    """
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock():
        # Playwright keeps an event loop in this thread, in which Django would refuse to ask the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        build_demo()
        yield {entry["email"]: signed_in(entry["email"]) for entry in demo_accounts()}
        call_command("flush", interactive=False, verbosity=0)
        with connection.cursor() as cursor:  # Django empties its own tables, but not the queue's
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


def signed_in(email: str) -> str:
    """The session cookie of an account."""
    client = Client()
    client.force_login(Account.objects.get(email=email))
    session = client.session  # as after a password given again that stays fresh: nothing asks for it once more
    asked = {"method": "password", "at": time.time() + DAY, "email": email, "reauthenticated": True}
    session["account_authentication_methods"] = [asked]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.fixture(scope="package")
def site(demo: dict[str, str]) -> Iterator[str]:
    """The address of the real site; styles come straight from the apps, and tables end early."""
    with override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True):
        application = get_wsgi_application()

    def cut_early(rows: Any, number: int, size: int, **options: Any) -> Slice:
        return cut(rows, number, min(size, ROWS), **options)

    with (
        pytest.MonkeyPatch.context() as patch,
        override_settings(ROOT_URLCONF="tests.journeys.urls"),
        make_server("127.0.0.1", 0, application, Server, Quiet) as server,
    ):
        patch.setattr(tables, "cut", cut_early)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="package")
def browser(site: str) -> Iterator[Browser]:
    """It starts after the site, because Django keeps other database connections inside Playwright's event loop."""
    with chromium() as launched:
        yield launched
        connections.close_all()  # those that tests opened inside the event loop


@pytest.fixture(scope="package")
def contexts(browser: Browser, site: str, demo: dict[str, str]) -> Iterator[Callable[[str], BrowserContext]]:
    """One browser context for each role, kept for all journeys."""
    open_ones: dict[str, BrowserContext] = {}

    def context(role: str) -> BrowserContext:
        if role not in open_ones:
            open_ones[role] = browser.new_context()
            if role:
                cookie = {"name": settings.SESSION_COOKIE_NAME, "value": demo[role], "url": site}
                open_ones[role].add_cookies([cookie])  # type: ignore[list-item]
        return open_ones[role]

    yield context
    for each in open_ones.values():
        each.close()


@dataclass
class Kept:
    """A page kept from test to test, and what the browser complained of on it."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)


@pytest.fixture(scope="package")
def kept_pages(contexts: Callable[[str], BrowserContext]) -> defaultdict[str, list[Kept]]:
    """The pages of each role: a new page is a new window and a new process, which takes longer than most pages do."""
    return defaultdict(list)


@pytest.fixture
def visit(
    contexts: Callable[[str], BrowserContext], kept_pages: defaultdict[str, list[Kept]], site: str
) -> Iterator[Callable[..., Page]]:
    """`visit(path, role="", width=1280, status=200)`: a page opened by a role; each call in a test has another page.

    Whatever the browser complains of fails the test: breaches of the content security policy, missing files, errors.
    """
    in_use: list[tuple[str, Kept]] = []

    def visited(path: str, *, role: str = "", width: int = 1280, status: int = 200) -> Page:
        kept = kept_pages[role].pop() if kept_pages[role] else Kept(contexts(role).new_page())
        in_use.append((role, kept))
        kept.page.set_viewport_size({"width": width, "height": 800})
        kept.page.emulate_media(media="null", color_scheme="null", reduced_motion="null", forced_colors="null")
        response = kept.page.goto(site + path)
        assert response is not None
        assert (response.status, kept.page.url) == (status, site + path)
        return kept.page

    yield visited
    complaints = []
    for role, kept in in_use:
        # Whatever still runs there ends in the test that began it. No empty page: it would begin a new process.
        kept.page.goto(site + static("ui/img/favicon.svg"))
        complaints += kept.complaints
        kept.complaints.clear()
        kept_pages[role].append(kept)
    # The browser names each answer that is no success; the status is compared above.
    assert [text for text in complaints if "the server responded with a status of" not in text] == []

"""What every test may use: the session's own database server."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import translation
from hypothesis import settings as hypothesis_settings

from tests.database_server import start_for_session
from tests.remembered import remembered
from tests.world import World, build_world

TESTS = Path(__file__).parent
SERVICES = {"bookings", "careers", "events", "summerjobs"}


def pytest_configure() -> None:
    """Static files straight from the apps: tests collect none. Property tests are never timed."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Argon2 is slow on purpose; tests of passwords name it themselves.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]
    # The first example pays for imports, and the machine is shared: a deadline would fail right code.
    hypothesis_settings.register_profile("untimed", deadline=None)
    hypothesis_settings.load_profile("untimed")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of a service bear its mark, by the folder in which they stand."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in SERVICES:
            item.add_marker(pytest.mark.service)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Starts the database when the first test asks for it (pytest-django's hook for changing settings)."""
    start_for_session()
    options = settings.DATABASES["default"]["OPTIONS"]
    # The trail of this database may be emptied between tests.
    options["options"] = f"{options.get('options', '')} -c microcities.disposable=on"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Triggers and views are in place once migrated; they need not be put there anew after each emptying of tables.

    Every table numbers its rows from another high number: so a test sees the same kind of numbers first and last in a
    run, a number that is written with separators of thousands shows at once, and no row passes for one of another table.
    """
    for app in ("trail", "evidence"):
        post_migrate.disconnect(dispatch_uid=f"{app}.install")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(sequencename) FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1")
        for place, (name,) in enumerate(cursor.fetchall(), start=1):
            cursor.execute(f"ALTER SEQUENCE {name} RESTART WITH {10_000 + 1_000 * place}")


@pytest.fixture(autouse=True)
def language_of_the_site() -> None:
    """Each test begins in the site's own language, whatever page the one before asked for."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that really commits leaves no job behind: Django empties its own tables, but not the queue's."""
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames) or (mark and mark.kwargs.get("transaction"))
    if commits:
        with request.getfixturevalue("django_db_blocker").unblock(), connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_periodic_defers CASCADE")


@pytest.fixture
def english(language_of_the_site: None) -> None:
    """For tests that read a refusal in the source language of the strings."""
    translation.activate("en")


@pytest.fixture
def world(db: None) -> World:
    """The small world of tests/world.py."""
    return remembered("world", build_world)

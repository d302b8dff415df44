"""What every test may use: the session's own database server."""

import pytest
from django.conf import settings
from django.db.models.signals import post_migrate
from django.utils import translation

from tests.database_server import start_for_session
from tests.world import World, build_world


def pytest_configure() -> None:
    """Static files straight from the apps: tests collect none."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # Argon2 is slow on purpose; tests of passwords name it themselves.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Starts the database when the first test asks for it (pytest-django's hook for changing settings)."""
    start_for_session()
    options = settings.DATABASES["default"]["OPTIONS"]
    # The trail of this database may be emptied between tests.
    options["options"] = f"{options.get('options', '')} -c microcities.disposable=on"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None) -> None:
    """Triggers and views are in place once migrated; they need not be put there anew after each emptying of tables."""
    for app in ("trail", "evidence"):
        post_migrate.disconnect(dispatch_uid=f"{app}.install")


@pytest.fixture(autouse=True)
def language_of_the_site() -> None:
    """Each test begins in the site's own language, whatever page the one before asked for."""
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def english(language_of_the_site: None) -> None:
    """For tests that read a refusal in the source language of the strings."""
    translation.activate("en")


@pytest.fixture
def world(db: None) -> World:
    """The small world of tests/world.py."""
    return build_world()

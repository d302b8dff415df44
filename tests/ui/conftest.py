"""The component set alone: its own addresses, no database, no other app's context."""

from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings
from django.test import override_settings
from django.utils import translation

from microcities.ui import shell


def _own_processors() -> list[dict]:
    engine = {**django_settings.TEMPLATES[0]}
    options = {**engine["OPTIONS"]}
    options["context_processors"] = [
        name
        for name in options["context_processors"]
        if name.startswith(("django.template", "microcities.ui"))
    ]
    return [{**engine, "OPTIONS": options}]


@pytest.fixture(autouse=True, scope="module")
def own_site() -> Iterator[None]:
    """Settings under which pages can be rendered without any other app."""
    with override_settings(
        ROOT_URLCONF="tests.ui.addresses",
        TEMPLATES=_own_processors(),
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}},
        WHITENOISE_USE_FINDERS=True,
        WHITENOISE_AUTOREFRESH=True,
        MIDDLEWARE=[
            "whitenoise.middleware.WhiteNoiseMiddleware",
            "csp.middleware.CSPMiddleware",
            "django.middleware.locale.LocaleMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django_htmx.middleware.HtmxMiddleware",
        ],
    ):
        yield


@pytest.fixture(autouse=True)
def own_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty shell, so that a test sees only what it registers."""
    monkeypatch.setattr(shell, "_nav", {})
    monkeypatch.setattr(shell, "_providers", {})


@pytest.fixture
def latvian() -> Iterator[None]:
    with translation.override("lv"):
        yield

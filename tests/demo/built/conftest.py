"""The demo, built once for all tests of this package and taken back afterwards."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.utils import translation

from microcities.demo.building import build_demo
from microcities.programme.models import Programme


@pytest.fixture(scope="package")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Programme]:
    """The demo's programme. Tests that ask for it read; what they write is not undone before the last of them."""
    with django_db_blocker.unblock(), transaction.atomic():
        with translation.override("lv"):
            programme = build_demo()
        assert programme is not None
        yield programme
        transaction.set_rollback(True)

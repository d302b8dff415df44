"""Messages are compared in the language of the source."""

from collections.abc import Iterator

import pytest
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """English outside of requests, which have the language of their address."""
    with translation.override("en"):
        yield

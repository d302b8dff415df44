"""Messages are compared in the language of the source."""


import pytest


@pytest.fixture(autouse=True)
def in_english(english: None) -> None:
    """English outside of requests, which have the language of their address."""

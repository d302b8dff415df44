"""What the places of organisations are called: a known place is kept by its key, and an app above knows the names.

    @names_places
    def place_names() -> Mapping[str, Text]: ...
"""

from collections.abc import Callable, Mapping

from django.utils.translation import get_language

from microcities.database.collation import search_key
from microcities.rulebooks.schema import Text

Namer = Callable[[], Mapping[str, Text]]
_namers: list[Namer] = []


def names_places(namer: Namer) -> Namer:
    """Register `f() -> {key of a place: its name in both languages}`."""
    _namers.append(namer)
    return namer


def _known() -> dict[str, Text]:
    return {key: name for namer in _namers for key, name in namer().items()}


def place_names() -> dict[str, str]:
    """{key of a place: its name in the reader's language} for the places whose names are known."""
    language = get_language() or "lv"
    return {key: name.in_language(language) for key, name in _known().items()}


def place_key(typed: str) -> str:
    """The key of the place that is meant, with or without diacritics; the text itself for a place that nobody named."""
    wanted = search_key(typed)
    for key, name in _known().items():
        if wanted in {search_key(key), search_key(name.lv), search_key(name.en)}:
            return key
    return typed

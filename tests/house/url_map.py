"""Walks the URL map: every address with made-up arguments, its guard and its view."""

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern, RegexPattern, RoutePattern

from microcities.access.middleware import guard_of

MADE_UP = {"int": "999999", "slug": "no-such", "str": "no-such", "uuid": str(uuid.UUID(int=7)), "path": "no/such"}
# What a regular expression's group is filled with, by its name, unless it lists words of its own.
NAMED = {"code": "no-such", "pk": "999999", "reference": str(uuid.UUID(int=7)), "uidb36": "1", "key": "1-1"}


@dataclass(frozen=True)
class Address:
    """One entry of the URL map: its path below the language, its view, and whether it takes arguments."""

    path: str
    view: Callable[..., Any]
    has_arguments: bool
    in_languages: bool

    @property
    def guard(self) -> str | None:
        return guard_of(self.view)

    @property
    def is_ours(self) -> bool:
        return hasattr(self.view, "access_rule")

    def in_language(self, code: str) -> str:
        """The path in a language; Latvian is at the root."""
        return f"/{'en/' if code == 'en' and self.in_languages else ''}{self.path}"


def addresses() -> list[Address]:
    """Every address once, in the order of the map."""
    return list(_walk(get_resolver(), "", False, False))


def _walk(resolver: URLResolver, prefix: str, has_arguments: bool, in_languages: bool) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        pattern = entry.pattern
        if isinstance(pattern, LocalePrefixPattern):
            assert isinstance(entry, URLResolver)
            yield from _walk(entry, prefix, has_arguments, True)
            continue
        piece, filled = _piece(pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, prefix + piece, has_arguments or filled, in_languages)
        elif isinstance(entry, URLPattern):
            yield Address(prefix + piece, entry.callback, has_arguments or filled, in_languages)


def _piece(pattern: Any) -> tuple[str, bool]:
    if isinstance(pattern, RoutePattern):
        text = str(pattern)
        for name, converter in pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            for spelled in (f"<{kind}:{name}>", f"<{name}>"):
                text = text.replace(spelled, MADE_UP[kind])
        return text, bool(pattern.converters)
    assert isinstance(pattern, RegexPattern)
    text = str(pattern).removeprefix("^").removesuffix("$").replace("\\.", ".")
    for name in pattern.regex.groupindex:
        text = _fill(text, name)
    return text.replace(".*", "no-such"), bool(pattern.regex.groups) or ".*" in str(pattern)


def _fill(text: str, name: str) -> str:
    """Put a value for a named group: the first of its words if it lists words."""
    opening = f"(?P<{name}>"
    start = text.index(opening)
    depth, end = 0, start
    for end in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[end], 0)
        if depth == 0:
            break
    allowed = text[start + len(opening) : end]
    value = allowed.partition("|")[0] if re.fullmatch(r"[\w|]+", allowed) else NAMED[name]
    return text[:start] + value + text[end + 1 :]

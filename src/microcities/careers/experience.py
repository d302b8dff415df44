"""Work that other services know of and a career record shows; they are blind to this app, so a layer above joins them.

    @adds_experience("summer")
    def summer_work(person): yield Experience(...)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Experience:
    """One piece of work: what, with whom, from when to when, hours, and what the employer wrote about it."""

    what: str
    host: str
    kind: "str | Promise"
    first_on: date
    last_on: date
    hours: Decimal
    words: str = ""
    url: str = ""


Provider = Callable[[Any], Iterable[Experience]]
_providers: dict[str, Provider] = {}


def adds_experience(key: str) -> Callable[[Provider], Provider]:
    """Register `f(person) -> pieces of work` under a stable key."""

    def register(provider: Provider) -> Provider:
        _providers[key] = provider
        return provider

    return register


def experience_of(person: Any) -> list[Experience]:
    """All work of a person, the latest first."""
    found = [each for _key, provider in sorted(_providers.items()) for each in provider(person)]
    return sorted(found, key=lambda each: (each.first_on, each.what), reverse=True)

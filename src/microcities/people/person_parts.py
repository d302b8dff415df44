"""What apps above people add to a person's page: a service registers its part in its `person_parts.py`.

    @adds_part("participation.records", order=10)
    def records(account, person) -> PersonPart: ...
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from microcities.people.models import Account, Person

Text = str | Promise


@dataclass(frozen=True)
class Line:
    """One line of a part: what it says, where it leads, and a word on its state."""

    text: Text
    href: str = ""
    detail: Text = ""


@dataclass(frozen=True)
class PersonPart:
    """A part of a person's page: heading, lines, what stands there without any, and what may be done (label, address)."""

    title: Text
    lines: Sequence[Line] = ()
    empty: Text = ""
    deeds: Sequence[tuple[Text, str]] = field(default=())


Provider = Callable[[Account, Person], PersonPart | None]
_providers: dict[str, tuple[int, Provider]] = {}


def adds_part(key: str, *, order: int) -> Callable[[Provider], Provider]:
    """Register a provider under a stable key; it sees to it that only what the account may see is in its lines."""

    def register(provider: Provider) -> Provider:
        if key in _providers:
            raise ValueError(f"the part {key!r} of persons' pages is registered twice")
        _providers[key] = (order, provider)
        return provider

    return register


def parts_of(account: Any, person: Person) -> list[PersonPart]:
    """All parts of a person's page that have something for this account."""
    found = [provider(account, person) for _order, provider in sorted(_providers.values(), key=lambda pair: pair[0])]
    return [part for part in found if part is not None]

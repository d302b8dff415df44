"""What the programme offers and offered: apps above register it here, and the public pages show it blindly.

    @offers_by("participation.activities")
    def activities(programme): ...

A service does so in its own `offers.py`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from microcities.programme.models import Programme


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that people or organisations can take part in, between two days, both counted.

    `audiences` are slugs of `programme.audiences`; `href` leads to its page or, if it has none, to its source.
    """

    title: str
    kind: str
    city: str
    organiser: str
    starts_on: date
    ends_on: date
    audiences: frozenset[str] = frozenset()
    href: str = ""


Provider = Callable[[Programme], Iterable[Offer]]
_providers: dict[str, Provider] = {}


def offers_by(key: str) -> Callable[[Provider], Provider]:
    """Register a provider under a stable key."""

    def register(provider: Provider) -> Provider:
        if key in _providers:
            raise ValueError(f"offers of {key!r} are registered twice")
        _providers[key] = provider
        return provider

    return register


def offers_of(programme: Programme | None) -> list[Offer]:
    """All offers of a programme, the latest first; none without a programme."""
    if programme is None:
        return []
    found = [offer for _key, provider in sorted(_providers.items()) for offer in provider(programme)]
    return sorted(found, key=lambda offer: (offer.starts_on, offer.ends_on, offer.title), reverse=True)


def open_on(offers: Iterable[Offer], day: date) -> list[Offer]:
    """Those under way on a day or still to come, the one that ends first on top."""
    return sorted((offer for offer in offers if offer.ends_on >= day), key=lambda offer: offer.ends_on)


def for_audience(offers: Iterable[Offer], slug: str) -> list[Offer]:
    """Those meant for one audience."""
    return [offer for offer in offers if slug in offer.audiences]

"""What services do with an event that is over: a service registers its next steps in its `event_links.py`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from microcities.events.models import Event
from microcities.people.models import Account


@dataclass(frozen=True)
class NextStep:
    """One thing to do, or one that is done: what it says and where it leads."""

    text: str
    href: str


Steps = Callable[[Account, Event], Iterable[NextStep]]
_providers: dict[str, Steps] = {}


def follows_event(key: str) -> Callable[[Steps], Steps]:
    """Register a service's steps under a stable key; it sees to it that they are open to the account."""

    def register(provider: Steps) -> Steps:
        _providers[key] = provider
        return provider

    return register


def steps_after(account: Account, event: Event) -> list[NextStep]:
    """All that the account may do next with an event that is over."""
    return [step for provider in _providers.values() for step in provider(account, event)]

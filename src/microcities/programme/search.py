"""One search box over everything this user may see: each app registers what it can find, and for whom.

    @searchable("results.indicators", _("Indicators"), 40)
    def indicators(account, text, limit):
        return [Found(...), ...]

A provider answers with what `account` may see and nothing else (`AnonymousUser` for a stranger); it is given one more
than is shown as its limit. `database.finding.find` searches by an index, `matches` a few texts in memory.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from microcities.database.collation import latvian_key, search_key
from microcities.database.finding import begins, slips, words_of

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: its name, what tells it from others of that name, and its page if it has one."""

    title: str
    detail: str = ""
    href: str = ""


Provider = Callable[[Any, str, int], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of things that can be found; groups stand in the order of `order`."""

    key: str
    title: "str | Promise"
    order: int
    provider: Provider


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one kind, in Latvian order; `more` says that there is more than is shown."""

    key: str
    title: "str | Promise"
    found: tuple[Found, ...]
    more: bool


_kinds: dict[str, Kind] = {}


def searchable(key: str, title: "str | Promise", order: int) -> Callable[[Provider], Provider]:
    """Register a provider under a stable key, with the heading of its group."""

    def register(provider: Provider) -> Provider:
        if key in _kinds:
            raise ValueError(f"search of {key!r} is registered twice")
        _kinds[key] = Kind(key, title, order, provider)
        return provider

    return register


def search(account: Any, text: str) -> list[Group]:
    """Everything that this account may see and that answers to the text; empty for a text too short to search by."""
    if not words_of(text):
        return []
    groups = (_group(kind, account, text) for kind in sorted(_kinds.values(), key=lambda kind: kind.order))
    return [group for group in groups if group.found]


def _group(kind: Kind, account: Any, text: str) -> Group:
    found = list(kind.provider(account, text, SHOWN + 1))
    shown = sorted(found[:SHOWN], key=lambda each: latvian_key(each.title))
    return Group(kind.key, kind.title, tuple(shown), len(found) > SHOWN)


def matches(text: str, candidate: str) -> bool:
    """True when every word of the text begins a word of the candidate, at most one slip in each."""
    key = search_key(candidate)
    return all(re.search(f"{begins(word)}|{slips(word)}", key) for word in words_of(text))

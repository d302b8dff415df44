"""No page can be forgotten: every named address is looked at, or says why it is not."""

from collections.abc import Iterator

from django.urls import URLResolver, get_resolver

from tests.journeys.pages import OUTSIDE, PAGES

API = "api-v1"


def named(resolver: URLResolver, namespaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The full names of all addresses below a resolver."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from named(entry, (*namespaces, entry.namespace) if entry.namespace else namespaces)
        elif entry.name:
            yield ":".join((*namespaces, entry.name))


NAMES = {name for name in named(get_resolver("microcities.urls")) if not name.startswith(f"{API}:")}


def test_every_named_address_is_looked_at_or_says_why_not() -> None:
    assert len(NAMES) > 120
    assert NAMES - {kind.address for kind in PAGES} - OUTSIDE.keys() == set()


def test_no_reason_is_left_over() -> None:
    assert OUTSIDE.keys() - NAMES == set()
    assert OUTSIDE.keys() & {kind.address for kind in PAGES} == set()
    assert [name for name, why in OUTSIDE.items() if len(why.split()) < 3] == []


def test_page_types_are_named_once() -> None:
    assert len({kind.name for kind in PAGES}) == len(PAGES)

"""One page out of a long list: numbers and addresses of its neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

PAGE_SIZES = (25, 50, 100, 250)
# Nobody turns so many pages, and to count millions of rows takes seconds.
MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class PageLink:
    """A page number with its address; number 0 stands for a gap."""

    number: int
    href: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """The rows of one page; `count` is None when the list was not counted, or has more rows than `beyond`."""

    rows: Sequence[Any]
    number: int
    size: int
    count: int | None
    more: bool
    beyond: int = 0

    @property
    def first(self) -> int:
        """Return the number of the first row shown, from 1; 0 when there is none."""
        return (self.number - 1) * self.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return (self.number - 1) * self.size + len(self.rows)

    def links(self, address: Callable[[int], str]) -> list[PageLink]:
        """Return links to the first, the last and the neighbouring pages, with gaps between."""
        if self.count is None:
            return []
        last = max(1, -(-self.count // self.size))
        wanted = sorted({1, last, *range(max(1, self.number - 1), min(last, self.number + 1) + 1)})
        links: list[PageLink] = []
        for number in wanted:
            if links and number - links[-1].number > 1:
                links.append(PageLink(0))
            links.append(PageLink(number, address(number), number == self.number))
        return links if last > 1 else []


def cut(rows: QuerySet[Any] | Sequence[Any], number: int, size: int, *, counted: bool = True) -> Slice:
    """Cut one page out of ordered rows. A number beyond the end gives the last page.

    A list is counted up to MOST_COUNTED rows. Without counting one row more is read, to know whether there is a next page.
    """
    count = _count(rows) if counted else None
    if count is not None:
        number = min(number, max(1, -(-count // size)))
        start = (number - 1) * size
        return Slice(list(rows[start : start + size]), number, size, count, start + size < count)
    start = (number - 1) * size
    found = list(islice(rows[start : start + size + 1], size + 1))
    return Slice(found[:size], number, size, None, len(found) > size, MOST_COUNTED if counted else 0)


def _count(rows: QuerySet[Any] | Sequence[Any]) -> int | None:
    """How many rows there are; None when there are more than MOST_COUNTED."""
    if not isinstance(rows, QuerySet):
        return len(rows)
    # Which rows come first matters to DISTINCT ON alone; sorting to count would cost more than counting.
    unsorted = rows if rows.query.distinct_fields else rows.order_by()
    found = unsorted[: MOST_COUNTED + 1].count()
    return found if found <= MOST_COUNTED else None


def positive(text: str, default: int = 1) -> int:
    """Read a page number out of an address; nonsense is the default."""
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else default

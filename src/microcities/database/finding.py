"""Finds words in a search key: those that begin as typed, and those that differ from what is typed by one slip.

Both kinds of condition can be answered by an index by trigram (`gin_trgm_ops`), which a likeness threshold cannot do
well: among 100,000 names it has to look at thousands of rows.
"""

import re
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, Func, Model, Q, QuerySet, TextField, Value

from microcities.database.collation import search_key

Row = TypeVar("Row", bound=Model)
SHORTEST = 2
TRIGRAM = 3
# A slip in a shorter word makes another word: Ilze, Inge; Rita, Rīta.
LONG_ENOUGH = 4
MOST_WORDS = 6
LIKE_SIGNS = re.compile(r"([%_\\])")


class LikeAny(Func):
    """True where a key is like one of several patterns: `LikeAny(key, Value([...]))`."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        """`key LIKE ANY (patterns)`."""
        (key, key_values), (patterns, pattern_values) = map(compiler.compile, self.get_source_expressions())
        return f"({key} LIKE ANY ({patterns}))", [*key_values, *pattern_values]


def words_of(text: str) -> list[str]:
    """The words to be found, without diacritics; none when no word has at least two letters."""
    words = search_key(text).replace('"', " ").split()[:MOST_WORDS]
    return words if any(len(word) >= SHORTEST for word in words) else []


def begins(word: str) -> str:
    """A regular expression of a text in which some word begins with `word`."""
    return rf"(^|\W){re.escape(word)}"


def begins_shortly(key: Any, word: str) -> Q:
    """The same for one or two letters, of which a regular expression makes no trigram that an index could use."""
    escaped = LIKE_SIGNS.sub(r"\\\1", word)
    return Q(LikeAny(key, Value([f"{escaped}%", f"% {escaped}%"], output_field=ArrayField(TextField()))))


def slips(word: str) -> str:
    """A regular expression of everything that turns into `word` by one slip.

    One letter wrong, missing or too many, or two neighbours swapped; a short word is taken as it stands.
    """
    forms = {re.escape(word)}
    for place in range(len(word)) if len(word) >= LONG_ENOUGH else ():
        before, here, after = re.escape(word[:place]), re.escape(word[place]), re.escape(word[place + 1 :])
        forms |= {f"{before}.{after}", f"{before}{after}", f"{before}.{here}{after}"}
        if after:
            forms.add(f"{before}{re.escape(word[place + 1])}{here}{re.escape(word[place + 2 :])}")
    return rf"(^|\W)({'|'.join(sorted(forms))})"


def find(rows: QuerySet[Row], key: Any, text: str, limit: int) -> list[Row]:
    """At most `limit` rows in whose key every word is found.

    First those whose words begin as typed; if there are none, those with a slip in one word; if there are none, those
    with a slip in each. `rows` must not be sorted or distinct: then the database may stop at the limit.
    """
    words = words_of(text)
    if not words:
        return []
    rows = rows.alias(search_key=key)
    begun = [_begins(key, word) for word in words]
    slipped = [Q(search_key__regex=slips(word)) if len(word) >= LONG_ENOUGH else each
               for word, each in zip(words, begun, strict=True)]
    one_slip = Q()
    for place, word in enumerate(words):
        if len(word) >= LONG_ENOUGH:
            one_slip |= _all([*begun[:place], slipped[place], *begun[place + 1 :]])
    if not one_slip:
        return list(rows.filter(_all(begun))[:limit])
    steps = [_all(begun), one_slip, *([_all(slipped)] if len(words) > 1 else [])]
    return next((found for step in steps if (found := list(rows.filter(step)[:limit]))), [])


def _begins(key: Any, word: str) -> Q:
    return begins_shortly(key, word) if len(word) < TRIGRAM else Q(search_key__regex=begins(word))


def _all(conditions: list[Q]) -> Q:
    return reduce(and_, conditions)

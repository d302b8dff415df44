"""Finds words in a search key: those that begin as typed, and those that differ from what is typed by one slip.

The first kind can be answered by an index by trigram (`gin_trgm_ops`). The second cannot, for short words: hardly any
trigram of four letters survives a slip. It has an index of its own, over what does survive one: the first four letters
of each word with one of them left out (after W. Garbe's SymSpell, 2012; its idea of deletions is that of T. Bocek,
E. Hunt and B. Stiller, "Fast Similarity Search in Large Dictionaries", University of Zurich, 2007).
"""

import re
from functools import reduce
from operator import and_
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, ExpressionWrapper, Func, Model, Q, QuerySet, TextField, Value
from django.db.models.functions import Concat

from microcities.database.collation import search_key
from microcities.database.expressions import SlipKeys

Row = TypeVar("Row", bound=Model)
SHORTEST = 2
TRIGRAM = 3
# A slip in a shorter word makes another word: Ilze, Inge; Rita, Rīta.
LONG_ENOUGH = 4
MOST_WORDS = 6
BEGINNING = 4  # as many letters of a word have keys; the SQL function slip_keys has the same
PARTED_BY = re.compile("[\u0001-/:-@\\[-`{-\u007f\u00ab\u00bb\u2010-\u201f]+")
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


def slip_keys(text: str) -> set[str]:
    """What the words of a search key may still share with a mistyped one; the twin of the SQL function.

    A word's first four letters less one of them; a shorter word's letters less one, and the word itself. Two beginnings
    that differ by one letter wrong, missing, too many, or swapped with its neighbour have at least one key in common.
    """
    keys = set()
    for word in PARTED_BY.split(text):
        if len(word) >= LONG_ENOUGH - 1:
            begun = word[:BEGINNING]
            keys |= {begun[:place] + begun[place + 1 :] for place in range(len(begun))}
            keys |= {begun} if len(begun) < BEGINNING else set()
    return keys


def begun_by(key: Any, word: str) -> Q:
    """The condition that some word of the key begins with `word`; for rows of `with_search_keys`."""
    return begins_shortly(key, word) if len(word) < TRIGRAM else Q(search_key__regex=begins(word))


def slipped(key: Any, word: str, *, indexed: bool) -> Q:
    """The condition that some word of the key is `word` with one slip at most; for rows of `with_search_keys`.

    `indexed`: the table has an index on SlipKeys of the key; without one, keys only cost.
    """
    if len(word) < LONG_ENOUGH:
        return begun_by(key, word)
    if not indexed or PARTED_BY.search(word[:BEGINNING]):  # or its beginning is more than one word of the key
        return Q(search_key__regex=slips(word))
    return Q(slip_keys__overlap=sorted(slip_keys(word)), unindexed_key__regex=slips(word))


def with_search_keys(rows: QuerySet[Row], key: Any) -> QuerySet[Row]:
    """The rows with the keys that conditions here ask for.

    The planner overrates what an index by trigram knows of slips; the text with nothing added keeps it from that index.
    """
    return rows.alias(search_key=key, slip_keys=SlipKeys(key), unindexed_key=Concat(key, Value(""), output_field=TextField()))


def find(rows: QuerySet[Row], key: Any, text: str, limit: int, *, indexed: bool = False) -> list[Row]:
    """At most `limit` rows in whose key every word is found; `indexed` where SlipKeys of the key has an index.

    First those whose words begin as typed; if there are none, those with a slip in one word; if there are none, those
    with a slip in each. `rows` must not be sorted or distinct: then the database may stop at the limit.
    """
    words = words_of(text)
    if not words:
        return []
    rows = with_search_keys(rows, key)
    begun = [begun_by(key, word) for word in words]
    mistyped = [slipped(key, word, indexed=indexed) for word in words]
    one_slip = Q()
    for place, word in enumerate(words):
        if len(word) >= LONG_ENOUGH:
            one_slip |= _all([*begun[:place], mistyped[place], *begun[place + 1 :]])
    if found := list(rows.filter(_all(begun))[:limit]):
        return found
    if not one_slip:
        return []
    if len(words) == 1:
        return list(rows.filter(one_slip)[:limit])
    # Both kinds of slips in one question, the better ones first: each question reads the index anew.
    near = rows.filter(_all(mistyped)).annotate(slipped_once=ExpressionWrapper(one_slip, BooleanField()))
    found = list(near.order_by("-slipped_once")[:limit])
    once = [row for row in found if row.slipped_once]  # type: ignore[attr-defined]
    return once or found


def _all(conditions: list[Q]) -> Q:
    return reduce(and_, conditions)

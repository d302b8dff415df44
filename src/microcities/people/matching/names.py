"""Compares given and family names as Latvians write them: diacritics, endings of gender, double names."""

import re
from enum import StrEnum
from functools import lru_cache

from microcities.database.collation import search_key
from microcities.people.matching.likeness import jaro_winkler, levenshtein

ALIKE = 0.92
# One letter wrong in a word of at least this many letters is a typing error; in a shorter one it is another name.
LONG_ENOUGH = 5
# Nominative endings of Latvian family names, men's and women's, after diacritics are gone (Bērziņš, Bērziņa; Lācis, Lāce).
ENDINGS = re.compile(r"(?<=..)(is|us|s|a|e)$")
NOT_LETTERS = re.compile(r"[^\w]+|_")

Words = tuple[str, ...]


class NameVerdict(StrEnum):
    """How two names agree, the best first."""

    SAME = "same"
    ENDING = "ending"
    PART = "part"
    ALIKE = "alike"
    DIFFERENT = "different"
    MISSING = "missing"


@lru_cache(maxsize=200_000)
def words_of(name: str) -> Words:
    """The words of a name in small letters without diacritics; a hyphen parts words as a space does."""
    return tuple(word for word in NOT_LETTERS.split(search_key(name)) if word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """A family name without its ending of gender: berzins and berzina are both berzin."""
    return ENDINGS.sub("", word)


@lru_cache(maxsize=500_000)
def compare_names(first: Words, second: Words, family: bool) -> NameVerdict:
    """How two given names, or two family names, agree."""
    if not first or not second:
        return NameVerdict.MISSING
    if first == second or sorted(first) == sorted(second):
        return NameVerdict.SAME
    if family and sorted(map(stem, first)) == sorted(map(stem, second)):
        return NameVerdict.ENDING
    one, other = (set(map(stem, first)), set(map(stem, second))) if family else (set(first), set(second))
    if one <= other or other <= one:
        return NameVerdict.PART
    if _alike(" ".join(first), " ".join(second)):
        return NameVerdict.ALIKE
    return NameVerdict.DIFFERENT


def _alike(first: str, second: str) -> bool:
    a, b = len(first), len(second)
    # Jaro-Winkler reaches 0.92 only from Jaro 0.867 up, which needs m/a + m/b >= 1.6 for m letters in common; so words
    # with more letters of their own than this cannot be alike, and most pairs end here.
    if len(set(first) ^ set(second)) > max(2, a + b - 3.2 * a * b / (a + b)):
        return False
    if jaro_winkler(first, second) >= ALIKE:
        return True
    return min(a, b) >= LONG_ENOUGH and abs(a - b) <= 1 and levenshtein(first, second) == 1

"""Likeness of words against the values that Winkler's papers print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.people.matching.likeness import jaro, jaro_winkler, levenshtein

# W. E. Winkler, "The State of Record Linkage and Current Research Problems" (1999), table of comparator values.
PUBLISHED = [
    ("SHACKLEFORD", "SHACKELFORD", 0.970, 0.982),
    ("DUNNINGHAM", "CUNNIGHAM", 0.896, 0.896),
    ("NICHLESON", "NICHULSON", 0.926, 0.956),
    ("JONES", "JOHNSON", 0.790, 0.832),
    ("MASSEY", "MASSIE", 0.889, 0.933),
    ("ABROMS", "ABRAMS", 0.889, 0.922),
    ("JERALDINE", "GERALDINE", 0.926, 0.926),
    ("MARHTA", "MARTHA", 0.944, 0.961),
    ("MICHELLE", "MICHAEL", 0.869, 0.921),
    ("JULIES", "JULIUS", 0.889, 0.933),
    ("TANYA", "TONYA", 0.867, 0.880),
    ("DWAYNE", "DUANE", 0.822, 0.840),
]
words = st.text(alphabet="abcdefgāšž", max_size=9)


@pytest.mark.parametrize(("first", "second", "by_jaro", "by_winkler"), PUBLISHED)
def test_likeness_equals_published_value(first: str, second: str, by_jaro: float, by_winkler: float) -> None:
    assert round(jaro(first, second), 3) == by_jaro
    assert round(jaro_winkler(first, second), 3) == by_winkler


def test_likeness_of_nothing_in_common_is_zero() -> None:
    assert (jaro("abc", "xyz"), jaro_winkler("abc", "xyz"), jaro("", "abc"), jaro("", "")) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("first", "second", "edits"),
    [("kitten", "sitting", 3), ("saturday", "sunday", 3), ("", "abc", 3), ("ozols", "ozols", 0)],
)
def test_levenshtein_counts_edits(first: str, second: str, edits: int) -> None:
    assert levenshtein(first, second) == edits


@given(words, words, words)
def test_levenshtein_is_a_metric(a: str, b: str, c: str) -> None:
    assert levenshtein(a, b) == levenshtein(b, a)
    assert (levenshtein(a, b) == 0) == (a == b)
    assert levenshtein(a, c) <= levenshtein(a, b) + levenshtein(b, c)


@given(words, words)
def test_jaro_winkler_lies_between_jaro_and_one(a: str, b: str) -> None:
    assert 0 <= jaro(a, b) <= jaro_winkler(a, b) <= 1
    assert jaro(a, a) == (1 if a else 0)

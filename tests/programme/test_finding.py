"""One slip of the hand, of whatever kind, still finds the word; the patterns say nothing else."""

import re

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from microcities.database.collation import search_key
from microcities.database.finding import LONG_ENOUGH, begins, slip_keys, slips, words_of
from microcities.programme.search import matches

LETTERS = "abcdefghijklmnoprstuvz"
WORDS = st.text(LETTERS, min_size=5, max_size=12)


def mistyped(data: st.DataObject, word: str, places: int) -> str:
    """The word with one slip at one of its first `places`: a letter wrong, missing, too many, or swapped with the next."""
    place = data.draw(st.integers(0, places - 1))
    letter = data.draw(st.sampled_from(LETTERS))
    slipped = [
        word[:place] + letter + word[place + 1 :],
        word[:place] + word[place + 1 :],
        word[: place + 1] + letter + word[place + 1 :],
        word[:place] + letter + word[place:],
    ]
    if place + 1 < len(word):
        slipped.append(word[:place] + word[place + 1] + word[place] + word[place + 2 :])
    return data.draw(st.sampled_from(slipped))


@given(WORDS, st.data())
def test_any_one_slip_is_forgiven(word: str, data: st.DataObject) -> None:
    assert re.search(slips(mistyped(data, word, len(word) - 1)), f"janis {word}")


@given(st.text(LETTERS, min_size=2, max_size=9), st.data())
def test_what_is_mistyped_shares_a_key_with_what_was_meant(word: str, data: st.DataObject) -> None:
    """Whatever the slow comparison finds, the index finds: also the beginning of a word, mistyped."""
    begun = word[: data.draw(st.integers(2, len(word)))]
    typed = mistyped(data, begun, len(begun))
    if len(typed) >= LONG_ENOUGH:
        assert re.search(slips(typed), word)
        assert slip_keys(typed) & slip_keys(f"janis {word}-ozols")


@pytest.mark.django_db
@pytest.mark.sql
@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("Ed Bo", set()),
        ("Una", {"na", "ua", "un", "una"}),
        ("Ķirša-Lapa", {"irs", "krs", "kis", "kir", "apa", "lpa", "laa", "lap"}),
        ("SIA „Rīts”", {"ia", "sa", "si", "sia", "its", "rts", "ris", "rit"}),
        ("Ан'на 12345", {"234", "134", "124", "123"}),
        ("ābols\tāboliņš", {"bol", "aol", "abl", "abo"}),
    ],
)
def test_keys_in_the_database_are_those_of_python(name: str, keys: set[str]) -> None:
    assert slip_keys(search_key(name)) == keys
    with connection.cursor() as cursor:
        cursor.execute("SELECT slip_keys(search_key(%s))", [name])
        assert set(cursor.fetchone()[0]) == keys


@pytest.mark.django_db
@pytest.mark.sql
def test_keys_of_every_sign_are_the_same_in_both() -> None:
    texts = [f"abcde{chr(code)}fghij" for code in (*range(1, 0x250), *range(0x2000, 0x2070), 0x410, 0x4E00)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT t, slip_keys(t) FROM unnest(%s::text[]) AS t", [texts])
        assert [text for text, keys in cursor.fetchall() if set(keys) != slip_keys(text)] == []


@given(st.text(max_size=40))
def test_patterns_of_any_text_are_valid_and_find_the_text_itself(text: str) -> None:
    for word in words_of(text):
        assert re.search(begins(word), word)
        assert re.search(slips(word), word)


def test_two_slips_are_not_forgiven() -> None:
    assert not re.search(slips("kalvnia"), "klavina")
    assert not re.search(slips("berzins"), "barzans")


def test_short_words_are_taken_as_they_stand() -> None:
    assert slips("ilz") == r"(^|\W)(ilz)"
    assert not re.search(slips("ivo"), "iva")


def test_texts_in_memory_match_by_the_same_rules() -> None:
    assert matches("terit kodi", "Pilsētu teritoriju kodi")
    assert matches("teritorjiu", "Pilsētu teritoriju kodi")
    assert not matches("teritoriju likums", "Pilsētu teritoriju kodi")
    assert words_of("a b") == []
    assert words_of('Ābols "SIA"') == ["abols", "sia"]

"""One slip of the hand, of whatever kind, still finds the word; the patterns say nothing else."""

import re

from hypothesis import given
from hypothesis import strategies as st

from microcities.database.finding import begins, slips, words_of
from microcities.programme.search import matches

LETTERS = "abcdefghijklmnoprstuvz"
WORDS = st.text(LETTERS, min_size=5, max_size=12)


@given(WORDS, st.data())
def test_any_one_slip_is_forgiven(word: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    typed = data.draw(
        st.sampled_from(
            [
                word[:place] + letter + word[place + 1 :],
                word[:place] + word[place + 1 :],
                word[: place + 1] + letter + word[place + 1 :],
                word[:place] + word[place + 1] + word[place] + word[place + 2 :],
            ]
        )
    )
    assert re.search(slips(typed), f"janis {word}")


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

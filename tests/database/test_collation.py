"""Holds the Python and SQL collation functions to each other and to the order of Latvian dictionaries."""

import random

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from microcities.database.collation import latvian_key, search_key
from microcities.database.expressions import LatvianKey, SearchKey
from tests.database import latvian_words

SQL = [pytest.mark.django_db, pytest.mark.sql]
LETTERS = "aāAĀbcčČCdeēĒfgģĢGhiīĪIyYjkķĶlļĻmnņŅoōŌpqrŗŖsšŠtuūŪvwxzžŽéł -'09"
LATVIAN = st.text(st.sampled_from(LETTERS), max_size=8)
# The first plane; beyond it Python and PostgreSQL may know different years of Unicode.
ANYTHING = st.text(
    st.characters(exclude_categories=["Cs", "Cn"], exclude_characters="\0", max_codepoint=0xFFFF), max_size=12
)
TEXTS = st.lists(LATVIAN | ANYTHING, max_size=20)
LISTS = {
    "alphabet": latvian_words.ALPHABET,
    "places": latvian_words.PLACES.split(),
    "levels": latvian_words.LEVELS,
    "y and i": latvian_words.Y_AND_I,
    "signs": latvian_words.SIGNS,
}
run_often = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def in_sql(function: str, texts: list[str]) -> list[str]:
    with connection.cursor() as cursor:
        query = f"SELECT {function}(t) FROM unnest(%s::text[]) WITH ORDINALITY AS u(t, n) ORDER BY n"
        cursor.execute(query, [texts])
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
@pytest.mark.sql
@given(TEXTS)
@run_often
def test_latvian_key_is_the_same_in_sql_and_python(texts: list[str]) -> None:
    assert in_sql("latvian_key", texts) == [latvian_key(text) for text in texts]


@pytest.mark.django_db
@pytest.mark.sql
@given(TEXTS)
@run_often
def test_search_key_is_the_same_in_sql_and_python(texts: list[str]) -> None:
    assert in_sql("search_key", texts) == [search_key(text) for text in texts]


@pytest.mark.parametrize("words", LISTS.values(), ids=LISTS.keys())
def test_latvian_words_shuffled_come_back_in_dictionary_order(words: list[str]) -> None:
    shuffled = random.Random(7).sample(words, len(words))
    assert sorted(shuffled, key=latvian_key) == words


def test_surnames_sort_letter_by_letter_with_own_letters_after_their_base() -> None:
    surnames = latvian_words.SURNAMES.split()
    assert sorted(random.Random(3).sample(surnames, len(surnames)), key=latvian_key) == surnames


@pytest.mark.django_db
@pytest.mark.sql
def test_order_by_in_sql_is_dictionary_order_whatever_the_database_collation() -> None:
    words = latvian_words.SURNAMES.split()
    with connection.cursor() as cursor:
        query = 'SELECT t FROM unnest(%s::text[]) AS u(t) ORDER BY latvian_key(t) COLLATE "C"'
        cursor.execute(query, [random.Random(9).sample(words, len(words))])
        assert [row[0] for row in cursor.fetchall()] == words


@given(LATVIAN, LATVIAN)
def test_own_letters_differ_first_and_long_vowels_only_last(start: str, end: str) -> None:
    assert latvian_key(start + "cz" + end) < latvian_key(start + "č") < latvian_key(start + "d")
    assert latvian_key(start + "a" + end) < latvian_key(start + "ā" + end) < latvian_key(start + "a" + end + "b")


@given(LATVIAN)
def test_decomposed_text_has_the_key_of_composed_text(text: str) -> None:
    import unicodedata

    assert latvian_key(unicodedata.normalize("NFD", text)) == latvian_key(text)
    assert search_key(unicodedata.normalize("NFD", text)) == search_key(text)


def test_search_key_forgets_marks_case_and_spaces() -> None:
    assert search_key("  Ķēniņš\u00a0 ŽŪKŠĶIS\tŁódź Straße ") == "kenins zukskis lodz strasse"


def test_key_of_plain_small_text_is_only_its_first_level() -> None:
    assert latvian_key("abc") == latvian_key("abc").split(" ")[0] + "  "


@pytest.mark.django_db
@pytest.mark.sql
@isolate_apps("microcities.database")
def test_expressions_sort_search_and_stand_in_an_index() -> None:
    class Place(models.Model):
        name = models.TextField()

        class Meta:
            app_label = "database"
            managed = False
            db_table = "test_place"

    index = models.Index(LatvianKey("name"), name="test_place_order")
    with connection.schema_editor() as editor:
        editor.create_model(Place)
        editor.add_index(Place, index)
    Place.objects.bulk_create([Place(name=name) for name in ("Žagare", "Ķegums", "Zilupe", "Kuldīga")])
    assert [place.name for place in Place.objects.order_by(LatvianKey("name"))] == [
        "Kuldīga",
        "Ķegums",
        "Zilupe",
        "Žagare",
    ]
    found = Place.objects.alias(key=SearchKey("name")).filter(key__contains=search_key("ĶĒG"))
    assert [place.name for place in found] == ["Ķegums"]


@pytest.mark.django_db
@pytest.mark.sql
def test_functions_are_immutable_strict_and_parallel_safe() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT proname, provolatile, proisstrict, proparallel FROM pg_proc "
            "WHERE proname IN ('latvian_key', 'search_key') ORDER BY 1"
        )
        assert cursor.fetchall() == [(name, "i", True, "s") for name in ("latvian_key", "search_key")]

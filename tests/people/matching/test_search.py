"""Who is taken for the same person, who is left to a person to decide, and who is new."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.people.matching.names import NameVerdict, compare_names, words_of
from microcities.people.matching.scoring import BirthVerdict, Record, compare_births, email_key, phone_key
from microcities.people.matching.search import Matcher, Outcome

BORN = date(2004, 3, 12)


def record(key: int = 1, name: str = "Līga Bērziņa", birth_on: date | None = BORN, **fields: Any) -> Record:
    given, _, family = name.partition(" ")
    return Record(key=key, given=words_of(given), family=words_of(family), birth_on=birth_on, **fields)


def outcome(known: Record, asked: Record) -> Outcome:
    return Matcher([known]).find(asked).outcome


@pytest.mark.parametrize(
    ("first", "second", "family", "verdict"),
    [
        ("Bērziņš", "berzins", True, NameVerdict.SAME),
        ("Bērziņš", "Bērziņa", True, NameVerdict.ENDING),
        ("Lācis", "Lāce", True, NameVerdict.ENDING),
        ("Bērziņa-Kalniņa", "Kalniņa Bērziņa", True, NameVerdict.SAME),
        ("Bērziņa-Kalniņa", "Bērziņa", True, NameVerdict.PART),
        ("Anna Marija", "Anna", False, NameVerdict.PART),
        ("Marija Anna", "Anna Marija", False, NameVerdict.SAME),
        ("Jānis", "Jana", False, NameVerdict.DIFFERENT),
        ("Kristīne", "Kristine", False, NameVerdict.SAME),
        ("Kristīne", "Kirstīne", False, NameVerdict.ALIKE),
        ("Anna", "", False, NameVerdict.MISSING),
    ],
)
def test_names_compare_as_latvians_write_them(
    first: str, second: str, family: bool, verdict: NameVerdict
) -> None:
    assert compare_names(words_of(first), words_of(second), family) is verdict


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        (BORN, BirthVerdict.SAME),
        (date(2004, 12, 3), BirthVerdict.NEAR),
        (date(2004, 3, 13), BirthVerdict.NEAR),
        (date(2005, 4, 12), BirthVerdict.DIFFERENT),
        (None, BirthVerdict.MISSING),
    ],
)
def test_births_compare_with_usual_mistakes(other: date | None, verdict: BirthVerdict) -> None:
    assert compare_births(BORN, other) is verdict


def test_search_same_code_is_same_person_whatever_else() -> None:
    found = Matcher([record(code=b"x")]).find(record(0, "Līga Kalniņa", None, code=b"x"))
    assert (found.outcome, found.key, found.by) == (Outcome.SAME, 1, "code")


def test_search_code_of_another_name_is_a_conflict() -> None:
    found = Matcher([record(code=b"x")]).find(record(0, "Pēteris Ozols", code=b"x"))
    assert (found.outcome, found.key) == (Outcome.CONFLICT, 1)


def test_search_two_codes_are_two_persons() -> None:
    assert outcome(record(code=b"x"), record(0, code=b"y")) is Outcome.NEW


def test_search_own_reference_is_same_person() -> None:
    found = Matcher([record(own=True, reference="A-1")]).find(record(0, birth_on=None, reference="A-1"))
    assert (found.outcome, found.by) == (Outcome.SAME, "reference")


def test_search_code_and_reference_of_two_persons_is_a_conflict() -> None:
    known = [record(1, code=b"x"), record(2, own=True, reference="A-1")]
    assert Matcher(known).find(record(0, code=b"x", reference="A-1")).outcome is Outcome.CONFLICT


def test_search_name_birth_and_contact_is_same_person() -> None:
    email = email_key("Liga@Example.org ")
    assert outcome(record(email="liga@example.org"), record(0, "Liga Berzina", email=email)) is Outcome.SAME


def test_search_name_and_birth_alone_is_for_a_person_to_decide() -> None:
    found = Matcher([record()]).find(record(0))
    assert found.outcome is Outcome.CANDIDATE
    assert [candidate.key for candidate in found.candidates] == [1]
    assert 0.99 < found.candidates[0].score < 0.9999
    assert {reason.field: reason.verdict for reason in found.candidates[0].reasons} == {
        "given_name": "same", "family_name": "same", "birth_on": "same",
    }


def test_search_name_and_birth_within_the_organisation_is_same_person() -> None:
    assert outcome(record(own=True), record(0, "Bērziņa Līga")) is Outcome.SAME


def test_search_two_references_within_the_organisation_are_for_a_person_to_decide() -> None:
    known = record(own=True, reference="A-1")
    assert outcome(known, record(0, reference="A-2")) is Outcome.CANDIDATE


def test_search_twins_are_never_one_person_by_machine() -> None:
    phone = phone_key("+371 2 612 3456")
    for twin in ("Anna", "Anne", "Annija", "Elza"):
        known = record(1, "Anna Ozola", phone=phone, own=True)
        found = outcome(known, record(0, f"{twin} Ozola", phone=phone_key("26123456")))
        assert found is (Outcome.SAME if twin == "Anna" else Outcome.CANDIDATE), twin


def test_search_same_name_with_other_birth_date_is_new() -> None:
    assert outcome(record(), record(0, birth_on=date(1999, 7, 30))) is Outcome.NEW


def test_search_other_sex_is_never_decided_by_machine() -> None:
    known = record(sex="female", email="a@example.org")
    assert outcome(known, record(0, sex="male", email="a@example.org")) is Outcome.CANDIDATE


def test_search_two_equal_persons_are_for_a_person_to_decide() -> None:
    known = [record(1, email="a@example.org"), record(2, email="a@example.org")]
    found = Matcher(known).find(record(0, email="a@example.org"))
    assert (found.outcome, [c.key for c in found.candidates]) == (Outcome.CANDIDATE, [1, 2])


@given(
    st.sampled_from(["Līga", "Anna", "Jānis", "Anna Marija", ""]),
    st.sampled_from(["Bērziņa", "Bērziņš", "Ozols", "Ozola-Liepa", ""]),
    st.sampled_from([BORN, date(2004, 12, 3), None]),
    st.sampled_from(["", "a@example.org"]),
)
def test_search_never_decides_by_machine_without_a_birth_date(
    given_name: str, family_name: str, birth_on: date | None, email: str
) -> None:
    asked = Record(0, words_of(given_name), words_of(family_name), birth_on, email=email)
    found = Matcher([record(email="a@example.org", own=True)]).find(asked)
    if found.outcome is Outcome.SAME:
        assert birth_on == BORN

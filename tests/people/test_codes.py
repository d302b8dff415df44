"""Personal codes become hashes; name identifiers of VPM and eIDAS are read; nothing shows a code."""

import hashlib
import hmac

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st
from stdnum.lv import pvn

from microcities.people.codes import CodeError, code_hash, normal_form
from microcities.people.name_identifiers import Kind, NameIdentifierError, read_eidas, read_vpm

OLD = "161175-19997"  # the examples of python-stdnum
NEW = "328673-00679"


def test_old_and_new_latvian_codes_have_one_spelling() -> None:
    assert normal_form(OLD) == "16117519997"
    assert normal_form(" LV161175 19997 ") == "16117519997"
    assert normal_form(NEW) == "32867300679"


def test_hash_is_hmac_sha256_of_country_and_code_under_the_key_of_persons() -> None:
    expected = hmac.new(settings.PERSON_HASH_KEY.encode(), b"code\x1fLV:16117519997", hashlib.sha256).digest()
    assert code_hash(OLD) == expected


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("161375-19997", "the date or the check digit of this personal code is wrong"),
        ("161175-19998", "the date or the check digit of this personal code is wrong"),
        ("328673-00677", "the date or the check digit of this personal code is wrong"),
        ("40003521600", "this is the number of an organisation"),
        ("16117519", "a Latvian personal code has 11 digits"),
        ("", "a Latvian personal code has 11 digits"),
    ],
)
def test_wrong_code_is_refused_with_a_reason_that_does_not_repeat_it(code: str, reason: str) -> None:
    with pytest.raises(CodeError) as caught:
        code_hash(code)
    assert str(caught.value) == reason


def test_attested_code_is_checked_for_its_shape_only() -> None:
    assert code_hash("328673-00677", attested=True) == code_hash("32867300677", attested=True)
    with pytest.raises(CodeError):
        code_hash("3286730067", attested=True)


def test_estonian_check_digit_is_checked_and_countries_are_kept_apart() -> None:
    assert normal_form("37605030299", "EE") == "37605030299"
    with pytest.raises(CodeError):
        normal_form("37605030291", "EE")
    assert code_hash("16117519997", "LV") != code_hash("16117519997", "PT", attested=True)


@given(st.integers(min_value=0, max_value=99_999_999))
def test_new_codes_with_a_right_check_digit_are_taken_in_any_spelling(number: int) -> None:
    body = f"32{number:08d}"
    code = body + pvn.calc_check_digit_pers(body)
    assert code_hash(f"{code[:6]}-{code[6:]}") == code_hash(code)


def test_vpm_identifiers() -> None:
    assert read_vpm("PK:161175-19997").kind is Kind.RESIDENT
    assert read_vpm("PK:16117519997").code == "16117519997"
    employee = read_vpm("AU:90000051970-PK:16117519997")
    assert (employee.kind, employee.institution, employee.code) == (Kind.EMPLOYEE, "90000051970", "16117519997")
    signatory = read_vpm("PK:161175-19997-UR:40003521600")
    assert (signatory.kind, signatory.register_number) == (Kind.SIGNATORY, "40003521600")
    unconfirmed = read_vpm("Jana@Example.org")
    assert (unconfirmed.kind, unconfirmed.email, unconfirmed.code) == (Kind.UNCONFIRMED, "jana@example.org", "")


def test_eidas_identifier_says_whose_code_it_is() -> None:
    found = read_eidas("EE/LV/37605030299")
    assert (found.kind, found.country, found.code) == (Kind.FOREIGNER, "EE", "37605030299")


@pytest.mark.parametrize("text", ["", "PK:", "PK:123", "16117519997", "DP:16117519997", "XX:1", "PK:16117519997\nPK:1",
                                  "PK:16117519997-UR:4", "EE/LV/1"])
def test_other_identifiers_are_refused_without_repeating_them(text: str) -> None:
    with pytest.raises(NameIdentifierError) as caught:
        read_vpm(text)
    assert not text or text not in str(caught.value)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_vpm, read_eidas):
        try:
            found = read(text)
        except NameIdentifierError:
            continue
        assert len(found.code) < 5 or found.code not in repr(found)


def test_representation_hides_the_code() -> None:
    assert "16117519997" not in repr(read_vpm("PK:161175-19997"))
    assert "37605030299" not in repr(read_eidas("EE/LV/37605030299"))

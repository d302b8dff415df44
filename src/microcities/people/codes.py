"""Turns a personal code into the keyed hash that is all the platform ever keeps of it.

The code goes in, 32 bytes come out: no message, exception or representation made here contains the code.
"""

import hashlib
import hmac
import re

from django.conf import settings
from stdnum.exceptions import ValidationError as StdnumError
from stdnum.lv import pvn
from stdnum.util import get_cc_module

LATVIA = "LV"
# ISO 3166 letters; eIDAS writes Greece as EL.
COUNTRY = re.compile(r"[A-Z]{2}")
FOREIGN_CODE = re.compile(r"[0-9A-Z]{4,40}")
DIGITS_11 = re.compile(r"[0-9]{11}")
# Numbers of natural persons: a Latvian code begins with a day of birth (00-31) or, since July 2017, with 32.
LAST_PERSONAL_DIGIT = "3"


class CodeError(ValueError):
    """The text is no personal code of that country; the message says what is expected and never repeats the text."""


def normal_form(code: str, country: str = LATVIA, *, attested: bool = False) -> str:
    """The one spelling of a personal code: capital letters and digits only, without its country and separators.

    Latvian codes are checked in both forms, the one that begins with the date of birth and the one that begins with 32.
    `attested` says that an identity provider vouches for the code: then only its shape is checked, because the check
    digit of the newer form is published by nobody and a wrong guess would lock a person out. Raises CodeError.
    """
    if not COUNTRY.fullmatch(country):
        raise CodeError("a country is given by its two capital letters")
    text = re.sub(r"[\s./-]", "", code).upper()
    if country == LATVIA:
        return _latvian(text.removeprefix(LATVIA), attested)
    if not FOREIGN_CODE.fullmatch(text):
        raise CodeError("a personal code has 4 to 40 letters and digits")
    if not attested:
        _check_abroad(text, country)
    return text


def code_hash(code: str, country: str = LATVIA, *, attested: bool = False) -> bytes:
    """HMAC-SHA-256 (32 bytes) of country and code under settings.PERSON_HASH_KEY; raises CodeError.

    The country is part of what is hashed: the same digits in two countries are two persons.
    """
    return keyed_hash("code", f"{country}:{normal_form(code, country, attested=attested)}")


def keyed_hash(purpose: str, text: str) -> bytes:
    """HMAC-SHA-256 (32 bytes) of a text under the key of persons; `purpose` keeps two uses of one text apart."""
    key = settings.PERSON_HASH_KEY.encode()
    return hmac.new(key, f"{purpose}\x1f{text}".encode(), hashlib.sha256).digest()


def _latvian(text: str, attested: bool) -> str:
    if not DIGITS_11.fullmatch(text):
        raise CodeError("a Latvian personal code has 11 digits")
    if text[0] > LAST_PERSONAL_DIGIT:
        raise CodeError("this is the number of an organisation")
    if not attested:
        try:
            pvn.validate(text)
        except StdnumError:
            raise CodeError("the date or the check digit of this personal code is wrong") from None
    return text


def _check_abroad(text: str, country: str) -> None:
    """Check what python-stdnum knows of that country's codes; a country it does not know is taken as written."""
    known = get_cc_module(country.lower(), "personalid")
    if known is None:
        return
    try:
        known.validate(text)
    except StdnumError:
        raise CodeError("the check digit of this personal code is wrong") from None

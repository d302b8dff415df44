"""Reads one cell: dates, numbers, codes, contacts, each in the ways people write them, or says what is wrong with it.

A cell becomes text as a row keeps it (2021-10-31, 12.50); a wrong one raises CellError with a problem's code.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator

from microcities.database.collation import search_key
from microcities.people.matching.names import words_of

TIME = r"([T ]\d{1,2}:\d{2}(:\d{2})?)?"
DAY_FORMS = (
    re.compile(r"(?P<day>\d{1,2})\.\s?(?P<month>\d{1,2})\.\s?(?P<year>\d{4})\.?(\s*g\.?)?" + TIME),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})" + TIME),
    re.compile(r"(?P<year>\d{4})[./]\s?(?P<month>\d{1,2})[./]\s?(?P<day>\d{1,2})\.?" + TIME),
    re.compile(r"(?P<day>\d{1,2})-(?P<month>\d{1,2})-(?P<year>\d{4})" + TIME),
)
# With slashes some write the day first and some the month: taken only where a number above 12 tells which is which.
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + TIME)
SERIAL = re.compile(r"[1-7]\d{4}")
SPREADSHEET_ERRORS = frozenset({
    "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#ERROR!",
})
NOT_IN_NAMES = re.compile(r"[#=<>|;:_*+$%&!?\"\\/\[\]{}@^~]")
# What spreadsheets call 1 January 1900 plus one, because they count a 29 February 1900 that never was.
EXCEL_BEGINS = date(1899, 12, 30)
# 1927 to 2099. A smaller number in a date column is more likely a year.
EXCEL_DAYS = range(10_000, 73_051)
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)
SEXES = {
    "s": "female", "siev": "female", "sieviete": "female", "meitene": "female", "f": "female", "female": "female",
    "woman": "female", "girl": "female", "sieviesu": "female",
    "v": "male", "vir": "male", "virietis": "male", "zens": "male", "m": "male", "male": "male", "man": "male",
    "boy": "male", "viriesu": "male",
    "cits": "other", "other": "other", "x": "other", "nezinams": "unknown", "unknown": "unknown",
}
COUNTRIES = {
    "latvija": "LV", "latvia": "LV", "lva": "LV", "igaunija": "EE", "estonia": "EE", "lietuva": "LT", "lithuania": "LT",
    "ukraina": "UA", "ukraine": "UA",
}
NUMBER = re.compile(r"-?\d+(\.\d+)?")
PHONE = re.compile(r"\+?[0-9 ()/-]{6,31}")
EMAIL = EmailValidator()
LONGEST_NAME = 120


class CellError(ValueError):
    """The cell cannot be used; `code` names the problem, whose words are in spreadsheets.words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def text_of(cell: object) -> str:
    """A cell as text: a whole number without its point, a date as 2021-10-31."""
    if isinstance(cell, str):
        return " ".join(cell.split())
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time().isoformat() == "00:00:00" else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


def read_name(cell: object) -> str:
    """A name: letters in it, no figures, at most 120 characters."""
    text = text_of(cell)
    if len(text) > LONGEST_NAME:
        raise CellError("too_long")
    if any(letter.isdigit() for letter in text) or NOT_IN_NAMES.search(text) or not words_of(text):
        raise CellError("not_a_name")
    return text


def read_day(cell: object) -> str:
    """A date in any usual way of writing, or the number by which spreadsheets count days."""
    if isinstance(cell, datetime):
        return _within(cell.date())
    if isinstance(cell, date):
        return _within(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if cell != int(cell) or cell not in EXCEL_DAYS:
            raise CellError("not_a_day")
        return _within(EXCEL_BEGINS + timedelta(days=int(cell)))
    return _read_day_text(text_of(cell))


@lru_cache(maxsize=20_000)
def _read_day_text(text: str) -> str:
    if SERIAL.fullmatch(text):
        return read_day(int(text))
    for form in DAY_FORMS:
        if found := form.fullmatch(search_key(text)):
            parts = found.groupdict()
            return _day(int(parts["year"]), int(parts["month"]), int(parts["day"]))
    if slashed := SLASHED.fullmatch(search_key(text)):
        first, second, year = (int(slashed.group(place)) for place in (1, 2, 3))
        if first <= 12 and second <= 12 and first != second:
            raise CellError("unclear_day")
        return _day(year, first, second) if second > 12 else _day(year, second, first)
    raise CellError("not_a_day")


def _day(year: int, month: int, day: int) -> str:
    try:
        return _within(date(year, month, day))
    except ValueError as error:
        if isinstance(error, CellError):
            raise
        raise CellError("no_such_day") from None


def _within(day: date) -> str:
    if not EARLIEST <= day <= LATEST:
        raise CellError("day_out_of_range")
    return day.isoformat()


def read_number(cell: object, *, most: Decimal) -> str:
    """A number of zero or more, with decimal comma or point, to two decimals; thousands may be parted."""
    text = re.sub(r"[\s\u00a0']", "", text_of(cell)).removesuffix("EUR").removeprefix("€").removesuffix("€")
    if "," in text and "." in text:
        decimal, thousands = (",", ".") if text.rfind(",") > text.rfind(".") else (".", ",")
        text = text.replace(thousands, "").replace(decimal, ".")
    text = text.replace(",", ".")
    if not NUMBER.fullmatch(text):
        raise CellError("not_a_number")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise CellError("not_a_number") from None
    if number < 0:
        raise CellError("negative")
    if number > most:
        raise CellError("too_large")
    if number != number.quantize(Decimal("0.01")):
        raise CellError("too_many_decimals")
    return f"{number.quantize(Decimal('0.01')):f}"


def read_hours(cell: object) -> str:
    """Hours within one year: 8,784 in a leap year."""
    return read_number(cell, most=Decimal(8784))


def read_amount(cell: object) -> str:
    """An amount in euro."""
    return read_number(cell, most=Decimal("9999999999.99"))


def read_sex(cell: object) -> str:
    """Sex in Latvian or English, whole or by its first letter."""
    found = SEXES.get(search_key(text_of(cell)).strip(" ."))
    if found is None:
        raise CellError("not_a_sex")
    return found


def read_email(cell: object) -> str:
    """An e-mail address."""
    text = text_of(cell)
    try:
        EMAIL(text)
    except ValidationError:
        raise CellError("not_an_email") from None
    return text.lower()


def read_phone(cell: object) -> str:
    """A telephone number of 6 to 31 figures, spaces and the usual signs."""
    text = text_of(cell)
    if not PHONE.fullmatch(text):
        raise CellError("not_a_phone")
    return text


def read_country(cell: object) -> str:
    """A country as its two letters, or by its name where it is one of the neighbours."""
    text = text_of(cell)
    known = COUNTRIES.get(search_key(text))
    if known is None and not (len(text) == 2 and text.isascii() and text.isalpha()):
        raise CellError("not_a_country")
    return known or text.upper()


def read_reference(cell: object) -> str:
    """Any short text."""
    text = text_of(cell)
    if len(text) > 60:
        raise CellError("too_long")
    return text


READERS: dict[str, Callable[[object], str]] = {
    "name": read_name,
    "day": read_day,
    "hours": read_hours,
    "amount": read_amount,
    "sex": read_sex,
    "email": read_email,
    "phone": read_phone,
    "country": read_country,
    "reference": read_reference,
}

"""Numbers, money, shares, dates and file sizes as people read them, in the language of the page.

Separators come from the language's formats module. What is not there is said in words, never as 0.
"""

import math
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format, get_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

Number = int | float | Decimal
MINUS = "\N{MINUS SIGN}"
MOST_DIGITS = 300
WIDE = Context(prec=MOST_DIGITS + 20)  # rounding must not fail on what a page can be asked to show
NBSP = "\N{NO-BREAK SPACE}"
# CLDR, "minimum grouping digits": Latvian leaves four digits together (1000, but 10 000).
UNGROUPED_DIGITS = {"lv": 4}


def as_decimal(value: object) -> Decimal | None:
    """Read a number out of what a template may hold; None when it is not one, or beyond all sense."""
    if value is None or isinstance(value, bool) or value == "":
        return None
    if isinstance(value, float):
        value = repr(value)
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() and number.adjusted() <= MOST_DIGITS else None


def no_data() -> str:
    """The words for a value that is not there."""
    return _("no data")


def format_number(value: object, decimals: int | None = None) -> str:
    """Write 6246405.15 as 6 246 405,15 (Latvian) or 6,246,405.15 (English).

    `decimals` rounds half up and fixes the digits after the mark; None keeps what the value has, up to six.
    """
    number = as_decimal(value)
    if number is None:
        return no_data()
    places = decimals
    if places is None:
        exponent = number.normalize().as_tuple().exponent
        places = min(6, max(0, -exponent)) if isinstance(exponent, int) else 0
    text = f"{_rounded(number, places):f}"
    sign, text = (MINUS, text[1:]) if text.startswith("-") else ("", text)
    if not text.strip("0."):
        sign = ""  # what rounds to zero is zero, without a minus
    whole, _dot, rest = text.partition(".")
    return sign + _grouped(whole) + (str(get_format("DECIMAL_SEPARATOR")) + rest if rest else "")


def format_money(value: object, decimals: int | None = None, currency: str = "EUR") -> str:
    """Write an amount with its code before it, as the EU style guide has it for Latvian and for English.

    Cents are shown when there are any, or as many digits as `decimals` says.
    """
    number = as_decimal(value)
    if number is None:
        return no_data()
    if decimals is None:
        decimals = 0 if _rounded(number, 2) == number.to_integral_value() else 2
    return f"{currency}{NBSP}{format_number(number, decimals)}"


def format_percent(share: object, decimals: int = 0) -> str:
    """Write a share of one (0.09) as a percentage: 9 % in Latvian, 9% in English."""
    number = as_decimal(share)
    if number is None:
        return no_data()
    return f"{format_number(number * 100, decimals)}{_percent_sign()}"


def format_quantity(value: object, unit: str = "", decimals: int | None = None) -> str:
    """Write a value with its unit: "EUR", "share" (of one), "%" (already per hundred), or a word."""
    if as_decimal(value) is None:
        return no_data()
    if unit == "EUR":
        return format_money(value, decimals)
    if unit == "share":
        return format_percent(value, decimals if decimals is not None else 0)
    if unit == "%":
        return format_number(value, decimals) + _percent_sign()
    return format_number(value, decimals) + (f"{NBSP}{unit}" if unit else "")


def format_compact(value: object, unit: str = "") -> str:
    """Write a round number short, for an axis: 5 milj. in Latvian, 5 m in English."""
    number = as_decimal(value)
    if number is None:
        return no_data()
    if unit == "share":
        return format_percent(number, 0 if number * 100 == (number * 100).to_integral_value() else 1)
    if abs(number) >= 10**9:
        return _("%(number)s bn") % {"number": format_number(number / 10**9)}
    if abs(number) >= 10**6:
        return _("%(number)s m") % {"number": format_number(number / 10**6)}
    return format_number(number) + (_percent_sign() if unit == "%" else "")


def format_day(value: date | datetime | None) -> str:
    """Write a date; a moment is first brought to the site's time zone."""
    if not value:
        return no_data()
    day = _local(value)
    return _written(day.date() if isinstance(day, datetime) else day, get_language())


@lru_cache(maxsize=4096)
def _written(day: date, language: str | None) -> str:
    """Lists hold the same few days again and again, and writing one takes longer than reading it from the database."""
    return date_format(day, "DATE_FORMAT")


def format_moment(value: datetime | None) -> str:
    """Write a date with hours and minutes in the site's time zone."""
    return date_format(_local(value), "DATETIME_FORMAT") if value else no_data()


def format_bytes(size: int | None) -> str:
    """Write a file size in decimal units with at most one digit after the mark."""
    if size is None:
        return no_data()
    if size < 1000:
        return ngettext("%(size)s byte", "%(size)s bytes", size) % {"size": size}
    power = min(3, int(math.log10(size) / 3))
    scaled = Decimal(size) / 1000**power
    places = 0 if scaled >= 10 or _rounded(scaled, 1) == scaled.to_integral_value() else 1
    return f"{format_number(scaled, places)}{NBSP}{('', 'kB', 'MB', 'GB')[power]}"


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP, context=WIDE)


def _grouped(digits: str) -> str:
    language = (get_language() or "").partition("-")[0]
    if len(digits) <= UNGROUPED_DIGITS.get(language, 3):
        return digits
    head = len(digits) % 3
    groups = [digits[:head]] if head else []
    groups += [digits[start : start + 3] for start in range(head, len(digits), 3)]
    return str(get_format("THOUSAND_SEPARATOR")).join(groups)


def _percent_sign() -> str:
    return "%" if (get_language() or "").startswith("en") else f"{NBSP}%"


def _local(value: date | datetime) -> date | datetime:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value

"""Numbers as people read them."""

import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from microcities.ui.numbers import (
    as_decimal,
    format_bytes,
    format_compact,
    format_day,
    format_moment,
    format_money,
    format_number,
    format_percent,
    format_quantity,
    no_data,
)

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        (0, None, "0"),
        (1000, None, "1000"),
        (10000, None, f"10{NBSP}000"),
        (6246405.15, None, f"6{NBSP}246{NBSP}405,15"),
        (Decimal("1.10"), None, "1,1"),
        (Decimal("1.10"), 2, "1,10"),
        (0.125, 2, "0,13"),
        (-0.004, 2, "0,00"),
        (-12.5, None, "−12,5"),
        (1e20, None, NBSP.join(["100", *["000"] * 6])),
        (10**30, 0, NBSP.join(["1", *["000"] * 10])),
        ("7", None, "7"),
    ],
)
def test_number_in_latvian(latvian: None, value: object, decimals: int | None, expected: str) -> None:
    assert format_number(value, decimals) == expected


def test_number_in_english_groups_four_digits(english: None) -> None:
    assert format_number(1000) == "1,000"
    assert format_number(6246405.15) == "6,246,405.15"


@pytest.mark.parametrize("value", [None, "", "many", float("nan"), float("inf"), True, Decimal("NaN")])
def test_number_that_is_none_is_said_in_words(english: None, value: object) -> None:
    assert format_number(value) == "no data"
    assert format_money(value) == "no data"
    assert format_percent(value) == "no data"
    assert format_quantity(value, "EUR") == "no data"


def test_money_shows_cents_only_when_there_are_any(english: None) -> None:
    assert format_money(Decimal("37008")) == f"EUR{NBSP}37,008"
    assert format_money(Decimal("4997124.12")) == f"EUR{NBSP}4,997,124.12"
    assert format_money(37008, 2) == f"EUR{NBSP}37,008.00"


def test_percent_by_language() -> None:
    with translation.override("lv"):
        assert format_percent(0.09) == f"9{NBSP}%"
        assert format_quantity(12.5, "%") == f"12,5{NBSP}%"
    with translation.override("en"):
        assert format_percent(Decimal("0.0945"), 1) == "9.5%"


def test_quantity_keeps_value_and_unit_on_one_line(english: None) -> None:
    assert format_quantity(12.5, "FTE") == f"12.5{NBSP}FTE"


def test_compact_numbers_of_an_axis(english: None) -> None:
    assert [format_compact(n) for n in (0, 950, 5_000_000, 2.5e9)] == ["0", "950", "5 m", "2.5 bn"]
    assert format_compact(0.25, "share") == "25%"


def test_dates_by_language() -> None:
    moment = datetime.datetime(2021, 10, 31, 22, 30, tzinfo=ZoneInfo("UTC"))
    with translation.override("lv"):
        assert format_day(datetime.date(2021, 10, 31)) == "31.10.2021."
        assert format_day(moment) == "01.11.2021."
    with translation.override("en"):
        assert format_moment(moment) == "1 November 2021, 00:30"
        assert format_day(None) == "no data"


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (999, "999 bytes"),
        (1412, f"1.4{NBSP}kB"),
        (5_000_000, f"5{NBSP}MB"),
        (25_000_000, f"25{NBSP}MB"),
    ],
)
def test_file_size(english: None, size: int, expected: str) -> None:
    assert format_bytes(size) == expected


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**12), max_value=10**12))
def test_number_can_be_read_back(value: Decimal) -> None:
    with translation.override("lv"):
        text = format_number(value, 2).replace(NBSP, "").replace(",", ".").replace("−", "-")
    assert Decimal(text) == value


@given(st.floats() | st.integers() | st.text() | st.none())
def test_anything_can_be_formatted(value: object) -> None:
    with translation.override("en"):
        assert (format_number(value) == no_data()) == (as_decimal(value) is None)

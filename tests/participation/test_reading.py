"""Lists in every encoding, delimiter and order of columns, and cells in every way people write them."""

import io
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from microcities.participation.lists.columns import FIELDS, missing, recognise, signature
from microcities.participation.lists.reading import open_list
from microcities.participation.lists.rows import Surroundings, read_row
from microcities.spreadsheets import cells
from microcities.spreadsheets.cells import CellError
from microcities.spreadsheets.headings import plain
from microcities.spreadsheets.reading import ListUnreadableError, delimiter_of
from tests.participation.lists import HEADER, csv_file, xlsx_file

ROWS = [("Līga", "Bērziņa", "12.03.2004.", "liga@example.org", "03.06.2019."), ("Jānis", "Ķeniņš", "", "", "1.7.2019")]


def around(**mapping: int) -> Surroundings:
    return Surroundings(
        header=list("ABCDEFGH"), mapping=mapping, starts_on=date(2019, 6, 1), ends_on=date(2019, 8, 31),
        today=date(2019, 12, 1), fundings={"eraf": 1, "valmieras budzets": 2},
        hosts={"40003009497": 7, "azeron": 8, "sia a": -1},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1257"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_csv_is_read_in_any_encoding_and_delimiter(encoding: str, delimiter: str) -> None:
    sheet = open_list(csv_file(ROWS, encoding=encoding, delimiter=delimiter).file)
    assert (sheet.header, sheet.header_number) == (list(HEADER), 1)
    assert list(sheet.rows) == [(2, list(ROWS[0])), (3, list(ROWS[1]))]


def test_xlsx_is_read_with_types_of_cells() -> None:
    rows = [("Līga", "Bērziņa", datetime(2004, 3, 12), None, date(2019, 6, 3))]  # noqa: DTZ001
    sheet = open_list(xlsx_file(rows).file)
    assert sheet.header == list(HEADER)
    number, read = next(sheet.rows)
    assert (number, cells.read_day(read[2]), cells.read_day(read[4])) == (2, "2004-03-12", "2019-06-03")


def test_rows_above_the_headings_and_blank_rows_are_passed_over() -> None:
    content = "Vasaras nodarbinātība 2019;;\n;;\nUzvārds;Vārds;Sācis\nBērziņa;Līga;03.06.2019\n;;\nOzols;Jānis;03.06.2019\n"
    sheet = open_list(io.BytesIO(content.encode()))
    assert sheet.header_number == 3
    assert [number for number, _cells in sheet.rows] == [4, 6]


def test_delimiter_inside_quotes_is_text() -> None:
    assert delimiter_of('"Vārds, uzvārds";Sācis\n"Bērziņa, Līga";2019\n') == ";"


def test_binary_content_is_refused() -> None:
    with pytest.raises(ListUnreadableError, match="not a list"):
        open_list(io.BytesIO(b"Name;\x01" + b"a" * 300 + b"\x00\x00"))


def test_headings_of_two_fields_never_overlap() -> None:
    headings = [heading for field in FIELDS for heading in field.headings]
    assert len(headings) == len(set(headings))
    assert all(plain(heading) == heading for heading in headings)


@pytest.mark.parametrize(
    ("header", "mapping"),
    [
        (["Nr.", "VĀRDS", "Uzvārds", "Dzim. datums", "Pers. kods"],
         {"local_reference": 0, "given_name": 1, "family_name": 2, "personal_code": 4}),
        (["End date", "Start date", "Surname", "First name", "E-mail", "Hours worked"],
         {"completed_on": 0, "started_on": 1, "family_name": 2, "given_name": 3, "email": 4, "hours": 5}),
        (["Vārds, uzvārds", "Tālr.", "Sākuma datums", "Darba devējs"],
         {"full_name": 0, "phone": 1, "started_on": 2, "host": 3}),
    ],
)
def test_headings_are_recognised_in_both_languages(header: list[str], mapping: dict[str, int]) -> None:
    assert recognise(header) == mapping


def test_signature_follows_headings_and_their_order() -> None:
    assert signature(["Vārds", "Uzvārds"]) == signature(["vards ", "UZVĀRDS"])
    assert signature(["Vārds", "Uzvārds"]) != signature(["Uzvārds", "Vārds"])


def test_missing_columns_are_named() -> None:
    assert len(missing({})) == 3
    assert missing({"full_name": 0, "phone": 1, "applied_on": 2}) == []


@pytest.mark.parametrize(
    ("cell", "day"),
    [("31.10.2021.", "2021-10-31"), ("31.10.2021", "2021-10-31"), ("2021-10-31", "2021-10-31"), ("1.7.2019", "2019-07-01"),
     (" 01. 07. 2019. ", "2019-07-01"), (44500, "2021-10-31"), (44500.0, "2021-10-31"),
     (date(2021, 10, 31), "2021-10-31"), ("2021-10-31 00:00:00", "2021-10-31")],
)
def test_day_is_read_as_people_and_spreadsheets_write_it(cell: Any, day: str) -> None:
    assert cells.read_day(cell) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [("31.02.2021", "no_such_day"), ("10/11/2021", "unclear_day"), ("2021", "not_a_day"), (2021, "not_a_day"),
     ("drīz", "not_a_day"), ("01.01.1850", "day_out_of_range"), (44500.5, "not_a_day"), (True, "not_a_day")],
)
def test_day_that_cannot_be_is_refused(cell: Any, code: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.read_day(cell)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cell", "number"),
    [("60,5", "60.50"), ("60.5", "60.50"), ("1 234,5", "1234.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"),
     (60, "60.00"), (60.5, "60.50"), (Decimal("0"), "0.00"), ("37008 EUR", "37008.00"), ("0", "0.00")],
)
def test_number_is_read_with_comma_or_point(cell: Any, number: str) -> None:
    assert cells.read_amount(cell) == number


@pytest.mark.parametrize(
    ("cell", "code"),
    [("-1", "negative"), ("9000", "too_large"), ("12,345", "too_many_decimals"), ("desmit", "not_a_number")],
)
def test_number_of_hours_that_cannot_be_is_refused(cell: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        cells.read_hours(cell)
    assert refused.value.code == code


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_day_survives_every_way_of_writing(day: date) -> None:
    for written in (day, day.isoformat(), f"{day:%d.%m.%Y.}", f"{day.day}.{day.month}.{day.year}"):
        assert cells.read_day(written) == day.isoformat()


@given(st.decimals(0, 8784, places=2))
def test_number_survives_every_way_of_writing(number: Decimal) -> None:
    for written in (f"{number:f}", f"{number:f}".replace(".", ","), f"{number:,.2f}".replace(",", "\u00a0")):
        assert Decimal(cells.read_hours(written)) == number


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in cells.READERS.values():
        with suppress(CellError):
            assert isinstance(read(text), str)


def test_row_is_read_whatever_the_order_of_columns() -> None:
    found = read_row(2, ["2019-06-03", "Anna Marija Ozola", "12.03.2004", "ERAF + Valmieras budžets", "40003009497", "siev."],
                     around(started_on=0, full_name=1, birth_on=2, funding=3, host=4, sex=5))
    assert found.problems == []
    assert found.values == {
        "started_on": "2019-06-03", "given_name": "Anna Marija", "family_name": "Ozola", "birth_on": "2004-03-12",
        "funding": [1, 2], "host": 7, "sex": "female",
    }


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        (["", "Ozola", "2004-03-12", "2019-06-03"], "given_name", "empty"),
        (["Anna", "Ozola", "", "2019-06-03"], "birth_on", "cannot_be_told_apart"),
        (["Anna", "Ozola", "2004-03-12", ""], "started_on", "no_day"),
        (["Anna", "Ozola", "2004-03-12", "2019-05-31"], "started_on", "outside_activity"),
        (["Anna", "Ozola", "2004-03-12", "2019-12-02"], "started_on", "in_the_future"),
        (["Anna", "Ozola", "2020-03-12", "2019-06-03"], "birth_on", "born_after"),
        (["Anna", "Ozola", "2004-03-12", "2019-06-03", "2019-06-01"], "completed_on", "before_start"),
        (["Anna", "Ozola", "2004-03-12", "2019-06-03", "2019-06-21", "2019-06-10"], "dropped_out_on",
         "completed_and_dropped"),
        (["Anna", "Ozola", "2004-03-12", "2019-06-03", "", "", "NVA"], "funding", "unknown_funding"),
        (["Anna", "Ozola", "2004-03-12", "2019-06-03", "", "", "", "SIA A"], "host", "ambiguous_host"),
    ],
)
def test_row_that_cannot_be_names_the_column(row: list[str], field: str, code: str) -> None:
    places = ("given_name", "family_name", "birth_on", "started_on", "completed_on", "dropped_out_on", "funding", "host")
    found = read_row(5, row, around(**{name: place for place, name in enumerate(places)}))
    assert [(problem["field"], problem["code"]) for problem in found.problems][:1] == [(field, code)]
    assert found.problems[0]["letter"] == "ABCDEFGH"[places.index(field)]

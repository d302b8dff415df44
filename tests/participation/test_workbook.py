"""Cells of a workbook are read as openpyxl reads them, only sooner; a broken workbook is refused wherever it breaks."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml.constants import SHARED_STRINGS

from microcities.participation.lists.reading import open_list
from microcities.spreadsheets.reading import ListUnreadableError
from microcities.spreadsheets.workbook import UncalculatedError, visible_sheets

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def by_openpyxl(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The same rows by openpyxl alone."""
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = next(page for page in book.worksheets if page.sheet_state == "visible")
    sheet.reset_dimensions()
    return ((number, list(cells)) for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1))


def rows_of(content: bytes) -> Iterator[tuple[int, list[Any]]]:
    """The rows of the first visible sheet as the platform reads them."""
    return visible_sheets(io.BytesIO(content))[0].rows()


def saved(book: Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def by_hand(sheet: str, strings: str) -> bytes:
    """A workbook whose sheet and shared texts are written by hand; openpyxl itself writes no shared texts."""
    made, types = io.BytesIO(), "[Content_Types].xml"
    with zipfile.ZipFile(io.BytesIO(saved(everything()))) as old, zipfile.ZipFile(made, "w") as new:
        for part in old.infolist():
            if part.filename not in (SHEET, types):
                new.writestr(part, old.read(part))
        new.writestr(SHEET, sheet)
        new.writestr("xl/sharedStrings.xml", strings)
        new.writestr(types, old.read(types).decode().replace(
            "</Types>", f'<Override PartName="/xl/sharedStrings.xml" ContentType="{SHARED_STRINGS}"/></Types>'))
    return made.getvalue()


def everything() -> Workbook:
    book = Workbook()
    sheet = book.active
    sheet.append(["Vārds", "Ķirsis & <b>", "  spaces  ", "", None, "two\nlines"])
    sheet.append([1, 1.5, -3, 1e20, True, False])
    sheet.append([date(2004, 3, 12), datetime(2019, 6, 3, 8, 30), time(14, 5), timedelta(hours=30)])  # noqa: DTZ001
    sheet["H7"] = "after gaps"
    sheet["C9"] = "#N/A"
    return book


def test_cells_are_those_of_openpyxl() -> None:
    content = saved(everything())
    found = list(rows_of(content))
    assert found == list(by_openpyxl(content))
    assert found[2] == (3, [datetime(2004, 3, 12), datetime(2019, 6, 3, 8, 30), time(14, 5), timedelta(hours=30)])  # noqa: DTZ001
    assert found[6] == (7, [None] * 7 + ["after gaps"])


def test_days_counted_from_1904_are_those_of_openpyxl() -> None:
    book = everything()
    book.epoch = CALENDAR_MAC_1904
    content = saved(book)
    assert list(rows_of(content)) == list(by_openpyxl(content))


def test_hidden_sheets_and_sheets_of_charts_are_passed_over() -> None:
    book = everything()
    book.create_sheet("Hidden", 0).append(["hidden"])
    book["Hidden"].sheet_state = "hidden"
    content = saved(book)
    assert list(rows_of(content)) == list(by_openpyxl(content))
    book.create_chartsheet("Chart", 0)
    assert [sheet.title for sheet in visible_sheets(io.BytesIO(saved(book)))] == ["Sheet"]
    assert list(rows_of(saved(book))) == list(by_openpyxl(content))


HAND_WRITTEN = f"""<?xml version="1.0"?>
<x:worksheet xmlns:x="{MAIN}"><x:sheetData>
  <x:row><x:c><x:v>1</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c><x:c t="s"><x:v>1</x:v></x:c></x:row>
  <x:row r="4"><x:c r="C4" t="inlineStr"><x:is><x:t>in</x:t></x:is></x:c><x:c t="str"><x:f>A1</x:f><x:v>text</x:v></x:c></x:row>
  <x:row r="3"><x:c r="A3"><x:v>9</x:v></x:c></x:row>
  <x:row r="5"><x:c r="A5" t="b"><x:v>1</x:v></x:c><x:c r="B5" t="e"><x:v>#REF!</x:v></x:c>
    <x:c r="C5" t="d"><x:v>2019-06-03</x:v></x:c>
    <x:c r="D5" s="0"><x:v>43619</x:v></x:c><x:c r="E5"><x:v>4.5E1</x:v></x:c><x:c r="F5" t="inlineStr"/><x:c r="G5"/></x:row>
  <x:row r="6"/>
</x:sheetData></x:worksheet>"""
SHARED = f"""<?xml version="1.0"?><sst xmlns="{MAIN}">
<si><r><t>Bēr</t></r><r><rPr><b/></rPr><t xml:space="preserve">ziņa </t></r><rPh sb="0" eb="1"><t>aloud</t></rPh></si>
<si><t>a_x005F_x0041_</t></si></sst>"""


def test_what_other_programs_write_is_read_as_openpyxl_reads_it() -> None:
    content = by_hand(HAND_WRITTEN, SHARED)
    found = list(rows_of(content))
    assert found == list(by_openpyxl(content))
    assert found == [
        (1, [1, "Bērziņa ", "a_x0041_"]),
        (2, []), (3, []),
        (4, [None, None, "in", "text"]),
        (5, [True, "#REF!", date(2019, 6, 3), 43619, 45.0, None, None]),
        (6, []),
    ]


CELLS = st.one_of(
    st.none(), st.booleans(), st.integers(-10**12, 10**12), st.dates(date(1900, 3, 2), date(2200, 1, 1)),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20).filter(lambda text: text[:1] != "="),
)


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8))
def test_any_sheet_is_read_as_openpyxl_reads_it(rows: list[list[Any]]) -> None:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    content = saved(book)
    assert list(rows_of(content)) == list(by_openpyxl(content))


@pytest.mark.parametrize(
    "sheet",
    [
        HAND_WRITTEN.replace("</x:row>", "", 1),
        HAND_WRITTEN.replace('t="s"><x:v>0', 't="s"><x:v>7'),
        HAND_WRITTEN.replace("<x:v>1</x:v>", "<x:v>one</x:v>", 1),
        HAND_WRITTEN.replace('r="C4"', 'r="4"'),
        HAND_WRITTEN.replace('row r="4"', 'row r="four"'),
        HAND_WRITTEN.replace("<x:worksheet", '<!DOCTYPE x [<!ENTITY a "b">]><x:worksheet', 1),
        " ",
    ],
)
def test_a_broken_sheet_is_refused(sheet: str) -> None:
    content = by_hand(sheet, SHARED)
    with pytest.raises(ListUnreadableError, match="workbook cannot be opened"):
        list(open_list(io.BytesIO(content)).rows)


def test_a_formula_that_was_never_worked_out_is_told() -> None:
    book = everything()
    book.active["B9"] = "=1+1"
    with pytest.raises(UncalculatedError, match="B9"):
        list(rows_of(saved(book)))


def test_a_zip_that_is_no_workbook_is_refused() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    with pytest.raises(ListUnreadableError, match="workbook cannot be opened"):
        open_list(content)


def test_a_workbook_without_a_visible_sheet_is_refused() -> None:
    book = everything()
    book.create_chartsheet("Chart")
    book["Sheet"].sheet_state = "hidden"
    with pytest.raises(ListUnreadableError, match="workbook cannot be opened"):
        open_list(io.BytesIO(saved(book)))

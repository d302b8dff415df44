"""Reads the cells of a visible sheet of a workbook, a row at a time; openpyxl reads all that stands around them.

openpyxl makes several objects of every cell, and a list of 50,000 rows has half a million cells. Values are those that
openpyxl gives with `read_only=True, data_only=True`; the tests hold the two together.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import IO, Any, NamedTuple
from xml.parsers import expat

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS

CellValue = str | int | float | bool | date | datetime | time | timedelta | None
WorkbookRow = tuple[int, list[CellValue]]  # the row's number, from 1 as a spreadsheet shows it, and its cells
PIECE = 1 << 16
ROW, CELL, VALUE, TEXT, PHONETIC, STRING, INLINE, FORMULA = (
    f"{SHEET_MAIN_NS} {name}" for name in ("row", "c", "v", "t", "rPh", "si", "is", "f")
)
OUT_OF_RANGE = "#VALUE!"


class BrokenWorkbookError(ValueError):
    """The file is no workbook, or not one whose cells can be read."""


class UncalculatedError(ValueError):
    """A formula stands there that no spreadsheet has worked out; it would read as an empty cell."""


class WorkbookSheet(NamedTuple):
    """One visible sheet: its title, and `rows()` to read it from the top."""

    title: str
    rows: Callable[[], Iterator[WorkbookRow]]


def visible_sheets(file: IO[bytes]) -> list[WorkbookSheet]:
    """The sheets that people see, in their order; raises BrokenWorkbookError.

    `rows()` yields each row from 1 up, missing ones too; it raises BrokenWorkbookError and UncalculatedError, also while
    reading on.
    """
    try:
        return list(_sheets(file))
    except Exception as error:  # whatever a file from outside brings openpyxl to
        raise BrokenWorkbookError(str(error)) from error


def _sheets(file: IO[bytes]) -> Iterator[WorkbookSheet]:
    reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
    reader.read_manifest()
    reader.read_workbook()
    apply_stylesheet(reader.archive, reader.wb)
    strings = _shared_strings(reader)
    for sheet, rel in reader.parser.find_sheets():
        if sheet.state == "visible" and "chartsheet" not in rel.Type and rel.target in reader.valid_files:
            yield WorkbookSheet(sheet.name, partial(_read_sheet, reader, rel.target, strings))


def _read_sheet(reader: ExcelReader, path: str, strings: list[str]) -> Iterator[WorkbookRow]:
    try:
        yield from _rows(reader, path, strings)
    except UncalculatedError:
        raise
    except Exception as error:  # whatever it brings the parser to
        raise BrokenWorkbookError(str(error)) from error


def _rows(reader: ExcelReader, path: str, strings: list[str]) -> Iterator[WorkbookRow]:
    cells = _Cells(strings, reader.wb)
    number = 0
    with reader.archive.open(path) as source:
        for _ in _parsed(source, cells.starts, cells.ends, cells.text.append):
            for found, row in cells.rows:
                for missing in range(number + 1, found):
                    yield missing, []
                if found > number:
                    yield found, row
                    number = found
            cells.rows.clear()


def _parsed(
    source: IO[bytes], starts: Callable[[str, dict[str, str]], None], ends: Callable[[str], None],
    text: Callable[[str], None],
) -> Iterator[None]:
    """Parse a part of the workbook piece by piece, and stop after each. Entities are refused: a sheet has none."""

    def refuse(*_: object) -> None:
        raise BrokenWorkbookError("declares entities")

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = starts, ends, text
    parser.EntityDeclHandler = parser.UnparsedEntityDeclHandler = refuse
    while piece := source.read(PIECE):
        parser.Parse(piece, False)
        yield
    parser.Parse(b"", True)
    yield


def _shared_strings(reader: ExcelReader) -> list[str]:
    """The texts that cells point to by number, without their looks and readings."""
    part = reader.package.find(SHARED_STRINGS)
    found: list[str] = []
    if part is None:
        return found
    text: list[str] = []
    runs = _Runs(text)

    def ends(name: str) -> None:
        runs.ends(name)
        if name == STRING:
            found.append(runs.taken().replace("x005F_", ""))

    with reader.archive.open(part.PartName[1:]) as source:
        for _ in _parsed(source, runs.starts, ends, text.append):
            pass
    return found


class _Runs:
    """Puts together the texts of one string; how it is to be read aloud stands beside it and is left out."""

    def __init__(self, text: list[str]) -> None:
        self._text, self._parts, self._aloud = text, list[str](), False

    def starts(self, name: str, _attributes: dict[str, str]) -> None:
        if name == TEXT:
            self._text.clear()
        elif name == PHONETIC:
            self._aloud = True

    def ends(self, name: str) -> None:
        if name == TEXT and not self._aloud:
            self._parts.append("".join(self._text))
        elif name == PHONETIC:
            self._aloud = False

    def taken(self) -> str:
        """The string; the next one begins empty."""
        whole = "".join(self._parts)
        self._parts.clear()
        return whole


class _Cells:
    """Gathers rows while a sheet is parsed. `text` takes characters, `rows` holds what is complete."""

    def __init__(self, strings: list[str], book: Any) -> None:
        self.text: list[str] = []
        self.rows: list[WorkbookRow] = []
        self._strings, self._epoch = strings, book.epoch
        self._dates, self._spans = book._date_formats, book._timedelta_formats
        self._runs = _Runs(self.text)
        self._columns: dict[str, int] = {}
        self._number, self._column = 0, 0
        self._cells: list[CellValue] = []
        self._cell: dict[str, str] = {}
        self._value: CellValue = None
        self._calculated = True

    def starts(self, name: str, attributes: dict[str, str]) -> None:
        if name == CELL:
            self._cell, self._value, self._calculated = attributes, None, True
        elif name == VALUE:
            self.text.clear()
        elif name == FORMULA:
            self._calculated = False
        elif name == ROW:
            stated = attributes.get("r")
            self._number = int(float(stated)) if stated else self._number + 1
            self._cells, self._column = [], 0
        else:
            self._runs.starts(name, attributes)

    def ends(self, name: str) -> None:
        if name == CELL:
            self._place()
        elif name == VALUE:
            kind = self._cell.get("t", "n")
            text = "".join(self.text)
            self._calculated |= bool(text) or kind == "str"  # a formula may come to an empty text
            if kind != "inlineStr":
                self._value = self._as_stated(kind, text)
        elif name == ROW:
            self.rows.append((self._number, self._cells))
        elif name == INLINE:
            self._inline()
        else:
            self._runs.ends(name)

    def _inline(self) -> None:
        text = self._runs.taken()
        if self._cell.get("t") == "inlineStr":
            self._value = text

    def _place(self) -> None:
        """Put the value in its column, which the cell states or which follows the last."""
        if not self._calculated:
            raise UncalculatedError(self._cell.get("r", ""))
        if stated := self._cell.get("r"):
            letters = stated.rstrip("0123456789")
            if letters not in self._columns:
                self._columns[letters] = column_index_from_string(letters)
            self._column = self._columns[letters]
        else:
            self._column += 1
        cells, column = self._cells, self._column
        if column <= len(cells):
            cells[column - 1] = self._value
            return
        while len(cells) < column - 1:
            cells.append(None)
        cells.append(self._value)

    def _as_stated(self, kind: str, text: str) -> CellValue:
        """A cell's text as the type that the cell says it has."""
        if not text:
            return None
        if kind == "s":
            return self._strings[int(text)]
        if kind == "n":
            return self._number_or_day(text)
        if kind == "b":
            return bool(int(text))
        if kind == "d":
            return from_ISO8601(text)
        return text

    def _number_or_day(self, text: str) -> CellValue:
        number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        style = int(self._cell.get("s") or 0)
        if style not in self._dates:
            return number
        try:
            return from_excel(number, self._epoch, timedelta=style in self._spans)
        except (OverflowError, ValueError):
            return OUT_OF_RANGE

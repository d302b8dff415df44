"""Turns a CSV or XLSX file, whatever its encoding and delimiter, into a header and numbered rows of cells."""

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import IO, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.spreadsheets.told import filled
from microcities.spreadsheets.workbook import (
    BrokenWorkbookError,
    CellValue,
    UncalculatedError,
    WorkbookSheet,
    visible_sheets,
)

Recognise = Callable[[Sequence[str]], Mapping[str, int]]  # headings -> {field: place of its column} of those that are known
Row = tuple[int, list[CellValue]]  # the row's number in the file, from 1 as a spreadsheet shows it, and its cells

LONGEST_SEARCH = 15     # a title and a date may stand above the headings, not a page of text
MOST_ROWS = 200_000
MOST_COLUMNS = 100
DELIMITERS = ";,\t|"
BALTIC = "cp1257"
FEWEST_HEADINGS = 2
# What stands in a row of people and never is a heading: a date, a personal code, an e-mail address.
TELLS_OF_SOMEBODY = re.compile(
    r"\d{1,2}[./-]\s?\d{1,2}[./-]\s?\d{4}\.?|\d{4}-\d{1,2}-\d{1,2}( 00:00:00)?|\d{6}-?\d{5}|[^@\s]+@[^@\s]+\.[^@\s]+"
)
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class ListUnreadableError(ValueError):
    """The file cannot be read as a list; `reason` says why and what to do, for the person who brought it."""

    def __init__(self, reason: "str | Promise") -> None:
        self.reason = reason
        super().__init__(str(reason))


class Sheet(NamedTuple):
    """A list as it was read: headings, the number of their row, and the rows below (a generator, read once)."""

    header: list[str]
    header_number: int
    rows: Iterator[Row]


def open_list(file: IO[bytes], recognise: Recognise, without_headings: "str | Promise") -> Sheet:
    """Read a list; the file's first bytes decide what it is, not its name. Raises ListUnreadableError.

    `recognise` finds the headings that a service knows; `without_headings` is what whoever brings a list without any is
    told, with `%(number)s` for the row.
    """
    file.seek(0)
    head = file.read(4)
    file.seek(0)
    rows = _xlsx_rows(file, recognise) if head == b"PK\x03\x04" else _csv_rows(file.read())
    above: list[Row] = []
    for number, cells in rows:
        if any(cell not in (None, "") for cell in cells):
            above.append((number, cells))
        if number >= LONGEST_SEARCH:
            break
    if not above:
        raise ListUnreadableError(_("The file has no rows. Check that you chose the right one."))
    place = max(range(len(above)), key=lambda at: (len(recognise(_texts(above[at][1]))), -at))
    number, cells = above[place]
    header = _texts(cells)
    if any(TELLS_OF_SOMEBODY.fullmatch(heading) for heading in header):
        raise ListUnreadableError(filled(without_headings, number=number))
    return Sheet(header, number, _limited(number, _chain(above[place + 1 :], rows)))


def _chain(above: list[Row], rows: Iterator[Row]) -> Iterator[Row]:
    yield from above
    yield from rows


def _limited(header_number: int, rows: Iterator[Row]) -> Iterator[Row]:
    """Rows with anything in them; too many of them are refused while reading, not after."""
    for number, cells in rows:
        if number - header_number > MOST_ROWS:
            raise ListUnreadableError(
                _("The list has more than 200,000 rows. Divide it and bring the parts one by one.")
            )
        if any(cell is not None and str(cell).strip() for cell in cells):
            yield number, cells


def _texts(cells: list[CellValue]) -> list[str]:
    texts = [" ".join(str(cell).split()) if cell is not None else "" for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    if len(texts) > MOST_COLUMNS:
        raise ListUnreadableError(_("The list has more than 100 columns. Leave out those that are not needed."))
    return texts


# --- CSV ---


def decode(content: bytes) -> str:
    """UTF-8 with or without its mark, UTF-16, or Windows-1257, the code page of the Baltic countries."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return _decoded(content, encoding)
    if b"\x00" in content[:200]:
        little = content[1:200:2].count(0) >= content[0:200:2].count(0)
        return _decoded(content, "utf-16-le" if little else "utf-16-be")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(content, BALTIC)


def _decoded(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise ListUnreadableError(
            _("The letters of the file cannot be read. Save it as “CSV UTF-8” or as XLSX and bring it again.")
        ) from None


def delimiter_of(text: str) -> str:
    """The delimiter that parts the first lines most often and most evenly; quoted text is left aside."""
    lines = [line for line in text[:20_000].splitlines()[:LONGEST_SEARCH] if line.strip()]
    outside = ["".join(line.split('"')[::2]) for line in lines]

    def evidence(delimiter: str) -> tuple[int, int]:
        return sum(delimiter in line for line in outside), sum(line.count(delimiter) for line in outside)

    return max(DELIMITERS, key=evidence)


def _csv_rows(content: bytes) -> Iterator[Row]:
    text = decode(content)
    if "\x00" in text:
        raise ListUnreadableError(_("This is not a list. Bring a CSV or XLSX file."))
    # Strict: otherwise a quotation mark that is never closed swallows all rows below it without a word.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            yield number, list(cells)
    except csv.Error:
        reason = _("Row %(number)s cannot be read. Look for a quotation mark that is not closed.")
        raise ListUnreadableError(filled(reason, number=number + 1)) from None


# --- XLSX ---


def _xlsx_rows(file: IO[bytes], recognise: Recognise) -> Iterator[Row]:
    try:
        sheets = visible_sheets(file)
        sheet = sheets[0] if len(sheets) == 1 else _the_list_among(sheets, recognise)
        yield from sheet.rows()
    except BrokenWorkbookError:
        raise ListUnreadableError(_BROKEN_BOOK) from None
    except UncalculatedError:
        raise ListUnreadableError(_UNCALCULATED) from None


def _the_list_among(sheets: Sequence[WorkbookSheet], recognise: Recognise) -> WorkbookSheet:
    """The one sheet that has headings of a list; nobody guesses between two of them."""
    found = []
    for sheet in sheets:
        rows = islice(sheet.rows(), LONGEST_SEARCH)
        known = max((len(recognise(_texts(cells))) for _number, cells in rows), default=0)
        if known >= FEWEST_HEADINGS:
            found.append(sheet)
    if len(found) > 1:
        raise ListUnreadableError(filled(
            _("The workbook has several sheets with lists: %(sheets)s. Bring each of them as a file of its own."),
            sheets=", ".join(sheet.title for sheet in found),
        ))
    if not sheets:
        raise ListUnreadableError(_BROKEN_BOOK)
    return found[0] if found else sheets[0]


_UNCALCULATED = _(
    "The workbook has formulas without values. Open it in your spreadsheet, replace formulas by values (copy, paste as "
    "values), save it and bring it again."
)
_BROKEN_BOOK = _("The workbook cannot be opened. Open it in your spreadsheet, save it again as XLSX and bring it again.")

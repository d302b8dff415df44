"""Lists as files: CSV as RFC 4180 has it and XLSX, written row by row and safe to open in a spreadsheet.

A file is finished before it is sent, inside the view's own reading transaction: what comes down is one
moment of the record, and an error is an error page instead of half a file.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Literal, cast

from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import IllegalCharacterError

Format = Literal["csv", "xlsx"]
Value = str | int | float | bool | Decimal | date | datetime | time | None
FORMATS: tuple[Format, ...] = ("csv", "xlsx")
IN_MEMORY_BYTES = 1_000_000
# A text that begins so is run as a formula by spreadsheets (OWASP, "CSV injection"); "'" makes it text.
FORMULA_START = re.compile(r"^[=+\-@\t\r]")
PLAIN_NUMBER = re.compile(r"^[+-]?[0-9]+([.,][0-9]+)?$")
XLSX_LONGEST_TEXT = 32767
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def guarded(text: str) -> str:
    """Disarm a text that a spreadsheet would run; a negative number or a telephone number stays as it is."""
    return f"'{text}" if FORMULA_START.match(text) and not PLAIN_NUMBER.match(text) else text


def plain(value: Any) -> Value:
    """Bring a value to what a file can hold: moments in the site's time without zone, lazy texts as text."""
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, datetime) and timezone.is_aware(value):
        return timezone.localtime(value).replace(tzinfo=None)
    if value is None or isinstance(value, str | int | float | Decimal | date | time):
        return value
    return str(value)


def write_csv(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]], *, byte_order_mark: bool = True
) -> None:
    """Write UTF-8, comma, CRLF; the mark at the start lets Excel read Latvian letters."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig" if byte_order_mark else "utf-8", newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([guarded(title) for title in header])
    writer.writerows([_csv_text(plain(value)) for value in row] for row in rows)
    text.flush()
    text.detach()


def write_xlsx(
    file: IO[bytes], header: Sequence[str], rows: Iterable[Sequence[Any]], *, sheet: str = ""
) -> None:
    """Write one sheet whose cells keep their types; texts are texts, never formulas."""
    book = Workbook(write_only=True)
    page = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", sheet)[:31].strip() or None)
    page.freeze_panes = "A2"
    for number, title in enumerate(header, start=1):
        page.column_dimensions[get_column_letter(number)].width = min(60, max(12, len(title) + 2))
    page.append([_bold(page, title) for title in header])
    for row in rows:
        page.append([_xlsx_cell(page, plain(value)) for value in row])
    book.save(file)


def announced(
    rows: Iterable[Any], announce: Callable[[Sequence[Any]], None] | None, chunk: int = 2000
) -> Iterator[Any]:
    """Pass rows on, and say of each chunk before it is written that somebody will see it."""
    waiting: list[Any] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == chunk:
            if announce:
                announce(waiting)
            yield from waiting
            waiting = []
    if announce and waiting:
        announce(waiting)
    yield from waiting


def file_response(
    format: Format,
    name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    byte_order_mark: bool = True,
) -> FileResponse:
    """Answer with the list as a download called `name` plus its ending."""
    file = cast("IO[bytes]", SpooledTemporaryFile(max_size=IN_MEMORY_BYTES))  # noqa: SIM115 - closed by the answer
    if format == "csv":
        write_csv(file, header, rows, byte_order_mark=byte_order_mark)
    else:
        write_xlsx(file, header, rows, sheet=name)
    size = file.tell()
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=f"{name}.{format}", content_type=CONTENT_TYPES[format]
    )
    response["Content-Length"] = str(size)
    response["Cache-Control"] = "private, no-store"
    return response


def _csv_text(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return guarded(value) if isinstance(value, str) else str(value)


def _bold(page: Any, title: str) -> Any:
    cell = _xlsx_cell(page, title)
    cell.font = Font(bold=True)
    return cell


def _xlsx_cell(page: Any, value: Value) -> Any:
    if not isinstance(value, str):
        return WriteOnlyCell(page, value=value)
    text = value[:XLSX_LONGEST_TEXT]
    try:
        cell = WriteOnlyCell(page, value=text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(page, value=re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", text))
    cell.data_type = "s"  # otherwise "=..." would become a formula and "#N/A" an error
    return cell

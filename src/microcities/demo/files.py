"""Writes a partner's list as the partner's own spreadsheet would: workbook or Baltic CSV, Latvian headings and dates."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from openpyxl import Workbook

# Each partner has columns of its own; {layout: {heading: field as microcities.participation.lists.columns names it}}.
LAYOUTS: Mapping[str, Mapping[str, str]] = {
    "city": {
        "Uzvārds": "family_name", "Vārds": "given_name", "Dzimšanas datums": "birth_on", "Dzimums": "sex",
        "E-pasts": "email", "Pieteicies": "applied_on", "Sācis": "started_on", "Beidzis": "completed_on",
        "Stundas": "hours", "Darba devējs": "host", "Finansējums": "funding", "Līguma nr.": "proof_reference",
    },
    "school": {
        "Skolēna nr.": "local_reference", "Vārds": "given_name", "Uzvārds": "family_name",
        "Dzimšanas datums": "birth_on", "Dzimums": "sex", "E-pasts": "email", "Pieteikuma datums": "applied_on",
        "Sācis": "started_on", "Beidzis": "completed_on",
    },
    "camp": {
        "Dalībnieks": "full_name", "Dzimšanas datums": "birth_on", "Dzimums": "sex", "E-pasts": "email",
        "Pieteicies": "applied_on", "Sācis": "started_on", "Beidzis": "completed_on",
    },
    "course": {
        "Vārds, uzvārds": "full_name", "Dzimšanas datums": "birth_on", "Dzimums": "sex", "E-pasts": "email",
        "Pieteikuma datums": "applied_on", "Sākuma datums": "started_on", "Pabeidzis": "completed_on",
        "Strādā no": "in_work_on", "Darba devējs": "host",
    },
    "work": {"Vārds, uzvārds": "full_name", "Dzimšanas datums": "birth_on", "Pieteikuma datums": "applied_on",
             "Sākuma datums": "started_on", "Strādā no": "in_work_on", "Darba devējs": "host"},
    # Nobody can tell what the second and the fourth of these mean, so somebody has to say it.
    "unclear": {"Dalībnieks": "full_name", "Dz. d.": "birth_on", "Klase": "class", "Kad": "started_on"},
}
SEXES = {"female": "sieviete", "male": "vīrietis"}
Row = Mapping[str, Any]


def list_file(name: str, layout: str, rows: Iterable[Row]) -> UploadedFile:
    """The rows under a layout's headings, as the file of that name (.csv or .xlsx) would hold them."""
    columns = LAYOUTS[layout]
    cells = [[_value(row, field) for field in columns.values()] for row in rows]
    content = _workbook([*columns], cells) if name.endswith(".xlsx") else _csv([*columns], cells)
    return UploadedFile(io.BytesIO(content), name, size=len(content))


def _value(row: Row, field: str) -> Any:
    if field == "full_name":
        return f"{row['given_name']} {row['family_name']}"
    return SEXES[row["sex"]] if field == "sex" else row.get(field)


def _workbook(header: list[str], rows: Iterable[Sequence[Any]]) -> bytes:
    book, content = Workbook(write_only=True), io.BytesIO()
    sheet = book.create_sheet("Saraksts")
    for row in (header, *rows):
        sheet.append(list(row))
    book.save(content)
    return content.getvalue()


def _csv(header: list[str], rows: Iterable[Sequence[Any]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(header)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return text.getvalue().encode("cp1257")


def _text(cell: Any) -> str:
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}."
    return "" if cell is None else str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)

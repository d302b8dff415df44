"""Lists for tests: files as partners write them, brought and worked through without a worker."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from microcities.participation.actions.lists import bring_list, match_columns, request_application
from microcities.participation.actions.work import apply_list, check_list
from microcities.participation.models import Activity, ListImport, ListState
from microcities.people.models import Account

HEADER = ("Vārds", "Uzvārds", "Dzimšanas datums", "E-pasts", "Sācis")


def csv_file(
    rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER, *, encoding: str = "utf-8", delimiter: str = ";"
) -> SimpleUploadedFile:
    """A CSV file as an upload."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([header, *rows])
    return SimpleUploadedFile("saraksts.csv", text.getvalue().encode(encoding), content_type="text/csv")


def xlsx_file(rows: Iterable[Sequence[Any]], header: Sequence[str] = HEADER) -> SimpleUploadedFile:
    """An XLSX file as an upload."""
    book, content = Workbook(), io.BytesIO()
    for row in (header, *rows):
        book.active.append(list(row))
    book.save(content)
    return SimpleUploadedFile("saraksts.xlsx", content.getvalue())


def compared(actor: Account, activity: Activity, file: SimpleUploadedFile, **fields: Any) -> ListImport:
    """Bring a list, take its columns as they were recognised, and compare it."""
    the_list = bring_list(actor=actor, activity=activity, file=file, **fields)
    if the_list.state == ListState.UPLOADED:
        match_columns(actor=actor, the_list=the_list, mapping=the_list.mapping)
    return check_list(actor=actor, list_id=the_list.pk)


def applied(actor: Account, activity: Activity, file: SimpleUploadedFile, **fields: Any) -> ListImport:
    """Bring a list and apply it."""
    the_list = compared(actor, activity, file, **fields)
    request_application(actor=actor, the_list=the_list)
    return apply_list(actor=actor, list_id=the_list.pk)


def outcomes(the_list: ListImport) -> list[tuple[int, str]]:
    """(row number, outcome) of each row."""
    return list(the_list.rows.order_by("number").values_list("number", "outcome"))

"""Files of lists: readable everywhere, and harmless in a spreadsheet."""

import csv
import datetime
import io
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from microcities.ui.exports import file_response, guarded, write_csv, write_xlsx

MOMENT = datetime.datetime(2021, 10, 31, 22, 30, tzinfo=ZoneInfo("UTC"))
ROW = [
    "Bērziņa, Anete",
    'says "hi"',
    "two\nlines",
    -5,
    Decimal("-1.50"),
    0.25,
    None,
    True,
    datetime.date(2021, 10, 31),
    MOMENT,
]


def csv_of(rows: list[list], *, mark: bool = True) -> bytes:
    file = io.BytesIO()
    write_csv(file, ["Name", "=x"], rows, byte_order_mark=mark)
    return file.getvalue()


def test_csv_follows_rfc_4180() -> None:
    assert (
        csv_of([ROW])
        == (
            "\ufeffName,'=x\r\n"
            '"Bērziņa, Anete","says ""hi""","two\nlines",-5,-1.50,0.25,'
            ",true,2021-10-31,2021-11-01 00:30:00\r\n"
        ).encode()
    )
    assert csv_of([], mark=False) == b"Name,'=x\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_formulas_are_disarmed(start: str) -> None:
    assert guarded(start + "cmd|' /C calc'!A0") == "'" + start + "cmd|' /C calc'!A0"


@pytest.mark.parametrize("text", ["-5", "+37120000000", "-1,5", "Anna-M", "", "a=b"])
def test_plain_values_stay_as_they_are(text: str) -> None:
    assert guarded(text) == text


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=2)))
def test_csv_can_be_read_back(rows: list[list[str]]) -> None:
    text = csv_of(rows).decode("utf-8-sig")
    read = list(csv.reader(io.StringIO(text, newline="")))[1:]
    assert read == [[guarded(cell) for cell in row] for row in rows]


def test_xlsx_keeps_types_and_runs_nothing() -> None:
    file = io.BytesIO()
    texts = ["=1+1", "#N/A", "bell\x07", "x" * 40000]
    write_xlsx(file, ["Name", "=HYPERLINK()"], [ROW, texts], sheet="Results [2021]/a:b" * 3)
    file.seek(0)
    sheet = load_workbook(file).active
    assert sheet is not None
    header, first, second = list(sheet.iter_rows())
    assert [(cell.value, cell.data_type, cell.font.b) for cell in header[:2]] == [
        ("Name", "s", True),
        ("=HYPERLINK()", "s", True),
    ]
    assert [cell.value for cell in first[3:6]] == [-5, -1.5, 0.25]
    assert [cell.value for cell in first[6:]] == [
        None,
        True,
        datetime.datetime(2021, 10, 31),  # noqa: DTZ001  (a workbook has no time zone)
        datetime.datetime(2021, 11, 1, 0, 30),  # noqa: DTZ001  (a workbook has no time zone)
    ]
    assert [cell.data_type for cell in second[:4]] == ["s", "s", "s", "s"]
    assert [second[0].value, second[1].value, second[2].value] == ["=1+1", "#N/A", "bell "]
    assert len(str(second[3].value)) == 32767
    assert sheet.freeze_panes == "A2"


def test_download_names_the_file_and_its_size() -> None:
    response = file_response("csv", "dalībnieki", ["A"], [["1"]])
    body = b"".join(response.streaming_content)  # type: ignore[arg-type]
    assert body == "\ufeffA\r\n1\r\n".encode()
    assert response["Content-Length"] == str(len(body))
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''dal%C4%ABbnieki.csv"
    assert response["Cache-Control"] == "private, no-store"
    response.file_to_stream.close()  # type: ignore[attr-defined]


def test_large_download_does_not_stay_in_memory() -> None:
    response = file_response("csv", "big", ["A"], ([str(n) * 20] for n in range(30000)))
    assert response.file_to_stream._rolled  # type: ignore[attr-defined]
    response.file_to_stream.close()  # type: ignore[attr-defined]

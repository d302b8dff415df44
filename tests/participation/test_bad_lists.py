"""Lists as they must not be: each is refused with the row, the column, what stands there, why, and what to do."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from openpyxl import Workbook

from microcities.access.answers import RefusedError
from microcities.participation.actions.lists import request_application
from microcities.participation.actions.work import apply_list
from microcities.participation.lists.reading import open_list
from microcities.participation.lists.words import problem_words
from microcities.participation.models import ListImport, ListState, Participation
from microcities.spreadsheets.cells import CellError, read_day, read_name
from microcities.spreadsheets.reading import ListUnreadableError
from tests.participation.lists import HEADER, applied, compared, csv_file, xlsx_file
from tests.participation.test_list_import import CODE, JANIS, LIGA
from tests.world import World

pytestmark = pytest.mark.django_db
Fill = Callable[[Workbook], None]


def workbook(fill: Fill) -> io.BytesIO:
    book, content = Workbook(), io.BytesIO()
    fill(book)
    book.save(content)
    return content


def said(the_list: ListImport) -> dict[int, str]:
    """What each refused row is told, by its number."""
    return {
        row.number: " ".join(problem_words(problem) for problem in row.problems)
        for row in the_list.rows.refused().order_by("number")
    }


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "no rows"),
        (b"\n\n;;;\n", "no rows"),
        (";".join(f"c{number}" for number in range(200)).encode(), "more than 100 columns"),
        ("Vārds;Uzvārds;Sācis\n\"Līga;Bērziņa;03.06.2019\nJānis;Ozols;03.06.2019\n".encode(), "Row 2 .* quotation mark"),
        ("Līga;Bērziņa;12.03.2004;03.06.2019\n".encode(), "Row 1 holds a person, not headings"),
        (f"Līga;Bērziņa;{CODE}\n".encode(), "Row 1 holds a person, not headings"),
        (b"PK\x03\x04" + b"x" * 100, "workbook cannot be opened"),
        (bytes(range(1, 256)) * 5, "letters of the file cannot be read"),
    ],
)
def test_file_that_is_no_list_is_refused_with_what_to_do(content: bytes, reason: str) -> None:
    with pytest.raises(ListUnreadableError, match=reason):
        list(open_list(io.BytesIO(content)).rows)


def test_headings_without_rows_are_refused_when_brought(world: World) -> None:
    with pytest.raises(ListUnreadableError, match="no row below"):
        compared(world.valda, world.summer, csv_file([]))
    assert not ListImport.objects.exists()


def _two_lists(book: Workbook) -> None:
    for title in ("Ventspils", "Valmiera"):
        book.create_sheet(title).append(list(HEADER))
    book.remove(book.worksheets[0])


def _formula(book: Workbook) -> None:
    book.active.append(list(HEADER))  # type: ignore[union-attr]
    book.active.append(["Līga", '=CONCATENATE("Bēr","ziņa")', None, None, date(2019, 6, 3)])  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("fill", "reason"),
    [(_two_lists, "several sheets with lists: Ventspils, Valmiera"), (_formula, "formulas without values")],
)
def test_workbook_that_would_be_guessed_at_is_refused(fill: Fill, reason: str) -> None:
    with pytest.raises(ListUnreadableError, match=reason):
        list(open_list(workbook(fill)).rows)


def test_workbook_is_read_on_the_sheet_that_has_the_list() -> None:
    def fill(book: Workbook) -> None:
        book.active.append(["Piezīmes par sarakstu"])  # type: ignore[union-attr]
        sheet = book.create_sheet("Dati")
        sheet.append(["Vasara 2019", None, None, None, None])
        sheet.merge_cells("A1:E1")
        sheet.append(list(HEADER))
        sheet.append(["Līga", "Bērziņa", date(2004, 3, 12), None, date(2019, 6, 3)])

    sheet = open_list(workbook(fill))
    assert (sheet.header, sheet.header_number, len(list(sheet.rows))) == (list(HEADER), 2, 1)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("31.12.2021", "2021-12-31"), ("2021-12-31", "2021-12-31"), ("31-12-2021", "2021-12-31"), ("2021.12.31.", "2021-12-31"),
     ("2021/12/31", "2021-12-31"), ("31/12/2021", "2021-12-31"), ("12/31/2021", "2021-12-31"), ("05/05/2021", "2021-05-05"),
     ("44561", "2021-12-31"), (44561, "2021-12-31"), ("31.12.2021 08:30", "2021-12-31")],
)
def test_day_is_read_where_only_one_day_can_be_meant(cell: Any, day: str) -> None:
    assert read_day(cell) == day


@pytest.mark.parametrize(
    ("cell", "code"),
    [("05/04/2021", "unclear_day"), ("31.12.21", "not_a_day"), ("31/13/2021", "no_such_day"), ("30-02-2021", "no_such_day"),
     ("99999", "not_a_day"), ("31.12.1821", "day_out_of_range")],
)
def test_day_that_could_be_another_is_refused(cell: str, code: str) -> None:
    with pytest.raises(CellError) as refused:
        read_day(cell)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["#N/A", "=A1", "Bērziņa <b>", "Ozols;Jānis", "a@b"])
def test_name_with_signs_of_a_program_is_refused(name: str) -> None:
    with pytest.raises(CellError, match="not_a_name"):
        read_name(name)


def test_each_refusal_says_row_column_value_reason_and_remedy_in_both_languages(world: World) -> None:
    header = (*HEADER, "Personas kods", "Stundas")
    wrong = [
        ("Līga", "Bērziņa", "12.03.2004.", "liga(at)example.org", "05/04/2019", "", ""),
        ("Jānis", "#REF!", "12.03.2004.", "", "2019-06-03", "", "daudz"),
        ("Anna", "Ozola", "12.03.2004.", "", "2019-06-03", "161175-19998", ""),
        ("Ieva", "Liepa", "12.03.2004.", "", "2019-06-03", "", "-5"),
        ("Ieva", "Liepa", "12.03.2004.", "", "2019-06-03", "", "60"),
        ("Ieva", "Liepa", "12.03.2004.", "", "2019-06-03", "", "60"),
    ]
    the_list = compared(world.valda, world.summer, csv_file(wrong, header))
    assert said(the_list) == {
        2: "Column D “E-pasts”, “liga(at)example.org”: This is not an e-mail address. Check it, or leave the cell empty. "
           "Column E “Sācis”, “05/04/2019”: Day and month cannot be told apart here. "
           "Write the date as 31.10.2021 or 2021-10-31.",
        3: "Column B “Uzvārds”, “#REF!”: Your spreadsheet shows an error here. Correct the formula, or write the value. "
           "Column G “Stundas”, “daudz”: This is not a number. Write it as 12,5 or 12.5.",
        4: "Column F “Personas kods”: This is not a valid personal code. Check its figures, or leave the cell empty.",
        5: "Column G “Stundas”, “-5”: It is less than zero. Check the sign.",
        7: "Column E “Sācis”, “2019-06-03”: The same person with the same start stands in row 6 already. Leave one.",
    }
    english = said(the_list)
    with translation.override("lv"):
        latvian = said(the_list)
    assert latvian.keys() == english.keys()
    assert all(latvian[number] != english[number] for number in english)
    with pytest.raises(RefusedError, match="applied whole"):
        request_application(actor=world.valda, the_list=the_list)


def test_list_of_which_every_row_is_refused_changes_nothing(client: Client, world: World) -> None:
    the_list = compared(world.valda, world.summer, csv_file([("Līga", "Bērziņa", "", "", "drīz")] * 30))
    assert the_list.outcomes == {"refused": 30}
    client.force_login(world.valda)
    shown = client.get(f"/en/lists/{the_list.pk}/").content.decode()
    assert "30 rows are refused" in shown
    assert "Apply the list" not in shown
    client.post(f"/en/lists/{the_list.pk}/apply/")
    the_list.refresh_from_db()
    assert (the_list.state, Participation.objects.count()) == (ListState.CHECKED, 0)


def test_list_waiting_twice_is_applied_once_and_the_other_compared_again(world: World) -> None:
    lists = [compared(world.valda, world.summer, csv_file([LIGA, JANIS])) for _ in range(2)]
    for the_list in lists:
        request_application(actor=world.valda, the_list=the_list)
    done = [apply_list(actor=world.valda, list_id=the_list.pk) for the_list in lists]
    assert [(each.state, each.is_stale) for each in done] == [(ListState.APPLIED, False), (ListState.CHECKED, True)]
    assert (done[1].outcomes, Participation.objects.count()) == ({"unchanged": 2}, 2)


def test_list_as_csv_and_as_workbook_is_the_same_list(world: World) -> None:
    applied(world.valda, world.summer, csv_file([LIGA, JANIS]))
    rows = [("Līga", "Bērziņa", date(2004, 3, 12), "liga@example.org", date(2019, 6, 3)),
            ("Jānis", "Kalniņš", date(2003, 11, 5), None, 43619)]
    assert compared(world.valda, world.summer, xlsx_file(rows)).outcomes == {"unchanged": 2}

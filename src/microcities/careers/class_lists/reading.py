"""Reads a class list into rows of values, and says of every cell that cannot be used which one it is and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import IO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from openpyxl.utils import get_column_letter

from microcities.people.codes import CodeError, code_hash
from microcities.spreadsheets.cells import READERS, SPREADSHEET_ERRORS, CellError, text_of
from microcities.spreadsheets.headings import places_of
from microcities.spreadsheets.reading import ListUnreadableError, Sheet
from microcities.spreadsheets.reading import open_list as open_sheet
from microcities.spreadsheets.words import CELL_PROBLEMS

# By field: how its cells are read, and the Latvian and English headings it is known by, as `plain` makes them.
FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "given_name": ("name", ("vards", "vardi", "skolena vards", "first name", "given name", "forename")),
    "family_name": ("name", ("uzvards", "skolena uzvards", "last name", "family name", "surname")),
    "full_name": ("name", ("vards uzvards", "vards un uzvards", "skolens", "audzeknis", "full name", "pupil", "student")),
    "birth_on": ("day", ("dzimsanas datums", "dzimsanas dat", "dzimis", "date of birth", "birth date", "born")),
    "personal_code": ("code", ("personas kods", "pers kods", "pk", "personal code")),
    "local_reference": ("reference", ("skolena nr", "apliecibas nr", "skolena id", "student no", "pupil no", "id")),
    "sex": ("sex", ("dzimums", "sex", "gender")),
    "email": ("email", ("e pasts", "epasts", "e mail", "email")),
    "class_name": ("reference", ("klase", "klases nosaukums", "grupa", "kurss", "class", "class name", "group")),
    "joined_on": ("day", ("iestajies", "sakums", "klase no", "no", "uznemts", "joined", "joined on", "from", "enrolled")),
}
LABELS: Mapping[str, "str | Promise"] = {
    "given_name": _("given name"), "family_name": _("family name"), "full_name": _("given and family name in one column"),
    "birth_on": _("date of birth"), "personal_code": _("personal code"), "local_reference": _("your own reference"),
    "sex": _("sex"), "email": _("e-mail"), "class_name": _("class"), "joined_on": _("first day in the class"),
}
_BY_HEADING = {heading: key for key, (_reads, headings) in FIELDS.items() for heading in headings}
APART = ("birth_on", "personal_code", "local_reference")
WITHOUT_HEADINGS = _(
    "Row %(number)s holds a person, not headings. Write above the first person what each column holds, for example Vārds, "
    "Uzvārds, Dzimšanas datums, Klase."
)
PROBLEMS: Mapping[str, "str | Promise"] = {
    **CELL_PROBLEMS,
    "cannot_be_told_apart": _("The row has a name only. Add a date of birth, a personal code or your own reference."),
    "no_number": _("No class of this name is known, and its name does not begin with a grade or year. Write it like 9.a."),
    "no_such_grade": _("There is no such grade or year at this kind of school. Check the name of the class."),
    "outside_year": _("The day lies outside the school year. Check it."),
    "in_the_future": _("The day has not come yet. A list tells what has happened."),
    "twice_in_list": _("The same pupil stands in row %(row)s already. Leave one."),
    "code_of_another": _("The personal code is known with quite another name. Check the code and the name."),
    "reference_of_another": _("Your reference is that of a person with quite another name. Check the reference and the name."),
    "elsewhere": _(
        "The pupil is in a class of another school on these days, and nobody is in two schools at once. Ask that school to "
        "enter the last day and hand the pupil over, or write a later day."
    ),
}


@dataclass(frozen=True)
class Problem:
    """What is wrong: column letter ("" for the whole row), field, what stands there, and a code with its words."""

    letter: str
    field: str
    value: str
    code: str
    row: int = 0

    @property
    def advice(self) -> str:
        """What to do about it, in the reader's language."""
        return str(PROBLEMS[self.code]) % {"row": self.row}


@dataclass(slots=True)
class ReadPupil:
    """One row: {field: text}, the hash of the personal code, and what is wrong."""

    number: int
    values: dict[str, str] = field(default_factory=dict)
    code: bytes | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The pupil's name as the list has it."""
        return f"{self.values.get('given_name', '')} {self.values.get('family_name', '')}".strip()

    def day(self, key: str) -> date | None:
        """A date of the row."""
        text = self.values.get(key)
        return date.fromisoformat(text) if text else None


def recognise(header: Sequence[str]) -> dict[str, int]:
    """{field: place of its column} for every heading that is known; the first of two columns of one field counts."""
    return places_of(header, _BY_HEADING)


def read_class_list(file: IO[bytes]) -> list[ReadPupil]:
    """All rows of a class list; raises ListUnreadableError when it cannot be read or lacks a column that is needed."""
    sheet: Sheet = open_sheet(file, recognise, WITHOUT_HEADINGS)
    columns = recognise(sheet.header)
    _require_columns(columns)
    rows = [_read_row(number, cells, columns) for number, cells in sheet.rows]
    if not rows:
        raise ListUnreadableError(_("The list has headings and no pupils."))
    return rows


def _require_columns(columns: Mapping[str, int]) -> None:
    if "full_name" not in columns and not {"given_name", "family_name"} <= columns.keys():
        raise ListUnreadableError(_("The list has no column of names. Add the columns Vārds and Uzvārds."))
    if "class_name" not in columns:
        raise ListUnreadableError(_("The list does not say who is in which class. Add the column Klase."))
    if not any(key in columns for key in APART):
        raise ListUnreadableError(
            _("Nothing tells pupils of one name apart. Add a column Dzimšanas datums, Personas kods or Skolēna nr.")
        )


def _read_row(number: int, cells: Sequence[object], columns: Mapping[str, int]) -> ReadPupil:
    row = ReadPupil(number)
    for key, place in columns.items():
        cell = cells[place] if place < len(cells) else None
        if cell is None or not (text := text_of(cell)):
            continue
        try:
            _read_cell(row, key, cell if isinstance(cell, date | int | float) else text, text)
        except CellError as error:
            shown = "" if key == "personal_code" else text[:60]
            row.problems.append(Problem(get_column_letter(place + 1), key, shown, error.code))
    if whole := row.values.pop("full_name", ""):
        given, _space, family = whole.rpartition(" ")
        row.values |= {"given_name": given, "family_name": family}
    if not row.problems:
        row.problems += _lacking(row, columns)
    return row


def _read_cell(row: ReadPupil, key: str, cell: object, text: str) -> None:
    if text in SPREADSHEET_ERRORS:
        raise CellError("spreadsheet_error")
    reads = FIELDS[key][0]
    if reads != "code":
        row.values[key] = READERS[reads](cell)
        return
    try:
        row.code = code_hash(text)
    except CodeError:
        raise CellError("not_a_code") from None


def _lacking(row: ReadPupil, columns: Mapping[str, int]) -> list[Problem]:
    """What a whole row lacks."""
    for key in ("given_name", "family_name", "class_name"):
        if not row.values.get(key):
            place = columns.get(key, columns.get("full_name"))
            letter = get_column_letter(place + 1) if place is not None else ""
            return [Problem(letter, key, "", "one_word" if "full_name" in columns and key != "class_name" else "empty")]
    if row.code is None and not row.values.get("birth_on") and not row.values.get("local_reference"):
        return [Problem("", "birth_on", "", "cannot_be_told_apart")]
    return []

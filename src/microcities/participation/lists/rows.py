"""Reads one row of a list into values, and says of every cell that cannot be used which one it is and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from openpyxl.utils import get_column_letter

from microcities.database.collation import search_key
from microcities.participation.lists.columns import APART, BY_KEY, DAYS
from microcities.people.codes import CodeError, code_hash
from microcities.spreadsheets.cells import READERS, SPREADSHEET_ERRORS, CellError, text_of

Problem = dict[str, str]
LONGEST_SHOWN = 60
NOT_TEXT = (date, int, float)  # cells of a workbook that know their type


@dataclass(slots=True)
class ReadRow:
    """One row as it was read. `values` holds {field: text}, `host` as an organisation's number, `funding` as numbers."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    code: bytes | None = None
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Surroundings:
    """What a row is read against: the headings, their mapping, the activity's days, and names of money and hosts."""

    header: Sequence[str]
    mapping: Mapping[str, int]
    starts_on: date
    ends_on: date
    today: date
    fundings: Mapping[str, int]   # by code and by name, as search_key makes them
    hosts: Mapping[str, int]      # by registration number and by name; -1 where two hosts share a name

    def problem(self, key: str, code: str, value: str = "") -> Problem:
        """A problem with a field: its column by heading and letter, what stands there, and what is wrong."""
        place = self.mapping.get(key)
        if place is None:
            return {"field": key, "column": "", "letter": "", "value": "", "code": code}
        heading = self.header[place] if place < len(self.header) else ""
        # What stands in a column of personal codes is never repeated, not even to who wrote it.
        shown = "" if key == "personal_code" else value[:LONGEST_SHOWN]
        letter = get_column_letter(place + 1)
        return {"field": key, "column": heading, "letter": letter, "value": shown, "code": code}


def read_row(number: int, cells: Sequence[object], around: Surroundings) -> ReadRow:
    """Read a row; it has problems or it can be used as it stands. An empty cell is no value."""
    row = ReadRow(number)
    for key, place in around.mapping.items():
        cell = cells[place] if place < len(cells) else None
        if cell is None or cell == "" or not (text := text_of(cell)):
            continue
        try:
            if text in SPREADSHEET_ERRORS:
                raise CellError("spreadsheet_error")
            _read_cell(row, key, cell if isinstance(cell, NOT_TEXT) else text, around)
        except CellError as error:
            row.problems.append(around.problem(key, error.code, text))
    _divide_full_name(row, around)
    if not row.problems:
        row.problems += _whole_row_problems(row, around)
    return row


def _read_cell(row: ReadRow, key: str, cell: object, around: Surroundings) -> None:
    reads = BY_KEY[key].reads
    if reads == "code":
        try:
            row.code = code_hash(text_of(cell))
        except CodeError:
            raise CellError("not_a_code") from None
    elif reads == "funding":
        row.values[key] = _fundings(text_of(cell), around)
    elif reads == "host":
        row.values[key] = _host(text_of(cell), around)
    else:
        row.values[key] = READERS[reads](cell)


def _fundings(text: str, around: Surroundings) -> list[int]:
    """One source, or several parted by + or ;, the paying one first."""
    whole = around.fundings.get(search_key(text))
    if whole is not None:
        return [whole]
    found = [around.fundings.get(search_key(part)) for part in text.replace(";", "+").split("+") if part.strip()]
    if not found or None in found:
        raise CellError("unknown_funding")
    return list(dict.fromkeys(number for number in found if number is not None))


def _host(text: str, around: Surroundings) -> int:
    found = around.hosts.get("".join(text.split())) or around.hosts.get(search_key(text))
    if found is None:
        raise CellError("unknown_host")
    if found < 0:
        raise CellError("ambiguous_host")
    return found


def _divide_full_name(row: ReadRow, around: Surroundings) -> None:
    whole = row.values.pop("full_name", None)
    if whole is None:
        return
    given, _, family = whole.replace(",", " ").strip().rpartition(" ")
    if not given:
        row.problems.append(around.problem("full_name", "one_word", whole))
    row.values.setdefault("given_name", given.strip())
    row.values.setdefault("family_name", family)


def _whole_row_problems(row: ReadRow, around: Surroundings) -> list[Problem]:
    values = row.values
    named = "full_name" if "full_name" in around.mapping else ""
    for key in ("given_name", "family_name"):
        if not values.get(key):
            return [around.problem(named or key, "empty")]
    if not row.code and not any(values.get(key) for key in APART):
        first = next((key for key in APART if key in around.mapping), APART[0])
        return [around.problem(first, "cannot_be_told_apart")]
    if not any(values.get(key) for key in DAYS):
        first = next((key for key in DAYS if key in around.mapping), DAYS[0])
        return [around.problem(first, "no_day")]
    return _order_problems(values, around)


def _order_problems(values: Mapping[str, Any], around: Surroundings) -> list[Problem]:
    days = {key: values[key] for key in (*DAYS, "completed_on", "in_work_on", "dropped_out_on") if key in values}
    today, started = around.today.isoformat(), days.get("started_on", "")
    problems = [around.problem(key, "in_the_future", day) for key, day in days.items() if day > today]
    if started and not around.starts_on.isoformat() <= started <= around.ends_on.isoformat():
        problems.append(around.problem("started_on", "outside_activity", started))
    for key in ("completed_on", "dropped_out_on", "in_work_on"):
        if key in days and started and days[key] < started:
            problems.append(around.problem(key, "before_start", days[key]))
    if "completed_on" in days and not started:
        problems.append(around.problem("completed_on", "completed_without_start", days["completed_on"]))
    if "completed_on" in days and "dropped_out_on" in days:
        problems.append(around.problem("dropped_out_on", "completed_and_dropped", days["dropped_out_on"]))
    birth = values.get("birth_on", "")
    if birth and birth >= min(days.values()):
        problems.append(around.problem("birth_on", "born_after", birth))
    return problems

"""The words for what is wrong with a row, each with what to do about it, and for what a row would change."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from microcities.participation.lists.columns import BY_KEY
from microcities.spreadsheets.words import CELL_PROBLEMS
from microcities.ui.numbers import format_day, format_number

PROBLEMS: Mapping[str, "str | Promise"] = {
    **CELL_PROBLEMS,
    "unknown_funding": gettext_lazy("No such source of money is known here. Use the name or code of one that is."),
    "unknown_host": gettext_lazy("No such organisation is known here. Check its registration number, or have it added."),
    "ambiguous_host": gettext_lazy("Several organisations have this name. Write the registration number."),
    "cannot_be_told_apart": gettext_lazy(
        "The row has a name only. Add a date of birth, a personal code, your own reference or a contact."
    ),
    "no_day": gettext_lazy("The row has no day of application or start. Add one."),
    "in_the_future": gettext_lazy("The day has not come yet. A list tells what has happened."),
    "outside_activity": gettext_lazy("The day lies outside the activity. Check the day, or choose another activity."),
    "before_start": gettext_lazy("It is earlier than the start. Check both days."),
    "completed_without_start": gettext_lazy("Whoever completed has started. Add the day of the start."),
    "completed_and_dropped": gettext_lazy("The person both completed and dropped out. Leave one of the two."),
    "born_after": gettext_lazy("The date of birth is later than the participation. Check both."),
    "code_of_another": gettext_lazy(
        "The personal code is known with quite another name. Check the code and the name."
    ),
    "reference_of_another": gettext_lazy(
        "Your reference is that of a person with quite another name. Check the reference and the name."
    ),
    "code_differs": gettext_lazy("The person is known to you with another personal code. Check the code."),
    "twice_in_list": gettext_lazy("The same person with the same start stands in row %(row)s already. Leave one."),
    "differs_in_list": gettext_lazy("Row %(row)s says otherwise of the same person. Make the two rows agree."),
    "two_records": gettext_lazy(
        "The person has several records in this activity that fit. Write the day of the start."
    ),
}


def problem_words(problem: Mapping[str, str]) -> str:
    """Where the problem is, what stands there, and what to do: "Column C “Sācis”, “31.13.2021”: …"."""
    advice = str(PROBLEMS[problem["code"]]) % {"row": problem.get("row", "")}
    label = str(BY_KEY[problem["field"]].label)
    if not problem["letter"]:
        return f"{label}: {advice}"
    place = _("Column %(letter)s “%(column)s”") % {"letter": problem["letter"], "column": problem["column"] or label}
    return f"{place}, “{problem['value']}”: {advice}" if problem["value"] else f"{place}: {advice}"


def value_words(field: str, value: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    """A value as a person reads it. `names` gives the names of hosts and fundings by number."""
    if value in (None, "", []):
        return _("nothing")
    if field in names:
        numbers = value if isinstance(value, list) else [value]
        return ", ".join(names[field].get(int(number), str(number)) for number in numbers)
    if field.endswith("_on") and (day := parse_date(str(value))):
        return format_day(day)
    if field in ("hours", "amount"):
        return format_number(value)
    return str(value)

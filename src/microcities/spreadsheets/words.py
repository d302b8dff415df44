"""The words for what is wrong with a cell, each with what to do about it; the codes are those of cells.CellError."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

CELL_PROBLEMS: Mapping[str, "str | Promise"] = {
    "empty": gettext_lazy("It is empty. Fill it in."),
    "one_word": gettext_lazy("It has one word only. Write the given name and the family name."),
    "too_long": gettext_lazy("It is too long. Shorten it."),
    "not_a_name": gettext_lazy("This is not a name. Write letters only."),
    "not_a_day": gettext_lazy("This is not a date. Write it as 31.10.2021 or 2021-10-31."),
    "unclear_day": gettext_lazy("Day and month cannot be told apart here. Write the date as 31.10.2021 or 2021-10-31."),
    "spreadsheet_error": gettext_lazy("Your spreadsheet shows an error here. Correct the formula, or write the value."),
    "no_such_day": gettext_lazy("There is no such day. Check the day and the month."),
    "day_out_of_range": gettext_lazy("The year cannot be right. Check it."),
    "not_a_number": gettext_lazy("This is not a number. Write it as 12,5 or 12.5."),
    "negative": gettext_lazy("It is less than zero. Check the sign."),
    "too_large": gettext_lazy("It is too large. Check the figures."),
    "too_many_decimals": gettext_lazy("It has more than two decimals. Round it."),
    "not_a_sex": gettext_lazy("This is not known. Write sieviete or vīrietis, female or male."),
    "not_an_email": gettext_lazy("This is not an e-mail address. Check it, or leave the cell empty."),
    "not_a_phone": gettext_lazy("This is not a telephone number. Check it, or leave the cell empty."),
    "not_a_country": gettext_lazy("This is not a country. Write its two letters, for example LV."),
    "not_a_code": gettext_lazy("This is not a valid personal code. Check its figures, or leave the cell empty."),
}

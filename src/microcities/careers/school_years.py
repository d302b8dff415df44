"""School years: each begins on 1 September and is named by the calendar year of that day."""

from datetime import date

FIRST_MONTH = 9


def year_of(day: date) -> int:
    """The school year that holds a day: 2018 for 1 September 2018 to 31 August 2019."""
    return day.year if day.month >= FIRST_MONTH else day.year - 1


def first_day(year: int) -> date:
    """1 September of the school year."""
    return date(year, FIRST_MONTH, 1)


def last_day(year: int) -> date:
    """31 August at its end."""
    return date(year + 1, FIRST_MONTH - 1, 31)


def label(year: int) -> str:
    """As schools write it: 2018/2019."""
    return f"{year}/{year + 1}"

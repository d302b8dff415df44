"""The dry run of a class list: everything it would change, for whoever may apply it, without writing a thing."""

from datetime import date
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.class_lists.comparing import Asked, Comparison, compare_rows
from microcities.careers.class_lists.reading import read_class_list
from microcities.careers.models import School
from microcities.careers.rules import may_keep
from microcities.careers.school_years import year_of
from microcities.people.models import Account


def compare_class_list(
    *, actor: Account, school: School, file: IO[bytes], taken_on: date | None = None, is_whole_school: bool = True
) -> Comparison:
    """What a class list would change. `taken_on` is the day it tells of; pupils of the school whom it does not name leave,
    or only those of the classes that it names when it is not of the whole school.

    Raises RefusedError; ListUnreadableError, with its reason, when the file is no class list.
    """
    require(may_keep(actor, school))
    return compare_rows(read_class_list(file), asked_of(school, taken_on, is_whole_school))


def asked_of(school: School, taken_on: date | None, is_whole_school: bool) -> Asked:
    """The school, the year of the day, and what the list claims to hold. RefusedError for a day to come."""
    day = taken_on or timezone.localdate()
    if day > timezone.localdate():
        raise RefusedError(_("The day has not come yet. A list tells what has happened."))
    return Asked(school, year_of(day), day, is_whole_school)

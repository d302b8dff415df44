"""Opens a partner's list by the headings of participants that this app knows."""

from typing import IO

from django.utils.translation import gettext_lazy as _

from microcities.participation.lists.columns import recognise
from microcities.spreadsheets import reading

WITHOUT_HEADINGS = _(
    "Row %(number)s holds a person, not headings. Write above the first person what each column holds, "
    "for example Vārds, Uzvārds, Dzimšanas datums, Sācis."
)


def open_list(file: IO[bytes]) -> reading.Sheet:
    """Read a list of participants. Raises ListUnreadableError."""
    return reading.open_list(file, recognise, WITHOUT_HEADINGS)

"""The typed values of the installation's own periods, beside those that funding prescribes."""

from calendar import monthrange
from datetime import date
from typing import Annotated

from pydantic import Field

from microcities.rulebooks.schema import Label, RuleValues, rule_values

Months = Annotated[int, Field(ge=1, le=240)]


@rule_values("privacy.clocks")
class Clocks(RuleValues):
    """Periods in whole months."""

    account_idle_months: Annotated[
        Months,
        Label("An account nobody signs in to is closed after", "Neizmantotu kontu slēdz pēc", "months", "mēnešiem"),
    ]
    contact_idle_months: Annotated[
        Months,
        Label(
            "A person who took part in nothing is erased after",
            "Personu, kas nekur nav piedalījusies, dzēš pēc",
            "months",
            "mēnešiem",
        ),
    ]
    security_months: Annotated[
        Months, Label("Ended background work is removed after", "Pabeigtus fona darbus dzēš pēc", "months", "mēnešiem")
    ]
    notice_months: Annotated[
        Months, Label("A notice and its letter are deleted after", "Paziņojumu un tā vēstuli dzēš pēc", "months", "mēnešiem")
    ]
    answer_within_months: Annotated[
        Months, Label("A request is answered within", "Uz pieprasījumu atbild", "months", "mēnešu laikā")
    ]


def months_after(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative); the month's last day where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))

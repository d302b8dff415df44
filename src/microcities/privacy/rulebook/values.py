"""The typed values of the privacy rules: when a child consents alone, how long records are kept."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from microcities.privacy.rulebook.clocks import Clocks
from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

__all__ = ["ChildConsent", "Clocks", "Retention", "RetentionClock"]


@rule_values("privacy.child_consent")
class ChildConsent(RuleValues):
    """GDPR Article 8 with the national choice of age; it matters only where consent is the legal basis."""

    own_consent_age: Annotated[
        int,
        Field(ge=13, le=16),
        Label(
            "Age from which a child consents alone",
            "Vecums, no kura bērns pats dod piekrišanu",
            "years",
            "gadi",
        ),
    ]
    applies_to: Annotated[Text, Label("Applies to", "Attiecas uz")]
    below: Annotated[Text, Label("Below this age", "Jaunākiem bērniem")]


class RetentionClock(RuleValues):
    """How long the documents of one kind of funding stay available, and from which event that runs."""

    code: Annotated[str, Field(pattern=r"^[a-z0-9-]+$"), Label("Code", "Kods", shown=False)]
    funding: Annotated[Text, Label("Funding", "Finansējums")]
    years: Annotated[int, Field(ge=1), Label("Kept for", "Glabā", "years", "gadi")]
    counts_from: Annotated[
        Literal["accounts", "last_payment"],
        Label("Event that starts the clock", "Notikums, no kura skaita", shown=False),
    ]
    explained: Annotated[Text, Label("Counted from", "Skaita no")]
    eligible_cost_from: Annotated[
        Decimal | None, Label("Eligible cost, at least", "Attiecināmās izmaksas, vismaz", "EUR", "EUR")
    ] = None
    eligible_cost_below: Annotated[
        Decimal | None, Label("Eligible cost, below", "Attiecināmās izmaksas, mazāk par", "EUR", "EUR")
    ] = None
    stops_in_proceedings: Annotated[
        bool, Label("Stops during legal proceedings", "Tiesvedības laikā apstājas")
    ]

    def last_day(self, event_on: date, stopped_days: int = 0) -> date:
        """The last day of keeping: the years from 31 December of the event's year, plus the days stopped."""
        end = date(event_on.year + self.years, 12, 31)
        return date.fromordinal(end.toordinal() + stopped_days) if self.stops_in_proceedings else end


@rule_values("privacy.retention")
class Retention(RuleValues):
    """The retention clocks known on a date; which one runs depends on the funding of the operation."""

    clocks: Annotated[tuple[RetentionClock, ...], Field(min_length=1), Label("Clocks", "Termiņi")]

    def clock(self, code: str) -> RetentionClock:
        """The clock of that code; KeyError names the codes there are."""
        for clock in self.clocks:
            if clock.code == code:
                return clock
        raise KeyError(
            f"no retention clock {code!r}; there are: {', '.join(clock.code for clock in self.clocks)}"
        )

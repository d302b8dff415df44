"""The typed values of pay: the state minimum wage with its working hours, and the employer's social contributions."""

from decimal import Decimal
from fractions import Fraction
from typing import Annotated

from pydantic import Field

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

Hours = Annotated[int, Field(gt=0, le=60)]


@rule_values("summerjobs.minimum_wage")
class MinimumWage(RuleValues):
    """The least a month of full-time work is paid, and what full time is at which age.

    The least for an hour is the monthly amount divided by the normal hours of that month: working days of a five-day week
    (holidays that fall on them included) times the hours of a day.
    """

    monthly: Annotated[Decimal, Field(gt=0), Label("Minimum monthly wage", "Minimālā mēneša darba alga", "EUR", "EUR")]
    week_hours: Annotated[Hours, Label("Normal working week", "Normālais darba laiks nedēļā", "h", "h")]
    day_hours: Annotated[Hours, Label("Normal working day", "Normālais darba laiks dienā", "h", "h")]
    young_below: Annotated[
        int, Field(gt=0), Label("Shorter hours below the age of", "Īsāks darba laiks līdz vecumam", "years", "gadi")
    ]
    young_week_hours: Annotated[Hours, Label("Their working week", "Viņu darba laiks nedēļā", "h", "h")]
    young_day_hours: Annotated[Hours, Label("Their working day", "Viņu darba laiks dienā", "h", "h")]
    hourly: Annotated[Text, Label("The least for an hour", "Minimālā stundas tarifa likme")]

    @property
    def monthly_cents(self) -> int:
        """The monthly amount in cents; ValueError if it is not a whole number of them."""
        cents = self.monthly * 100
        if cents != cents.to_integral_value():
            raise ValueError(f"{self.monthly} is not a whole number of cents")
        return int(cents)

    def hourly_cents(self, working_days: int, age: int) -> Fraction:
        """The exact least for an hour, in cents, of a month with so many working days (holidays on them included)."""
        hours = self.young_day_hours if age < self.young_below else self.day_hours
        return Fraction(self.monthly_cents, working_days * hours)


@rule_values("summerjobs.employer_contribution")
class EmployerContribution(RuleValues):
    """The employer's part of the mandatory social insurance contributions, for an employee insured for everything."""

    share: Annotated[
        Decimal,
        Field(ge=0, lt=1),
        Label("Employer's part of gross pay", "Darba devēja daļa no bruto algas", "share", "share"),
    ]

    @property
    def per_ten_thousand(self) -> int:
        """2359 for 23.59 %, as the engine `summerjobs.claim` takes it."""
        return int(self.share * 10_000)

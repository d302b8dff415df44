"""The typed values of the rules on organisations: which size class a headcount falls into."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values


class SizeClass(RuleValues):
    """One class; the headcount limit is exclusive, amounts are inclusive, None where there is no limit."""

    code: Annotated[str, Field(pattern=r"^[a-z]+$"), Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("Class", "Klase")]
    headcount_below: Annotated[
        int | None,
        Label("Staff, fewer than", "Darbinieku, mazāk par", "annual work units", "gada darba vienības"),
    ] = None
    turnover_up_to: Annotated[
        Decimal | None, Label("Turnover, at most", "Apgrozījums, ne vairāk", "EUR", "EUR")
    ] = None
    balance_up_to: Annotated[
        Decimal | None, Label("Balance sheet, at most", "Bilance, ne vairāk", "EUR", "EUR")
    ] = None


@rule_values("people.size_classes")
class SizeClasses(RuleValues):
    """Size classes from the smallest to the largest; the last one has no limit."""

    classes: Annotated[tuple[SizeClass, ...], Field(min_length=2), Label("Classes", "Klases")]

    @model_validator(mode="after")
    def limits_rise(self) -> "SizeClasses":
        """Limits grow from class to class and only the last class is open."""
        limits = [size.headcount_below for size in self.classes]
        closed = [limit for limit in limits[:-1] if limit is not None]
        if limits[-1] is not None or len(closed) != len(limits) - 1 or closed != sorted(set(closed)):
            raise ValueError("headcount limits must rise and only the last class may be without one")
        return self

    def by_headcount(self, headcount: Decimal | int | None) -> str | None:
        """The code of the class by staff alone, in annual work units; None when the headcount is not known.

        Ownership links and financial ceilings can put a firm into a larger class; that needs its accounts.
        """
        if headcount is None:
            return None
        if headcount < 0:
            raise ValueError(f"a headcount cannot be negative: {headcount}")
        return next(
            size.code
            for size in self.classes
            if size.headcount_below is None or headcount < size.headcount_below
        )

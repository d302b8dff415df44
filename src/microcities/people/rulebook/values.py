"""The typed values of the rules on people: size classes of organisations, and the texts of consents."""

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


class AskedConsent(RuleValues):
    """One consent that is asked for, in plain words; whoever refuses loses nothing."""

    name: Annotated[Text, Label("Consent", "Piekrišana")]
    code: Annotated[str, Field(pattern=r"^[a-z][a-z-]{1,39}$"), Label("Code", "Kods", shown=False)]
    sentence: Annotated[Text, Label("What you agree to", "Kam Jūs piekrītat")]
    asked_by: Annotated[Text, Label("Who asks", "Kas lūdz")]
    purpose: Annotated[Text, Label("What for", "Kādam nolūkam")]
    data: Annotated[Text, Label("Which data", "Kādi dati")]
    months: Annotated[int, Field(ge=1, le=120), Label("How long", "Cik ilgi", "months", "mēneši")]
    withdrawal: Annotated[Text, Label("When you withdraw", "Ja piekrišanu atsaucat")]
    refusal: Annotated[Text, Label("When you do not consent", "Ja nepiekrītat")]


@rule_values("people.consents")
class Consents(RuleValues):
    """The consents that are asked for on a day."""

    consents: Annotated[tuple[AskedConsent, ...], Field(min_length=1), Label("Consents", "Piekrišanas")]

    @model_validator(mode="after")
    def codes_differ(self) -> "Consents":
        """A code names one consent."""
        codes = [each.code for each in self.consents]
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands twice")
        return self

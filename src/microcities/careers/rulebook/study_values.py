"""The typed values of study paths, and of how answers on interests are read beside those of others."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

Stage = Literal["basic", "secondary", "vocational", "adult"]
Level = Annotated[int | None, Field(ge=1, le=8)]


class StudyKind(RuleValues):
    """One kind of place to go on to: what it asks for, what it leads to and how long it takes."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z_]{2,39}$"), Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("Kind", "Veids")]
    requires: Annotated[Text, Label("Education before", "Iepriekšējā izglītība")]
    entrance: Annotated[Text, Label("How one gets in", "Kā uzņem")]
    documents: Annotated[Text, Label("Documents", "Dokumenti")]
    leads_to: Annotated[Text, Label("What it leads to", "Ko iegūst")]
    level_from: Annotated[Level, Label("Level (LQF and EQF), from", "Līmenis (LKI un EKI), no")] = None
    level_to: Annotated[Level, Label("to", "līdz")] = None
    length: Annotated[Text, Label("Length", "Ilgums")]
    law: Annotated[Text, Label("Where it stands", "Kur tas noteikts")]
    # For whom it is a usual next step; a reading, nobody is kept from looking at the others.
    after: Annotated[tuple[Stage, ...], Field(min_length=1), Label("Next after", "Nākamais pēc", shown=False)]

    @model_validator(mode="after")
    def levels_rise(self) -> "StudyKind":
        """Both levels are there or none, and they rise."""
        if (self.level_from is None) != (self.level_to is None):
            raise ValueError(f"{self.code} has one level of two")
        if self.level_from is not None and self.level_to is not None and self.level_to < self.level_from:
            raise ValueError(f"{self.code}: levels must rise")
        return self


@rule_values("careers.study_paths")
class StudyPaths(RuleValues):
    """Kinds of places of study, in the order in which people come to them."""

    kinds: Annotated[tuple[StudyKind, ...], Field(min_length=1), Label("Kinds of studies", "Mācību veidi")]

    @model_validator(mode="after")
    def codes_differ(self) -> "StudyPaths":
        """A code names one kind."""
        codes = [kind.code for kind in self.kinds]
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands twice")
        return self

    def kind(self, code: str) -> StudyKind | None:
        """The kind of that code; None if there is no such kind now."""
        return next((kind for kind in self.kinds if kind.code == code), None)


@rule_values("careers.interest_reading")
class InterestReading(RuleValues):
    """When answers on interests are compared with those of others, and when they came too fast."""

    norm_minimum: Annotated[
        int, Field(ge=30, le=100_000), Label("Compared from so many people in a group", "Salīdzina no tik cilvēkiem grupā")
    ]
    seconds_an_item: Annotated[
        Decimal, Field(ge=0, le=60),
        Label("Too fast below so many seconds a statement", "Par ātru, ja apgalvojumam mazāk par", "seconds", "sekundes"),
    ]


__all__ = ["InterestReading", "StudyKind", "StudyPaths"]

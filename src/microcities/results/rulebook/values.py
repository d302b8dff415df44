"""The typed values of the rules by which results are counted, broken down, published and verified."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal
from typing import Annotated

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

UNKNOWN = "unknown"
Code = Annotated[str, Field(pattern=r"^[a-z0-9_]+$"), Label("Code", "Kods", shown=False)]
Share = Annotated[Decimal, Field(gt=0, le=1)]


@rule_values("results.full_time_year")
class FullTimeYear(RuleValues):
    """Hours worked that make one full-time equivalent of a year."""

    hours: Annotated[
        int, Field(gt=0, le=8784), Label("Hours of a full-time year", "Pilna laika gada stundas", "h", "h")
    ]
    note: Annotated[Text, Label("Use", "Lietojums")]


@rule_values("results.disclosure")
class Disclosure(RuleValues):
    """When a figure about few people or one firm is withheld.

    A count from 1 to `threshold` - 1 is withheld. What remains published must leave at least `minimum_width`
    between the smallest and largest value a withheld cell could have. A figure on firms is withheld when the
    `dominance_firms` largest contribute more than `dominance_share` of it.
    """

    threshold: Annotated[
        int, Field(ge=2), Label("Smallest count that is published", "Mazākais skaits, ko publicē")
    ]
    publish_zero: Annotated[bool, Label("Zero is published", "Nulli publicē")]
    minimum_width: Annotated[
        int,
        Field(ge=1),
        Label("Smallest width of what can be deduced", "Mazākais intervāls, ko drīkst varēt izsecināt"),
    ]
    dominance_firms: Annotated[
        int, Field(ge=1), Label("Dominance: largest firms (n)", "Dominance: lielākie uzņēmumi (n)")
    ]
    dominance_share: Annotated[
        Share,
        Label(
            "Dominance: share not to be exceeded (k)", "Dominance: nepārsniedzamā daļa (k)", "share", "share"
        ),
    ]

    def withholds_count(self, count: int) -> bool:
        """True if a count of people is too small to be shown."""
        return not self.publish_zero if count == 0 else 0 < count < self.threshold

    def is_dominated(self, contributions: Iterable[int | Decimal]) -> bool:
        """True if the largest firms make up more than the allowed share of a total; an empty total is not."""
        parts = sorted((Decimal(part) for part in contributions), reverse=True)
        total = sum(parts)
        return total > 0 and sum(parts[: self.dominance_firms]) > self.dominance_share * total


@rule_values("results.sampling")
class Sampling(RuleValues):
    """How many records are checked when a figure is verified."""

    small_below: Annotated[
        int,
        Field(ge=2),
        Label(
            "A plain sample is enough below",
            "Vienkārša izlase pietiek, ja vienību mazāk par",
            "records",
            "ieraksti",
        ),
    ]
    minimum_share: Annotated[
        Share, Label("Smallest share checked", "Mazākā pārbaudāmā daļa", "share", "share")
    ]

    def is_small(self, records: int) -> bool:
        """True if the population may be checked by a non-statistical sample."""
        return records < self.small_below

    def minimum_size(self, records: int) -> int:
        """The smallest number of records to check: the share, rounded up."""
        return int((records * self.minimum_share).to_integral_value(rounding=ROUND_CEILING))


class AgeBand(RuleValues):
    """One age band in completed years, both ends included; `unknown` has no ages."""

    code: Code
    name: Annotated[Text, Label("Age", "Vecums")]
    age_from: Annotated[int | None, Field(ge=0), Label("From", "No", "years", "gadi")] = None
    age_to: Annotated[int | None, Field(ge=0), Label("To", "Līdz", "years", "gadi")] = None
    common_code: Annotated[str | None, Label("EU common code", "ES kopējais kods")] = None


class Sex(RuleValues):
    """One value of the breakdown by sex."""

    code: Code
    name: Annotated[Text, Label("Sex", "Dzimums")]
    needs_national_law: Annotated[
        bool, Label("Only where national law knows it", "Tikai tad, ja to paredz valsts tiesības")
    ]


@rule_values("results.disaggregation")
class Disaggregation(RuleValues):
    """Age bands and sexes by which people are counted; both have a place for what is not known."""

    age_bands: Annotated[tuple[AgeBand, ...], Label("Age bands", "Vecuma grupas")]
    sexes: Annotated[tuple[Sex, ...], Label("Sexes", "Dzimumi")]

    @model_validator(mode="after")
    def complete(self) -> "Disaggregation":
        """Bands run from 0 to an open end without gap, then 'unknown'; sexes have 'unknown' too."""
        *bands, last = self.age_bands
        if last.code != UNKNOWN or last.age_from is not None or last.age_to is not None:
            raise ValueError("the last age band is 'unknown' and has no ages")
        expected: int | None = 0
        for band in bands:
            if expected is None or band.age_from != expected:
                raise ValueError(f"age band {band.code} must begin at {expected}")
            expected = None if band.age_to is None else band.age_to + 1
        if expected is not None:
            raise ValueError("the last age band with ages must be open at the top")
        codes = [sex.code for sex in self.sexes]
        if UNKNOWN not in codes or len(set(codes)) != len(codes):
            raise ValueError("sexes need each code once, 'unknown' among them")
        return self

    def age_band(self, age: int | None) -> str:
        """The code of the band of an age in completed years; 'unknown' for None."""
        if age is None:
            return UNKNOWN
        for band in self.age_bands:
            if (
                band.age_from is not None
                and band.age_from <= age
                and (band.age_to is None or age <= band.age_to)
            ):
                return band.code
        raise ValueError(f"an age cannot be negative: {age}")

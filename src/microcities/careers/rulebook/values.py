"""The typed values of the rules of career guidance: frameworks, stages, scoring, and what makes an encounter count."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

Code = Annotated[str, Field(pattern=r"^[a-z0-9_.-]+$"), Label("Code", "Kods", shown=False)]
Codes = tuple[Code, ...]
Part = Annotated[Codes, Label("Codes", "Kodi", shown=False)]
Flag = Annotated[bool, Label("Mark", "Pazīme", shown=False)]
Count = Annotated[int, Field(ge=0, le=100), Label("Number", "Skaits", shown=False)]
OptionalCode = Annotated[str | None, Label("Code", "Kods", shown=False)]
Share = Annotated[Decimal, Field(ge=0, le=1)]


class FrameworkCriterion(RuleValues):
    """One statement of a framework in our own words, and how it is counted; see the engine `careers.benchmarks`."""

    code: Annotated[str, Field(pattern=r"^[1-8]\.[1-9][0-9]?$"), Label("Criterion", "Kritērijs")]
    name: Annotated[Text, Label("Name", "Nosaukums")]
    wording: Annotated[Text, Label("What is asked", "Kas tiek prasīts")]
    computed: Annotated[Text, Label("How it is counted", "Kā to skaita")]
    open_question: Annotated[Text | None, Label("To be confirmed", "Vēl jāapstiprina")] = None
    basis: Annotated[Literal["pupils", "record", "staff"], Label("Basis", "Pamats", shown=False)]
    kinds: Part = ()
    count: Count = 1
    linked_count: Count = 0
    distinct_by: Annotated[
        Literal["encounter", "host", "kind", "provider_kind", "subject"], Label("Told apart by", "Atšķir pēc", shown=False)
    ] = "encounter"
    each_of: Part = ()
    each_own_subject: Flag = False
    stem_only: Flag = False
    provider_kinds: Part = ()
    without_part_time_jobs: Flag = False
    window: Annotated[
        Literal["each_year", "each_stage", "by_milestone", "by_programme_end", "after_leaving"],
        Label("Window", "Laikposms", shown=False),
    ] = "each_year"
    milestone: OptionalCode = None
    further: Flag = False
    from_level: OptionalCode = None
    to_level: OptionalCode = None
    condition: Annotated[
        Literal["considering_higher_education"] | None, Label("Only of", "Tikai par", shown=False)
    ] = None
    leaver_years: Annotated[int, Field(ge=1, le=10), Label("Years", "Gadi", shown=False)] = 3
    record_kinds: Part = ()
    audiences: Part = ()
    valid_months: Annotated[int | None, Field(ge=1), Label("Months", "Mēneši", shown=False)] = None
    threshold: Annotated[Share | None, Label("Threshold", "Slieksnis", "share", "share")] = None

    @property
    def benchmark(self) -> int:
        """The benchmark it belongs to, 1 to 8."""
        return int(self.code.partition(".")[0])


class Benchmark(RuleValues):
    """One of the eight benchmarks."""

    number: Annotated[int, Field(ge=1, le=8), Label("Benchmark", "Kritēriju grupa")]
    name: Annotated[Text, Label("Name", "Nosaukums")]


class FrameworkValues(RuleValues):
    """A framework of benchmarks: its eight names and its criteria in order."""

    benchmarks: Annotated[tuple[Benchmark, ...], Field(min_length=1), Label("Benchmarks", "Kritēriju grupas")]
    criteria: Annotated[tuple[FrameworkCriterion, ...], Field(min_length=1), Label("Criteria", "Kritēriji")]

    @model_validator(mode="after")
    def criteria_fit(self) -> "FrameworkValues":
        """A code names one criterion of a benchmark that is listed, and says by what it can be met."""
        codes = [criterion.code for criterion in self.criteria]
        if len(set(codes)) != len(codes):
            raise ValueError("a code stands twice")
        if {criterion.benchmark for criterion in self.criteria} != {each.number for each in self.benchmarks}:
            raise ValueError("criteria and benchmarks do not belong together")
        for criterion in self.criteria:
            if not (criterion.kinds if criterion.basis == "pupils" else criterion.record_kinds):
                raise ValueError(f"{criterion.code} cannot be met: it names no kind")
        return self


@rule_values("careers.school_framework")
class SchoolFramework(FrameworkValues):
    """The benchmarks as general schools are read by them."""


@rule_values("careers.college_framework")
class CollegeFramework(FrameworkValues):
    """The benchmarks as technikums, colleges and independent providers are read by them."""


class StageLevel(RuleValues):
    """One grade or technikum year and the English year of the same age."""

    code: Annotated[str, Field(pattern=r"^[gt][0-9]{1,2}$"), Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("Grade or year", "Klase vai kurss")]
    rank: Annotated[int, Label("Order", "Secība", shown=False)]
    english_year: Annotated[int | None, Label("Year in England", "Gads Anglijas skolā")] = None
    age_from: Annotated[int, Label("Age in most cases, from", "Parasti vecums, no", "years", "gadi")]
    age_to: Annotated[int, Label("to", "līdz", "years", "gadi")]


class StageMilestone(RuleValues):
    """ "By 14", "by 16", "by 18" in both readings: the birthday, or the end of the last grade of a stage."""

    code: Annotated[str, Field(pattern=r"^by_[0-9]{2}$"), Label("Code", "Kods", shown=False)]
    name: Annotated[Text, Label("In England", "Anglijā")]
    age: Annotated[int, Field(ge=1), Label("Reading by birthday", "Lasot pēc dzimšanas dienas", "years", "gadi")]
    first_level: OptionalCode = None
    last_level: OptionalCode = None
    stage: Annotated[Text, Label("Reading by stage", "Lasot pēc izglītības posma")]


@rule_values("careers.stages")
class StageValues(RuleValues):
    """Grades and technikum years with the milestones, and when the roll is taken."""

    levels: Annotated[tuple[StageLevel, ...], Field(min_length=1), Label("Grades and years", "Klases un kursi")]
    milestones: Annotated[tuple[StageMilestone, ...], Label("Milestones", "Robežas")]
    year_starts_month: Annotated[int, Field(ge=1, le=12), Label("School year starts, month", "Mācību gads sākas, mēnesis")]
    year_starts_day: Annotated[int, Field(ge=1, le=31), Label("School year starts, day", "Mācību gads sākas, diena")]
    roll_closes_month: Annotated[
        int, Field(ge=1, le=12), Label("Roll is taken at the latest, month", "Sarakstu fiksē ne vēlāk kā, mēnesis")
    ]
    roll_closes_day: Annotated[
        int, Field(ge=1, le=31), Label("Roll is taken at the latest, day", "Sarakstu fiksē ne vēlāk kā, diena")
    ]

    @model_validator(mode="after")
    def milestones_name_levels(self) -> "StageValues":
        """A milestone ends with a level that exists."""
        known = {level.code for level in self.levels}
        for milestone in self.milestones:
            if milestone.first_level not in known or milestone.last_level not in known:
                raise ValueError(f"{milestone.code} names a level that is not listed")
        return self


class ScoringBand(RuleValues):
    """A band of shares; it begins at its limit or, when `excluded`, above it."""

    code: Code
    name: Annotated[Text, Label("Band", "Josla")]
    at_least: Annotated[Share, Label("From a share of", "No īpatsvara", "share", "share")]
    excluded: Annotated[bool, Label("The limit itself is not in it", "Pati robeža neietilpst")] = False
    credit: Annotated[Share, Label("Counts towards the benchmark", "Ieskaita kritēriju grupā", "share", "share")]


@rule_values("careers.scoring")
class ScoringValues(RuleValues):
    """From which share a criterion is achieved, and what the bands are called."""

    passes_at: Annotated[
        Decimal, Field(gt=0, le=1), Label("Achieved from a share of", "Sasniegts no īpatsvara", "share", "share")
    ]
    bands: Annotated[tuple[ScoringBand, ...], Field(min_length=1), Label("Bands", "Joslas")]

    @model_validator(mode="after")
    def bands_rise(self) -> "ScoringValues":
        """Bands stand from the lowest to the highest."""
        limits = [(band.at_least, band.excluded) for band in self.bands]
        if limits != sorted(set(limits)):
            raise ValueError("bands must rise")
        return self


class EncounterKind(RuleValues):
    """One kind of fact about a pupil."""

    code: Code
    name: Annotated[Text, Label("Kind", "Veids")]
    used_in: Annotated[Text, Label("Used in", "Izmanto")]


class MeaningfulCheck(RuleValues):
    """One check of a kind of encounter; all of them must be met for it to count."""

    code: Annotated[str, Field(pattern=r"^[a-z_]+\.[a-z_]+$"), Label("Code", "Kods", shown=False)]
    kind: Annotated[Text, Label("Kind", "Veids")]
    check: Annotated[Text, Label("Check", "Pārbaude")]

    @property
    def of(self) -> tuple[str, str]:
        """(kind of encounter, code of the check)."""
        kind, _dot, check = self.code.partition(".")
        return kind, check


@rule_values("careers.meaningful")
class MeaningfulValues(RuleValues):
    """Kinds of encounters and the checklist of each."""

    kinds: Annotated[tuple[EncounterKind, ...], Field(min_length=1), Label("Kinds", "Veidi")]
    checks: Annotated[tuple[MeaningfulCheck, ...], Label("Checks", "Pārbaudes")]

    @model_validator(mode="after")
    def checks_name_kinds(self) -> "MeaningfulValues":
        """Each check belongs to a kind that is listed."""
        known = {kind.code for kind in self.kinds}
        for check in self.checks:
            if check.of[0] not in known:
                raise ValueError(f"{check.code} belongs to no kind")
        return self

    def checks_of(self, kind: str) -> tuple[str, ...]:
        """The codes of the checks of a kind of encounter, in order."""
        return tuple(check.of[1] for check in self.checks if check.of[0] == kind)


__all__ = ["CollegeFramework", "MeaningfulValues", "SchoolFramework", "ScoringValues", "StageValues"]

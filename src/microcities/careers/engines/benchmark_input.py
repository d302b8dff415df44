"""What the benchmark engine is given: the framework as data, pupils by class and year, and what they met."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from microcities.careers.engines.benchmark_example import EXAMPLE
from microcities.decisions.engine import EngineModel
from microcities.decisions.intervals import ConfidenceLevel

Code = Annotated[str, Field(min_length=1, max_length=120)]
Basis = Literal["pupils", "record", "staff"]
Window = Literal["each_year", "each_stage", "by_milestone", "by_programme_end", "after_leaving"]
Distinct = Literal["encounter", "host", "kind", "provider_kind", "subject"]


class Criterion(EngineModel):
    """One statement of a framework. `basis` says how it is judged:

    pupils: the share of pupils of the cohort with enough counted encounters of `kinds` in the window;
    record: how many of `record_kinds` times `audiences` the school can show;
    staff: the share of staff reached, as the school's latest record of `record_kinds` has it.

    Of pupils are needed `count` distinct (by `distinct_by`) encounters, or each value of `each_of`, or each of the
    class's own subjects; of them `linked_count` through the curriculum. Only providers of `provider_kinds` count, if
    given. `further` counts only what came after the milestone before. `condition` leaves only those of whom it is true.
    `threshold` replaces the profile's.
    """

    code: Code
    benchmark: int = Field(ge=1, le=99)
    basis: Basis
    kinds: tuple[Code, ...] = ()
    count: int = Field(default=1, ge=1, le=100)
    linked_count: int = Field(default=0, ge=0, le=100)
    distinct_by: Distinct = "encounter"
    each_of: tuple[Code, ...] = ()
    each_own_subject: bool = False
    stem_only: bool = False
    provider_kinds: tuple[Code, ...] = ()
    without_part_time_jobs: bool = False
    window: Window = "each_year"
    milestone: Code | None = None
    further: bool = False
    from_level: Code | None = None
    to_level: Code | None = None
    condition: Literal["considering_higher_education"] | None = None
    leaver_years: int = Field(default=3, ge=1, le=10)
    record_kinds: tuple[Code, ...] = ()
    audiences: tuple[Code, ...] = ()
    valid_months: int | None = Field(default=None, ge=1, le=120)
    threshold: float | None = Field(default=None, gt=0, le=1)

    @property
    def is_choosy(self) -> bool:
        """True if an encounter of the right kind may still not do."""
        return self.stem_only or self.without_part_time_jobs or bool(self.provider_kinds)


class Level(EngineModel):
    """A grade or a technikum year; a higher rank comes later."""

    code: Code
    rank: int


class Milestone(EngineModel):
    """ "By 14": a birthday, or the end of the last level of a stage."""

    code: Code
    age: int = Field(ge=1, le=99)
    first_level: Code
    last_level: Code


class Stages(EngineModel):
    """Levels, milestones in their order, first day of a school year, last day on which the roll is taken."""

    levels: tuple[Level, ...] = Field(min_length=1)
    milestones: tuple[Milestone, ...] = ()
    year_starts: tuple[int, int] = (9, 1)
    roll_closes: tuple[int, int] = (5, 31)


class Band(EngineModel):
    """A band begins above or at a share; its credit is what a criterion brings to its benchmark, 0 to 1."""

    code: Code
    at_least: float = Field(ge=0, le=1)
    excluded: bool = False
    credit: float = Field(ge=0, le=1)


class Scoring(EngineModel):
    """Bands from the lowest; a share of at least `passes_at` achieves a criterion."""

    passes_at: float = Field(gt=0, le=1)
    bands: tuple[Band, ...] = Field(min_length=1)


class Group(EngineModel):
    """A class in one school year (or a course group). `final`: the last year of its programme."""

    id: Code
    school: Code
    level: Code
    subjects: tuple[Code, ...] = ()
    final: bool = False


class Enrolment(EngineModel):
    """Days of a pupil in a group, both counted; no last day while it is open."""

    group: Code
    starts_on: date
    ends_on: date | None = None


class Interpretation(EngineModel):
    """How a criterion is read for one pupil with special needs: not asked, met in another way, or fewer needed."""

    criterion: Code
    effect: Literal["not_applied", "met_otherwise", "fewer"]
    count: int = Field(default=1, ge=1, le=100)
    reason: str = Field(min_length=1, max_length=1000)
    valid_from: date | None = None
    valid_to: date | None = None


class Pupil(EngineModel):
    """A pupil with all known years, also former pupils; `considering_higher_education` None: was not asked."""

    id: Code
    enrolments: tuple[Enrolment, ...] = Field(max_length=60)
    sex: str = ""
    born_on: date | None = None
    considering_higher_education: bool | None = None
    interpretations: tuple[Interpretation, ...] = ()


class Encounter(EngineModel):
    """One thing that happened on a day, with those who attended. It counts while no check has failed.

    An encounter of twenty pupils is one row; what differs by pupil (a reflection not done) is a row of its own.
    """

    id: Code
    kind: Code
    on: date
    pupils: tuple[str, ...] = Field(max_length=20_000)
    failed_checks: tuple[Code, ...] = ()
    host: str | None = None
    host_size: str | None = None
    provider_kind: str | None = None
    subject: str | None = None
    stem: bool = False
    hours: float | None = Field(default=None, ge=0, le=10_000)
    curriculum_linked: bool = False
    part_time_job: bool = False


class SchoolRecord(EngineModel):
    """What a school can show from a day (to a day); for staff `reached` of `total`."""

    school: Code
    kind: Code
    starts_on: date
    ends_on: date | None = None
    audience: str = ""
    reached: int | None = Field(default=None, ge=0)
    total: int | None = Field(default=None, ge=1)


class BenchmarksInput(EngineModel):
    """A framework, a day and the facts; facts after the day are not seen.

    `reading` "stage": by 16 means by the end of the stage; "birthday": by the 16th birthday.
    `years` "current": every-year criteria are judged on the school year of the day; "every": on each known year.
    `schools`: the schools that are judged, all when empty; the others only tell where pupils were before or went to.
    `earlier`: a day to compare with. `actions`: how many next steps are worked out for each school.
    """

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    day: date
    earlier: date | None = None
    reading: Literal["stage", "birthday"] = "stage"
    years: Literal["current", "every"] = "current"
    criteria: tuple[Criterion, ...] = Field(min_length=1, max_length=200)
    stages: Stages
    scoring: Scoring
    schools: tuple[Code, ...] = ()
    groups: tuple[Group, ...] = Field(max_length=50_000)
    pupils: tuple[Pupil, ...] = Field(max_length=200_000)
    encounters: tuple[Encounter, ...] = Field(default=(), max_length=1_000_000)
    records: tuple[SchoolRecord, ...] = Field(default=(), max_length=100_000)
    actions: int = Field(default=5, ge=0, le=50)
    level: ConfidenceLevel = 0.95

"""What the claim engine is given: the rules as dated data, the employer, and each pupil's agreement and days."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineModel
from microcities.summerjobs.engines.claim_example import EXAMPLE

Code = Annotated[str, Field(min_length=1, max_length=120)]
Cents = Annotated[int, Field(ge=0, le=100_000_000_000)]
Minutes = Annotated[int, Field(ge=0, le=1440)]
Month = Annotated[str, Field(pattern=r"^[0-9]{4}-(0[1-9]|1[0-2])$")]
Ratio = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]{0,5})/[1-9][0-9]{0,5}$")]
Kind = Literal["subsidy", "supervisor"]


class DatedAmount(EngineModel):
    """A value in force from the first to the last day named, both included: cents, or parts of ten thousand."""

    from_on: date
    to_on: date | None = None
    value: int = Field(ge=0, le=100_000_000)


class WorkingTime(EngineModel):
    """A full-time day, and a shorter one below an age. A month's normal time is its Mondays to Fridays (holidays on
    them included) times the day, unless `month_days` gives another number of working days.
    """

    day_minutes: int = Field(default=480, ge=1, le=1440)
    young_day_minutes: int = Field(default=420, ge=1, le=1440)
    young_below: int = Field(default=18, ge=0, le=120)
    month_days: dict[Month, Annotated[int, Field(ge=1, le=31)]] = Field(default={}, max_length=120)


class AbsenceRule(EngineModel):
    """A reason of absence: whether the employer pays the time, and whether the subsidy covers it."""

    code: Code
    paid: bool
    subsidised: bool


class Source(EngineModel):
    """A source of funding: its share of the state minimum wage, or of the employer's cost, for the time worked.

    `budget_left` is what it may still pay, null for no limit; the accounts are the codes of the books.
    """

    code: Code
    basis: Literal["minimum_wage", "cost"]
    share: Ratio
    share_disability: Ratio
    budget_left: Cents | None = None
    subsidy_account: Code
    supervisor_account: Code


class Supervision(EngineModel):
    """The grant for supervising a pupil as a part of the minimum wage, and how many pupils one may have at a time."""

    most_pupils: int = Field(default=10, ge=1, le=1000)
    most_with_disability: int = Field(default=10, ge=1, le=1000)
    grant: Ratio = "1/10"
    grant_disability: Ratio = "1/10"


class AidRegulation(EngineModel):
    """Which de minimis regulation is in force from when to when."""

    code: Code
    from_on: date
    to_on: date | None = None


class Rules(EngineModel):
    """The rules of the claim. `wages` are monthly minimum wages in cents, `contributions` the employer's social
    contributions in parts of ten thousand (2359 for 23.59 %); an empty list means they are not counted.
    """

    wages: tuple[DatedAmount, ...] = Field(min_length=1, max_length=100)
    contributions: tuple[DatedAmount, ...] = Field(default=(), max_length=100)
    working_time: WorkingTime = WorkingTime()
    absences: tuple[AbsenceRule, ...] = Field(default=(), max_length=100)
    sources: tuple[Source, ...] = Field(min_length=1, max_length=20)
    supervision: Supervision | None = None
    aid_regulations: tuple[AidRegulation, ...] = (
        AidRegulation(code="1407/2013", from_on=date(2014, 1, 1), to_on=date(2023, 12, 31)),
        AidRegulation(code="2023/2831", from_on=date(2024, 1, 1)),
    )


class Host(EngineModel):
    """The employer; an undertaking in the sense of state aid needs the basis on which it may be helped."""

    code: Code
    undertaking: bool = False
    aid_basis: Literal["general_measure", "de_minimis"] | None = None


class Agreement(EngineModel):
    """What was agreed: the days, the minutes in all, and the pay for full time in cents a month (null: the minimum)."""

    first_on: date
    last_on: date
    minutes: int = Field(ge=0, le=200_000)
    monthly: Cents | None = None


class Day(EngineModel):
    """One day: minutes attended, minutes claimed for, minutes absent with the reason, and who supervised."""

    on: date
    attended: Minutes
    claimed: Minutes
    absent: Minutes = 0
    reason: Code | None = None
    supervisor: Code | None = None


class PaidMonth(EngineModel):
    """What the employer says was paid to the pupil for a month, gross, unused leave included."""

    month: Month
    cents: Cents


class ClaimedPupil(EngineModel):
    """A pupil with the days claimed; `leave_hundredths` are working days of unused leave times 100 (125: one and a
    quarter), as the employer's payroll counts them, paid out when the work ends.
    """

    id: Code
    born_on: date
    disability: bool = False
    source: Code
    agreement: Agreement | None
    days: tuple[Day, ...] = Field(max_length=400)
    leave_hundredths: int = Field(default=0, ge=0, le=100_000)
    paid: tuple[PaidMonth, ...] = Field(default=(), max_length=24)


class EarlierDay(EngineModel):
    """A day paid with another claim: needed to find what is paid twice, and to round a month only once.

    `paid` and `subsidised` are its minutes; `same_agreement` is false for another agreement of the pupil.
    """

    claim: Code
    pupil: Code
    on: date
    paid: Minutes
    subsidised: Minutes
    supervisor: Code | None = None
    disability: bool = False
    same_agreement: bool = True


class PaidLine(EngineModel):
    """An amount already paid with the claim that this one corrects."""

    pupil: Code
    month: Month
    source: Code
    kind: Kind
    cents: Cents


class ClaimInput(EngineModel):
    """An employer's claim for a period. With `corrects` set the claim replaces that one, and only differences are booked."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXAMPLE]})

    claim: Code
    host: Host
    first_on: date
    last_on: date
    submitted_on: date
    due_on: date
    booked_on: date
    rules: Rules
    pupils: tuple[ClaimedPupil, ...] = Field(max_length=2_000)
    earlier: tuple[EarlierDay, ...] = Field(default=(), max_length=200_000)
    corrects: Code | None = None
    paid_before: tuple[PaidLine, ...] = Field(default=(), max_length=20_000)

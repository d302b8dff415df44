"""What the check of young people's working time is given: dated rules, school holidays, and each pupil's jobs by the hour."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

from pydantic import AwareDatetime, ConfigDict, Field
from pydantic.config import JsonDict

from microcities.decisions.engine import EngineModel

Code = Annotated[str, Field(min_length=1, max_length=120)]
Minutes = Annotated[int, Field(ge=0, le=10_080)]
Group = Literal["child", "teenager", "adult"]
Season = Literal["term", "holiday"]


class Band(EngineModel):
    """The most a group may work a day and a week, in minutes; the band with the highest `age_from` reached holds."""

    group: Group
    season: Season
    age_from: Annotated[int, Field(ge=0, le=120)]
    day: Minutes
    week: Minutes


class GroupRules(EngineModel):
    """What holds for a group besides its hours: night (local clock, from evening to morning), rest, breaks, days and papers.

    `rest_day` is between one work day and the next, `rest_week` the longest rest of a week, in minutes. A work day over
    `break_after` minutes needs a break of `break_least`. `with_study` bounds study and work of a day and a week together.
    """

    group: Group
    night_from: time | None = None
    night_to: time | None = None
    rest_day: Minutes
    rest_week: Minutes
    work_days: Annotated[int, Field(ge=1, le=7)] = 5
    weekends: bool
    break_after: Minutes
    break_least: Minutes
    with_study: tuple[Minutes, Minutes] | None = None
    light_work_only: bool = False
    consent: bool = False
    informed: bool = False
    medical: bool = False


class DatedRules(EngineModel):
    """The law in force on work days from `from_on` to `to_on`, both included; `version` names it in every finding."""

    version: Code
    from_on: date
    to_on: date | None = None
    least_age: Annotated[int, Field(ge=0, le=30)]
    child_below: Annotated[int, Field(ge=0, le=30)]
    young_below: Annotated[int, Field(ge=0, le=30)]
    bands: tuple[Band, ...] = Field(min_length=1, max_length=50)
    groups: tuple[GroupRules, ...] = Field(min_length=3, max_length=3)


class Holidays(EngineModel):
    """Days without school, both included; every other day is term."""

    first_on: date
    last_on: date


class Break(EngineModel):
    """A break within a shift; it is not working time."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class Shift(EngineModel):
    """Work for a job from one instant to another."""

    job: Code
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    breaks: tuple[Break, ...] = Field(default=(), max_length=10)


class Job(EngineModel):
    """Work at an employer: whether it is on the list of light work, and the days of the papers.

    `agreed_on` is the day of the contract, before which a parent has to know the risks (`informed_on`).
    """

    id: Code
    employer: Code
    light: bool = False
    agreed_on: date | None = None
    consent_on: date | None = None
    informed_on: date | None = None


class Study(EngineModel):
    """Minutes of study on a day."""

    on: date
    minutes: Annotated[int, Field(ge=0, le=1_440)]


class Pupil(EngineModel):
    """A pupil with all jobs. `basic_finished_on` is the day from which basic education counts as finished; null: not finished.

    `medical_on` is the day of the medical check or of the doctor's note.
    """

    id: Code
    born_on: date
    basic_finished_on: date | None = None
    medical_on: date | None = None
    jobs: tuple[Job, ...] = Field(max_length=100)
    shifts: tuple[Shift, ...] = Field(max_length=1_000)
    study: tuple[Study, ...] = Field(default=(), max_length=1_000)


WEEKDAY_2021: JsonDict = {
    "rules": [
        {
            "version": "example", "from_on": "2015-01-01", "least_age": 13, "child_below": 15, "young_below": 18,
            "bands": [
                {"group": "child", "season": "term", "age_from": 13, "day": 120, "week": 600},
                {"group": "child", "season": "holiday", "age_from": 13, "day": 240, "week": 1200},
                {"group": "child", "season": "holiday", "age_from": 15, "day": 420, "week": 2100},
                {"group": "teenager", "season": "term", "age_from": 15, "day": 420, "week": 2100},
                {"group": "teenager", "season": "holiday", "age_from": 15, "day": 420, "week": 2100},
                {"group": "adult", "season": "term", "age_from": 18, "day": 480, "week": 2400},
                {"group": "adult", "season": "holiday", "age_from": 18, "day": 480, "week": 2400},
            ],
            "groups": [
                {"group": "child", "night_from": "20:00:00", "night_to": "06:00:00", "rest_day": 840, "rest_week": 2520,
                 "weekends": False, "break_after": 270, "break_least": 30, "light_work_only": True, "consent": True,
                 "informed": True, "medical": True},
                {"group": "teenager", "night_from": "22:00:00", "night_to": "06:00:00", "rest_day": 720, "rest_week": 2520,
                 "weekends": False, "break_after": 270, "break_least": 30, "with_study": [420, 2100], "informed": True,
                 "medical": True},
                {"group": "adult", "rest_day": 720, "rest_week": 2520, "work_days": 6, "weekends": True,
                 "break_after": 360, "break_least": 30},
            ],
        }
    ],
    "holidays": [{"first_on": "2021-06-01", "last_on": "2021-08-31"}],
    "pupils": [
        {
            "id": "p1", "born_on": "2007-06-24", "medical_on": "2021-06-01",
            "jobs": [
                {"id": "garden", "employer": "city", "light": True, "agreed_on": "2021-06-10", "consent_on": "2021-06-09",
                 "informed_on": "2021-06-09"},
            ],
            "shifts": [{"job": "garden", "starts_at": "2021-06-21T09:00:00+03:00", "ends_at": "2021-06-21T14:00:00+03:00"}],
        }
    ],
}


class WorkingTimeInput(EngineModel):
    """Rules by date, holidays, and pupils; local days and clock times are those of `timezone`."""

    model_config = ConfigDict(json_schema_extra={"examples": [WEEKDAY_2021]})

    rules: tuple[DatedRules, ...] = Field(min_length=1, max_length=50)
    holidays: tuple[Holidays, ...] = Field(default=(), max_length=500)
    timezone: Literal["Europe/Riga"] = "Europe/Riga"
    pupils: tuple[Pupil, ...] = Field(max_length=20_000)

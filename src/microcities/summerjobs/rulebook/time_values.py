"""The typed values of young people's working time: who is a child or a teenager in law, and the hours and rests of each."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from microcities.rulebooks.schema import Label, RuleValues, Text, rule_values

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,39}$"), Label("Code", "Kods", shown=False)]
Age = Annotated[int, Field(ge=0, le=30)]
Minutes = Annotated[int, Field(ge=0, le=10_080)]
Group = Annotated[Literal["child", "teenager", "adult"], Label("Group", "Grupa", shown=False)]


class Band(RuleValues):
    """The most hours a day and a week of a group, in term or in holidays, from an age on."""

    group: Group
    season: Annotated[Literal["term", "holiday"], Label("Season", "Laiks", shown=False)]
    who: Annotated[Text, Label("Who and when", "Kas un kad")]
    age_from: Annotated[Age, Label("Age from", "Vecums no", "years", "gadi")]
    day_hours: Annotated[int, Field(ge=0, le=24), Label("Hours a day", "Stundas dienā", "h", "h")]
    week_hours: Annotated[int, Field(ge=0, le=168), Label("Hours a week", "Stundas nedēļā", "h", "h")]


class GroupRules(RuleValues):
    """Night, rests, breaks and papers of a group. Night is in full hours of the local clock."""

    group: Group
    name: Annotated[Text, Label("Group", "Grupa")]
    night: Annotated[Text | None, Label("No work at night", "Nedrīkst strādāt naktī")] = None
    night_from: Annotated[int | None, Field(ge=0, le=23), Label("Night from", "Nakts no", shown=False)] = None
    night_to: Annotated[int | None, Field(ge=0, le=23), Label("to", "līdz", shown=False)] = None
    rest_day_hours: Annotated[int, Field(ge=0, le=24), Label("Rest of a day", "Diennakts atpūta", "h", "h")]
    rest_week_hours: Annotated[int, Field(ge=0, le=168), Label("Rest of a week", "Nedēļas atpūta", "h", "h")]
    work_days: Annotated[int, Field(ge=1, le=7), Label("Work days a week", "Darba dienas nedēļā")]
    weekends: Annotated[bool, Label("Saturdays and Sundays allowed", "Sestdienas un svētdienas atļautas")]
    break_after: Annotated[
        Minutes, Label("A break when the day is longer than", "Pārtraukums, ja diena garāka par", "min", "min")
    ]
    break_least: Annotated[Minutes, Label("The break at least", "Pārtraukums vismaz", "min", "min")]
    study_day_hours: Annotated[int | None, Label("Study and work of a day", "Mācības un darbs dienā", "h", "h")] = None
    study_week_hours: Annotated[int | None, Label("of a week", "nedēļā", "h", "h")] = None
    before_work: Annotated[Text | None, Label("Before work", "Pirms darba")] = None
    light_work_only: Annotated[bool, Label("Light work only", "Tikai viegls darbs", shown=False)] = False
    consent: Annotated[bool, Label("A parent's written consent", "Viena vecāka rakstveida piekrišana", shown=False)] = False
    informed: Annotated[bool, Label("A parent is told of the risks", "Vecāku informē par riskiem", shown=False)] = False
    medical: Annotated[bool, Label("Medical check before work", "Medicīniskā apskate pirms darba", shown=False)] = False


@rule_values("summerjobs.working_time")
class WorkingTime(RuleValues):
    """Who is a child and who a teenager, and what each may work."""

    least_age: Annotated[Age, Label("Work from the age of", "Strādāt drīkst no", "years", "gadi")]
    child_below: Annotated[Age, Label("A child below", "Bērns līdz", "years", "gadi")]
    young_below: Annotated[
        Age, Label("A child also below, while in basic education", "Bērns arī līdz, ja turpina pamatizglītību", "years", "gadi")
    ]
    bands: Annotated[tuple[Band, ...], Field(min_length=1), Label("Hours", "Darba laiks")]
    groups: Annotated[
        tuple[GroupRules, ...], Field(min_length=3, max_length=3), Label("Rests and papers", "Atpūta un dokumenti")
    ]

    @model_validator(mode="after")
    def each_group_once(self) -> "WorkingTime":
        """The three groups, each with hours in term and in holidays."""
        if {each.group for each in self.groups} != {"child", "teenager", "adult"}:
            raise ValueError("child, teenager and adult need rules each")
        if len({(each.group, each.season) for each in self.bands}) < 6:
            raise ValueError("each group needs hours in term and in holidays")
        return self

    def as_engine(self, version: str, from_on: date, to_on: date | None) -> dict[str, Any]:
        """The same for the engine `summerjobs.working_time`: hours in minutes, times and days as text."""
        return {
            "version": version, "from_on": from_on.isoformat(), "to_on": None if to_on is None else to_on.isoformat(),
            "least_age": self.least_age, "child_below": self.child_below, "young_below": self.young_below,
            "bands": [
                {"group": each.group, "season": each.season, "age_from": each.age_from, "day": each.day_hours * 60,
                 "week": each.week_hours * 60} for each in self.bands
            ],
            "groups": [_group(each) for each in self.groups],
        }


def _group(rules: GroupRules) -> dict[str, Any]:
    worded = {"name", "night", "before_work"}
    hours = {"study_day_hours", "study_week_hours", "rest_day_hours", "rest_week_hours"}
    found = rules.model_dump(mode="json", exclude=worded | hours)
    found |= {"rest_day": rules.rest_day_hours * 60, "rest_week": rules.rest_week_hours * 60}
    for edge in ("night_from", "night_to"):
        found[edge] = None if found[edge] is None else f"{found[edge]:02}:00:00"
    if rules.study_day_hours is not None and rules.study_week_hours is not None:
        found["with_study"] = [rules.study_day_hours * 60, rules.study_week_hours * 60]
    return found


class LightTask(RuleValues):
    """One kind of work that a child may do."""

    code: Code
    name: Annotated[Text, Label("Work", "Darbs")]


@rule_values("summerjobs.light_work")
class LightWork(RuleValues):
    """Work that children from 13 may do in their free time."""

    tasks: Annotated[tuple[LightTask, ...], Field(min_length=1), Label("Light work", "Vieglie darbi")]

    def allows(self, code: str) -> bool:
        """Whether a kind of work is on the list."""
        return any(each.code == code for each in self.tasks)


class PublicHoliday(RuleValues):
    """A day of the year on which pupils do not work."""

    month: Annotated[int, Field(ge=1, le=12), Label("Month", "Mēnesis")]
    day: Annotated[int, Field(ge=1, le=31), Label("Day", "Diena")]
    name: Annotated[Text, Label("Holiday", "Svētku diena")]


@rule_values("summerjobs.public_holidays")
class PublicHolidays(RuleValues):
    """Public holidays of the summer, the same in every year."""

    days: Annotated[tuple[PublicHoliday, ...], Label("Holidays", "Svētku dienas")]

    def holds(self, on: date) -> bool:
        """Whether a day is one of them."""
        return any((each.month, each.day) == (on.month, on.day) for each in self.days)

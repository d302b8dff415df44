"""Who may take part in which sub-programme of a summer scheme, with the figures that decided it."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from microcities.decisions.engine import EngineInputError, EngineModel, engine

Code = Annotated[str, Field(min_length=1, max_length=120)]
AgeDay = Literal["application_day", "first_work_day", "last_work_day"]
ReasonCode = Literal[
    "too_young",
    "too_old",
    "residence_unknown",
    "residence_elsewhere",
    "declared_day_unknown",
    "declared_too_late",
    "no_school",
    "school_elsewhere",
    "level_not_included",
    "not_in_group",
]


class Pupil(EngineModel):
    """What is known of a pupil. Places are codes of municipalities: where residence is declared, where the school is."""

    id: Code
    born_on: date
    residence: Code | None = None
    declared_on: date | None = None
    school_place: Code | None = None
    level: Code | None = None
    groups: tuple[Code, ...] = ()


class SubProgramme(EngineModel):
    """One way into the scheme. `places` are the municipalities that count as its own, for residence and for schools.

    Residence declared on `declared_by` itself is in time. No `levels` means any. `required_groups` lets only these in,
    `priority_groups` only come first.
    """

    code: Code
    age_from: int = Field(ge=0, le=120)
    age_to: int = Field(ge=0, le=120)
    age_counted_on: AgeDay = "first_work_day"
    places: tuple[Code, ...] = Field(min_length=1)
    residence_required: bool = False
    declared_by: date | None = None
    school_required: bool = False
    levels: tuple[Code, ...] = ()
    required_groups: tuple[Code, ...] = ()
    priority_groups: tuple[Code, ...] = ()


class Days(EngineModel):
    """The days on which an age may be counted."""

    application_day: date
    first_work_day: date
    last_work_day: date


class EligibilityInput(EngineModel):
    """Pupils, the sub-programmes of a scheme, and the days of one period."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "days": {"application_day": "2021-05-10", "first_work_day": "2021-06-21", "last_work_day": "2021-07-09"},
                    "programmes": [
                        {
                            "code": "municipal",
                            "age_from": 13,
                            "age_to": 19,
                            "places": ["valmiera"],
                            "residence_required": True,
                            "declared_by": "2020-01-01",
                        },
                        {"code": "firms", "age_from": 13, "age_to": 19, "places": ["valmiera"], "school_required": True},
                    ],
                    "pupils": [
                        {
                            "id": "p1",
                            "born_on": "2005-03-02",
                            "residence": "valmiera",
                            "declared_on": "2020-01-02",
                            "school_place": "valmiera",
                        }
                    ],
                }
            ]
        }
    )

    days: Days
    programmes: tuple[SubProgramme, ...] = Field(min_length=1, max_length=100)
    pupils: tuple[Pupil, ...] = Field(max_length=20_000)


class Reason(EngineModel):
    """Why not: `found` is what the pupil has (an age, a day, a code; null if unknown), `needed` what the rule asks for."""

    code: ReasonCode
    found: int | date | str | None
    needed: tuple[int | date | str, ...]


class Verdict(EngineModel):
    """One pupil and one sub-programme: eligible exactly if there is no reason against it. `age` is in whole years."""

    pupil: Code
    programme: Code
    eligible: bool
    age: int
    age_counted_on: date
    reasons: tuple[Reason, ...]
    priority_groups: tuple[Code, ...]


class EligibilityOutput(EngineModel):
    """Every pupil with every sub-programme, in the order given; `nowhere` are the pupils eligible for none."""

    verdicts: tuple[Verdict, ...]
    nowhere: tuple[Code, ...]


@engine(
    "summerjobs.eligibility",
    version="1.0.0",
    summary="Who may take part in which sub-programme of a summer scheme, and by which figures not",
    source=(
        "Rules of the scheme as data (Valmiera municipality on the summers of 2019 to 2022; State Employment Agency on its "
        "summer scheme); ages in whole years, a birthday counted on the day itself, 29 February on 1 March of a common year"
    ),
    rulebooks=("summerjobs.scheme",),
)
def eligibility(inp: EligibilityInput, *, seed: int) -> EligibilityOutput:
    """Each rule is looked at, so that a pupil learns all reasons at once; ages in whole years. Deterministic."""
    _check(inp)
    verdicts = tuple(_verdict(pupil, rule, inp.days) for pupil in inp.pupils for rule in inp.programmes)
    somewhere = {each.pupil for each in verdicts if each.eligible}
    return EligibilityOutput(
        verdicts=verdicts, nowhere=tuple(pupil.id for pupil in inp.pupils if pupil.id not in somewhere)
    )


def age_on(born_on: date, on: date) -> int:
    """Whole years on a day: a year is complete on the birthday itself, born on 29 February on 1 March of a common year.

    Negative before the day of birth.
    """
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def _check(inp: EligibilityInput) -> None:
    for name, codes in (
        ("pupils", [each.id for each in inp.pupils]),
        ("programmes", [each.code for each in inp.programmes]),
    ):
        if len(set(codes)) != len(codes):
            index = next(i for i, code in enumerate(codes) if code in codes[:i])
            raise EngineInputError.at(f"{codes[index]} stands twice", name, index)
    if inp.days.last_work_day < inp.days.first_work_day:
        raise EngineInputError.at("the last work day is before the first", "days", "last_work_day")
    for index, rule in enumerate(inp.programmes):
        if rule.age_to < rule.age_from:
            raise EngineInputError.at("ages must rise", "programmes", index, "age_to")
    for index, pupil in enumerate(inp.pupils):
        if pupil.born_on > inp.days.application_day:
            raise EngineInputError.at("born after the day of application", "pupils", index, "born_on")


def _verdict(pupil: Pupil, rule: SubProgramme, days: Days) -> Verdict:
    counted_on: date = getattr(days, rule.age_counted_on)
    age = age_on(pupil.born_on, counted_on)
    others = (check(pupil, rule) for check in (_of_residence, _of_school, _of_level, _of_group))
    found = (_of_age(age, rule), *others)
    reasons = tuple(reason for reason in found if reason is not None)
    return Verdict(
        pupil=pupil.id,
        programme=rule.code,
        eligible=not reasons,
        age=age,
        age_counted_on=counted_on,
        reasons=reasons,
        priority_groups=tuple(group for group in rule.priority_groups if group in pupil.groups),
    )


def _of_age(age: int, rule: SubProgramme) -> Reason | None:
    if age < rule.age_from:
        return Reason(code="too_young", found=age, needed=(rule.age_from,))
    return Reason(code="too_old", found=age, needed=(rule.age_to,)) if age > rule.age_to else None


def _of_residence(pupil: Pupil, rule: SubProgramme) -> Reason | None:
    if not rule.residence_required:
        return None
    if pupil.residence is None:
        return Reason(code="residence_unknown", found=None, needed=rule.places)
    if pupil.residence not in rule.places:
        return Reason(code="residence_elsewhere", found=pupil.residence, needed=rule.places)
    if rule.declared_by is None:
        return None
    if pupil.declared_on is None:
        return Reason(code="declared_day_unknown", found=None, needed=(rule.declared_by,))
    late = pupil.declared_on > rule.declared_by
    return Reason(code="declared_too_late", found=pupil.declared_on, needed=(rule.declared_by,)) if late else None


def _of_school(pupil: Pupil, rule: SubProgramme) -> Reason | None:
    if not rule.school_required:
        return None
    if pupil.school_place is None:
        return Reason(code="no_school", found=None, needed=rule.places)
    away = pupil.school_place not in rule.places
    return Reason(code="school_elsewhere", found=pupil.school_place, needed=rule.places) if away else None


def _of_level(pupil: Pupil, rule: SubProgramme) -> Reason | None:
    missing = rule.levels and pupil.level not in rule.levels
    return Reason(code="level_not_included", found=pupil.level, needed=rule.levels) if missing else None


def _of_group(pupil: Pupil, rule: SubProgramme) -> Reason | None:
    outside = rule.required_groups and not set(rule.required_groups) & set(pupil.groups)
    return Reason(code="not_in_group", found=None, needed=rule.required_groups) if outside else None

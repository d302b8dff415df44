"""Gives the frameworks of career guidance by setting and date, in the form in which the engine takes them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language

from microcities.careers.rulebook.values import (
    CollegeFramework,
    FrameworkCriterion,
    FrameworkValues,
    MeaningfulValues,
    SchoolFramework,
    ScoringValues,
    StageValues,
)
from microcities.rulebooks.place import here
from microcities.rulebooks.reading import Rule
from microcities.rulebooks.registry import registry, rule, rule_version

SCHOOLS, COLLEGES = "careers.school_framework", "careers.college_framework"
TOPICS = {"school": SCHOOLS, "special": SCHOOLS, "technikum": COLLEGES, "provider": COLLEGES}
# What only the page shows; the rest of a criterion is what the engine takes.
FOR_READERS = {"name", "wording", "computed", "open_question"}


def framework(setting: str, on: date, version: str | None = None) -> Rule[Any]:
    """The framework by which a school of this setting is read on a day; a version by name whatever the day.

    Settings: school, special, technikum, provider. Raises KeyError for another setting, NoRuleInForceError where none is
    in force (colleges before 2018), UnknownVersionError.
    """
    topic = TOPICS[setting]
    if version is not None:
        return rule_version(topic, version)
    if topic == SCHOOLS:
        return rule(SchoolFramework, on=on, territory=here())
    return rule(CollegeFramework, on=on, territory=here())


def scoring(on: date, profile: str | None = None) -> Rule[Any]:
    """The bands in force on a day, or a profile by its version (`compass-2018`, `compass-2025`)."""
    return rule(ScoringValues, on=on, territory=here()) if profile is None else rule_version("careers.scoring", profile)


def engine_rules(
    setting: str, on: date, *, version: str | None = None, profile: str | None = None
) -> dict[str, Any]:
    """`criteria`, `stages` and `scoring` of the input of `careers.benchmarks`, ready for JSON."""
    values: FrameworkValues = framework(setting, on, version).values
    bands: ScoringValues = scoring(on, profile).values
    return {
        "criteria": [criterion_data(criterion) for criterion in values.criteria],
        "stages": stages_data(rule(StageValues, on=on, territory=here()).values),
        "scoring": {
            "passes_at": float(bands.passes_at),
            "bands": [
                {"code": band.code, "at_least": float(band.at_least), "excluded": band.excluded, "credit": float(band.credit)}
                for band in bands.bands
            ],
        },
    }


def criterion_data(criterion: FrameworkCriterion) -> dict[str, Any]:
    """A criterion as the engine takes it."""
    data = criterion.model_dump(exclude=FOR_READERS)
    threshold = data["threshold"]
    data["threshold"] = float(threshold) if isinstance(threshold, Decimal) else None
    data["benchmark"] = criterion.benchmark
    return {key: list(value) if isinstance(value, tuple) else value for key, value in data.items()}


def stages_data(stages: StageValues) -> dict[str, Any]:
    """Levels and milestones as the engine takes them."""
    return {
        "levels": [{"code": level.code, "rank": level.rank} for level in stages.levels],
        "milestones": [
            {
                "code": milestone.code,
                "age": milestone.age,
                "first_level": milestone.first_level,
                "last_level": milestone.last_level,
            }
            for milestone in stages.milestones
        ],
        "year_starts": [stages.year_starts_month, stages.year_starts_day],
        "roll_closes": [stages.roll_closes_month, stages.roll_closes_day],
    }


def checklist(kind: str, on: date) -> tuple[str, ...]:
    """The checks that an encounter of this kind must meet on a day to count; none for kinds without a checklist."""
    return rule(MeaningfulValues, on=on, territory=here()).values.checks_of(kind)


def failed_checks(kind: str, given: Mapping[str, bool], on: date) -> tuple[str, ...]:
    """The checks of a kind that are not met; what was not answered is not met."""
    return tuple(check for check in checklist(kind, on) if not given.get(check, False))


def versions_of(setting: str) -> list[tuple[str, str]]:
    """(version, title in the reader's language) of every framework for a setting, in the order of their dates."""
    return _choices(TOPICS[setting])


def profiles() -> list[tuple[str, str]]:
    """(version, title in the reader's language) of every scoring profile."""
    return _choices("careers.scoring")


def _choices(topic: str) -> list[tuple[str, str]]:
    found = sorted(registry().topic(topic).versions, key=lambda each: each.valid_from)
    return [(each.version, each.title.in_language(language())) for each in found]


def language() -> str:
    """The language of the reader, as the rulebooks name it."""
    return (get_language() or "lv").split("-")[0]


def kind_words(on: date) -> dict[str, str]:
    """What the kinds of encounters are called, by the code that the engine uses."""
    kinds = rule(MeaningfulValues, on=on, territory=here()).values.kinds
    return {each.code: each.name.in_language(language()) for each in kinds}


def check_words(on: date) -> dict[tuple[str, str], str]:
    """What the checks of an encounter are called, by (kind, check)."""
    checks = rule(MeaningfulValues, on=on, territory=here()).values.checks
    return {each.of: each.check.in_language(language()) for each in checks}

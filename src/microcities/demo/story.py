"""The programme's published facts, read from data/nextgen.toml into typed values."""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "nextgen.toml"


@dataclass(frozen=True)
class ActivityStory:
    """One activity: whom it served, how many, and who paid. Stages that are left out are equal to `people`."""

    code: str
    kind: str
    name: str
    name_en: str
    partner: str
    starts_on: date
    ends_on: date
    people: int
    ages: tuple[int, int]
    source_url: str = ""
    applied_on: date | None = None
    started: int | None = None
    completed: int | None = None
    in_work: int = 0
    project_paid: int = 0
    paid_twice: int = 0
    hosts: int = 0
    project_hosts: int = 0
    host: str = ""
    hours: int | None = None
    overlap_with: str = ""
    overlap: int = 0


@dataclass(frozen=True)
class Story:
    """The whole programme as data."""

    programme: dict[str, Any]
    cities: list[dict[str, Any]]
    fundings: list[dict[str, Any]]
    partners: list[dict[str, Any]]
    activities: list[ActivityStory]
    grants: dict[str, Any]
    observations: list[dict[str, Any]]
    accounts: list[dict[str, Any]]


def read_story() -> Story:
    """The story of data/nextgen.toml; an unknown key of an activity is an error."""
    data = tomllib.loads(DATA.read_text())
    known = {field.name for field in fields(ActivityStory)}
    activities = []
    for entry in data["activity"]:
        if unknown := set(entry) - known:
            raise ValueError(f"{DATA.name}: activity {entry.get('code')} has unknown keys {sorted(unknown)}")
        activities.append(ActivityStory(**{**entry, "ages": tuple(entry["ages"])}))
    return Story(
        programme=data["programme"],
        cities=data["city"],
        fundings=data["funding"],
        partners=data["partner"],
        activities=activities,
        grants=data["grants"],
        observations=data["observation"],
        accounts=data["account"],
    )

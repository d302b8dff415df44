"""The programme's published facts, read from data/nextgen.toml into typed values."""

import tomllib
from dataclasses import dataclass, field, fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "nextgen.toml"
MONEY = ("budget", "co_financing", "co_financing_rate")


@dataclass(frozen=True)
class DoubleStory:
    """Somebody so like a person of an earlier list that people decide; `same` None: they have not decided yet.

    how: `misspelt` family name, day and month of birth `swapped`, or a `twin` with the parents' e-mail.
    """

    how: str
    same: bool | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True)
class ActivityStory:
    """One activity: whom it served, how many, who paid, and who brought its lists.

    Stages that are left out are equal to `people`. `overlap` people were in the activity `overlap_with` too.
    """

    code: str
    kind: str
    name: str
    name_en: str
    partner: str
    starts_on: date
    ends_on: date
    people: int
    ages: tuple[int, int]
    reporter: str
    layout: str
    files: tuple[str, ...]
    contract: str = ""
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
    double: tuple[DoubleStory, ...] = field(default=())
    confirmed_by: str = ""
    confirmed_because: str = ""


@dataclass(frozen=True)
class Story:
    """The whole programme as data. `hosts` are (name, kind) in the order in which activities use them.

    `firms` has what is on record of some of them, by name; `shares` says who owns whom.
    """

    programme: dict[str, Any]
    cities: list[dict[str, Any]]
    fundings: list[dict[str, Any]]
    partners: list[dict[str, Any]]
    hosts: list[tuple[str, str]]
    host_city: str
    firms: dict[str, dict[str, Any]]
    shares: list[dict[str, Any]]
    activities: list[ActivityStory]
    grants: dict[str, Any]
    observations: list[dict[str, Any]]
    accounts: list[dict[str, Any]]
    present: dict[str, Any]


def read_story() -> Story:
    """The story of data/nextgen.toml; an unknown key of an activity is an error."""
    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    hosts = data["hosts"]
    return Story(
        programme={key: Decimal(value) if key in MONEY else value for key, value in data["programme"].items()},
        cities=data["city"],
        fundings=data["funding"],
        partners=data["partner"],
        hosts=[(name, _kind(name)) for name in (*hosts["companies"], *hosts["bodies"], *hosts["firms"], *hosts["later"])],
        host_city=hosts["city"],
        firms={firm.pop("name"): firm for firm in data["firm"]},
        shares=data["share"],
        activities=[_activity(entry) for entry in data["activity"]],
        grants=data["grants"],
        observations=data["observation"],
        accounts=data["account"],
        present=data["present"],
    )


def _kind(host: str) -> str:
    """Firms are companies, schools are schools, everything else is the municipality's."""
    if host.startswith("SIA "):
        return "company"
    return "school" if host.startswith(("Pirmsskola ", "Sākumskola ")) else "municipality"


def _activity(entry: dict[str, Any]) -> ActivityStory:
    known = {each.name for each in fields(ActivityStory)}
    if unknown := set(entry) - known:
        raise ValueError(f"{DATA.name}: activity {entry.get('code')} has unknown keys {sorted(unknown)}")
    several = {
        "ages": tuple(entry["ages"]), "files": tuple(entry["files"]),
        "double": tuple(DoubleStory(**each) for each in entry.get("double", ())),
    }
    return ActivityStory(**{**entry, **several})

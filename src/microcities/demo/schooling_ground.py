"""Tells the schools' years: who was in which class, what they met, who advised them, and where they went."""

import tomllib
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from microcities.careers.actions.schools import add_school
from microcities.careers.models import School
from microcities.careers.school_years import first_day, year_of
from microcities.demo.bringing import Bringer
from microcities.demo.foundations import DEMO, Ground
from microcities.people.actions.memberships import give_first_role
from microcities.people.actions.organisations import add_organisation
from microcities.people.models import Account, Organisation

DATA = Path(__file__).parent / "data" / "schools.toml"
# Teaching, as far as careers are concerned, ends on this day of May.
LAST_OF_MAY = 25
FRIDAY = 5
COUNSELLOR_ROLE, HEAD_ROLE = "career_counsellor", "partner_reporter"


@dataclass
class SchoolTold:
    """A school of the story, the accounts that act for it, and its story's entry."""

    key: str
    school: School
    head: Account
    counsellor: Account | None
    entry: dict[str, Any]
    # Number of the person's row, of pupils who are away often.
    often_away: set[int] = field(default_factory=set)

    @property
    def actor(self) -> Account:
        """Who keeps the records: the counsellor, where there is one."""
        return self.counsellor or self.head


@dataclass
class Schooling:
    """All schools of the story, and the calendar by which it is told."""

    bringer: Bringer
    story: dict[str, Any]
    today: date
    schools: dict[str, SchoolTold] = field(default_factory=dict)

    @property
    def ground(self) -> Ground:
        return self.bringer.ground

    @property
    def years(self) -> list[int]:
        """The school years told, the earliest first; the last is the present one."""
        last = year_of(self.today)
        return list(range(last - self.story["years"] + 1, last + 1))

    def on(self, year: int, when: float) -> date:
        """The school day at a place in the year, 0 to 1; of the present year only what has passed is told."""
        first = first_day(year)
        last = min(date(year + 1, 5, LAST_OF_MAY), self.today)
        day = first + timedelta(days=round(when * (last - first).days))
        return max(first, day - timedelta(days=max(0, day.isoweekday() - FRIDAY)))

    def organisation(self, name: str) -> Organisation:
        """A school or a partner by its key, anybody else by name."""
        if name in self.schools:
            return self.schools[name].school.organisation
        return self.ground.partners.get(name) or Organisation.objects.get(name=name)


def read_schools() -> dict[str, Any]:
    """The story of data/schools.toml."""
    return tomllib.loads(DATA.read_text(encoding="utf-8"))


def school_accounts() -> list[dict[str, str]]:
    """E-mail and role of the accounts that only the schools' story knows."""
    found = []
    for entry in read_schools()["school"]:
        for who, role in (("head", HEAD_ROLE), ("counsellor", COUNSELLOR_ROLE)):
            if "name" in entry.get(who, {}):
                found.append({"email": entry[who]["email"], "role": role})
    return found


def begin_schools(bringer: Bringer) -> Schooling:
    """The schools with their staff; organisations and roles are there before the records."""
    told = Schooling(bringer, read_schools(), timezone.localdate())
    for entry in told.story["school"]:
        told.schools[entry["key"]] = _add_school(told.ground, entry)
    return told


def _add_school(ground: Ground, entry: dict[str, Any]) -> SchoolTold:
    organisation = ground.partners.get(entry["key"]) or add_organisation(
        actor=DEMO, name=entry["name"], name_en=entry["name_en"], kind="school", place=entry["city"],
        website=entry["address"],
    )
    head = _member(ground, organisation, entry["head"], HEAD_ROLE)
    counsellor = _member(ground, organisation, entry["counsellor"], COUNSELLOR_ROLE) if "counsellor" in entry else None
    school = add_school(
        actor=head, organisation=organisation, programme=ground.programme, city=ground.cities[entry["city"]],
        setting=entry["setting"],
    )
    return SchoolTold(entry["key"], school, head, counsellor, entry)


def _member(ground: Ground, organisation: Organisation, who: dict[str, Any], role: str) -> Account:
    """The account of a member of staff; a partner's staff have theirs already."""
    if "name" not in who:
        return ground.accounts[who["email"]]
    given, family = who["name"]
    account = ground.open_account(who["email"], (given, family))
    give_first_role(
        actor=DEMO, account=account, organisation=organisation, role=role, valid_from=ground.programme.starts_on
    )
    return account

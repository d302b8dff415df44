"""Sets up what people take part in: programme, partners, accounts, employers, activities; all by the services' actions."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from microcities.demo.story import Story
from microcities.participation.actions.activities import add_activity
from microcities.participation.models import Activity
from microcities.people.actions.accounts import name_person, open_account
from microcities.people.actions.memberships import give_first_role
from microcities.people.actions.organisations import add_organisation, record_ownership
from microcities.people.models import Account, Organisation
from microcities.programme.actions import add_city, add_funding_source, add_partner, create_programme
from microcities.programme.models import City, FundingSource, Programme
from microcities.trail.context import System

PASSWORD = "Mazas-pilsetas-2018"  # noqa: S105  (printed for everybody: all people here are synthetic)
DEMO = System("demo")
MANAGER = "vaditaja@demo.example"
PUPIL, COORDINATOR = "skolens@demo.example", "koordinatore@demo.example"


@dataclass
class Ground:
    """What stands before anybody takes part, by the keys of the story; accounts by e-mail."""

    programme: Programme
    cities: dict[str, City]
    fundings: dict[str, FundingSource]
    partners: dict[str, Organisation] = field(default_factory=dict)
    cities_of: dict[str, City] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    encoded_password: str = ""

    def open_account(self, email: str, name: tuple[str, str] | None = None, birth_on: date | None = None) -> Account:
        """An account with the demo's password, tied to a new person when it has a name."""
        account = open_account(actor=DEMO, email=email, encoded_password=self.encoded_password)
        if name is not None:
            given, family = name
            name_person(
                actor=account, account=account, given_name=given, family_name=family, birth_on=birth_on, language="lv"
            )
        # Read anew, so that it knows its person and nothing that was true before its roles.
        self.accounts[email] = Account.objects.select_related("person").get(pk=account.pk)
        return self.accounts[email]

    def add_activity(self, partner: str, by: str, **fields: Any) -> Activity:
        """An activity of a partner in the partner's city."""
        return add_activity(
            actor=self.accounts[by], programme=self.programme, organisation=self.partners[partner],
            city=self.cities_of[partner], **fields,
        )


def lay_ground(story: Story) -> Ground:
    """Programme, cities, money, partners with their staff, and the employers that take pupils in."""
    cities = {city["slug"]: add_city(actor=DEMO, place=city["slug"], **city) for city in story.cities}
    programme = create_programme(actor=DEMO, cities=list(cities.values()), is_synthetic=True, **story.programme)
    fundings = {source["code"]: _add_funding(programme, source) for source in story.fundings}
    ground = Ground(programme, cities, fundings, encoded_password=make_password(PASSWORD))
    for partner in story.partners:
        _add_partner(ground, partner)
    for entry in story.accounts:
        _add_staff(ground, entry)
    for name, kind in story.hosts:
        said = story.firms.get(name, {})
        add_organisation(actor=ground.accounts[COORDINATOR], name=name, kind=kind, place=story.host_city, **said)
    for name in dict.fromkeys(activity.host for activity in story.activities if activity.host):
        add_organisation(actor=ground.accounts[MANAGER], name=name, kind="company", place="ventspils")
    return ground


def tell_owners(ground: Ground, story: Story) -> None:
    """Which of the employers own shares of others, as the coordinator found it in the register."""
    for share in story.shares:
        owner, owned = (Organisation.objects.get(name=share[side]) for side in ("owner", "owned"))
        record_ownership(
            actor=ground.accounts[COORDINATOR], owner=owner, owned=owned, share_percent=Decimal(share["share_percent"]),
            valid_from=share["valid_from"],
        )


def _add_funding(programme: Programme, source: dict[str, Any]) -> FundingSource:
    values = {key: source[key] for key in ("code", "name", "name_en")}
    return add_funding_source(actor=DEMO, programme=programme if source.get("own") else None, **values)


def _add_partner(ground: Ground, entry: dict[str, Any]) -> None:
    key, city = entry["key"], ground.cities[entry["city"]]
    ground.partners[key] = add_organisation(
        actor=DEMO, name=entry["name"], name_en=entry["name_en"], kind=entry["kind"], place=entry["city"]
    )
    ground.cities_of[key] = city
    add_partner(
        actor=DEMO, programme=ground.programme, organisation=ground.partners[key], city=city,
        since_on=ground.programme.starts_on, is_lead=entry.get("lead", False),
    )


def _add_staff(ground: Ground, entry: dict[str, Any]) -> None:
    """A member of a partner's staff since the programme's first day; an auditor's role ends a year from now."""
    given, family = entry["name"]
    account = ground.open_account(entry["email"], (given, family))
    give_first_role(
        actor=DEMO, account=account, organisation=ground.partners[entry["partner"]], role=entry["role"],
        valid_from=ground.programme.starts_on,
        valid_to=timezone.localdate() + timedelta(days=365) if entry.get("ends") else None,
    )

"""Sets up an installation's own programme from one TOML file: programme, cities, money, partners, first accounts."""

import tomllib
from datetime import date
from decimal import Decimal
from importlib import resources
from typing import Annotated, Literal, Self

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pydantic import BaseModel, ConfigDict, Field, model_validator

from microcities.access.answers import RefusedError
from microcities.people.actions.accounts import name_person, open_account
from microcities.people.actions.memberships import give_first_role
from microcities.people.actions.organisations import add_organisation
from microcities.people.models import Account, Organisation
from microcities.people.models.organisations import OrganisationKind
from microcities.programme.actions import add_city, add_funding_source, add_partner, create_programme
from microcities.programme.models import City, Programme
from microcities.trail.context import System, change

ACTOR = System("command line")
Text = Annotated[str, Field(min_length=1, max_length=200)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=50)]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]


class Part(BaseModel):
    """A part of the file: no key may be misspelt."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProgrammeEntry(Part):
    """The programme; the co-financing is its rate of the budget to the cent."""

    slug: Slug
    name: Text
    name_en: Text
    starts_on: date
    ends_on: date
    budget: Decimal
    co_financing: Decimal
    co_financing_rate: Decimal
    fund: Annotated[str, Field(min_length=1, max_length=40)]
    initiative: str = ""
    source_url: str = ""

    @model_validator(mode="after")
    def in_order(self) -> Self:
        """A programme ends after it starts."""
        if self.ends_on <= self.starts_on:
            raise ValueError("ends_on must be later than starts_on")
        return self


class CityEntry(Part):
    """A city; `place` is its key in the rulebook programme.territories, the short name unless told otherwise."""

    slug: Slug
    name: Text
    name_en: Text
    place: str = ""
    accent: Literal["sea", "forest", "plum", "clay", "slate"] = "sea"  # as ui.css names them


class FundingEntry(Part):
    """A source of money; `own` marks the programme's own grant."""

    code: Slug
    name: Text
    name_en: Text
    own: bool = False


class PartnerEntry(Part):
    """A partner organisation under a key that accounts refer to."""

    key: Slug
    name: Text
    name_en: Text
    kind: OrganisationKind
    city: str
    registration_number: str = ""
    lead: bool = False


class AccountEntry(Part):
    """A first account. Everybody else is invited on the page of members."""

    email: Email
    given_name: Text
    family_name: Text
    role: Literal["programme_manager", "operator"]
    partner: str
    language: Literal["lv", "en"] = "lv"


class Setup(Part):
    """The whole file."""

    programme: ProgrammeEntry
    city: Annotated[tuple[CityEntry, ...], Field(min_length=1)]
    funding: tuple[FundingEntry, ...] = ()
    partner: Annotated[tuple[PartnerEntry, ...], Field(min_length=1)]
    account: Annotated[tuple[AccountEntry, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def refers_to_itself(self) -> Self:
        """Cities and partners that are named exist once; one partner leads; the first account is the manager's."""
        cities, partners = [each.slug for each in self.city], [each.key for each in self.partner]
        emails, codes = [each.email.lower() for each in self.account], [each.code for each in self.funding]
        for values in (cities, partners, emails, codes):
            if doubled := {value for value in values if values.count(value) > 1}:
                raise ValueError(f"stands there twice: {', '.join(sorted(doubled))}")
        for partner in self.partner:
            if partner.city not in cities:
                raise ValueError(f"partner {partner.key}: there is no city {partner.city!r}")
        for account in self.account:
            if account.partner not in partners:
                raise ValueError(f"account {account.email}: there is no partner {account.partner!r}")
        if sum(each.lead for each in self.partner) != 1:
            raise ValueError("exactly one partner has lead = true")
        if self.account[0].role != "programme_manager":
            raise ValueError("the first account is the programme manager's")
        return self


def parse_setup(text: str) -> Setup:
    """The set-up of a TOML text; tomllib.TOMLDecodeError or pydantic.ValidationError say what is wrong in it."""
    return Setup.model_validate(tomllib.loads(text))


def example() -> str:
    """A commented example file."""
    return (resources.files("microcities.programme") / "data" / "example.toml").read_text(encoding="utf-8")


def set_up_programme(*, setup: Setup, password: str | None = None) -> tuple[Programme, list[Account]]:
    """Make everything in one transaction. `password` is the first account's; the others set one by e-mail.

    Raises django's ValidationError for money that does not add up, a wrong registration number, a name that stands
    there twice or a weak password.
    """
    with change("programme.set_up", actor=ACTOR):
        cities = {entry.slug: _add_city(entry) for entry in setup.city}
        programme = create_programme(actor=ACTOR, cities=list(cities.values()), **setup.programme.model_dump())
        for source in setup.funding:
            add_funding_source(
                actor=ACTOR, programme=programme if source.own else None, **source.model_dump(exclude={"own"})
            )
        organisations = {entry.key: _add_partner(entry, programme, cities) for entry in setup.partner}
        accounts = [
            _add_account(entry, organisations[entry.partner], None if number else password)
            for number, entry in enumerate(setup.account)
        ]
    return programme, accounts


def _add_city(entry: CityEntry) -> City:
    values = entry.model_dump()
    return add_city(actor=ACTOR, **{**values, "place": entry.place or entry.slug})


def _add_partner(entry: PartnerEntry, programme: Programme, cities: dict[str, City]) -> Organisation:
    values = entry.model_dump(include={"name", "name_en", "kind", "registration_number"})
    try:
        organisation = add_organisation(actor=ACTOR, **values, place=cities[entry.city].place)
    except RefusedError as error:
        raise ValidationError(str(error)) from error
    add_partner(
        actor=ACTOR, programme=programme, organisation=organisation, city=cities[entry.city],
        since_on=programme.starts_on, is_lead=entry.lead,
    )
    return organisation


def _add_account(entry: AccountEntry, organisation: Organisation, password: str | None) -> Account:
    """The address is taken as proven: whoever writes the file vouches for it."""
    if password is not None:
        validate_password(password, Account(email=entry.email.lower()))
    encoded = "" if password is None else make_password(password)
    account = open_account(actor=ACTOR, email=entry.email, encoded_password=encoded, language=entry.language)
    name_person(
        actor=ACTOR, account=account, given_name=entry.given_name, family_name=entry.family_name, birth_on=None,
        language=entry.language,
    )
    give_first_role(actor=ACTOR, account=account, organisation=organisation, role=entry.role)
    return account

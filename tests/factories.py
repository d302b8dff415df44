"""Rows for tests, each with the least it needs."""

import itertools
from datetime import date
from typing import Any

from microcities.participation.models import Activity, Participation, ParticipationFunding
from microcities.people.models import Account, Membership, Organisation, Person, Registration
from microcities.programme.models import City, FundingSource, Partner, Programme

_number = itertools.count(1)


def make_programme(**fields: Any) -> Programme:
    """The real programme's dates and money unless told otherwise."""
    return Programme.objects.create(
        **{
            "slug": f"programme-{next(_number)}",
            "name": "Eiropas nākamās paaudzes mazās pilsētas",
            "name_en": "Next Generation Micro Cities of Europe",
            "starts_on": date(2018, 11, 1),
            "ends_on": date(2021, 10, 31),
            "budget": "6246405.15",
            "co_financing": "4997124.12",
            "co_financing_rate": 80,
            "fund": "ERDF",
            **fields,
        }
    )


def make_city(slug: str, name: str, name_en: str = "") -> City:
    return City.objects.create(slug=slug, name=name, name_en=name_en or name, place=slug)


def make_organisation(name: str = "Valmieras Attīstības aģentūra", **fields: Any) -> Organisation:
    return Organisation.objects.create(**{"name": name, "kind": "agency", **fields})


def make_partner(programme: Programme, organisation: Organisation, city: City, **fields: Any) -> Partner:
    return Partner.objects.create(
        programme=programme, organisation=organisation, city=city, **{"since_on": programme.starts_on, **fields}
    )


def make_person(given_name: str = "Līga", family_name: str = "Bērziņa", **fields: Any) -> Person:
    return Person.objects.create(given_name=given_name, family_name=family_name, **fields)


def register(person: Person, organisation: Organisation, **fields: Any) -> Registration:
    return Registration.objects.create(
        person=person, organisation=organisation, **{"since": date(2019, 1, 1), **fields}
    )


def make_account(email: str, person: Person | None = None, **fields: Any) -> Account:
    """An account that can sign in by `client.force_login`; it has no usable password."""
    account = Account(email=email, person=person, **fields)
    account.set_unusable_password()
    account.save()
    return account


def give_role(account: Account, organisation: Organisation, role: str, **fields: Any) -> Membership:
    account.__dict__.pop("memberships_today", None)
    return Membership.objects.create(
        account=account, organisation=organisation, role=role, **{"valid_from": date(2018, 11, 1), **fields}
    )


def make_funding(code: str, programme: Programme | None = None, name: str = "ERAF") -> FundingSource:
    return FundingSource.objects.create(code=code, name=name, name_en=name, programme=programme)


def make_activity(programme: Programme, organisation: Organisation, city: City, **fields: Any) -> Activity:
    number = next(_number)
    return Activity.objects.create(
        programme=programme,
        organisation=organisation,
        city=city,
        **{
            "code": f"activity-{number}",
            "kind": "summer_job",
            "name": "Vasaras nodarbinātības programma",
            "name_en": "Summer employment programme",
            "starts_on": date(2019, 6, 3),
            "ends_on": date(2019, 8, 26),
            **fields,
        },
    )


def take_part(activity: Activity, person: Person, *sources: FundingSource, **fields: Any) -> Participation:
    """A participation paid by `sources`, the first of them the paying one."""
    participation = Participation.objects.create(
        activity=activity, person=person, **{"started_on": activity.starts_on, **fields}
    )
    for source in sources:
        ParticipationFunding.objects.create(participation=participation, funding_source=source)
    return participation

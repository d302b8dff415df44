"""Builds the demo programme once: real names, dates and money, synthetic people in the published numbers."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.utils import timezone

from microcities.demo.names import synthetic_people
from microcities.demo.reporting import build_results
from microcities.demo.story import ActivityStory, Story, read_story
from microcities.participation.models import Activity, Participation, ParticipationFunding
from microcities.people.models import Account, Membership, Organisation, Person, Registration
from microcities.programme.actions import add_city, add_funding_source, add_partner, create_programme
from microcities.programme.models import City, FundingSource, Programme
from microcities.trail.context import System, change

PASSWORD = "Mazas-pilsetas-2018"  # noqa: S105  (printed for everybody: all people here are synthetic)
SEED = 2018
DEMO = System("demo")
PROJECT, CITY_BUDGET, SECOND_PAYER = "nextgen-erdf", "valmiera-budget", "nva-summer"


class Builder:
    """Holds the rows made so far, by their keys in the story."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.cities: dict[str, City] = {}
        self.organisations: dict[str, Organisation] = {}
        self.partner_city: dict[str, City] = {}
        self.fundings: dict[str, FundingSource] = {}
        self.people_of: dict[str, list[Person]] = {}
        self.draw = random.Random(SEED)  # noqa: S311  (a demo must repeat)

    def build(self) -> Programme:
        """Everything, in one transaction: a demo is there whole or not at all."""
        with change("demo.build", actor=DEMO):
            programme = self.build_programme()
            for number, activity in enumerate(self.story.activities):
                self.build_activity(programme, activity, number)
            self.build_grants(programme)
            self.build_accounts()
            build_results(programme, self.story)
        return programme

    def build_programme(self) -> Programme:
        for city in self.story.cities:
            self.cities[city["slug"]] = add_city(actor=DEMO, place=city["slug"], **city)
        programme = create_programme(
            actor=DEMO,
            cities=list(self.cities.values()),
            is_synthetic=True,
            **{key: Decimal(value) if key in MONEY else value for key, value in self.story.programme.items()},
        )
        for source in self.story.fundings:
            values = {key: source[key] for key in ("code", "name", "name_en")}
            self.fundings[source["code"]] = add_funding_source(
                actor=DEMO, programme=programme if source.get("own") else None, **values
            )
        for partner in self.story.partners:
            organisation = Organisation.objects.create(
                name=partner["name"], name_en=partner["name_en"], kind=partner["kind"], place=partner["city"]
            )
            self.organisations[partner["key"]] = organisation
            self.partner_city[partner["key"]] = self.cities[partner["city"]]
            add_partner(
                actor=DEMO,
                programme=programme,
                organisation=organisation,
                city=self.cities[partner["city"]],
                since_on=programme.starts_on,
                is_lead=partner.get("lead", False),
            )
        return programme

    def build_activity(self, programme: Programme, story: ActivityStory, number: int) -> None:
        organisation = self.organisations[story.partner]
        activity = Activity.objects.create(
            programme=programme,
            organisation=organisation,
            city=self.partner_city[story.partner],
            code=story.code,
            kind=story.kind,
            name=story.name,
            name_en=story.name_en,
            starts_on=story.starts_on,
            ends_on=story.ends_on,
            source_url=story.source_url,
        )
        people = self.find_people(story, number)
        self.people_of[story.code] = people
        Registration.objects.bulk_create(
            [
                Registration(
                    person=person,
                    organisation=organisation,
                    local_reference=f"{story.code}-{place}",
                    since=story.applied_on or story.starts_on,
                )
                for place, person in enumerate(people, 1)
            ],
            ignore_conflicts=True,
        )
        records = Participation.objects.bulk_create(self.records(activity, story, people))
        ParticipationFunding.objects.bulk_create(self.payments(story, records))

    def find_people(self, story: ActivityStory, number: int) -> list[Person]:
        """Some of an earlier list's people where lists overlap, new ones for the rest."""
        known = self.people_of.get(story.overlap_with, [])[: story.overlap]
        youngest, oldest = story.ages
        fresh = synthetic_people(
            SEED + number,
            youngest_on=_years_before(story.starts_on, youngest),
            oldest_on=_years_before(story.starts_on, oldest + 1) + timedelta(days=1),
        )
        city = self.partner_city[story.partner].slug
        made = Person.objects.bulk_create(
            Person(**vars(next(fresh)), place=city, country="LV") for _ in range(story.people - len(known))
        )
        return known + made

    def records(self, activity: Activity, story: ActivityStory, people: list[Person]) -> Iterator[Participation]:
        hosts = self.hosts(story)
        started = story.people if story.started is None else story.started
        completed = started if story.completed is None else story.completed
        for place, person in enumerate(people):
            begin = story.starts_on + timedelta(days=self.shift(story, place))
            yield Participation(
                activity=activity,
                person=person,
                host=hosts[_host_number(story, place)] if hosts else None,
                applied_on=story.applied_on or story.starts_on - timedelta(days=30),
                started_on=begin if place < started else None,
                completed_on=min(story.ends_on, begin + timedelta(days=20)) if place < completed else None,
                in_work_on=story.ends_on + timedelta(days=14) if place < story.in_work else None,
                hours=story.hours if place < started else None,
                proof="list",
                proof_reference=story.source_url[:200],
            )

    def shift(self, story: ActivityStory, place: int) -> int:
        """Days between the activity's start and this record's: summer jobs run in four periods."""
        if story.kind == "summer_job":
            return (0, 21, 42, 63)[place % 4]
        return self.draw.randrange(0, 200) if story.kind == "career_support" and story.people > 100 else 0

    def hosts(self, story: ActivityStory) -> list[Organisation]:
        if story.host:
            return [Organisation.objects.create(name=story.host, kind="company", place="ventspils")]
        city = self.partner_city[story.partner].slug
        return Organisation.objects.bulk_create(
            Organisation(
                name=f"{'SIA Darba devējs' if n < story.project_hosts else 'Iestāde'} {n + 1} ({story.starts_on.year})",
                name_en=f"{'Employer' if n < story.project_hosts else 'Municipal body'} {n + 1} ({story.starts_on.year})",
                kind="company" if n < story.project_hosts else "municipality",
                place=city,
            )
            for n in range(story.hosts)
        )

    def payments(self, story: ActivityStory, records: list[Participation]) -> Iterator[ParticipationFunding]:
        for place, record in enumerate(records):
            own = place < story.project_paid
            yield ParticipationFunding(
                participation=record, funding_source=self.fundings[PROJECT if own else CITY_BUDGET]
            )
        for record in records[: story.paid_twice]:
            yield ParticipationFunding(participation=record, funding_source=self.fundings[SECOND_PAYER])

    def build_grants(self, programme: Programme) -> None:
        grants = self.story.grants
        activity = Activity.objects.create(
            programme=programme,
            organisation=self.organisations[grants["partner"]],
            city=self.partner_city[grants["partner"]],
            kind="grant_call",
            **{key: grants[key] for key in ("code", "name", "name_en", "starts_on", "ends_on", "source_url")},
        )
        companies = Organisation.objects.bulk_create(
            Organisation(
                name=f"SIA Pretendents {n + 1}", name_en=f"Applicant {n + 1}", kind="company", place="valmiera"
            )
            for n in range(grants["applications"])
        )
        amounts = [Decimal(amount) for amount in grants["amounts"]]
        records = Participation.objects.bulk_create(
            Participation(
                activity=activity,
                organisation=company,
                applied_on=grants["starts_on"] + timedelta(days=14),
                started_on=grants["starts_on"] + timedelta(days=60) if n < len(amounts) else None,
                amount=amounts[n] if n < len(amounts) else None,
                proof="document",
                proof_reference=grants["source_url"][:200],
            )
            for n, company in enumerate(companies)
        )
        ParticipationFunding.objects.bulk_create(
            ParticipationFunding(participation=record, funding_source=self.fundings[PROJECT], amount=record.amount)
            for record in records
        )

    def build_accounts(self) -> None:
        password = make_password(PASSWORD)
        for entry in self.story.accounts:
            given, family, sex = entry["name"]
            person = Person.objects.create(given_name=given, family_name=family, sex=sex, email=entry["email"])
            account = Account.objects.create(email=entry["email"], password=password, person=person)
            EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)
            organisation = self.organisations[entry["partner"]]
            Registration.objects.create(person=person, organisation=organisation, since=date(2018, 11, 1))
            Membership.objects.create(
                account=account,
                organisation=organisation,
                role=entry["role"],
                valid_from=date(2018, 11, 1),
                valid_to=timezone.localdate() + timedelta(days=365) if entry.get("ends") else None,
            )
        pupil = self.people_of["valmiera-summer-2019"][0]
        account = Account.objects.create(email="skolens@demo.example", password=password, person=pupil)
        EmailAddress.objects.create(user=account, email=account.email, verified=True, primary=True)


MONEY = {"budget", "co_financing", "co_financing_rate"}


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _host_number(story: ActivityStory, place: int) -> int:
    """Project-paid pupils go to the project's hosts, the others to the rest."""
    if story.host or not story.project_hosts:
        return place % max(story.hosts, 1)
    if place < story.project_paid:
        return place % story.project_hosts
    return story.project_hosts + place % (story.hosts - story.project_hosts)


def build_demo() -> Programme | None:
    """Build the demo, or return None when a programme is already there."""
    if Programme.objects.exists():
        return None
    return Builder(read_story()).build()


def demo_accounts() -> list[dict[str, Any]]:
    """E-mail and role of each demo account, for the command line and the sign-in page of the demo."""
    return [
        *({"email": entry["email"], "role": entry["role"]} for entry in read_story().accounts),
        {"email": "skolens@demo.example", "role": "participant"},
    ]

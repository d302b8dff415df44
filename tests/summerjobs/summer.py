"""A summer scheme of Valmiera with an employer, posts and pupils, as many as a test asks for."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.utils import timezone

from microcities.people.models import Account, Guardianship, Organisation, Person
from microcities.summerjobs.models import (
    Application,
    Placement,
    Post,
    SchemeFund,
    SubProgramme,
    SummerHost,
    SummerPeriod,
    SummerScheme,
    Supervisor,
    Wish,
)
from tests import factories
from tests.world import World, build_world

TODAY = timezone.localdate()
NOW = timezone.now()
# The next summer in which every day is still to come.
YEAR = TODAY.year + 1
_number = count(1)


@dataclass
class Summer:
    """The rows. Valdis runs the scheme in Valmiera, Vents one in Ventspils; Egils answers for Firma, Cits for another firm.

    Period june is 1 to 21 June, july 1 to 21 July of next year. Anna is 16 and has finished basic education; Bērns is 14 and
    has not, and Māra is guardian of both.
    """

    world: World
    city: Organisation
    other_city: Organisation
    coordinator: Account
    other_coordinator: Account
    scheme: SummerScheme
    programme: SubProgramme
    june: SummerPeriod
    july: SummerPeriod
    fund: SchemeFund
    erdf: SchemeFund
    firm: Organisation
    firm_account: Account
    other_firm: Organisation
    other_account: Account
    host: SummerHost
    supervisor: Supervisor
    school: Organisation
    anna: Person
    anna_account: Account
    child: Person
    child_account: Account
    guardian: Account
    posts: list[Post] = field(default_factory=list)

    @property
    def auditor(self) -> Account:
        return self.world.aija

    @property
    def stranger(self) -> Account:
        return self.world.svens


def aged(years: int, extra_days: int = 40) -> date:
    """A birthday so that on 1 June of the summer the person is so many years old for a while."""
    first = date(YEAR, 6, 1) - timedelta(days=extra_days)
    return first.replace(year=first.year - years)


def build_summer(world: World | None = None, **scheme: Any) -> Summer:
    """Windows are open today: employers offer and pupils apply."""
    world = world or build_world()
    city = factories.make_organisation("Valmieras pašvaldība", kind="municipality")
    other_city = factories.make_organisation("Ventspils pašvaldība", kind="municipality")
    coordinator = _account("valdis@example.org", "Valdis", "Vadītājs", city, "city_coordinator")
    other_coordinator = _account("vents@example.org", "Vents", "Vadītājs", other_city, "city_coordinator")
    found = SummerScheme.objects.create(**{
        "programme": world.programme, "city": world.valmiera, "organisation": city, "year": YEAR,
        "name": "Vasaras darbs", "name_en": "Summer work", "rules_version": "valmiera-2021-city",
        "posts_from_on": TODAY - timedelta(days=10), "posts_until_on": TODAY + timedelta(days=30),
        "apply_from_on": TODAY - timedelta(days=5), "apply_until_on": TODAY + timedelta(days=40),
        "holidays_from_on": date(YEAR, 6, 1), "holidays_until_on": date(YEAR, 8, 31), "published_at": NOW, **scheme,
    })
    programme = SubProgramme.objects.create(scheme=found, code="firms", name="Uzņēmumos", name_en="With companies")
    SubProgramme.objects.create(scheme=found, code="municipal", name="Iestādēs", name_en="With bodies of the city")
    june = make_period(found, "june", date(YEAR, 6, 1), date(YEAR, 6, 21))
    july = make_period(found, "july", date(YEAR, 7, 1), date(YEAR, 7, 21))
    fund = SchemeFund.objects.create(scheme=found, code="city", source=world.city_budget, budget=Decimal("50000.00"))
    erdf = SchemeFund.objects.create(scheme=found, code="erdf", source=world.erdf, budget=Decimal("20000.00"))
    firm, firm_account = make_firm("SIA Firma", "egils@example.org")
    other_firm, other_account = make_firm("SIA Cita firma", "cits@example.org")
    host = make_host(found, firm)
    anna = factories.make_person("Anna", "Pupiņa", birth_on=aged(16), place="valmiera")
    child = factories.make_person("Bērns", "Pupiņš", birth_on=aged(14), place="valmiera")
    guardian = factories.make_account("mara@example.org", factories.make_person("Māra", "Pupiņa", birth_on=date(1980, 2, 3)))
    for ward in (anna, child):
        factories.register(ward, city)
        Guardianship.objects.create(
            guardian=guardian.person, ward=ward, proof="Dzimšanas apliecība", valid_from=TODAY, confirmed_by_id=coordinator.pk
        )
    return Summer(
        world=world, city=city, other_city=other_city, coordinator=coordinator, other_coordinator=other_coordinator,
        scheme=found, programme=programme, june=june, july=july, fund=fund, erdf=erdf, firm=firm, firm_account=firm_account,
        other_firm=other_firm, other_account=other_account, host=host, supervisor=make_supervisor(host),
        school=factories.make_organisation("Valmieras vidusskola", kind="school", place="valmiera"),
        anna=anna, anna_account=factories.make_account("anna@example.org", anna), child=child,
        child_account=factories.make_account("berns@example.org", child), guardian=guardian,
    )


def _account(email: str, given: str, family: str, organisation: Organisation, role: str) -> Account:
    account = factories.make_account(email, factories.make_person(given, family, birth_on=date(1985, 1, 1)))
    factories.give_role(account, organisation, role)
    return account


def make_firm(name: str, email: str) -> tuple[Organisation, Account]:
    firm = factories.make_organisation(name, kind="company", place="valmiera")
    return firm, _account(email, "Egils", "Firmnieks", firm, "employer")


def make_period(scheme: SummerScheme, code: str, first_on: date, last_on: date) -> SummerPeriod:
    return SummerPeriod.objects.create(
        scheme=scheme, code=code, name=code.capitalize(), name_en=code.capitalize(), first_on=first_on, last_on=last_on
    )


def make_host(scheme: SummerScheme, organisation: Organisation, **fields: Any) -> SummerHost:
    """An approved company."""
    return SummerHost.objects.create(**{
        "scheme": scheme, "organisation": organisation, "kind": "company", "state": "approved", "insured": True,
        "no_tax_debt": True, "risks_assessed_on": TODAY, "aid_basis": "general_measure", "checked_at": NOW,
        "checked_by_id": 1, **fields,
    })


def make_supervisor(host: SummerHost) -> Supervisor:
    person = factories.make_person("Uldis", f"Uzraugs{next(_number)}", birth_on=date(1975, 5, 5))
    return Supervisor.objects.create(host=host, person=person, named_on=TODAY)


def make_post(summer: Summer, **fields: Any) -> Post:
    """An approved post in June, 3 places, for 13 to 19 years, light work, 9 o'clock, 10 working days."""
    given = {
        "host": summer.host, "period": summer.june, "programme": summer.programme, "fund": summer.fund,
        "supervisor": summer.supervisor, "name": f"Darbs {next(_number)}", "tasks": "Kārto un skaita.",
        "address": "Rīgas iela 1",
        "age_from": 13, "age_to": 19, "places": 3, "starts_at": time(9), "work_days": 10, "light_task": "weeding",
        "state": "approved", "offered_at": NOW, "decided_at": NOW, "decided_by_id": 1, **fields,
    }
    made = Post.objects.create(**given)
    summer.posts.append(made)
    return made


def make_application(summer: Summer, person: Person | None = None, *wishes: Post, **fields: Any) -> Application:
    """A sent application of a 16-year-old of a Valmiera school who has finished basic education."""
    number = next(_number)
    person = person or factories.make_person("Skolēns", f"Numur{number}", birth_on=aged(16), place="valmiera")
    young = person.birth_on is not None and person.birth_on > aged(15, 0)
    made = Application.objects.create(**{
        "scheme": summer.scheme, "person": person, "code": f"AP{number:06}", "level": "basic" if young else "secondary",
        "school": summer.school, "basic_finished_on": None if young else date(YEAR - 1, 6, 10), "residence": "valmiera",
        "declared_on": date(2015, 1, 1), "submitted_at": NOW, **fields,
    })
    for rank, post in enumerate(wishes, start=1):
        Wish.objects.create(application=made, post=post, rank=rank)
    return made


def make_placement(summer: Summer, application: Application, post: Post, **fields: Any) -> Placement:
    """An accepted placement in the post's first free place over its period."""
    taken = set(post.placements.live().values_list("seat", flat=True))
    seat = next(number for number in range(1, post.places + 2) if number not in taken)
    return Placement.objects.create(**{
        "application": application, "person": application.person, "post": post, "seat": seat, "state": "accepted",
        "first_on": post.period.first_on, "last_on": post.period.last_on, "offered_at": NOW - timedelta(days=1),
        "answer_by": datetime.combine(TODAY + timedelta(days=5), time(23, 59), timezone.get_default_timezone()),
        "answered_at": NOW, **fields,
    })

"""One small world for permission tests: two cities, two partners, and people whose names say what they are.

Marta manages the programme. Ventis reports for the Ventspils partner, Valda for the Valmiera partner. Aija audits, Dace
protects data, Otto operates. Svens has an account and no role. Pēteris is a pupil known in Valmiera only, Zane an adult
known in Ventspils only.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from microcities.participation.models import Activity
from microcities.people.models import Account, Organisation, Person
from microcities.programme.models import City, FundingSource, Programme
from tests import factories


@dataclass
class World:
    """Named rows of the small world."""

    programme: Programme
    ventspils: City
    valmiera: City
    ventspils_partner: Organisation
    valmiera_partner: Organisation
    erdf: FundingSource
    city_budget: FundingSource
    summer: Activity
    course: Activity
    peteris: Person
    zane: Person
    marta: Account
    ventis: Account
    valda: Account
    aija: Account
    dace: Account
    otto: Account
    svens: Account
    pupil: Account

    def everybody(self) -> dict[str, Account]:
        """All accounts by name, for permission matrices."""
        names = ("marta", "ventis", "valda", "aija", "dace", "otto", "svens", "pupil")
        return {name: getattr(self, name) for name in names}


def build_world() -> World:
    """Make the world's rows."""
    programme = factories.make_programme(slug="nextgen")
    ventspils = factories.make_city("ventspils", "Ventspils")
    valmiera = factories.make_city("valmiera", "Valmiera")
    programme.cities.add(ventspils, valmiera)
    park = factories.make_organisation("Ventspils Augsto tehnoloģiju parks", kind="park")
    agency = factories.make_organisation("Valmieras Attīstības aģentūra")
    factories.make_partner(programme, park, ventspils, is_lead=True)
    factories.make_partner(programme, agency, valmiera)
    peteris = factories.make_person("Pēteris", "Ozols", birth_on=timezone.localdate() - timedelta(days=15 * 365))
    zane = factories.make_person("Zane", "Kļaviņa", birth_on=date(1988, 4, 2), email="zane@example.org")
    factories.register(peteris, agency, local_reference="A-1")
    factories.register(zane, park, local_reference="P-1")
    accounts = {
        name: factories.make_account(f"{name}@example.org")
        for name in ("marta", "ventis", "valda", "aija", "dace", "otto", "svens")
    }
    roles = (
        ("marta", park, "programme_manager"),
        ("ventis", park, "partner_reporter"),
        ("valda", agency, "partner_reporter"),
        ("dace", park, "data_protection_officer"),
        ("otto", park, "operator"),
    )
    for name, organisation, role in roles:
        factories.give_role(accounts[name], organisation, role)
    factories.give_role(
        accounts["aija"], park, "auditor", valid_to=timezone.localdate() + timedelta(days=365)
    )
    return World(
        programme=programme,
        ventspils=ventspils,
        valmiera=valmiera,
        ventspils_partner=park,
        valmiera_partner=agency,
        erdf=factories.make_funding("nextgen-erdf", programme),
        city_budget=factories.make_funding("valmiera-budget", name="Valmieras budžets"),
        summer=factories.make_activity(programme, agency, valmiera, code="summer-2019"),
        course=factories.make_activity(
            programme, park, ventspils, code="course-2019", kind="reskilling", name="Pārkvalifikācijas kurss",
            name_en="Retraining course", starts_on=date(2019, 3, 1), ends_on=date(2019, 6, 30),
        ),
        peteris=peteris,
        zane=zane,
        pupil=factories.make_account("peteris@example.org", peteris),
        **accounts,
    )

"""Two employers beside the schools, with somebody who answers for each, and the least that an offer and a request say."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from microcities.careers.actions.exchange import ask_for_encounter, make_offer
from microcities.careers.models import EncounterOffer, EncounterRequest, School, SchoolClass
from microcities.people.models import Account, Organisation, Person
from tests import factories
from tests.careers.conftest import Schools

TODAY = timezone.localdate()


@dataclass
class Exchange:
    """The rows; Firma is asked by Anna's school and Baiba's, and Cita firma is another one."""

    schools: Schools
    firm: Organisation
    firm_account: Account
    other_firm: Organisation
    other_account: Account

    @property
    def anna(self) -> Account:
        return self.schools.anna

    @property
    def baiba(self) -> Account:
        return self.schools.baiba

    @property
    def ventspils(self) -> School:
        return self.schools.ventspils

    @property
    def valmiera(self) -> School:
        return self.schools.valmiera

    @property
    def nine_a(self) -> SchoolClass:
        return self.schools.nine_a

    @property
    def theirs(self) -> SchoolClass:
        return self.schools.theirs

    @property
    def pupil(self) -> Person:
        return self.schools.pupil


def make_employer(name: str, email: str) -> tuple[Organisation, Account]:
    firm = factories.make_organisation(name, kind="company")
    account = factories.make_account(email, factories.make_person("Egils", "Firmnieks"))
    factories.give_role(account, firm, "employer")
    return firm, account


def build_exchange(schools: Schools) -> Exchange:
    return Exchange(
        schools, *make_employer("SIA Firma", "egils@example.org"), *make_employer("SIA Cita firma", "cits@example.org")
    )


def offer(ground: Exchange, **fields: Any) -> EncounterOffer:
    given = {
        "actor": ground.firm_account, "host": ground.firm, "kind": "employer", "way": "talk", "name": "Saruna ar programmētāju",
        "about": "Klausās un jautā.", "outcomes": "Zina, ko dara programmētājs.", "places": 20, "hours": Decimal(2),
        "from_on": TODAY, "until_on": TODAY + timedelta(days=60), "city": ground.ventspils.city, "languages": ["lv"],
    }
    return make_offer(**{**given, **fields})


def ask(ground: Exchange, **fields: Any) -> EncounterRequest:
    given = {
        "actor": ground.anna, "school": ground.ventspils, "kind": "employer", "way": "talk", "name": "Inženieris stundā",
        "outcomes": "Zina, kā matemātiku lieto darbā.", "pupils": 12, "hours": Decimal(1), "from_on": TODAY,
        "until_on": TODAY + timedelta(days=60), "answer_by": TODAY + timedelta(days=7),
    }
    return ask_for_encounter(**{**given, **fields})

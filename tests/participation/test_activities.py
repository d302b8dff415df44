"""Activities are added by who runs them; organisations apply for grants and get them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.evidence.models import EvidenceRow
from microcities.participation.actions.activities import add_activity
from microcities.participation.actions.records import confirm_record, enrol_organisation, record_award
from microcities.participation.models import Activity, Participation
from microcities.people.models import Organisation
from microcities.trail.models import Action
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db
FIELDS = {
    "code": "camp-2019", "kind": "career_support", "name": "Karjeras nometne", "starts_on": date(2019, 8, 5),
    "ends_on": date(2019, 8, 9),
}


def added(world: World, account: str, **fields: object) -> Activity:
    return add_activity(
        actor=world.everybody()[account], programme=world.programme, organisation=world.valmiera_partner,
        city=world.valmiera, **{**FIELDS, **fields},
    )


@pytest.mark.parametrize(
    ("account", "may"),
    [("valda", True), ("marta", True), ("ventis", False), ("aija", False), ("dace", False), ("otto", False),
     ("svens", False), ("pupil", False)],
)
def test_activity_is_added_by_its_partner_and_the_manager(world: World, account: str, may: bool) -> None:
    if not may:
        with pytest.raises(RefusedError):
            added(world, account)
        assert not Activity.objects.filter(code="camp-2019").exists()
        return
    activity = added(world, account)
    assert (activity.organisation, activity.city) == (world.valmiera_partner, world.valmiera)
    line = Action.objects.get(verb="participation.add_activity")
    assert line.actor_id == world.everybody()[account].pk


def test_activity_is_run_by_a_partner_in_a_city_of_the_programme(world: World) -> None:
    stranger = factories.make_organisation("SIA Svešais", kind="company")
    with pytest.raises(RefusedError, match="Only a partner"):
        add_activity(
            actor=world.marta, programme=world.programme, organisation=stranger, city=world.valmiera, **FIELDS
        )
    with pytest.raises(RefusedError, match="This city"):
        add_activity(
            actor=world.marta, programme=world.programme, organisation=world.valmiera_partner,
            city=factories.make_city("cesis", "Cēsis"), **FIELDS,
        )


@pytest.mark.parametrize("wrong", [{"code": "summer-2019"}, {"ends_on": date(2019, 8, 4)}, {"kind": "party"}])
def test_activity_that_cannot_be_is_refused(world: World, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        added(world, "valda", **wrong)
    assert Activity.objects.count() == 2


@pytest.fixture
def call(world: World) -> Activity:
    """A grant call of the Valmiera partner."""
    return added(world, "valda", code="zile-2019", kind="grant_call", ends_on=date(2019, 11, 30))


@pytest.fixture
def company(world: World) -> Organisation:
    return factories.make_organisation("SIA Pieteicējs", kind="company")


def applied(world: World, call: Activity, company: Organisation) -> Participation:
    return enrol_organisation(
        actor=world.valda, activity=call, organisation=company, applied_on=date(2019, 3, 11),
        proof_reference="Pieteikums 7", fundings=(world.erdf, world.city_budget),
    )


def test_application_is_entered_once_and_counts(world: World, call: Activity, company: Organisation) -> None:
    record = applied(world, call, company)
    assert (record.proof, record.brought_by_id, record.person_id) == ("document", world.valda.pk, None)
    rows = EvidenceRow.objects.filter(record_id=record.pk)
    assert set(rows.values_list("measure", "subject_kind", "subject_id")) == {
        ("grants.applied", "organisation", company.pk)
    }
    with pytest.raises(RefusedError, match="applied in this call already"):
        applied(world, call, company)


def test_organisation_is_entered_into_grant_calls_only_by_who_runs_them(
    world: World, call: Activity, company: Organisation
) -> None:
    with pytest.raises(RefusedError, match="People take part"):
        applied(world, world.summer, company)
    with pytest.raises(RefusedError, match="another organisation"):
        enrol_organisation(actor=world.ventis, activity=call, organisation=company, applied_on=date(2019, 3, 11))
    assert Participation.objects.count() == 0


def test_award_has_its_day_amount_and_payer(world: World, call: Activity, company: Organisation) -> None:
    record = applied(world, call, company)
    record_award(actor=world.valda, record=record, awarded_on=date(2019, 8, 8), amount=Decimal("4400.00"))
    record.refresh_from_db()
    assert (record.started_on, record.amount) == (date(2019, 8, 8), Decimal("4400.00"))
    assert list(record.fundings.order_by("pk").values_list("funding_source__code", "amount")) == [
        ("nextgen-erdf", Decimal("4400.00")), ("valmiera-budget", None)
    ]
    assert EvidenceRow.objects.filter(record_id=record.pk, measure="grants.supported", known_to=None).count() == 1
    with pytest.raises(RefusedError, match="supported already"):
        record_award(actor=world.valda, record=record, awarded_on=date(2019, 8, 8), amount=Decimal(1))


def test_award_is_shown_on_the_records_page(
    client: Client, world: World, call: Activity, company: Organisation
) -> None:
    record = applied(world, call, company)
    record_award(actor=world.valda, record=record, awarded_on=date(2019, 8, 8), amount=Decimal("4400.00"))
    client.force_login(world.marta)
    assert "EUR\N{NO-BREAK SPACE}4,400.00" in client.get(f"/en/participations/{record.pk}/").content.decode()


@pytest.mark.parametrize(
    ("amount", "day"), [("0", date(2019, 8, 8)), ("-1", date(2019, 8, 8)), ("10", date(2019, 12, 1))]
)
def test_award_that_cannot_be_is_refused(
    world: World, call: Activity, company: Organisation, amount: str, day: date
) -> None:
    record = applied(world, call, company)
    with pytest.raises(RefusedError):
        record_award(actor=world.valda, record=record, awarded_on=day, amount=Decimal(amount))
    record.refresh_from_db()
    assert (record.started_on, record.amount) == (None, None)


def test_award_has_to_be_confirmed_again(world: World, call: Activity, company: Organisation) -> None:
    record = applied(world, call, company)
    confirm_record(actor=world.marta, record=record)
    record_award(actor=world.valda, record=record, awarded_on=date(2019, 8, 8), amount=Decimal(10))
    record.refresh_from_db()
    assert (record.verification, record.verified_by_id) == ("unverified", None)

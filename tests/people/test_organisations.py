"""Organisations enter the record once, by staff; set-up opens accounts whose address is proven."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError

from microcities.access.answers import RefusedError
from microcities.people.actions.accounts import open_account
from microcities.people.actions.organisations import add_organisation
from microcities.people.models import Account, Organisation
from microcities.trail.context import System
from microcities.trail.models import Action
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
SETUP = System("test")


@pytest.mark.parametrize(
    ("account", "may"),
    [("valda", True), ("ventis", True), ("marta", True), ("aija", False), ("dace", False), ("otto", False),
     ("svens", False), ("pupil", False)],
)
def test_organisation_is_added_by_staff(world: World, account: str, may: bool) -> None:
    actor = world.everybody()[account]
    if not may:
        with pytest.raises(RefusedError, match="partners' staff"):
            add_organisation(actor=actor, name="SIA „Trīs vadi”", kind="company")
        return
    made = add_organisation(actor=actor, name=" SIA „Trīs vadi” ", kind="company", place="valmiera")
    assert (made.name, made.place) == ("SIA „Trīs vadi”", "valmiera")
    assert Action.objects.get(verb="people.add_organisation").actor_id == actor.pk


def test_organisation_of_a_known_name_needs_both_numbers() -> None:
    add_organisation(actor=SETUP, name="Valmieras Tehnikums", kind="technikum")
    for number in ("", "90000051970"):
        with pytest.raises(RefusedError, match="known already"):
            add_organisation(actor=SETUP, name="valmieras tehnikums", kind="technikum", registration_number=number)
    assert Organisation.objects.count() == 1


def test_two_organisations_of_one_name_are_told_apart_by_their_numbers() -> None:
    for number in ("90000051970", "40003032949"):
        add_organisation(actor=SETUP, name="Biedrība", kind="ngo", registration_number=number)
    assert Organisation.objects.count() == 2


@pytest.mark.parametrize("number", ["90000051971", "90000051970"])
def test_wrong_or_taken_number_is_refused(number: str) -> None:
    add_organisation(actor=SETUP, name="Pirmā", kind="ngo", registration_number="90000051970")
    with pytest.raises(ValidationError):
        add_organisation(actor=SETUP, name="Otrā", kind="ngo", registration_number=number)


def test_account_is_opened_with_a_proven_address() -> None:
    account = open_account(actor=SETUP, email="Liga@Example.org", encoded_password=make_password("Ziemelu-vejs-1"))
    address = EmailAddress.objects.get(user=account)
    assert (account.email, address.email, address.verified, address.primary) == (
        "liga@example.org", "liga@example.org", True, True
    )
    assert account.check_password("Ziemelu-vejs-1")
    assert Action.objects.get(verb="people.open_account").system == "test"


def test_account_opened_without_a_password_lets_nobody_in() -> None:
    account = open_account(actor=SETUP, email="liga@example.org")
    assert not account.has_usable_password()
    assert Account.objects.get().language == "lv"

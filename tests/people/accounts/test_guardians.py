"""Guardians are confirmed by staff, consent by the rulebook's age, see their ward, and stop at eighteen."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.people.actions.guardians import confirm_guardian, end_guardianships_of_adults
from microcities.people.models import Account, Guardianship, Person
from microcities.people.rules import last_day_as_minor, may_consent, own_consent_age
from microcities.trail.models import Look
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def child_of(world: World, age: int) -> tuple[Person, Account]:
    """A child of that age whom Valmiera knows, and the account of its confirmed guardian."""
    today = timezone.localdate()
    child = factories.make_person("Anna", "Ozola", birth_on=date(today.year - age, 1, 1))
    factories.register(child, world.valmiera_partner)
    mother = factories.make_person("Ilze", "Ozola", birth_on=date(1985, 1, 1))
    parent = factories.make_account("mate@example.org", mother)
    confirm_guardian(actor=world.valda, guardian=parent.person, ward=child, proof="dzimšanas apliecība")
    return child, parent


def test_age_of_own_consent_comes_from_the_rulebook() -> None:
    assert own_consent_age(date(2018, 6, 1)) == 16  # the European default, before the Latvian law
    assert own_consent_age(date(2019, 6, 1)) == 13


@pytest.mark.parametrize(("age", "alone", "guardian"), [(10, False, True), (12, False, True), (13, True, False),
                                                        (17, True, False)])
def test_who_consents_at_which_age(world: World, age: int, alone: bool, guardian: bool) -> None:
    child, parent = child_of(world, age)
    today = timezone.localdate()
    assert bool(may_consent(child, child, today)) is alone
    assert bool(may_consent(parent.person, child, today)) is guardian
    assert not may_consent(world.zane, child, today)


def test_only_staff_who_know_the_child_confirm_and_never_for_themselves(world: World) -> None:
    child, parent = child_of(world, 10)
    for stranger in (world.ventis, world.aija, world.dace, world.svens, world.pupil):
        with pytest.raises(RefusedError):
            confirm_guardian(actor=stranger, guardian=world.zane, ward=child, proof="x")
    factories.give_role(parent, world.valmiera_partner, "partner_reporter")
    with pytest.raises(RefusedError, match="Somebody else has to confirm"):
        confirm_guardian(actor=parent, guardian=parent.person, ward=child, proof="x")
    assert Guardianship.objects.count() == 1


def test_unfit_pairs_are_refused(world: World) -> None:
    unknown = factories.make_person("Bez", "Datuma")
    adult = factories.make_person("Liels", "Cilvēks", birth_on=date(1990, 1, 1))
    for person in (unknown, adult):
        factories.register(person, world.valmiera_partner)
        with pytest.raises(RefusedError):
            confirm_guardian(actor=world.valda, guardian=world.zane, ward=person, proof="x")
    with pytest.raises(RefusedError, match="own guardian"):
        confirm_guardian(actor=world.valda, guardian=world.peteris, ward=world.peteris, proof="x")
    young = factories.make_person("Jauna", "Māsa", birth_on=timezone.localdate() - timedelta(days=16 * 365))
    with pytest.raises(RefusedError, match="full age"):
        confirm_guardian(actor=world.valda, guardian=young, ward=world.peteris, proof="x")


def test_guardian_sees_the_ward_and_the_look_is_logged(world: World, client: Client) -> None:
    child, parent = child_of(world, 10)
    client.force_login(parent)
    assert child.name in client.get("/people/family/").content.decode()
    answer = client.get(f"/people/family/{child.public_id}/")
    assert answer.status_code == 200
    assert "Valmieras Attīstības aģentūra" in answer.content.decode()
    look = Look.objects.get()
    assert (look.person_id, look.actor_id, look.reason) == (child.pk, parent.pk, "people.ward")


def test_stranger_and_other_guardian_do_not_see_the_ward(world: World, client: Client) -> None:
    child, _parent = child_of(world, 10)
    factories.make_account("zane@example.org", world.zane)
    for name in ("pupil",):
        client.force_login(getattr(world, name))
        assert client.get(f"/people/family/{child.public_id}/").status_code == 404
    client.force_login(world.svens)
    assert client.get(f"/people/family/{child.public_id}/").status_code == 403
    assert not Look.objects.exists()


def test_guardianship_ends_by_itself_on_the_eighteenth_birthday(world: World, client: Client) -> None:
    child, parent = child_of(world, 17)
    birthday = last_day_as_minor(child.birth_on) + timedelta(days=1)
    assert (birthday.month, birthday.day) == (1, 1)
    day_before, day = (timezone.make_aware(timezone.datetime.combine(d, timezone.datetime.min.time())) for d in
                       (birthday - timedelta(days=1), birthday))
    with time_machine.travel(day_before + timedelta(hours=12), tick=False):
        assert child in Person.objects.visible_to(parent)
        client.force_login(parent)
        assert client.get(f"/people/family/{child.public_id}/").status_code == 200
    with time_machine.travel(day + timedelta(hours=1), tick=False):
        assert child not in Person.objects.visible_to(parent)
        client.force_login(parent)
        assert client.get(f"/people/family/{child.public_id}/").status_code == 404


def test_last_day_as_minor_of_whoever_was_born_on_29_february() -> None:
    assert last_day_as_minor(date(2008, 2, 29)) == date(2026, 2, 28)
    assert last_day_as_minor(date(2008, 6, 1)) == date(2026, 5, 31)


def test_corrected_date_of_birth_moves_the_end(world: World) -> None:
    child, _parent = child_of(world, 10)
    Person.objects.filter(pk=child.pk).update(birth_on=date(timezone.localdate().year - 17, 1, 1))
    assert end_guardianships_of_adults(on=timezone.localdate()) == 1
    assert Guardianship.objects.get().valid_to == date(timezone.localdate().year, 12, 31)
    assert end_guardianships_of_adults(on=timezone.localdate()) == 0


def test_staff_confirm_a_guardian_on_the_page(world: World, client: Client) -> None:
    parent = factories.make_account("tevs@example.org", factories.make_person("Jānis", "Ozols"))
    client.force_login(world.valda)
    address = f"/people/guardians/{world.peteris.public_id}/"
    answer = client.post(address, {"guardian_email": "tevs@example.org", "proof": "apliecība", "seen": "on"})
    assert answer.status_code == 302
    assert Guardianship.objects.get().guardian == parent.person
    missing = client.post(address, {"guardian_email": "nav@example.org", "proof": "apliecība", "seen": "on"})
    assert missing.status_code == 422
    client.force_login(world.ventis)
    assert client.get(address).status_code == 404


def test_page_of_a_minor_leads_staff_who_know_the_child_to_its_guardians(world: World, client: Client) -> None:
    page, link = f"/en/persons/{world.peteris.public_id}/", f"/en/people/guardians/{world.peteris.public_id}/"
    client.force_login(world.valda)
    assert link in client.get(page).content.decode()
    client.force_login(world.aija)  # sees everybody and keeps nobody's record
    assert link not in client.get(page).content.decode()
    client.force_login(world.ventis)
    adult = client.get(f"/en/persons/{world.zane.public_id}/")
    assert adult.status_code == 200
    assert "/people/guardians/" not in adult.content.decode()


def test_programme_manager_sees_the_members_of_every_partner(world: World, client: Client) -> None:
    client.force_login(world.marta)
    assert "valda@example.org" in client.get("/en/people/members/").content.decode()
    client.force_login(world.ventis)
    assert "valda@example.org" not in client.get("/en/people/members/").content.decode()

"""Details of a person put right by staff of an organisation that knows the person."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from microcities.access.answers import RefusedError
from microcities.people.actions.persons import correct_person
from microcities.people.models import Person
from microcities.trail.models import Action, Look
from tests import factories
from tests.world import World

pytestmark = pytest.mark.django_db


def typed(person: Person, **values: str) -> dict[str, str]:
    """The form as it stands for a person, with some of it typed anew."""
    born = person.birth_on
    return {
        "given_name": person.given_name, "family_name": person.family_name, "sex": person.sex, "email": person.email,
        "phone": person.phone, "language": person.language, "country": person.country, "place": person.place,
        "birth_on_day": str(born.day) if born else "", "birth_on_month": str(born.month) if born else "",
        "birth_on_year": str(born.year) if born else "", "reason": "Jauns tālrunis, teica pati", **values,
    }


def test_details_are_corrected_with_the_reason_and_nothing_else_changes(client: Client, world: World) -> None:
    before = Person.objects.values().get(pk=world.peteris.pk)
    client.force_login(world.valda)
    address = f"/en/persons/{world.peteris.public_id}/"
    assert f'href="{address}correct/"' in client.get(address).content.decode()
    values = typed(world.peteris, phone="+371 20000001", family_name="Ozoliņš", place="Valmiera", country="lv")
    answer = client.post(f"{address}correct/", values)
    assert (answer.status_code, answer.headers.get("Location")) == (302, address)
    after = Person.objects.values().get(pk=world.peteris.pk)
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert changed == {"phone": "+371 20000001", "family_name": "Ozoliņš", "place": "valmiera", "country": "LV"}
    told = Action.objects.filter(verb="people.correct_person").latest("pk")
    assert (told.actor_id, told.reason) == (world.valda.pk, "Jauns tālrunis, teica pati")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("reason", {"reason": ""}), ("country", {"country": "QQ"}), ("email", {"email": "nav adrese"}),
        ("birth_on", {"birth_on_year": "2999", "birth_on_month": "1", "birth_on_day": "1"}), ("given_name", {"given_name": ""}),
        ("sex", {"sex": "unclear"}),
    ],
)
def test_wrong_value_stands_at_its_field_and_changes_nothing(
    client: Client, world: World, name: str, values: dict[str, str]
) -> None:
    before = Person.objects.values().get(pk=world.peteris.pk)
    client.force_login(world.valda)
    answer = client.post(f"/en/persons/{world.peteris.public_id}/correct/", typed(world.peteris, **values))
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [name])
    assert Person.objects.values().get(pk=world.peteris.pk) == before


@pytest.mark.parametrize(
    ("name", "status"), [("valda", 200), ("ventis", 404), ("marta", 403), ("aija", 403), ("dace", 403), ("pupil", 403)]
)
def test_page_is_for_staff_who_know_the_person(client: Client, world: World, name: str, status: int) -> None:
    client.force_login(world.everybody()[name])
    address = f"/en/persons/{world.peteris.public_id}/correct/"
    assert client.get(address).status_code == status
    if status != 200:
        assert client.post(address, typed(world.peteris, phone="1")).status_code == status
        world.peteris.refresh_from_db()
        assert world.peteris.phone != "1"


def test_look_at_a_minor_to_correct_is_logged(client: Client, world: World) -> None:
    minor = factories.make_person("Elīna", "Kalniņa", birth_on=date(2014, 5, 1))
    factories.register(minor, world.valmiera_partner)
    client.force_login(world.valda)
    client.get(f"/en/persons/{minor.public_id}/correct/")
    look = Look.objects.latest("pk")
    assert (look.person_id, look.actor_id) == (minor.pk, world.valda.pk)


def test_merged_record_foreign_field_and_wrong_value_are_refused(world: World) -> None:
    gone = factories.make_person("Anna", "Liepa")
    factories.register(gone, world.valmiera_partner)
    Person.objects.filter(pk=gone.pk).update(merged_into=world.peteris)
    gone.refresh_from_db()
    with pytest.raises(RefusedError):
        correct_person(actor=world.valda, person=gone, reason="Kļūda", phone="1")
    with pytest.raises(ValueError, match="code_hash"):
        correct_person(actor=world.valda, person=world.peteris, reason="Kļūda", code_hash=b"1")
    with pytest.raises(ValidationError):
        correct_person(actor=world.valda, person=world.peteris, reason="Kļūda", sex="unclear")

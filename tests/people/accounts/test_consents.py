"""Consent is asked in plain words, given by whoever may, kept with the words as proof, and withdrawn as easily."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone, translation

from microcities.access.answers import RefusedError
from microcities.people.actions.consents import give_consent, withdraw_consent
from microcities.people.actions.guardians import confirm_guardian
from microcities.people.consent_texts import ConsentText, has_consented, text_of, texts_on
from microcities.people.models import Account, Consent, Guardianship, Person
from microcities.privacy.export import export_person
from microcities.trail.models import Action, Look
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def photos(version: str = "") -> ConsentText:
    found = text_of("photos", timezone.localdate())
    assert found is not None
    return found if not version else ConsentText(found.code, version, "en", found.name, found.lines, found.months)


def child_of(world: World, age: int) -> tuple[Person, Account, Account]:
    """A child of that age, the guardian's account, the child's own."""
    child = factories.make_person("Anna", "Ozola", birth_on=date(timezone.localdate().year - age, 1, 1))
    factories.register(child, world.valmiera_partner)
    parent = factories.make_account(
        "mate@example.org", factories.make_person("Ilze", "Ozola", birth_on=date(1985, 1, 1))
    )
    confirm_guardian(actor=world.valda, guardian=parent.person, ward=child, proof="dzimšanas apliecība")
    return child, parent, factories.make_account("anna@example.org", child)


def test_text_says_who_asks_what_for_which_data_how_long_and_what_follows() -> None:
    found = photos()
    assert [label for label, _words in found.lines] == [
        "What you agree to", "Who asks", "What for", "Which data", "How long", "When you withdraw",
        "When you do not consent",
    ]
    assert dict(found.lines)["How long"] == "36 months"
    assert found.words.startswith("Photos and first name in publications\nWhat you agree to: I agree that")
    with translation.override("lv"):
        assert [each.name for each in texts_on(timezone.localdate())] == [
            "Fotoattēli un vārds publikācijās", "Jautājumi pēc programmas",
        ]


def test_page_gives_and_withdraws_by_one_button_each_and_keeps_the_words(world: World, client: Client) -> None:
    account = factories.make_account("zane@example.org", world.zane)
    client.force_login(account)
    page = client.get("/en/people/consents/").content.decode()
    assert "The programme" in page or "The partners of the programme" in page
    assert page.count(">I consent<") == 2
    client.post("/en/people/consents/photos/give/", {"version": photos().version})
    consent = Consent.objects.get()
    assert (consent.person, consent.given_by, consent.text_version, consent.language) == (
        world.zane, world.zane, "house-2018", "en",
    )
    assert consent.text == photos().words
    assert consent.valid_to is not None
    assert (consent.valid_to.year, has_consented(world.zane, "photos", timezone.localdate())) == (
        timezone.localdate().year + 3, True,
    )
    page = client.get("/en/people/consents/").content.decode()
    assert page.count(">I consent<") == 1
    client.post(f"/en/people/consents/{consent.pk}/withdraw/")
    assert not has_consented(world.zane, "photos", timezone.localdate())
    assert client.get("/en/people/consents/").content.decode().count(">I consent<") == 2
    assert list(
        Action.objects.filter(verb__contains="_consent").order_by("pk").values_list("verb", "actor_id")
    ) == [("people.give_consent", account.pk), ("people.withdraw_consent", account.pk)]


def test_consent_to_words_that_changed_meanwhile_is_not_taken(world: World, client: Client) -> None:
    client.force_login(factories.make_account("zane@example.org", world.zane))
    client.post("/en/people/consents/photos/give/", {"version": "house-2011"})
    assert not Consent.objects.exists()
    assert client.post("/en/people/consents/no-such/give/", {"version": "house-2018"}).status_code == 404


def test_export_tells_of_consents_with_their_words(world: World) -> None:
    account = factories.make_account("zane@example.org", world.zane)
    give_consent(actor=account, person=world.zane, text=photos())
    table = next(each for each in export_person(world.zane)["records"] if each["table"] == "people.Consent")
    told = {field["name"]: field["value"] for field in table["rows"][0]["fields"]}
    assert (told["purpose"], told["text_version"], told["text"]) == ("photos", "house-2018", photos().words)
    assert told["withdrawn_at"] is None


def test_guardian_consents_for_a_young_child_who_may_withdraw(world: World, client: Client) -> None:
    child, parent, own = child_of(world, 10)
    client.force_login(parent)
    page = client.get(f"/en/people/family/{child.public_id}/consents/")
    assert "Consents for Anna Ozola" in page.content.decode()
    assert Look.objects.filter(person_id=child.pk, reason="people.consents").count() == 1
    client.post(f"/en/people/family/{child.public_id}/consents/photos/", {"version": photos().version})
    consent = Consent.objects.get()
    assert (consent.person, consent.given_by) == (child, parent.person)
    client.force_login(own)
    page = client.get("/en/people/consents/").content.decode()
    assert "younger than the age" in page
    assert ">I consent<" not in page
    client.post("/en/people/consents/photos/give/", {"version": photos().version})
    client.post("/en/people/consents/follow-up/give/", {"version": photos().version})
    assert Consent.objects.count() == 1
    client.post(f"/en/people/consents/{consent.pk}/withdraw/")
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_from_the_rulebooks_age_the_child_consents_and_the_guardian_no_longer(world: World) -> None:
    child, parent, own = child_of(world, 13)
    with pytest.raises(RefusedError, match="old enough to consent alone"):
        give_consent(actor=parent, person=child, text=photos())
    consent = give_consent(actor=own, person=child, text=photos())
    withdraw_consent(actor=parent, consent=consent)  # a guardian of a minor may
    assert not has_consented(child, "photos", timezone.localdate())


def test_strangers_and_staff_neither_see_nor_change_consents_of_others(world: World, client: Client) -> None:
    child, parent, _own = child_of(world, 10)
    consent = give_consent(actor=parent, person=child, text=photos())
    others = [world.pupil, factories.make_account("zane@example.org", world.zane)]
    for account in (world.valda, world.ventis, world.marta, world.dace, world.otto):
        account.person = factories.make_person("Darbinieks", account.email)
        account.save()
        others.append(account)
    for account in others:
        client.force_login(account)
        assert client.get(f"/en/people/family/{child.public_id}/consents/").status_code == 404
        assert client.post(f"/en/people/family/{child.public_id}/consents/photos/").status_code == 404
        assert client.post(f"/en/people/consents/{consent.pk}/withdraw/").status_code == 404
    consent.refresh_from_db()
    assert (consent.withdrawn_at, Consent.objects.count()) == (None, 1)
    client.force_login(world.svens)
    assert client.get("/en/people/consents/").status_code == 403


def test_same_words_make_one_consent_and_new_words_replace_it(world: World) -> None:
    account = factories.make_account("zane@example.org", world.zane)
    first = give_consent(actor=account, person=world.zane, text=photos())
    assert give_consent(actor=account, person=world.zane, text=photos()) == first
    second = give_consent(actor=account, person=world.zane, text=photos("house-2030"))
    first.refresh_from_db()
    assert (first.withdrawn_at, second.withdrawn_at) == (second.given_at, None)
    assert has_consented(world.zane, "photos", timezone.localdate())


def test_consent_runs_out_and_can_be_given_again(world: World, client: Client) -> None:
    account = factories.make_account("zane@example.org", world.zane)
    with time_machine.travel(datetime(2022, 3, 10, 12, tzinfo=UTC), tick=False):
        old = give_consent(actor=account, person=world.zane, text=photos())
    assert (old.valid_to, old.runs_on(date(2025, 3, 10)), old.runs_on(date(2025, 3, 11))) == (
        date(2025, 3, 10), True, False,
    )
    assert not has_consented(world.zane, "photos", date(2025, 3, 11))
    client.force_login(account)
    assert "ran out on" in client.get("/en/people/consents/").content.decode()
    again = give_consent(actor=account, person=world.zane, text=photos())
    assert (again != old, has_consented(world.zane, "photos", timezone.localdate())) == (True, True)


def test_staff_who_see_the_person_see_what_is_consented_to(world: World, client: Client) -> None:
    account = factories.make_account("zane@example.org", world.zane)
    client.force_login(world.ventis)
    address = f"/en/persons/{world.zane.public_id}/"
    assert "Consents in force" not in client.get(address).content.decode()
    give_consent(actor=account, person=world.zane, text=photos())
    assert "Photos and first name in publications" in client.get(address).content.decode()


def test_database_keeps_no_consent_without_its_words(world: World) -> None:
    with pytest.raises(IntegrityError, match="consent_keeps_its_words"), transaction.atomic():
        Consent.objects.create(
            person=world.zane, given_by=world.zane, purpose="photos", text_version="1", text="", language="lv",
            given_at=timezone.now(),
        )


def test_consents_over_a_guardianship_that_ended_are_out_of_reach(world: World, client: Client) -> None:
    child, parent, _own = child_of(world, 10)
    consent = give_consent(actor=parent, person=child, text=photos())
    Guardianship.objects.update(valid_from=date(2020, 1, 1), valid_to=timezone.localdate() - timedelta(days=1))
    client.force_login(parent)
    assert client.get(f"/en/people/family/{child.public_id}/consents/").status_code == 404
    assert client.post(f"/en/people/consents/{consent.pk}/withdraw/").status_code == 404

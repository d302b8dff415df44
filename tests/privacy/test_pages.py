"""Who reaches which privacy page, what it says, and what it leaves in the log."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from microcities.participation.models import Participation
from microcities.people.models import Account, Guardianship, Person
from microcities.privacy.actions import ask_about_data, place_hold
from microcities.privacy.models import LegalHold, Request, RetentionStart
from microcities.trail.context import change
from microcities.trail.models import Look
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def as_(client: Client, account: Account) -> Client:
    client.force_login(account)
    return client


def text(client: Client, name: str, *args: object, **kwargs: object) -> str:
    response = client.get(reverse(name, args=args, kwargs=kwargs))
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def guardian_of(child: Person) -> Account:
    guardian = factories.make_person("Ilze", "Ozola", birth_on=date(1985, 1, 1))
    Guardianship.objects.create(
        guardian=guardian, ward=child, proof="seen", valid_from=timezone.localdate(), confirmed_by_id=1
    )
    return factories.make_account("ilze@example.org", guardian)


@pytest.mark.parametrize("language", ["lv", "en"])
def test_public_pages_are_open_in_both_languages(client: Client, world: World, language: str) -> None:
    with translation.override(language):
        notice, record = text(client, "privacy:notice"), text(client, "privacy:record")
    assert world.ventspils_partner.name in notice
    assert notice.count("<h1>") == record.count("<h1>") == 1


def test_record_names_every_table_and_the_period_of_the_rulebook(client: Client) -> None:
    record = text(client, "privacy:record")
    for words in (
        "Guardianships",
        "Second factors",
        "given name, family name",
        "History of changes",
        "2 years",
        "24 months",
    ):
        assert words in record


OFFICE = (
    "privacy:requests",
    "privacy:all-looks",
    "privacy:holds",
    "privacy:new-hold",
    "privacy:retention",
    "privacy:clock",
)


@pytest.mark.parametrize("name", OFFICE)
def test_office_is_open_to_the_officer_alone(client: Client, world: World, name: str) -> None:
    found = {who: as_(client, account).get(reverse(name)).status_code for who, account in world.everybody().items()}
    assert {who for who, status in found.items() if status == 200} == {"dace"}
    assert {status for who, status in found.items() if who != "dace"} == {403}
    client.logout()
    assert client.get(reverse(name)).status_code == 302


def test_own_data_shows_and_is_logged_for_a_minor_only(client: Client, world: World) -> None:
    factories.take_part(world.summer, world.peteris)
    page = text(as_(client, world.pupil), "privacy:mine")
    assert "Pēteris" in page
    assert "Summer employment programme" in page
    assert list(Look.objects.values_list("person_id", "actor_id", "reason")) == [
        (world.peteris.pk, world.pupil.pk, "privacy.own_data")
    ]
    adult = factories.make_account("zane2@example.org", world.zane)
    text(as_(client, adult), "privacy:mine")
    assert Look.objects.filter(person_id=world.zane.pk).count() == 0


@pytest.mark.parametrize("format", ["json", "pdf"])
def test_download_writes_nothing_but_a_look(client: Client, world: World, format: str) -> None:
    adult = factories.make_account("zane2@example.org", world.zane)
    response = as_(client, adult).get(reverse("privacy:download", args=[format]))
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(f'.{format}"')
    assert "no-store" in response["Cache-Control"]
    assert list(Look.objects.values_list("person_id", "reason", "what")) == [(world.zane.pk, "privacy.export", format)]


def test_guardian_reads_and_downloads_a_wards_data_and_nobody_elses(client: Client, world: World) -> None:
    hers = as_(client, guardian_of(world.peteris))
    assert "Pēteris" in text(hers, "privacy:mine", reference=world.peteris.public_id)
    for name, more in (
        ("privacy:mine", {}),
        ("privacy:download", {"format": "json"}),
        ("privacy:ask", {"kind": "erasure"}),
    ):
        stranger = reverse(name, kwargs={"reference": world.zane.public_id, **more})
        assert hers.get(stranger).status_code == 404
    own = reverse("privacy:download", kwargs={"reference": world.peteris.public_id, "format": "json"})
    assert hers.get(own).json()["name"] == "Pēteris Ozols"


def test_staff_reach_nobodys_data_by_these_pages(client: Client, world: World) -> None:
    for account in (world.valda, world.marta, world.dace):
        address = reverse("privacy:mine", kwargs={"reference": world.peteris.public_id})
        assert as_(client, account).get(address).status_code == 403
    Account.objects.filter(pk=world.valda.pk).update(person=factories.make_person("Valda", "Liepa"))
    assert as_(client, Account.objects.get(pk=world.valda.pk)).get(address).status_code == 404


def test_guardianship_that_ended_opens_nothing(client: Client, world: World) -> None:
    account = guardian_of(world.peteris)
    yesterday = timezone.localdate() - timedelta(days=1)
    Guardianship.objects.update(valid_from=yesterday, valid_to=yesterday)
    address = reverse("privacy:mine", kwargs={"reference": world.peteris.public_id})
    assert as_(client, account).get(address).status_code == 404


def test_looks_page_names_role_and_organisation_to_child_and_guardian(client: Client, world: World) -> None:
    Look.objects.create(person_id=world.peteris.pk, actor_id=world.valda.pk, reason="results.evidence", what="record")
    for account in (world.pupil, guardian_of(world.peteris)):
        page = text(as_(client, account), "privacy:looks")
        assert "Partner&#x27;s reporting officer, Valmieras Attīstības aģentūra" in page
        assert "valda" not in page


def test_request_is_asked_answered_and_read(client: Client, world: World) -> None:
    mine = as_(client, world.pupil)
    assert mine.post(reverse("privacy:ask", args=["rectification"]), {"message": ""}).status_code == 422
    assert Request.objects.count() == 0
    assert mine.post(reverse("privacy:ask", args=["rectification"]), {"message": "Wrong name"}).status_code == 302
    asked = Request.objects.get()
    office = as_(client, world.dace)
    assert "Wrong name" in text(office, "privacy:request", asked.pk)
    assert Look.objects.filter(actor_id=world.dace.pk, person_id=world.peteris.pk).count() == 1
    office.post(reverse("privacy:request", args=[asked.pk]), {"decision": "grant", "answer": "Corrected today."})
    assert "Corrected today." in text(as_(client, world.pupil), "privacy:mine")


def test_erasure_asked_by_post_and_granted_signs_the_person_out_for_good(client: Client, world: World) -> None:
    factories.take_part(world.summer, world.peteris)
    theirs = Client()
    theirs.force_login(world.pupil)
    theirs.post(reverse("privacy:ask", args=["erasure"]), {"message": ""})
    asked = Request.objects.get()
    office = as_(client, world.dace)
    office.post(reverse("privacy:request", args=[asked.pk]), {"decision": "grant", "answer": "Done."})
    assert Person.objects.get(pk=world.peteris.pk).erased_at is not None
    assert Participation.objects.filter(person=world.peteris).count() == 1
    assert theirs.get(reverse("privacy:mine")).status_code == 302


def test_hindered_erasure_shows_the_reason_on_the_form(client: Client, world: World) -> None:
    asked = ask_about_data(actor=world.pupil, person=world.peteris, kind="erasure", message="")
    place_hold(actor=world.dace, reason="court", from_on=timezone.localdate(), person=world.peteris)
    office = as_(client, world.dace)
    assert "The record must stay for now" in text(office, "privacy:request", asked.pk)
    answer = {"decision": "grant", "answer": "Done."}
    response = office.post(reverse("privacy:request", args=[asked.pk]), answer)
    assert response.status_code == 422
    assert "Article 17(3)(e)" in response.content.decode()
    assert Person.objects.get(pk=world.peteris.pk).erased_at is None


def test_hold_is_placed_and_ended_and_wrong_input_is_explained(client: Client, world: World) -> None:
    office = as_(client, world.dace)
    day = {"from_on_day": "1", "from_on_month": "2", "from_on_year": "2026"}
    both = {"person": str(world.zane.public_id), "programme": world.programme.pk, "reason": "court", **day}
    assert "one of the two" in office.post(reverse("privacy:new-hold"), both).content.decode()
    nobody = {"person": "0b0b0b0b-0000-4000-8000-000000000000", "reason": "court", **day}
    assert "Nobody has this reference" in office.post(reverse("privacy:new-hold"), nobody).content.decode()
    assert office.post(reverse("privacy:new-hold"), {**both, "programme": ""}).status_code == 302
    hold = LegalHold.objects.get()
    assert (hold.person, hold.placed_by_id) == (world.zane, world.dace.pk)
    ended = {"to_on_day": "1", "to_on_month": "1", "to_on_year": "2026"}
    assert "before it began" in office.post(reverse("privacy:end-hold", args=[hold.pk]), ended).content.decode()
    assert office.post(reverse("privacy:end-hold", args=[hold.pk]), {**ended, "to_on_month": "3"}).status_code == 302
    assert "not in force" in text(office, "privacy:holds")


def test_retention_is_previewed_and_run_only_when_sure(client: Client, world: World) -> None:
    person = factories.make_person("Anna", "Sena")
    factories.take_part(world.summer, person)
    office = as_(client, world.dace)
    clock = {
        "programme": world.programme.pk,
        "clock": "erdf-2014-large",
        "source": "letter 4-1/77",
        "event_on_day": "16",
        "event_on_month": "5",
        "event_on_year": "2021",
    }
    assert office.post(reverse("privacy:clock"), clock).status_code == 302
    assert RetentionStart.objects.get().event_on == date(2021, 5, 16)
    assert f'>{person.pk}</th>' in text(office, "privacy:retention")
    assert office.post(reverse("privacy:retention"), {}).status_code == 200
    assert Person.objects.get(pk=person.pk).erased_at is None
    assert office.post(reverse("privacy:retention"), {"sure": "on"}).status_code == 302
    assert Person.objects.get(pk=person.pk).erased_at is not None


def test_row_history_is_told_in_sentences_to_those_allowed(client: Client, world: World) -> None:
    with change("people.rename", actor=world.valda, reason="passport seen"):
        Person.objects.filter(pk=world.peteris.pk).update(family_name="Ozoliņš")
    address = ["people_person", world.peteris.pk]
    page = text(as_(client, world.aija), "trail:row", *address)
    assert "family name: from “Ozols” to “Ozoliņš”" in page
    assert "valda@example.org (Partner&#x27;s reporting officer, Valmieras Attīstības aģentūra)" in page
    assert "Reason: passport seen" in page
    assert Look.objects.filter(actor_id=world.aija.pk, person_id=world.peteris.pk, reason="trail.row").count() == 1
    statuses = {
        who: as_(client, account).get(reverse("trail:row", args=address)).status_code
        for who, account in world.everybody().items()
    }
    assert {who for who, status in statuses.items() if status == 200} == {"marta", "aija", "dace", "pupil"}


def test_history_of_a_deleted_row_an_unknown_table_and_a_wrong_number(client: Client, world: World) -> None:
    row = factories.take_part(world.summer, world.zane)
    number = row.pk
    row.delete()
    auditor = as_(client, world.aija)
    assert "deleted" in text(auditor, "trail:row", "participation_participation", number)
    for table, row_id in (("people_person", 987654321), ("django_session", "x"), ("people_person", "x")):
        assert auditor.get(reverse("trail:row", args=[table, row_id])).status_code == 404
    assert (
        as_(client, world.valda).get(reverse("trail:row", args=["participation_participation", number])).status_code
        == 403
    )


def test_secrets_stay_out_of_the_history(client: Client, world: World) -> None:
    world.pupil.set_password("a very new password")
    world.pupil.save()
    page = text(as_(client, world.aija), "trail:row", "people_account", world.pupil.pk)
    assert "argon2" not in page
    assert "password" not in page.lower().split("</h1>")[1]


def test_list_of_actions_filters_and_exports(client: Client, world: World) -> None:
    with change("privacy.place_hold", actor=world.dace, reason="court of Ventspils"):
        pass
    auditor = as_(client, world.aija)
    page = text(auditor, "trail:actions")
    assert "placed a legal hold" in page
    assert "dace@example.org (Data protection officer, Ventspils Augsto tehnoloģiju parks)" in page
    assert auditor.get(reverse("trail:actions"), {"format": "csv"}).status_code == 200
    assert as_(client, world.valda).get(reverse("trail:actions")).status_code == 403

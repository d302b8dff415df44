"""An erased person is found nowhere, by name or code, in no table and no file, and the figures stand."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from microcities.access.answers import RefusedError
from microcities.notices.actions import deliver_due_notices
from microcities.participation.models import ListImport, ListRow, Participation
from microcities.people.models import Guardianship, MatchCandidate, Merge, Organisation, Person
from microcities.privacy.actions import ask_about_data, grant_request, lift_hold, place_hold, refuse_request
from microcities.privacy.erasure import ErasureRefusedError, erase_person
from microcities.privacy.models import LegalHold, Request
from microcities.privacy.walk import declared_fields
from microcities.trail.checking import check_trail
from microcities.trail.context import System
from microcities.trail.models import Action, Change
from microcities.trail.reading import history_of
from microcities.trail.sealing import seal
from tests import factories
from tests.privacy.planted import TOKEN, places_with, plant_account, plant_everywhere, plant_person
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.sql]
ACTOR = System("test")


def planted(world: World) -> Person:
    person = plant_person()
    factories.make_person("Juris", "Vanags")  # somebody else, for rows that tell of two
    account = plant_account(person)
    factories.give_role(account, world.valmiera_partner, "career_counsellor")
    factories.take_part(world.summer, person, world.erdf, hours=40)
    plant_everywhere(person)
    LegalHold.objects.update(to_on=date(2020, 2, 1))  # over long ago
    # A second round of values, and a row that is gone: what the history alone still holds.
    for model_person in Person.objects.filter(pk=person.pk):
        model_person.given_name, model_person.phone = f"{TOKEN}-former", f"{TOKEN}-phone"
        model_person.save()
    Participation.objects.filter(person=person).update(proof_reference=f"{TOKEN}-list")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM people_consent WHERE person_id = %s", [person.pk])
    return person


def test_planted_texts_are_nowhere_after_erasure(world: World) -> None:
    person = planted(world)
    assert {"public.people_person", "public.people_account", "public.trail_change", "public.mfa_authenticator"} <= set(
        places_with(TOKEN)
    )
    erased = erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert places_with(TOKEN) == []
    assert erased.rows["people.Person"] == 1
    assert erased.changes > 0
    with override("en"):
        assert person.name == "Erased person"


def test_planting_reaches_every_table_that_tells_of_persons(world: World) -> None:
    person = planted(world)
    erased = erase_person(actor=ACTOR, person=person, reason="asked for it")
    tables = {field.model for field in declared_fields() if not field.model.startswith(("trail.", "procrastinate."))}
    first_party = {
        label for label in tables if label.split(".")[0] not in ("account", "mfa", "socialaccount")
    }
    assert first_party - set(erased.rows) == {"people.Consent"}  # deleted before, its history is searched above


def test_record_becomes_an_unreadable_tombstone(world: World) -> None:
    person = planted(world)
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert (person.given_name, person.family_name, person.email, person.phone, person.code_hash) == (
        "",
        "",
        "",
        "",
        None,
    )
    assert person.birth_on == date(1990, 1, 1)
    assert person.erased_at is not None
    account = person.account
    assert account.email == f"erased-{account.pk}@erased.invalid"
    assert (account.is_active, account.has_usable_password(), account.last_login) == (False, False, None)
    assert [membership.valid_to for membership in account.memberships.all()] == [timezone.localdate()]


def test_participations_still_count_and_the_chain_verifies(world: World) -> None:
    person = planted(world)
    other = factories.take_part(world.summer, world.peteris, world.erdf)
    seal()
    before = Participation.objects.filter(activity=world.summer).values("pk", "person_id", "hours", "started_on")
    before_rows = list(before.order_by("pk"))
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert list(before.order_by("pk")) == before_rows
    assert other.pk in {row["pk"] for row in before_rows}
    seal()
    assert check_trail() == []


def test_history_without_anything_to_forget_stays_for_the_auditor(world: World) -> None:
    person = plant_person()
    row = factories.take_part(world.summer, person)
    Participation.objects.filter(pk=row.pk).update(hours=12)
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    steps = history_of("participation_participation", row.pk)
    assert [(step.operation, step.forgotten) for step in steps] == [("U", False), ("I", False)]
    forgotten = history_of("people_person", person.pk)
    assert [step.values for step in forgotten if step.operation == "U"] == [(), ()]
    assert {step.forgotten for step in forgotten if step.operation in "UI"} == {True}
    assert Change.objects.filter(table_name="people_person", row_id=person.pk, old__isnull=False).count() == 0


def test_merged_records_go_with_the_one_they_were_merged_into() -> None:
    kept, absorbed = plant_person(), plant_person()
    Person.objects.filter(pk=absorbed.pk).update(merged_into=kept)
    Merge.objects.create(kept=kept, absorbed=absorbed, reason=f"both are {TOKEN}", merged_by_id=1)
    absorbed.refresh_from_db()
    with override("en"), pytest.raises(ErasureRefusedError, match="Erase that one: both go together"):
        erase_person(actor=ACTOR, person=absorbed, reason="wrong one")
    erased = erase_person(actor=ACTOR, person=kept, reason="asked for it")
    assert erased.persons == {kept.pk, absorbed.pk}
    assert places_with(TOKEN) == []


def test_match_candidates_and_guardian_proofs_go_and_other_persons_stay() -> None:
    person, ward, like = (
        plant_person(),
        factories.make_person("Anna", "Kalniņa"),
        factories.make_person("Ilze", "Zariņa"),
    )
    Guardianship.objects.create(
        guardian=person, ward=ward, proof=f"passport {TOKEN}", valid_from=date(2020, 1, 1), confirmed_by_id=1
    )
    first, second = sorted((person, like), key=lambda each: each.pk)
    MatchCandidate.objects.create(first=first, second=second, score="0.900", reasons=[TOKEN])
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert MatchCandidate.objects.count() == 0
    assert Guardianship.objects.get(ward=ward).proof == ""
    assert Person.objects.get(pk=ward.pk).name == "Anna Kalniņa"
    assert places_with(TOKEN) == []


def test_files_are_deleted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from microcities.privacy import erasure

    person = plant_person()
    name = default_storage.save(f"{TOKEN}.txt", ContentFile(TOKEN.encode()))
    monkeypatch.setattr(
        erasure, "_files", lambda model, ids: [(default_storage, name)] if model is Person and person.pk in ids else []
    )
    assert places_with(TOKEN)
    assert erase_person(actor=ACTOR, person=person, reason="asked for it").files == 1
    assert places_with(TOKEN) == []


def test_legal_hold_on_person_or_programme_refuses_until_it_ends(world: World) -> None:
    person = plant_person()
    factories.take_part(world.summer, person)
    today = timezone.localdate()
    hold = place_hold(actor=world.dace, reason="court", from_on=today - timedelta(days=9), programme=world.programme)
    with pytest.raises(ErasureRefusedError):
        erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert Action.objects.filter(verb="privacy.erase_person").count() == 0
    lift_hold(actor=world.dace, hold=hold, to_on=today - timedelta(days=1))
    own = place_hold(actor=world.dace, reason="claim", from_on=today, person=person)
    with pytest.raises(ErasureRefusedError):
        erase_person(actor=ACTOR, person=person, reason="asked for it")
    lift_hold(actor=world.dace, hold=own, to_on=today)
    own.from_on = own.to_on = today - timedelta(days=1)
    own.save()
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    with override("en"), pytest.raises(ErasureRefusedError, match="erased already"):
        erase_person(actor=ACTOR, person=person, reason="again")


def test_request_is_asked_and_granted_once(world: World) -> None:
    person = plant_person(language="lv")
    account = plant_account(person)
    request = ask_about_data(actor=account, person=person, kind="erasure", message=f"please, {TOKEN}")
    with pytest.raises(RefusedError):
        ask_about_data(actor=account, person=person, kind="erasure", message="again")
    assert request.due_on > timezone.localdate() + timedelta(days=27)
    grant_request(actor=world.dace, request=request, answer=f"Done, {TOKEN}")
    request.refresh_from_db()
    assert (request.state, request.decided_by_id, request.message, request.answer) == ("granted", world.dace.pk, "", "")
    assert places_with(TOKEN) == ["public.notices_notice"]  # the letter that tells it; it goes once it has left
    assert deliver_due_notices() == 1
    assert places_with(TOKEN) == []
    with pytest.raises(RefusedError):
        refuse_request(actor=world.dace, request=request, answer="no")


def test_granting_what_the_law_keeps_is_refused_and_nothing_is_decided(world: World) -> None:
    person = plant_person()
    request = ask_about_data(actor=plant_account(person), person=person, kind="erasure", message="please")
    place_hold(actor=world.dace, reason="court", from_on=timezone.localdate(), person=person)
    with pytest.raises(RefusedError):
        grant_request(actor=world.dace, request=request, answer="Done")
    assert Request.objects.get(pk=request.pk).state == "open"
    refuse_request(actor=world.dace, request=request, answer="A court asks for the record.")
    assert Request.objects.get(pk=request.pk).answer == "A court asks for the record."


def test_young_child_does_not_ask_alone_but_the_guardian_does() -> None:
    today = timezone.localdate()
    child = factories.make_person("Anna", "Kalniņa", birth_on=today - timedelta(days=11 * 365))
    guardian = factories.make_person("Ilze", "Kalniņa", birth_on=date(1985, 1, 1))
    stranger = factories.make_account("x@example.org", factories.make_person("Juris", "Vanags"))
    own, hers = factories.make_account("a@example.org", child), factories.make_account("i@example.org", guardian)
    for account in (own, stranger, hers):
        with pytest.raises(RefusedError):
            ask_about_data(actor=account, person=child, kind="erasure", message="please")
    Guardianship.objects.create(guardian=guardian, ward=child, proof="seen", valid_from=today, confirmed_by_id=1)
    assert ask_about_data(actor=hers, person=child, kind="erasure", message="please").person == child
    with pytest.raises(RefusedError):
        ask_about_data(actor=own, person=child, kind="erasure", message="please")


def test_open_invitation_to_the_address_goes_although_no_person_is_tied_to_it(world: World) -> None:
    from microcities.people.models.invitations import Invitation

    person = plant_person()
    Invitation.objects.create(
        organisation=Organisation.objects.first(),
        role="participant",
        email=person.email.upper(),
        invited_by_id=1,
        expires_at=timezone.now() + timedelta(days=3),
    )
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert Invitation.objects.count() == 0
    assert places_with(TOKEN) == []


def test_row_of_a_list_goes_when_it_holds_the_address_or_the_hash_although_no_person_is_tied_to_it(
    world: World,
) -> None:
    person, rows = plant_person(), []
    waiting = ListImport.objects.create(
        activity=world.summer,
        organisation=world.valmiera_partner,
        file_name="list.csv",
        file_sha256="",
        signature="",
        uploaded_by_id=1,
    )
    for number, content in enumerate(
        ({"values": {"email": person.email}}, {"code_hash": person.code_hash}, {}), start=2
    ):
        rows.append(ListRow.objects.create(of_list=waiting, number=number, outcome="new", **content))
    ListRow.objects.filter(pk=rows[1].pk).update(values={"name": TOKEN})
    erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert places_with(TOKEN) == []
    assert places_with(person.email or TOKEN) == []


def test_letters_in_files_go_with_the_person_and_those_of_others_stay(
    world: World, tmp_path: Path, settings: object
) -> None:
    from django.core.mail import EmailMessage, get_connection

    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    person = plant_person()
    address = plant_account(person).email
    get_connection().send_messages(
        [EmailMessage("For you", f"Dear {TOKEN}", to=[f"Somebody <{address.upper()}>"]),
         EmailMessage("For another", "Dear Zane", to=["zane@example.org"])]
    )
    EmailMessage("Alone", f"Dear {TOKEN}", to=[person.email]).send()
    erased = erase_person(actor=ACTOR, person=person, reason="asked for it")
    assert erased.files == 2
    files = list(tmp_path.iterdir())
    assert len(files) == 1
    left = files[0].read_text()
    assert "zane@example.org" in left
    assert "For you" not in left
    assert TOKEN not in left

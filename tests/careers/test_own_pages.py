"""One's own careers page and a guardian's view of a child's: what stands there, who sees it, and what may be said."""

from dataclasses import asdict
from datetime import timedelta
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from microcities.careers.actions.notes import seal_note
from microcities.careers.documents import parts_of_record
from microcities.careers.models import Destination, Encounter, EncounterAttendance, GuidanceTalk, RecordStep
from microcities.people.models import Account, Person
from microcities.trail.models import Look
from tests.careers.conftest import Schools, make_pupil, place
from tests.events.conftest import make_event

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def met(schools: Schools, name: str = "Ekskursija darbnīcā", presence: str = "attended") -> EncounterAttendance:
    encounter = Encounter.objects.create(
        school=schools.ventspils, kind="workplace", name=name, held_on=timezone.localdate() - timedelta(days=3), hours=2
    )
    return EncounterAttendance.objects.create(encounter=encounter, person=schools.pupil, presence=presence)


def held(schools: Schools, **fields: Any) -> GuidanceTalk:
    return GuidanceTalk.objects.create(**{
        "person": schools.pupil, "organisation": schools.ventspils.organisation, "programme": schools.world.programme,
        "held_on": timezone.localdate() - timedelta(days=9), "minutes": 45, "adviser": schools.anna.person,
        "advice": "Apskatīt tehnikumu", "agreed": "Aiziet uz atvērto durvju dienu",
        "next_on": timezone.localdate() + timedelta(days=30), **fields,
    })


def test_own_page_tells_of_class_encounters_talks_plan_and_events(client: Client, schools: Schools) -> None:
    met(schools)
    talk = held(schools)
    event = make_event(schools.world, name="Robotikas diena", name_en="Day of robots", youngest=14, oldest=18)
    make_event(schools.world, name="Senioru rīts", name_en="Morning for the old", youngest=60)
    client.force_login(schools.pupil_account)
    shown = text(client.get("/en/careers/mine/"))
    for words in ("9.a", "Ekskursija darbnīcā", "was there", "Aiziet uz atvērto durvju dienu", "Anna Kalniņa", "Day of robots",
                  f"/en/careers/mine/talks/{talk.pk}/", "No plan yet", "Book a talk", str(event.uid)):
        assert words in shown
    assert "Morning for the old" not in shown
    assert "Apskatīt tehnikumu" in text(client.get(f"/en/careers/mine/talks/{talk.pk}/"))
    assert not Look.objects.filter(actor_id=schools.pupil_account.pk).exists()


def test_empty_page_says_so_in_each_part(client: Client, schools: Schools) -> None:
    client.force_login(schools.guardian)
    shown = text(client.get("/en/careers/mine/"))
    for words in ("No talk yet", "No meeting is recorded yet", "No plan yet", "No counsellor of your school", "Jānis Bērziņš"):
        assert words in shown


def test_guardian_sees_the_child_and_the_look_is_logged(client: Client, schools: Schools) -> None:
    met(schools)
    talk = held(schools)
    client.force_login(schools.guardian)
    shown = text(client.get(f"/en/careers/mine/{schools.pupil.public_id}/"))
    assert "Career: Jānis Bērziņš" in shown
    assert "Ekskursija darbnīcā" in shown
    assert "Aiziet uz atvērto durvju dienu" in shown
    assert client.get(f"/en/careers/mine/talks/{talk.pk}/").status_code == 200
    assert Look.objects.filter(person_id=schools.pupil.pk, reason="careers.own_record").count() == 2


@pytest.mark.parametrize("who", ["anna", "baiba", "guardian", "pupil_account"])
def test_nobody_else_has_this_page(client: Client, schools: Schools, who: str) -> None:
    talk = held(schools)
    client.force_login(getattr(schools, who))
    status = 200 if who in ("guardian", "pupil_account") else 404
    base, person = "/en/careers/mine/", schools.pupil.public_id
    pages = (f"{base}{person}/", f"{base}{person}/plan/", f"{base}{person}/book/", f"{base}talks/{talk.pk}/")
    assert [client.get(each).status_code for each in pages] == [status] * 4
    assert client.post(f"{base}{person}/read/").status_code == (302 if status == 200 else 404)


def test_guardian_of_former_times_sees_nothing(client: Client, schools: Schools) -> None:
    schools.pupil.guardianships_as_ward.update(valid_to=timezone.localdate() - timedelta(days=1))
    client.force_login(schools.guardian)
    assert client.get(f"/en/careers/mine/{schools.pupil.public_id}/").status_code == 404


def test_reading_is_noted_once_a_day_and_not_by_looking(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    assert "Nobody has said yet" in text(client.get("/en/careers/mine/"))
    assert RecordStep.objects.count() == 0
    for _time in range(2):
        client.post(f"/en/careers/mine/{schools.pupil.public_id}/read/")
    assert RecordStep.objects.filter(person=schools.pupil, kind="record_viewed").count() == 1
    assert "Last read on" in text(client.get("/en/careers/mine/"))


def test_plan_is_said_by_pupil_and_guardian_each_in_the_own_name(client: Client, schools: Schools) -> None:
    address = f"/en/careers/mine/{schools.pupil.public_id}/plan/"
    client.force_login(schools.pupil_account)
    answer = client.post(address, {"way": "work", "level": "5"})
    assert (answer.status_code, "A level belongs to studies" in text(answer)) == (422, True)
    answer = client.post(address, {"way": "study", "field_code": "06", "level": "3"}, follow=True)
    said = Destination.objects.get()
    assert (said.kind, said.field_code, said.level, said.confirmed_by, said.school) == (
        "intended", "06", 3, "pupil", schools.ventspils
    )
    assert "studies, secondary school or technikum, information and communication technologies" in text(answer)
    client.force_login(schools.guardian)
    again = client.post(address, {"way": "work"})
    assert (again.status_code, "noted today already" in text(again)) == (422, True)
    Destination.objects.all().delete()
    client.post(address, {"way": "work"})
    assert Destination.objects.get().confirmed_by == "guardian"


def test_account_without_a_person_has_no_page(client: Client, schools: Schools) -> None:
    client.force_login(schools.world.svens)
    assert client.get("/en/careers/mine/").status_code == 403


def test_menu_leads_to_the_page_for_those_with_a_record(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)
    assert 'href="/en/careers/mine/"' in text(client.get("/en/events/"))
    client.force_login(schools.world.svens)
    assert 'href="/en/careers/mine/"' not in text(client.get("/en/events/"))


def test_page_asks_as_often_for_many_rows(client: Client, schools: Schools) -> None:
    client.force_login(schools.pupil_account)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/careers/mine/").status_code == 200
        return len(queries)

    met(schools)
    held(schools)
    make_event(schools.world)
    asked()
    before = asked()
    for number in range(8):
        met(schools, f"Tikšanās {number}")
        held(schools)
        make_event(schools.world)
    assert asked() <= before + 1


def person_page(person: Person) -> str:
    with translation.override("en"):
        return reverse("persons:person", args=[person.public_id])


def test_staff_see_class_encounters_and_talks_on_the_persons_page(client: Client, schools: Schools) -> None:
    met(schools)
    talk = held(schools)
    client.force_login(schools.anna)
    shown = text(client.get(person_page(schools.pupil)))
    for words in ("9.a", "Ekskursija darbnīcā", f"/en/careers/talks/{talk.pk}/", "Offer a talk"):
        assert words in shown
    other = make_pupil(schools.ventspils, "Otrs")
    place(schools.nine_b, other)
    assert "Ekskursija darbnīcā" not in text(client.get(person_page(other)))


@pytest.mark.parametrize("language", ["", "/en"])
def test_record_goes_along_as_a_tagged_pdf(client: Client, schools: Schools, language: str) -> None:
    met(schools)
    held(schools)
    client.force_login(schools.pupil_account)
    answer = client.get(f"{language}/careers/mine/{schools.pupil.public_id}/record.pdf")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    with pikepdf.open(BytesIO(answer.content)) as document:
        root = document.Root
        assert (bool(root.MarkInfo.Marked), str(root.Lang)) == (True, language.strip("/") or "lv")
        title = str(document.docinfo["/Title"])
    assert title.endswith(": Jānis Bērziņš")
    assert Look.objects.filter(person_id=schools.pupil.pk, what="pdf").count() == 1


def words_of(account: Account, person: Person) -> str:
    """What the PDF is made of, without opening it."""
    return str([asdict(part) for part in parts_of_record(account, person, own=True)])


def test_record_holds_the_shared_part_and_never_the_sealed_one(schools: Schools) -> None:
    met(schools)
    seal_note(actor=schools.anna, talk=held(schools), text="Slepenais vārds")
    found = words_of(schools.pupil_account, schools.pupil)
    for words in ("Ekskursija darbnīcā", "Aiziet uz atvērto durvju dienu", "Apskatīt tehnikumu", "9.a", "Anna Kalniņa"):
        assert words in found
    assert "Slepenais vārds" not in found

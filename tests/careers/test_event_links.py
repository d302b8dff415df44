"""Classes put on an event's list whole, and an event's attendance recorded as an encounter with what the event says."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from microcities.careers.actions.encounters import record_from_event
from microcities.careers.event_links import said_by, unrecorded
from microcities.careers.models import Encounter
from microcities.events.models import Event, EventHost, Registration
from microcities.notices.worklist import tasks_for
from tests import factories
from tests.careers.conftest import Schools, attend, make_class, make_pupil, past_event, place

pytestmark = pytest.mark.django_db
LONG_AGO = timezone.now() - timedelta(days=60)


def text(response: Any) -> str:
    return response.content.decode()


@pytest.fixture
def coming(schools: Schools) -> Event:
    """A public career day tomorrow, planned by the other school."""
    start = timezone.now() + timedelta(days=1)
    return past_event(schools.valmiera, starts_at=start, ends_at=start + timedelta(hours=3), capacity=30)


def step(client: Client, event: Event, name: str, **values: Any) -> Any:
    data = {"key": str(uuid.uuid4()), "step": name, **values}
    return client.post(f"/en/events/{event.uid}/register/", data, follow=True)


def test_staff_put_their_own_classes_on_the_list_and_no_others(client: Client, schools: Schools, coming: Event) -> None:
    client.force_login(schools.anna)
    shown = text(client.get(f"/en/events/{coming.uid}/register/"))
    keys = [f"class-{each.pk}" for each in (schools.nine_a, schools.nine_b, schools.theirs)]
    assert [f'value="{key}"' in shown for key in keys] == [True, True, False]
    assert "checked" not in shown
    for account in (schools.guardian, schools.pupil_account, schools.world.aija):
        client.force_login(account)
        assert "id=\"group\"" not in text(client.get(f"/en/events/{coming.uid}/register/"))


def test_classes_add_up_and_bring_school_and_label_along(client: Client, schools: Schools, coming: Event) -> None:
    second = make_pupil(schools.ventspils, "Anete", "Liepa")
    place(schools.nine_b, second)
    former = make_pupil(schools.ventspils, "Fricis", "Skuja")
    place(schools.nine_b, former, left_on=timezone.localdate() - timedelta(days=1), reason="left")
    client.force_login(schools.anna)
    first = step(client, coming, "class", group=f"class-{schools.nine_a.pk}")
    form = first.context["form"]
    assert (form["people"].value(), form["label"].value()) == ([str(schools.pupil.public_id)], "9.a")
    both = step(
        client, coming, "class", group=f"class-{schools.nine_b.pk}", people=form["people"].value(), label="9.a",
    ).context["form"]
    people = both["people"].value()
    assert people == [str(schools.pupil.public_id), str(second.public_id)]
    assert (both["label"].value(), both["organisation"].value()) == ("9.a, 9.b", schools.ventspils.organisation_id)
    again = step(client, coming, "class", group=f"class-{schools.nine_b.pk}", people=people, label="9.a, 9.b").context["form"]
    assert (again["people"].value(), again["label"].value()) == (people, "9.a, 9.b")
    values = {"people": people, "organisation": both["organisation"].value(), "label": both["label"].value()}
    assert step(client, coming, "register", group=f"class-{schools.nine_b.pk}", **values).status_code == 200
    made = Registration.objects.get()
    assert (made.label, made.organisation, made.attendees.count()) == ("9.a, 9.b", schools.ventspils.organisation, 2)


@pytest.mark.parametrize("which", ["theirs", "none", "wrong"])
def test_another_schools_class_adds_nobody(client: Client, schools: Schools, coming: Event, which: str) -> None:
    client.force_login(schools.anna)
    key = {"theirs": f"class-{schools.theirs.pk}", "none": "", "wrong": "class-x"}[which]
    shown = step(client, coming, "class", group=key)
    assert (shown.status_code, shown.context["form"]["people"].value()) == (200, [])
    assert "Xqvorn" not in text(shown)


def test_only_classes_of_the_school_year_of_the_day_are_offered(client: Client, schools: Schools, coming: Event) -> None:
    old = make_class(schools.ventspils, "8.a", school_year=schools.nine_a.school_year - 1)
    client.force_login(schools.anna)
    assert f"class-{old.pk}" not in text(client.get(f"/en/events/{coming.uid}/register/"))


def test_event_says_what_it_was_and_each_host_once(schools: Schools) -> None:
    event = past_event(schools.valmiera, kind="career_day")
    firms = [factories.make_organisation(name, kind="company") for name in ("SIA „Ala”", "SIA „Bite”")]
    EventHost.objects.bulk_create(EventHost(event=event, organisation=firm) for firm in firms)
    attend(event, schools.pupil)
    told = said_by(event, schools.ventspils)
    assert told == {
        "event": event.pk, "kind": "employer", "host": firms[0].pk, "hours": Decimal(3), "mode": "in_person",
    }
    given = {"kind": "employer", "hours": 3, "event": event, "actor": schools.anna, "school": schools.ventspils}
    record_from_event(**given, host=firms[0])
    assert said_by(event, schools.ventspils)["host"] == firms[1].pk
    record_from_event(**given, host=firms[1])
    assert said_by(event, schools.ventspils)["host"] is None
    minutes = past_event(schools.valmiera, kind="workshop", ends_at=event.starts_at + timedelta(minutes=5))
    short = said_by(minutes, schools.ventspils)
    assert (short["kind"], short["hours"]) == ("other", Decimal("0.25"))


def test_event_waits_on_my_work_until_it_is_recorded(client: Client, schools: Schools) -> None:
    event = past_event(schools.valmiera)
    attend(event, schools.pupil)
    attend(past_event(schools.valmiera, name="Cita"), schools.stranger)
    attend(past_event(schools.valmiera, name="Neviens"), schools.pupil, "no_show")
    assert list(unrecorded(schools.anna, LONG_AGO)) == [event]
    (task,) = [each for each in tasks_for(schools.anna) if "/from-event/" in each.url]
    assert task.detail == "Karjeras diena"
    client.force_login(schools.anna)
    form = client.get(task.url).context["form"]
    assert (form["event"].value(), form["kind"].value(), form["hours"].value()) == (event.pk, "employer", Decimal(3))
    client.post(task.url, {"event": event.pk, "kind": "employer", "hours": "3", "mode": "in_person"})
    assert list(Encounter.objects.get().attendances.values_list("person", "presence")) == [(schools.pupil.pk, "attended")]
    assert list(unrecorded(schools.anna, LONG_AGO)) == []
    for who in (schools.guardian, schools.pupil_account, schools.world.svens):
        assert [each for each in tasks_for(who) if "/from-event/" in each.url] == []


def test_organisers_page_leads_to_the_record_once_pupils_came(client: Client, schools: Schools) -> None:
    event = past_event(schools.ventspils)
    client.force_login(schools.anna)
    page = f"/en/events/run/{event.uid}/"
    address = f"{reverse('careers:encounter-from-event', args=[schools.ventspils.pk])}?event={event.uid}"
    assert address.removeprefix("/") not in text(client.get(page))
    attend(event, schools.pupil)
    assert address in text(client.get(page)).replace("/en/careers", "/careers")
    made = record_from_event(actor=schools.anna, school=schools.ventspils, event=event, kind="employer", hours=1)
    assert f"/careers/encounters/{made.pk}/" in text(client.get(page))


@pytest.mark.parametrize("asked", ["", "x", "00000000-0000-4000-8000-000000000000"])
def test_form_is_empty_without_an_event_that_one_sees(client: Client, schools: Schools, asked: str) -> None:
    client.force_login(schools.anna)
    answer = client.get(f"/en/careers/schools/{schools.ventspils.pk}/encounters/from-event/?event={asked}")
    assert (answer.status_code, answer.context["form"]["event"].value()) == (200, None)


def test_event_for_invited_people_of_another_school_says_nothing(client: Client, schools: Schools) -> None:
    hidden = past_event(schools.valmiera, is_public=False)
    client.force_login(schools.anna)
    answer = client.get(f"/en/careers/schools/{schools.ventspils.pk}/encounters/from-event/?event={hidden.uid}")
    assert answer.context["form"]["event"].value() is None

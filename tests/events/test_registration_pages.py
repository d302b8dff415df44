"""Registering on the pages: oneself, a child, a class; offers, moving, tickets; and whose registration is whose."""

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.events.actions.registrations import cancel_registration, register
from microcities.events.actions.series import draft_series, publish_series
from microcities.events.models import Attendee, Event, Question, Registration
from microcities.people.models import Account, Guardianship, Person
from microcities.trail.models import Look
from tests import factories
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return response.content.decode()


def sent(client: Client, event: Event, people: list[Person], step: str, **values: Any) -> Any:
    data = {"people": [str(each.public_id) for each in people], "key": str(uuid.uuid4()), "step": step, **values}
    return client.post(f"/en/events/{event.uid}/register/", data, follow=True)


def test_registration_of_oneself_goes_by_questions_and_a_check(client: Client, world: World) -> None:
    event = make_event(world, capacity=2)
    question = Question.objects.create(event=event, kind="choice", text="Maltīte?", text_en="Meal?", choices="gaļa\nveģetāra",
                                       choices_en="meat\nvegetarian", is_required=True)
    account, person = visitor(1)
    client.force_login(account)
    name = f"a-{person.pk}-{question.pk}"
    assert f'value="{person.public_id}" id="id_people_0" checked' in text(client.get(f"/en/events/{event.uid}/register/"))
    assert "vegetarian" in text(sent(client, event, [person], "answers"))
    empty = sent(client, event, [person], "check", **{name: ""})
    assert (empty.status_code, "has no answer" in text(empty)) == (422, True)
    check = sent(client, event, [person], "check", **{name: "veģetāra"})
    assert (check.status_code, "Check your answers" in text(check)) == (200, True)
    assert Registration.objects.count() == 0
    done = sent(client, event, [person], "register", **{name: "veģetāra"})
    made = Registration.objects.get()
    assert made.reference in text(done)
    assert (made.state, made.attendees.get().answers) == ("confirmed", {str(question.pk): "veģetāra"})


def test_the_same_form_sent_twice_registers_once(client: Client, world: World) -> None:
    event, (account, person) = make_event(world), visitor(1)
    client.force_login(account)
    key = str(uuid.uuid4())
    for _time in range(2):
        assert sent(client, event, [person], "register", key=key).status_code == 200
    assert Registration.objects.count() == 1


def test_guardian_registers_the_child_and_nobody_elses(client: Client, world: World) -> None:
    event, (account, person) = make_event(world), visitor(1)
    Guardianship.objects.create(guardian=person, ward=world.peteris, valid_from=date(2020, 1, 1), proof="x",
                                confirmed_by_id=world.valda.pk)
    client.force_login(account)
    assert "Pēteris" in text(client.get(f"/en/events/{event.uid}/register/"))
    assert sent(client, event, [world.zane], "register").status_code == 422
    assert sent(client, event, [world.peteris], "register").status_code == 200
    assert Attendee.objects.get().person == world.peteris


def test_staff_find_their_own_people_and_register_a_class(client: Client, world: World) -> None:
    event = make_event(world, organisation=world.ventspils_partner, city=world.ventspils, capacity=30)
    pupils = [factories.make_person(f"Skolēns{number}", "Kalniņš") for number in range(3)]
    for pupil in pupils:
        factories.register(pupil, world.valmiera_partner)
    client.force_login(world.valda)
    found = text(client.post(f"/en/events/{event.uid}/register/", {"step": "find", "q": "kalnins"}))
    assert [each.name in found for each in (*pupils, world.zane)] == [True, True, True, False]
    label = {"organisation": str(world.valmiera_partner.pk), "label": "9.b"}
    assert "9.b" in text(sent(client, event, pupils, "answers", **label))
    sent(client, event, pupils, "register", **label)
    made = Registration.objects.get()
    assert (made.attendees.count(), made.label, made.organisation) == (3, "9.b", world.valmiera_partner)
    client.force_login(world.ventis)
    assert sent(client, event, pupils[:1], "register").status_code == 422


def test_chosen_people_stay_chosen_while_others_are_searched_for(client: Client, world: World) -> None:
    event = make_event(world)
    pupil = factories.make_person("Zelma", "Kalniņa")
    factories.register(pupil, world.valmiera_partner)
    client.force_login(world.valda)
    shown = text(sent(client, event, [world.peteris], "find", q="zelma"))
    assert f'value="{world.peteris.public_id}" id="id_people_0" checked' in shown
    assert "Zelma Kalniņa" in shown


def test_drop_in_visitor_chooses_when_to_come(client: Client, world: World) -> None:
    event = make_event(world, is_drop_in=True, capacity=1)
    account, person = visitor(1)
    client.force_login(account)
    start = timezone.localtime(event.starts_at) + timedelta(minutes=10)
    times = {"comes_at": f"{start:%Y-%m-%dT%H:%M}", "leaves_at": f"{start + timedelta(minutes=20):%Y-%m-%dT%H:%M}"}
    sent(client, event, [person], "register", **times)
    span = Attendee.objects.get().during
    assert span.upper - span.lower == timedelta(minutes=20)


def test_refusal_is_said_and_nothing_is_lost(client: Client, world: World) -> None:
    event, (account, person) = make_event(world, youngest=30), visitor(1)
    client.force_login(account)
    answer = sent(client, event, [person], "register")
    assert (answer.status_code, "younger than 30" in text(answer)) == (422, True)
    assert str(person.public_id) in text(answer)


def test_offer_is_accepted_on_the_page_and_waits_on_my_work(client: Client, world: World) -> None:
    event = make_event(world, capacity=1)
    (first, one), (second, two) = visitor(1), visitor(2)
    made = register(actor=first, event=event, people=[one])
    waiting = register(actor=second, event=event, people=[two])
    client.force_login(second)
    assert "A place is free" not in text(client.get(f"/en/events/registrations/{waiting.pk}/"))
    cancel_registration(actor=first, registration=made)
    assert "Accept a place that has become free" in text(client.get("/en/work/"))
    assert "A place is free for you" in text(client.get(f"/en/events/registrations/{waiting.pk}/"))
    client.get(f"/en/events/registrations/{waiting.pk}/accept/")
    waiting.refresh_from_db()
    assert waiting.state == "offered"
    client.post(f"/en/events/registrations/{waiting.pk}/accept/")
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"
    assert "Accept a place" not in text(client.get("/en/work/"))


def test_place_is_given_back_by_cancelling_and_declining(client: Client, world: World) -> None:
    event = make_event(world, capacity=1)
    accounts = [visitor(number) for number in range(3)]
    made = [register(actor=account, event=event, people=[person]) for account, person in accounts]
    for place, verb in ((0, "cancel"), (1, "decline")):
        client.force_login(accounts[place][0])
        client.post(f"/en/events/registrations/{made[place].pk}/{verb}/")
    assert [Registration.objects.get(pk=each.pk).state for each in made] == ["cancelled", "declined", "offered"]


def two_dates(world: World, capacity: int) -> list[Event]:
    start = timezone.localtime(timezone.now() + timedelta(days=9)).strftime("%Y-%m-%dT10:00")
    made = draft_series(
        actor=world.valda, rule="FREQ=WEEKLY;COUNT=2", starts_local=start, minutes=60, organisation=world.valmiera_partner,
        city=world.valmiera, kind="talk", name="Lekcija", capacity=capacity,
        questions=[Question(kind="text", text="Jautājums?")],
    )
    publish_series(actor=world.valda, series=made)
    return list(made.events.order_by("starts_at"))


def test_registration_moves_to_another_date_with_its_answers(client: Client, world: World) -> None:
    first, second = two_dates(world, 1)
    account, person = visitor(1)
    answers = {person.pk: {str(first.questions.get().pk): "Kad?"}}
    made = register(actor=account, event=first, people=[person], answers=answers)
    client.force_login(account)
    client.post(f"/en/events/registrations/{made.pk}/move/", {"to": second.pk})
    made.refresh_from_db()
    moved = Registration.objects.get(event=second)
    assert (made.state, moved.state) == ("cancelled", "confirmed")
    assert moved.attendees.get().answers == {str(second.questions.get().pk): "Kad?"}


def test_move_to_a_full_date_keeps_the_old_place(client: Client, world: World) -> None:
    first, second = two_dates(world, 1)
    (account, person), (other, somebody) = visitor(1), visitor(2)
    made = register(actor=account, event=first, people=[person])
    register(actor=other, event=second, people=[somebody])
    client.force_login(account)
    answer = client.post(f"/en/events/registrations/{made.pk}/move/", {"to": second.pk})
    made.refresh_from_db()
    assert (answer.status_code, made.state) == (422, "confirmed")
    assert Registration.objects.filter(event=second, made_by_id=account.pk).count() == 0


@pytest.mark.parametrize(("name", "status"), [("svens", 404), ("ventis", 404), ("otto", 404), ("valda", 200)])
def test_registration_is_seen_by_its_maker_its_people_and_the_organiser(
    client: Client, world: World, name: str, status: int
) -> None:
    account, person = visitor(1)
    made = register(actor=account, event=make_event(world), people=[person])
    client.force_login(getattr(world, name))
    pages = (f"registrations/{made.pk}/", f"registrations/{made.pk}/tickets/")
    assert [client.get(f"/en/events/{page}").status_code for page in pages] == [status, status]
    if status == 404:
        assert client.post(f"/en/events/registrations/{made.pk}/cancel/").status_code == 404
    made.refresh_from_db()
    assert made.state == "confirmed"


def class_of(world: World) -> tuple[Registration, Account]:
    other = factories.make_person("Anna", "Ozola", birth_on=timezone.localdate() - timedelta(days=15 * 365))
    factories.register(other, world.valmiera_partner)
    made = register(actor=world.valda, event=make_event(world), people=[world.peteris, other])
    return made, world.pupil


def test_pupil_sees_no_classmate_and_may_leave_but_not_cancel_for_all(client: Client, world: World) -> None:
    made, pupil = class_of(world)
    client.force_login(pupil)
    shown = text(client.get(f"/en/events/registrations/{made.pk}/"))
    assert ("Pēteris" in shown, "Anna" in shown) == (True, False)
    assert "Anna" not in text(client.get(f"/en/events/registrations/{made.pk}/tickets/"))
    assert "Anna" not in text(client.get("/en/events/mine/"))
    client.post(f"/en/events/registrations/{made.pk}/cancel/")
    made.refresh_from_db()
    assert made.state == "confirmed"
    other = made.attendees.exclude(person=world.peteris).get()
    assert client.post(f"/en/events/registrations/{made.pk}/remove/{other.pk}/").status_code == 404
    own = made.attendees.get(person=world.peteris)
    client.post(f"/en/events/registrations/{made.pk}/remove/{own.pk}/")
    assert made.attendees.filter(cancelled_at__isnull=True).count() == 1


def test_looks_at_minors_are_noted_and_ones_own_is_not(client: Client, world: World) -> None:
    made, pupil = class_of(world)
    client.force_login(pupil)
    client.get(f"/en/events/registrations/{made.pk}/")
    assert Look.objects.count() == 0
    client.force_login(world.valda)
    client.get(f"/en/events/registrations/{made.pk}/")
    assert Look.objects.filter(person_id=world.peteris.pk).count() == 1


def test_ticket_shows_a_code_for_each_person(client: Client, world: World) -> None:
    made, _pupil = class_of(world)
    client.force_login(world.valda)
    shown = text(client.get(f"/en/events/registrations/{made.pk}/tickets/"))
    assert shown.count("<svg") >= 2
    assert "style=" not in shown
    for each in made.attendees.all():
        assert f"<code>{each.code[:4]} {each.code[4:]}</code>" in shown


def test_my_registrations_ask_as_often_for_many(client: Client, world: World) -> None:
    account, person = visitor(1)
    client.force_login(account)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/events/mine/").status_code == 200
        return len(queries)

    register(actor=account, event=make_event(world), people=[person])
    asked()
    before = asked()
    for _number in range(12):
        register(actor=account, event=make_event(world), people=[person])
    assert asked() <= before + 1

"""Planning, changing and cancelling on the pages; lists, check-in, notes taken offline, feedback; and who may not."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from microcities.events.actions.feedback import give_feedback
from microcities.events.actions.registrations import register
from microcities.events.models import Attendance, Attendee, Event, EventState, Feedback, Question, Registration
from microcities.people.models import Account
from microcities.trail.models import Change, Look
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")
PAGES = (
    "", "change/", "cancel/", "questions/", "hosts/", "people/", "print/", "attendance/", "check-in/", "noted/", "feedback/",
)
POSTS = ("publish/", "delete/")


def text(response: Any) -> str:
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


def plan(world: World, **values: Any) -> dict[str, Any]:
    return {
        "organisation": world.valmiera_partner.pk, "city": world.valmiera.pk, "kind": "talk", "name": "Lekcija",
        "starts_at": "2027-03-21T18:00", "ends_at": "2027-03-21T19:30", "audience": "everybody", "price": "0",
        "offer_hours": "24", "is_public": "on", "languages": ["lv"], **values,
    }


def soon(world: World, **values: Any) -> Event:
    """An event that began ten minutes ago."""
    start = timezone.now() - timedelta(minutes=10)
    return make_event(world, starts_at=start, ends_at=start + timedelta(hours=1), is_drop_in=False, **values)


def attending(event: Event, number: int, state: str = "confirmed") -> Attendee:
    """Somebody with a place, written as the action writes it, since registration is closed once an event has begun."""
    account, person = visitor(number)
    taken = event.attendees.filter(seat__isnull=False).count()
    registration = Registration.objects.create(
        event=event, state=state, place_in_line=number, made_by_id=account.pk
    )
    during = (event.starts_at, event.ends_at)
    seat = taken + 1 if state == "confirmed" else None
    return Attendee.objects.create(registration=registration, event=event, person=person, during=during, seat=seat)


@pytest.mark.parametrize(("name", "status"), [("ventis", 404), ("svens", 403), ("aija", 403), ("valda", 200)])
def test_pages_of_the_organiser_are_shut_to_others(client: Client, world: World, name: str, status: int) -> None:
    event = make_event(world)
    client.force_login(getattr(world, name))
    found = {page: client.get(f"/en/events/run/{event.uid}/{page}").status_code for page in PAGES}
    assert found == dict.fromkeys(PAGES, status)
    if status != 200:
        posted = {client.post(f"/en/events/run/{event.uid}/{page}").status_code for page in (*PAGES, *POSTS)}
        assert posted <= {status, 405, 403}
    event.refresh_from_db()
    assert event.state == EventState.PUBLISHED


def test_event_is_planned_as_a_draft_and_announced(client: Client, world: World) -> None:
    client.force_login(world.valda)
    wrong = client.post("/en/events/run/new/", plan(world, ends_at="2027-03-21T17:00"))
    assert (wrong.status_code, "The end must be later" in text(wrong)) == (422, True)
    client.post("/en/events/run/new/", plan(world))
    event = Event.objects.get()
    assert (event.state, timezone.localtime(event.starts_at).hour) == (EventState.DRAFT, 18)
    assert "Lekcija" not in text(Client().get("/en/events/"))
    client.get(f"/en/events/run/{event.uid}/publish/")
    event.refresh_from_db()
    assert event.state == EventState.DRAFT
    client.post(f"/en/events/run/{event.uid}/publish/")
    assert "Lekcija" in text(Client().get("/en/events/"))


def test_partner_plans_for_itself_only(client: Client, world: World) -> None:
    client.force_login(world.ventis)
    assert client.post("/en/events/run/new/", plan(world)).status_code == 422
    assert Event.objects.count() == 0


def series(client: Client, world: World) -> list[Event]:
    client.force_login(world.valda)
    client.post("/en/events/run/new/", plan(world, rule="FREQ=WEEKLY", times="3"))
    first = Event.objects.earliest("starts_at")
    client.post(f"/en/events/run/{first.uid}/publish/", {"series": "1"})
    return list(Event.objects.order_by("starts_at"))


def test_series_keeps_its_hour_over_the_clock_change_and_needs_a_number(client: Client, world: World) -> None:
    client.force_login(world.valda)
    assert client.post("/en/events/run/new/", plan(world, rule="FREQ=WEEKLY")).status_code == 422
    events = series(client, world)
    clocks = [f"{event.starts_at.astimezone(RIGA):%m-%d %H:%M}" for event in events]
    assert clocks == ["03-21 18:00", "03-28 18:00", "04-04 18:00"]
    assert {event.state for event in events} == {EventState.PUBLISHED}


def test_change_reaches_this_the_following_or_all(client: Client, world: World) -> None:
    events = series(client, world)
    values = plan(world, starts_at="2027-03-28T19:00", ends_at="2027-03-28T20:30", scope="following", reason="")
    client.post(f"/en/events/run/{events[1].uid}/change/", values)
    hours = [event.starts_at.astimezone(RIGA).hour for event in Event.objects.order_by("starts_at")]
    assert hours == [18, 19, 19]
    this = plan(world, name="Cita", scope="this", reason="")
    client.post(f"/en/events/run/{events[0].uid}/change/", this)
    assert [event.name for event in Event.objects.order_by("starts_at")] == ["Cita", "Lekcija", "Lekcija"]
    same = {"starts_at": "2027-03-28T19:00", "ends_at": "2027-03-28T20:30"}
    everything = plan(world, **same, place="Bibliotēka", scope="all", reason="")
    client.post(f"/en/events/run/{events[1].uid}/change/", everything)
    assert [event.place for event in Event.objects.order_by("starts_at")] == ["", "Bibliotēka", "Bibliotēka"]


def test_change_that_changes_nothing_writes_nothing(client: Client, world: World) -> None:
    event = make_event(world, languages=["lv"])
    client.force_login(world.valda)
    shown = timezone.localtime(event.starts_at)
    values = plan(world, name=event.name, name_en=event.name_en, starts_at=f"{shown:%Y-%m-%dT%H:%M}",
                  ends_at=f"{timezone.localtime(event.ends_at):%Y-%m-%dT%H:%M}", reason="")
    assert client.post(f"/en/events/run/{event.uid}/change/", values).status_code == 302
    event.refresh_from_db()
    assert event.sequence == 0


def test_cancelling_wants_a_reason_and_takes_the_following(client: Client, world: World) -> None:
    events = series(client, world)
    address = f"/en/events/run/{events[1].uid}/cancel/"
    assert client.post(address, {"reason": " ", "scope": "following"}).status_code == 422
    client.post(address, {"reason": "Remonts", "scope": "following"})
    assert [event.state for event in Event.objects.order_by("starts_at")] == ["published", "cancelled", "cancelled"]
    assert "Remonts" in text(Client().get(f"/en/events/{events[2].uid}/"))


def test_questions_are_written_until_somebody_has_registered(client: Client, world: World) -> None:
    event = make_event(world)
    client.force_login(world.valda)
    data = {
        "form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-kind": "choice", "form-0-text": "Maltīte?",
        "form-0-choices": "gaļa\nveģetāra", "form-1-kind": "text", "form-1-text": "",
    }
    wrong = client.post(f"/en/events/run/{event.uid}/questions/", {**data, "form-0-choices": "gaļa"})
    assert (wrong.status_code, "at least two choices" in text(wrong)) == (422, True)
    client.post(f"/en/events/run/{event.uid}/questions/", data)
    assert [(each.text, each.choices) for each in event.questions.all()] == [("Maltīte?", "gaļa\nveģetāra")]
    account, person = visitor(1)
    register(actor=account, event=event, people=[person])
    refused = client.post(f"/en/events/run/{event.uid}/questions/", {**data, "form-0-text": "Cits?"})
    assert (refused.status_code, "registered already" in text(refused)) == (422, True)


def test_hosts_are_added_and_taken_off(client: Client, world: World) -> None:
    event = make_event(world)
    client.force_login(world.valda)
    client.post(f"/en/events/run/{event.uid}/hosts/", {"organisation": world.ventspils_partner.pk})
    assert "Ventspils Augsto tehnoloģiju parks" in text(Client().get(f"/en/events/{event.uid}/"))
    client.post(f"/en/events/run/{event.uid}/hosts/{world.ventspils_partner.pk}/remove/")
    assert event.hosts.count() == 0


def test_list_of_people_shows_answers_and_its_file_the_codes(client: Client, world: World) -> None:
    event = make_event(world)
    question = Question.objects.create(event=event, text="Alerģijas?", text_en="Allergies?")
    made = register(
        actor=world.valda, event=event, people=[world.peteris], answers={world.peteris.pk: {str(question.pk): "rieksti"}}
    )
    client.force_login(world.valda)
    shown = text(client.get(f"/en/events/run/{event.uid}/people/"))
    code = made.attendees.get().code
    assert ("rieksti" in shown, code in shown) == (True, False)
    assert code in text(client.get(f"/en/events/run/{event.uid}/people/", {"format": "csv"}))
    assert code in text(client.get(f"/en/events/run/{event.uid}/print/"))
    assert Look.objects.filter(person_id=world.peteris.pk).count() == 3


def test_attendance_is_taken_by_the_list(client: Client, world: World) -> None:
    event = soon(world)
    people = [attending(event, number) for number in range(3)]
    attending(event, 9, state="waiting")
    client.force_login(world.valda)
    assert "Take attendance" in text(client.get("/en/work/"))
    marks = dict(zip((f"came-{each.pk}" for each in people), ("attended", "no_show", "unknown"), strict=True))
    client.post(f"/en/events/run/{event.uid}/attendance/", marks)
    assert [Attendee.objects.get(pk=each.pk).attendance for each in people] == ["attended", "no_show", "unknown"]


def test_people_are_checked_in_by_code_and_by_ticket(client: Client, world: World) -> None:
    event = soon(world)
    first, second, waiting = attending(event, 1), attending(event, 2), attending(event, 3, state="waiting")
    client.force_login(world.valda)
    spaced = f"{first.code[:4].lower()} {first.code[4:]}"
    client.post(f"/en/events/run/{event.uid}/check-in/", {"code": spaced})
    ticket = f"/en/events/run/{event.uid}/check-in/{second.code}/"
    assert second.person.name in text(client.get(ticket))
    assert Attendee.objects.get(pk=second.pk).attendance == Attendance.UNKNOWN
    client.post(ticket)
    assert {Attendee.objects.get(pk=each.pk).check_in_way for each in (first, second)} == {"code", "qr"}
    assert client.post(f"/en/events/run/{event.uid}/check-in/", {"code": "NOSUCH22"}).status_code == 422
    assert client.post(f"/en/events/run/{event.uid}/check-in/", {"code": waiting.code}).status_code == 422
    client.force_login(world.ventis)
    assert client.get(ticket).status_code == 404


def test_notes_taken_offline_are_brought_in_and_twice_change_nothing(client: Client, world: World) -> None:
    event = soon(world)
    first, second = attending(event, 1), attending(event, 2)
    clock = timezone.localtime(event.starts_at + timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
    lines = f"code;time\n{first.code};{clock}\n{second.code.lower()}\nNOSUCH22;{clock}\n{first.code};whenever"
    client.force_login(world.valda)
    shown = text(client.post(f"/en/events/run/{event.uid}/noted/", {"lines": lines}))
    assert [word in shown for word in ("no such code", "Line 5", "checked in")] == [True, True, True]
    came = {each.pk: each.checked_in_at for each in Attendee.objects.filter(event=event).attended()}
    assert set(came) == {first.pk, second.pk}
    changes = Change.objects.count()
    again = text(client.post(f"/en/events/run/{event.uid}/noted/", {"lines": lines}))
    assert "was checked in already" in again
    assert {each.pk: each.checked_in_at for each in Attendee.objects.filter(event=event).attended()} == came
    assert Change.objects.count() == changes


def ended(world: World) -> tuple[Event, list[tuple[Account, Attendee]]]:
    start = timezone.now() - timedelta(days=1)
    event = make_event(world, starts_at=start, ends_at=start + timedelta(hours=1))
    people = [attending(event, number) for number in range(5)]
    Attendee.objects.filter(event=event).update(attendance="attended", checked_in_at=start)
    return event, [(Account.objects.get(person=each.person), each) for each in people]


def test_feedback_is_given_once_and_nothing_ties_it_to_who_gave_it(client: Client, world: World) -> None:
    event, people = ended(world)
    account, attendee = people[0]
    client.force_login(account)
    address = f"/en/events/feedback/{attendee.pk}/"
    assert address in text(client.get(f"/en/events/registrations/{attendee.registration_id}/"))
    assert client.post(address, {"group": "adults"}).status_code == 422
    client.post(address, {"useful": "4", "learnt": "yes", "group": "adults", "words": "Labi"})
    client.post(address, {"useful": "1", "group": "adults"})
    assert [(each.useful, each.words, each.event_id) for each in Feedback.objects.all()] == [(4, "Labi", event.pk)]
    assert not Change.objects.filter(table_name="events_feedback").exists()
    client.force_login(people[1][0])
    assert client.get(address).status_code == 404


def test_summary_is_hidden_below_five_answers_and_groups_below_five_too(client: Client, world: World) -> None:
    event, people = ended(world)
    client.force_login(world.valda)
    for number, (account, attendee) in enumerate(people):
        shown = text(client.get(f"/en/events/run/{event.uid}/feedback/"))
        assert ("Fewer than 5" in shown, "Slepens" in shown) == (True, False)
        give_feedback(
            actor=account, attendee=attendee, group="adults" if number else "pupils", useful=4 if number else 5, words="Slepens"
        )
    shown = text(client.get(f"/en/events/run/{event.uid}/feedback/"))
    assert ("4.2" in shown, "Slepens" in shown) == (True, True)
    assert "adults" not in shown


@pytest.mark.parametrize("page", ["", "people/", "print/", "attendance/", "check-in/"])
def test_pages_ask_as_often_for_many_people(client: Client, world: World, page: str) -> None:
    event = soon(world)
    client.force_login(world.valda)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/en/events/run/{event.uid}/{page}").status_code == 200
        return len(queries)

    attending(event, 1)
    asked()
    before = asked()
    for number in range(2, 15):
        attending(event, number)
    assert asked() <= before + 1


def test_own_events_ask_as_often_for_many(client: Client, world: World) -> None:
    client.force_login(world.valda)

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/en/events/run/").status_code == 200
        return len(queries)

    make_event(world)
    asked()
    before = asked()
    for number in range(15):
        start = datetime(2027, 5, 1 + number, 10, tzinfo=RIGA)
        make_event(world, starts_at=start, ends_at=start + timedelta(hours=1))
    assert asked() <= before + 1

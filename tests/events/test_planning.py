"""Planning: the room is booked with the event or the event is not, people follow a moved event, a cancelled one says why."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.bookings.actions import BusyError
from microcities.bookings.models import Allocation, Booking, Resource
from microcities.events.actions.planning import (
    cancel_event,
    change_event,
    delete_draft,
    draft_event,
    publish_event,
)
from microcities.events.actions.registrations import register
from microcities.events.actions.series import (
    RuleUnreadableError,
    cancel_following,
    change_all,
    change_following,
    draft_series,
    publish_series,
)
from microcities.events.models import Attendee, Event, EventState, RegistrationState
from microcities.people.models import Account
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db
RIGA = ZoneInfo("Europe/Riga")


@pytest.fixture
def room(world: World) -> Resource:
    return Resource.objects.create(kind="room", name="Zāle", organisation=world.valmiera_partner, city=world.valmiera)


def plan(world: World, **fields: Any) -> dict[str, Any]:
    start = timezone.now() + timedelta(days=7)
    return {
        "organisation": world.valmiera_partner, "city": world.valmiera, "kind": "talk", "name": "Saruna", "starts_at": start,
        "ends_at": start + timedelta(hours=1), **fields,
    }


def held(room: Resource) -> list[datetime]:
    return [row.starts_at for row in Allocation.objects.live().of([room]).order_by("during")]


def test_draft_books_its_room_and_a_taken_room_refuses_the_draft(world: World, organiser: Account, room: Resource) -> None:
    values = plan(world, room=room)
    first = draft_event(actor=organiser, **values)
    assert held(room) == [first.starts_at]
    with pytest.raises(BusyError):
        draft_event(actor=organiser, **values)
    assert (Event.objects.count(), Booking.objects.count()) == (1, 1)


def test_another_partner_plans_nothing_for_us(world: World) -> None:
    with pytest.raises(RefusedError):
        draft_event(actor=world.ventis, **plan(world))


def test_moved_event_moves_its_room_and_its_people(world: World, organiser: Account, room: Resource) -> None:
    event = draft_event(actor=organiser, **plan(world, room=room, capacity=3))
    publish_event(actor=organiser, event=event)
    account, person = visitor(1)
    register(actor=account, event=event, people=[person])
    later = event.starts_at + timedelta(minutes=30)
    moved = change_event(actor=organiser, event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    assert (held(room), moved.sequence) == ([later], 2)
    attendee = Attendee.objects.get()
    assert (attendee.during.lower, attendee.seat) == (later, 1)


def test_move_to_a_taken_time_changes_nothing(world: World, organiser: Account, room: Resource) -> None:
    event = draft_event(actor=organiser, **plan(world, room=room))
    taken = event.starts_at + timedelta(hours=3)
    draft_event(actor=organiser, **plan(world, room=room, starts_at=taken, ends_at=taken + timedelta(hours=1)))
    with pytest.raises(BusyError):
        change_event(actor=organiser, event=event, starts_at=taken, ends_at=taken + timedelta(hours=1))
    event.refresh_from_db()
    assert held(room) == [event.starts_at, taken]


def test_small_correction_leaves_calendars_alone(world: World, organiser: Account) -> None:
    event = draft_event(actor=organiser, **plan(world))
    assert change_event(actor=organiser, event=event, about="Precizēts").sequence == 0


def test_more_places_are_offered_to_the_line_and_too_few_are_refused(world: World, organiser: Account) -> None:
    event = make_event(world, capacity=1)
    for number in range(3):
        account, person = visitor(number)
        register(actor=account, event=event, people=[person])
    change_event(actor=organiser, event=event, capacity=2)
    states = list(event.registrations.order_by("place_in_line").values_list("state", flat=True))
    assert states == [RegistrationState.CONFIRMED, RegistrationState.OFFERED, RegistrationState.WAITING]
    with pytest.raises(RefusedError, match="2"):
        change_event(actor=organiser, event=event, capacity=1)


def test_cancelled_event_frees_its_room_and_says_why(world: World, organiser: Account, room: Resource) -> None:
    event = draft_event(actor=organiser, **plan(world, room=room))
    publish_event(actor=organiser, event=event)
    with pytest.raises(RefusedError):
        cancel_event(actor=organiser, event=event, reason=" ")
    ended = cancel_event(actor=organiser, event=event, reason="Lektore slimo")
    assert (ended.state, ended.cancel_reason, held(room)) == (EventState.CANCELLED, "Lektore slimo", [])
    with pytest.raises(RefusedError):
        change_event(actor=organiser, event=event, name="Cits")


def test_draft_can_be_thrown_away_and_an_announced_event_not(world: World, organiser: Account, room: Resource) -> None:
    event = draft_event(actor=organiser, **plan(world, room=room))
    delete_draft(actor=organiser, event=event)
    assert (Event.objects.count(), held(room)) == (0, [])
    with pytest.raises(RefusedError):
        delete_draft(actor=organiser, event=make_event(world))


def series(world: World, organiser: Account, **fields: Any) -> list[Event]:
    values = plan(world, **fields)
    del values["starts_at"], values["ends_at"]
    made = draft_series(
        actor=organiser, rule="FREQ=WEEKLY;COUNT=4", starts_local="2027-03-14T18:00", minutes=90, **values
    )
    return list(made.events.order_by("starts_at"))


def clocks(events: Any) -> list[str]:
    return [f"{event.starts_at.astimezone(RIGA):%m-%d %H:%M}" for event in events.order_by("starts_at")]


def test_series_keeps_the_local_hour_across_the_clock_change(world: World, organiser: Account, room: Resource) -> None:
    events = series(world, organiser, room=room)
    assert clocks(Event.objects) == ["03-14 18:00", "03-21 18:00", "03-28 18:00", "04-04 18:00"]
    assert held(room) == [event.starts_at for event in events]
    assert len({event.uid for event in events}) == 4
    assert publish_series(actor=organiser, series=events[0].series) == 4


def test_change_of_this_one_only(world: World, organiser: Account) -> None:
    second = series(world, organiser)[1]
    later = second.starts_at + timedelta(hours=1)
    change_event(actor=organiser, event=second, starts_at=later, ends_at=later + timedelta(minutes=90))
    assert clocks(Event.objects) == ["03-14 18:00", "03-21 19:00", "03-28 18:00", "04-04 18:00"]
    second.refresh_from_db()
    assert second.original_local == "2027-03-21T18:00"


def test_change_of_this_and_the_following_splits_the_series(world: World, organiser: Account, room: Resource) -> None:
    events = series(world, organiser, room=room)
    moved = datetime(2027, 3, 21, 17, 30, tzinfo=RIGA)
    later = change_following(
        actor=organiser, event=events[1], name="Jauns nosaukums", starts_at=moved, ends_at=moved + timedelta(hours=1)
    )
    assert clocks(Event.objects) == ["03-14 18:00", "03-21 17:30", "03-28 17:30", "04-04 17:30"]
    assert {event.name for event in later.events.all()} == {"Jauns nosaukums"}
    assert (later.continues, later.events.count()) == (events[0].series, 3)
    assert {event.ends_at - event.starts_at for event in later.events.all()} == {timedelta(hours=1)}
    assert [event.uid for event in later.events.order_by("starts_at")] == [event.uid for event in events[1:]]


def test_change_of_all_leaves_one_that_was_moved_singly_where_it_is(world: World, organiser: Account) -> None:
    events = series(world, organiser)
    own = events[2].starts_at + timedelta(days=1)
    change_event(actor=organiser, event=events[2], starts_at=own, ends_at=own + timedelta(minutes=90))
    moved = datetime(2027, 3, 14, 16, tzinfo=RIGA)
    assert change_all(
        actor=organiser, series=events[0].series, like=events[0], place="Bibliotēka", starts_at=moved,
        ends_at=moved + timedelta(hours=1),
    ) == 4
    assert clocks(Event.objects) == ["03-14 16:00", "03-21 16:00", "03-29 18:00", "04-04 16:00"]
    assert set(Event.objects.values_list("place", flat=True)) == {"Bibliotēka"}


def test_shift_by_less_than_its_length_does_not_stand_in_its_own_way(world: World, organiser: Account, room: Resource) -> None:
    values = plan(world, room=room)
    del values["starts_at"], values["ends_at"]
    made = draft_series(actor=organiser, rule="FREQ=DAILY;COUNT=3", starts_local="2027-03-14T00:00", minutes=1440, **values)
    first = made.events.order_by("starts_at")[0]
    moved = datetime(2027, 3, 14, 1, tzinfo=RIGA)
    change_all(actor=organiser, series=made, like=first, starts_at=moved, ends_at=moved + timedelta(hours=24))
    assert clocks(Event.objects) == ["03-14 01:00", "03-15 01:00", "03-16 01:00"]


def test_cancelling_the_following_leaves_the_earlier(world: World, organiser: Account) -> None:
    events = series(world, organiser)
    publish_series(actor=organiser, series=events[0].series)
    assert cancel_following(actor=organiser, event=events[2], reason="Telpa slēgta") == 2
    states = list(Event.objects.order_by("starts_at").values_list("state", flat=True))
    assert states == ["published", "published", "cancelled", "cancelled"]


def test_rule_without_an_end_is_refused(world: World, organiser: Account) -> None:
    values = plan(world)
    del values["starts_at"], values["ends_at"]
    for rule in ("FREQ=DAILY", "FREQ=SOMETIMES"):
        with pytest.raises(RuleUnreadableError):
            draft_series(actor=organiser, rule=rule, starts_local="2027-03-14T18:00", minutes=90, **values)
    assert Event.objects.count() == 0

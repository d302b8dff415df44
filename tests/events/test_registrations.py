"""Places go in order and never beyond what there is, whether one, a child or a class comes."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from microcities.access.answers import RefusedError
from microcities.events.actions.registrations import (
    PeopleRefusedError,
    accept_offer,
    cancel_registration,
    decline_offer,
    lapse_offers,
    register,
    remove_attendee,
)
from microcities.events.models import Attendee, Event, EventState, Registration, RegistrationState
from microcities.people.models import Account, Person
from tests import factories
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db
CONFIRMED, WAITING, OFFERED = RegistrationState.CONFIRMED, RegistrationState.WAITING, RegistrationState.OFFERED


def come(event: Event, number: int) -> Registration:
    account, person = visitor(number)
    return register(actor=account, event=event, people=[person])


def made_by(registration: Registration) -> Account:
    return Account.objects.get(pk=registration.made_by_id)


def states(event: Event) -> list[str]:
    return list(event.registrations.order_by("place_in_line").values_list("state", flat=True))


def pupils(world: World, number: int) -> list[Person]:
    found = [factories.make_person("Anna", f"Liepa-{place}") for place in range(number)]
    for person in found:
        factories.register(person, world.valmiera_partner)
    return found


def test_places_go_in_order_and_then_people_wait(event: Event) -> None:
    for number in range(4):
        come(event, number)
    assert states(event) == [CONFIRMED, CONFIRMED, WAITING, WAITING]
    assert sorted(Attendee.objects.coming().values_list("seat", flat=True)) == [1, 2]


def test_event_without_a_number_of_places_takes_everybody(world: World) -> None:
    event = make_event(world, capacity=None)
    for number in range(3):
        come(event, number)
    assert states(event) == [CONFIRMED] * 3


def test_cancelled_place_is_offered_to_the_next_and_nobody_overtakes(event: Event) -> None:
    first, _second, third, fourth = (come(event, number) for number in range(4))
    cancel_registration(actor=made_by(first), registration=first)
    assert states(event) == [RegistrationState.CANCELLED, CONFIRMED, OFFERED, WAITING]
    fifth = come(event, 5)
    assert fifth.state == WAITING
    third.refresh_from_db()
    accept_offer(actor=made_by(third), registration=third)
    assert states(event) == [RegistrationState.CANCELLED, CONFIRMED, CONFIRMED, WAITING, WAITING]
    # Whoever gave the place back and comes again stands at the end.
    again = register(actor=made_by(first), event=event, people=[made_by(first).person])
    assert (again.state, again.place_in_line > fourth.place_in_line) == (WAITING, True)


def test_declined_offer_goes_on_to_the_next(event: Event) -> None:
    first, _second, third, fourth = (come(event, number) for number in range(4))
    cancel_registration(actor=made_by(first), registration=first)
    third.refresh_from_db()
    decline_offer(actor=made_by(third), registration=third)
    fourth.refresh_from_db()
    assert fourth.state == OFFERED


def test_offer_not_accepted_in_time_goes_on_to_the_next(event: Event) -> None:
    first, _second, third, fourth = (come(event, number) for number in range(4))
    cancel_registration(actor=made_by(first), registration=first)
    assert lapse_offers() == 0
    later = timezone.now() + timedelta(hours=event.offer_hours, minutes=1)
    assert lapse_offers(now=later) == 1
    third.refresh_from_db()
    fourth.refresh_from_db()
    assert (third.state, fourth.state) == (RegistrationState.LAPSED, OFFERED)
    with pytest.raises(RefusedError):
        accept_offer(actor=made_by(third), registration=third)


def test_offer_never_holds_beyond_the_start(world: World) -> None:
    event = make_event(
        world, capacity=1, starts_at=timezone.now() + timedelta(hours=3), ends_at=timezone.now() + timedelta(hours=5)
    )
    first, second = come(event, 1), come(event, 2)
    cancel_registration(actor=made_by(first), registration=first)
    second.refresh_from_db()
    assert second.offered_until == event.starts_at


def test_class_gets_places_for_all_or_waits_for_all(world: World, organiser: Account) -> None:
    event = make_event(world, capacity=5)
    come(event, 1)
    four = pupils(world, 4)
    whole = register(actor=organiser, event=event, people=four, organisation=world.valmiera_partner, label="9.a")
    assert (whole.state, Attendee.objects.coming().count()) == (CONFIRMED, 5)
    other = make_event(world, capacity=5)
    for number in range(2, 4):
        come(other, number)
    waits = register(actor=organiser, event=other, people=four, label="9.a")
    assert (waits.state, come(other, 9).state) == (WAITING, WAITING)
    remove_attendee(actor=organiser, attendee=waits.attendees.order_by("pk")[0])
    waits.refresh_from_db()
    assert (waits.state, Attendee.objects.filter(event=other).coming().count()) == (OFFERED, 5)


def test_removed_pupil_frees_one_place(world: World, organiser: Account) -> None:
    event = make_event(world, capacity=2)
    registration = register(actor=organiser, event=event, people=pupils(world, 2))
    waiting = come(event, 1)
    attendee = registration.attendees.order_by("pk")[0]
    remove_attendee(actor=organiser, attendee=attendee)
    waiting.refresh_from_db()
    assert waiting.state == OFFERED
    with pytest.raises(RefusedError):
        remove_attendee(actor=organiser, attendee=attendee)


def test_stranger_registers_nobody_else(event: Event, world: World) -> None:
    account, _person = visitor(1)
    with pytest.raises(PeopleRefusedError) as refused:
        register(actor=account, event=event, people=[world.peteris])
    assert [person for person, _reason in refused.value.people] == [world.peteris]
    with pytest.raises(PeopleRefusedError):
        register(actor=world.ventis, event=event, people=[world.peteris])
    assert Registration.objects.count() == 0


def test_nobody_is_registered_twice(event: Event) -> None:
    first = come(event, 1)
    account = made_by(first)
    with pytest.raises(PeopleRefusedError):
        register(actor=account, event=event, people=[account.person])
    with pytest.raises(PeopleRefusedError):
        register(actor=visitor(2)[0], event=event, people=[account.person] * 2)


def test_same_form_sent_twice_registers_once(event: Event) -> None:
    account, person = visitor(1)
    key = uuid.uuid4()
    first = register(actor=account, event=event, people=[person], key=key)
    assert register(actor=account, event=event, people=[person], key=key) == first


@pytest.mark.parametrize(
    "fields",
    [
        {"state": EventState.DRAFT},
        {"state": EventState.CANCELLED, "cancel_reason": "slimība"},
        {"registration_opens_at": timezone.now() + timedelta(days=1)},
        {"registration_closes_at": timezone.now() - timedelta(days=1)},
        {"youngest": 30},
        {"oldest": 15},
    ],
)
def test_registration_only_while_open_and_for_the_ages_meant(world: World, fields: dict[str, object]) -> None:
    with pytest.raises(RefusedError):
        come(make_event(world, **fields), 1)
    assert Registration.objects.count() == 0


def test_people_come_and_go_up_to_the_peak(world: World) -> None:
    start = timezone.now() + timedelta(days=1)
    event = make_event(world, capacity=2, is_drop_in=True, starts_at=start, ends_at=start + timedelta(hours=4))

    def stay(number: int, first: float, last: float) -> str:
        account, person = visitor(number)
        hours = (start + timedelta(hours=first), start + timedelta(hours=last))
        return register(actor=account, event=event, people=[person], during=hours).state

    # The third needs the others seated anew: 0-1 and 3-4 on one seat, 1-3 beside the long one.
    assert [stay(1, 0, 1), stay(2, 0.5, 2), stay(3, 2, 4), stay(4, 1, 3)] == [CONFIRMED] * 4
    assert stay(5, 1.5, 2.5) == WAITING
    with pytest.raises(RefusedError):
        stay(6, 3, 5)


@pytest.mark.sql
def test_database_refuses_a_seat_twice_and_beyond_the_places(event: Event) -> None:
    for number in range(3):
        come(event, number)
    waiting = Attendee.objects.get(seat__isnull=True)
    for seat in (1, 3):
        with pytest.raises(IntegrityError, match=r"attendee_seat_once|beyond its 2 places"), transaction.atomic():
            Attendee.objects.filter(pk=waiting.pk).update(seat=seat)
    with pytest.raises(IntegrityError, match="more than 1 places"), transaction.atomic():
        Event.objects.filter(pk=event.pk).update(capacity=1)

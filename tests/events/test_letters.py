"""What people are told: each once, in their language, and nobody who has nothing to do with it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from microcities.events.actions.planning import cancel_event, change_event
from microcities.events.actions.registrations import accept_offer, cancel_registration, register
from microcities.events.letters import remind_people
from microcities.notices.models import Notice
from tests.events.conftest import make_event, visitor
from tests.world import World

pytestmark = pytest.mark.django_db


def told() -> list[tuple[str, str]]:
    return [(each.account.email if each.account else "", each.subject) for each in Notice.objects.order_by("pk")]


def test_place_is_confirmed_offered_and_confirmed_in_turn(world: World) -> None:
    event = make_event(world, capacity=1)
    (first, one), (second, two) = visitor(1), visitor(2)
    first.language = second.language = "en"
    first.save()
    second.save()
    made = register(actor=first, event=event, people=[one])
    waiting = register(actor=second, event=event, people=[two])
    cancel_registration(actor=first, registration=made)
    waiting.refresh_from_db()
    accept_offer(actor=second, registration=waiting)
    assert told() == [
        ("visitor-1@example.org", "You are registered: A talk about work"),
        ("visitor-2@example.org", "A place is free for you: A talk about work"),
        ("visitor-2@example.org", "You are registered: A talk about work"),
    ]
    assert waiting.reference in Notice.objects.latest("pk").text
    assert Notice.objects.latest("pk").url == f"/en/events/registrations/{waiting.pk}/"


def test_move_and_cancellation_are_told_once_to_everybody_registered(world: World) -> None:
    event = make_event(world, capacity=1)
    (first, one), (second, two), (third, three) = visitor(1), visitor(2), visitor(3)
    register(actor=first, event=event, people=[one])
    register(actor=second, event=event, people=[two])
    cancel_registration(actor=third, registration=register(actor=third, event=event, people=[three]))
    Notice.objects.all().delete()
    later = event.starts_at + timedelta(days=1)
    change_event(actor=world.valda, event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    change_event(actor=world.valda, event=event, about="Cits teksts")
    cancel_event(actor=world.valda, event=event, reason="Lektors saslimis")
    assert [(each.account_id, each.kind) for each in Notice.objects.order_by("pk")] == [
        (first.pk, "events.change"), (second.pk, "events.change"), (first.pk, "events.change"), (second.pk, "events.change"),
    ]
    assert "Lektors saslimis" in Notice.objects.latest("pk").text


def test_pupil_with_an_account_is_told_beside_the_teacher_who_registered(world: World) -> None:
    register(actor=world.valda, event=make_event(world), people=[world.peteris])
    assert {each.account_id for each in Notice.objects.all()} == {world.valda.pk, world.pupil.pk}


def test_reminder_comes_once_within_a_day_and_again_for_a_new_time(world: World) -> None:
    now = timezone.now()
    event = make_event(world, starts_at=now + timedelta(days=3), ends_at=now + timedelta(days=3, hours=1))
    account, person = visitor(1)
    register(actor=account, event=event, people=[person])
    assert remind_people() == 0
    near = event.starts_at - timedelta(hours=20)
    assert [remind_people(now=near), remind_people(now=near + timedelta(hours=1))] == [1, 0]
    later = event.starts_at + timedelta(hours=2)
    change_event(actor=world.valda, event=event, starts_at=later, ends_at=later + timedelta(hours=1))
    assert remind_people(now=near + timedelta(hours=2)) == 1

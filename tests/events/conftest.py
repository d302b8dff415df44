"""An event, its organiser, and people who want to come."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from microcities.events.actions.registrations import register
from microcities.events.models import Event, EventState
from microcities.people.models import Account, Person
from tests import factories
from tests.world import World


def make_event(world: World, **fields: Any) -> Event:
    """An announced talk in a week, of one hour, by the Valmiera partner."""
    start = timezone.now() + timedelta(days=7)
    return Event.objects.create(
        **{
            "organisation": world.valmiera_partner, "city": world.valmiera, "kind": "talk", "state": EventState.PUBLISHED,
            "name": "Saruna par darbu", "name_en": "A talk about work", "starts_at": start,
            "ends_at": start + timedelta(hours=1), **fields,
        }
    )


def visitor(number: int) -> tuple[Account, Person]:
    """An account with a person, who may register nobody but himself."""
    person = factories.make_person("Jānis", f"Ozols-{number}", birth_on=timezone.localdate() - timedelta(days=20 * 365))
    return factories.make_account(f"visitor-{number}@example.org", person), person


def begin(event: Event, people: int, ago: timedelta, hours: int) -> Event:
    """The event, begun some time ago and that many hours long, with so many people registered, each by himself."""
    for number in range(people):
        account, person = visitor(number)
        register(actor=account, event=event, people=[person])
    start = timezone.now() - ago
    Event.objects.filter(pk=event.pk).update(starts_at=start, ends_at=start + timedelta(hours=hours))
    event.refresh_from_db()
    return event


@pytest.fixture
def organiser(world: World) -> Account:
    return world.valda


@pytest.fixture
def event(world: World) -> Event:
    return make_event(world, capacity=2)

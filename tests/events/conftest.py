"""An event, its organiser, and people who want to come."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

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


@pytest.fixture
def organiser(world: World) -> Account:
    return world.valda


@pytest.fixture
def event(world: World) -> Event:
    return make_event(world, capacity=2)

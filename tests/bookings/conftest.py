"""A room, a counsellor and who books them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from microcities.bookings.actions import Wanted
from microcities.bookings.models import Resource, ResourceKind
from microcities.people.models import Account
from microcities.trail.context import System
from tests import factories

RIGA = ZoneInfo("Europe/Riga")
START = datetime(2027, 3, 1, 10, tzinfo=RIGA)
DESK = System("test desk")


def make_resource(name: str, kind: str = ResourceKind.ROOM, **fields: int) -> Resource:
    organisation = factories.make_organisation(f"{name} – saimnieks")
    city = factories.make_city(f"city-{organisation.pk}", "Valmiera")
    return Resource.objects.create(kind=kind, name=name, organisation=organisation, city=city, **fields)


@pytest.fixture
def room(db: None) -> Resource:
    return make_resource("Zāle")


@pytest.fixture
def counsellor(db: None) -> Resource:
    return make_resource("Karjeras konsultante", ResourceKind.COUNSELLOR, buffer_after=15)


@pytest.fixture
def booker(db: None) -> Account:
    return factories.make_account("booker@example.org")


def hour(resource: Resource, shift: float = 0, length: float = 1) -> Wanted:
    """An hour (or `length` hours) of a resource, `shift` hours after the common start."""
    start = START + timedelta(hours=shift)
    return Wanted(resource, start, start + timedelta(hours=length))

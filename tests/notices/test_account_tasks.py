"""My work: children without a guardian to staff who know them, open requests to the data protection officer."""

from datetime import timedelta

import pytest
from django.utils import timezone

from microcities.notices.worklist import tasks_for
from microcities.people.actions.guardians import confirm_guardian
from microcities.people.models import Person
from microcities.privacy.actions import ask_about_data
from microcities.privacy.models import RequestKind
from tests import factories
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
GUARDIAN = "Check the proof and confirm a child's guardian"
REQUESTS = "Answer requests about personal data"


def waiting(world: World, title: str) -> dict[str, list[str]]:
    """{account: what is said of each such task}, accounts for which none waits left out."""
    found = {
        name: [str(task.detail) for task in tasks_for(account) if str(task.title) == title]
        for name, account in world.everybody().items()
    }
    return {name: details for name, details in found.items() if details}


@pytest.fixture
def child(world: World) -> Person:
    """Ten years old, known to the Valmiera partner."""
    born = timezone.localdate() - timedelta(days=10 * 365 + 30)
    child = factories.make_person("Rūta", "Zvaigznīte", birth_on=born)
    factories.register(child, world.valmiera_partner)
    return child


def test_child_without_a_guardian_waits_for_those_who_know_it(world: World, child: Person) -> None:
    """Pēteris, who is 15, consents alone; nobody waits for a guardian of his."""
    assert waiting(world, GUARDIAN) == {"valda": ["Rūta Zvaigznīte"]}


def test_confirmed_guardian_ends_the_waiting(world: World, child: Person) -> None:
    parent = factories.make_person("Zigrīda", "Zvaigznīte")
    confirm_guardian(actor=world.valda, guardian=parent, ward=child, proof="Dzimšanas apliecība")
    assert waiting(world, GUARDIAN) == {}


def test_open_requests_wait_for_the_data_protection_officer(world: World) -> None:
    assert waiting(world, REQUESTS) == {}
    request = ask_about_data(
        actor=world.pupil, person=world.peteris, kind=RequestKind.RECTIFICATION, message="Mans uzvārds ir cits."
    )
    assert waiting(world, REQUESTS) == {"dace": [""]}
    task = next(task for task in tasks_for(world.dace) if str(task.title) == REQUESTS)
    assert (task.due_on, task.count) == (request.due_on, 1)

"""The demo's events stand by the services' own actions, and each of their pages opens for whoever looks at it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from microcities.demo.foundations import PUPIL, Ground, lay_ground
from microcities.demo.holding import hold_events
from microcities.demo.story import read_story
from microcities.events.models import Event, Registration
from microcities.people.actions.guardians import confirm_guardian
from microcities.people.models import Account
from tests import factories
from tests.journeys.career_pages import EVENTS
from tests.journeys.standing import CHILD, CV_WORKSHOP, GUARDIAN, OPEN_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground() -> Ground:
    """The ground of the demo with a class, a pupil, a child and its guardian, and then its events."""
    made, today = lay_ground(read_story()), timezone.localdate()
    school = made.partners["valmiera-technikum"]
    for number in range(8):
        factories.register(factories.make_person(f"Skolēns{number}", "Kalniņš"), school)
    made.open_account(PUPIL, ("Jānis", "Bērziņš"), today - timedelta(days=6500))
    child = made.open_account(CHILD, ("Elza", "Priedīte"), today - timedelta(days=5200))
    guardian = made.open_account(GUARDIAN, ("Mārtiņš", "Priedītis"), today - timedelta(days=16000))
    assert child.person is not None
    assert guardian.person is not None
    factories.register(child.person, school)
    confirm_guardian(
        actor=made.accounts["karjera@demo.example"], guardian=guardian.person, ward=child.person, proof="Uzrādīta apliecība"
    )
    hold_events(made, CHILD, GUARDIAN)
    return made


def test_events_of_the_demo_are_announced_filled_and_attended(ground: Ground) -> None:
    assert Event.objects.filter(state="published").count() == 10
    states = Registration.objects.filter(event__name_en=CV_WORKSHOP).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "confirmed", "offered", "waiting"]
    attended = Event.objects.get(name_en=OPEN_DAY).attendees.attended()
    assert [each.person_id for each in attended] == [ground.accounts[GUARDIAN].person_id]


def test_each_page_of_events_opens_in_both_languages(ground: Ground, client: Client) -> None:
    found: dict[str, int] = {}
    for kind in EVENTS:
        client.logout()
        if kind.role:
            client.force_login(Account.objects.get(email=kind.role))
        found |= {f"{kind.name}, {code}": client.get(kind.in_language(code)).status_code for code in ("lv", "en")}
    assert {name: status for name, status in found.items() if status != 200} == {}

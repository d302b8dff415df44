"""Checking people in with a phone that loses its connection: nothing is lost, nothing counts twice, no names are kept."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from microcities.careers.models import Enrolment, School
from microcities.events.actions.planning import draft_event, publish_event
from microcities.events.actions.registrations import cancel_registration, register
from microcities.events.models import Attendee, Event
from microcities.people.models import Account
from tests.journeys.standing import SCHOOL_COUNSELLOR
from tests.journeys.working import apart

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = {"width": 390, "height": 800}
# A camera before which a ticket is held, where the machine has none: what the browser's own detector would read.
CAMERA = """
window.BarcodeDetector = class { async detect() { return window.held ? [{rawValue: window.held}] : []; } };
Object.defineProperty(navigator, "mediaDevices", {value: {
  getUserMedia: async () => document.createElement("canvas").captureStream(),
}});
HTMLMediaElement.prototype.play = async () => {};
"""


@pytest.fixture
def event(demo: dict[str, str]) -> Event:
    """A visit that begins within the hour, with six pupils of one class."""
    return apart(_announced)


def _announced() -> Event:
    actor = Account.objects.get(email=SCHOOL_COUNSELLOR)
    school = School.objects.kept_by(actor)[0]
    start = timezone.now() + timedelta(minutes=50)
    made = draft_event(
        actor=actor, organisation=school.organisation, city=school.city, kind="workplace", name="Pie kalēja",
        name_en="At the smith's", starts_at=start, ends_at=start + timedelta(hours=2), capacity=10, is_public=False,
    )
    publish_event(actor=actor, event=made)
    pupils = Enrolment.objects.at(school).on(timezone.localdate()).select_related("person").order_by("pk")[:6]
    for each in pupils:
        register(actor=actor, event=made, people=[each.person], organisation=school.organisation, label="7.a")
    return made


@pytest.fixture
def phone(browser: Browser, site: str, demo: dict[str, str]) -> Iterator[Callable[..., Page]]:
    """`phone(path)`: a phone of the counsellor's, with nothing else open."""
    contexts: list[BrowserContext] = []

    def opened(path: str, *, scripts: bool = True, camera: bool = False) -> Page:
        context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)  # type: ignore[arg-type]
        contexts.append(context)
        if camera:
            context.add_init_script(CAMERA)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": demo[SCHOOL_COUNSELLOR], "url": site}])
        page = context.new_page()
        page.goto(site + path)
        return page

    yield opened
    for each in contexts:
        each.close()


def tickets(event: Event) -> list[Attendee]:
    return list(event.attendees.select_related("person", "registration").order_by("pk"))


def type_in(page: Page, code: str) -> None:
    page.locator("#id_code").fill(code)
    page.locator("#door-form button").click()


def line(page: Page, text: str) -> Locator:
    return page.locator("#door-log li", has_text=text)


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


def state(page: Page) -> Locator:
    return page.locator("#door")


@pytest.mark.parametrize("language", ["lv", "en"])
def test_scans_wait_without_a_connection_and_are_sent_once_it_is_back(
    phone: Callable[..., Page], event: Event, language: str
) -> None:
    path = f"{'' if language == 'lv' else '/en'}/events/run/{event.uid}/check-in/"
    first, second, third, fourth, *_others = tickets(event)
    with translation.override(language):
        kept, in_already = gettext("kept on this phone, not sent yet"), gettext("was checked in already")
        checked, stranger = gettext("checked in"), gettext("not on the list of this phone")
        given_back = gettext("place given back after this scan, not counted")
    one, other = phone(path), phone(path)
    type_in(one, f"{first.code[:4]} {first.code[4:].lower()}")
    expect(line(one, first.person.name)).to_contain_text(checked)
    one.context.set_offline(True)
    for code in (second.code, third.code, "ZZZZ2222", "abc"):
        type_in(one, code)
    expect(line(one, second.code)).to_contain_text(kept)
    expect(line(one, "ZZZZ2222")).to_contain_text(stranger)
    expect(state(one)).to_have_attribute("data-state", "offline")
    expect(one.locator("#door-state")).to_contain_text("3")
    assert [code in stored(one) for code in (first.code, second.code, third.code)] == [False, True, True]
    assert not any(each.person.family_name in stored(one) for each in tickets(event))
    other.context.set_offline(True)
    for each in (second, fourth):
        type_in(other, each.code)
    expect(line(other, fourth.code)).to_contain_text(kept)
    other.wait_for_timeout(1500)  # longer than sending takes, or nobody could say which came first
    actor = Account.objects.get(email=SCHOOL_COUNSELLOR)
    apart(lambda: cancel_registration(actor=actor, registration=fourth.registration))
    one.context.set_offline(False)
    expect(line(one, second.person.name)).to_contain_text(checked)
    expect(line(one, "ZZZZ2222")).to_contain_text(translated("no such code", language))
    expect(state(one)).to_have_attribute("data-state", "connected")
    assert "microcities.door" not in stored(one)
    other.context.set_offline(False)
    expect(line(other, second.person.name)).to_contain_text(in_already)
    expect(line(other, fourth.person.name)).to_contain_text(given_back)
    came = {each.code for each in tickets(event) if each.attendance == "attended"}
    assert came == {first.code, second.code, third.code}


def translated(text: str, language: str) -> str:
    with translation.override(language):
        return gettext(text)


def test_scans_outlive_a_closed_page_and_a_sign_out(phone: Callable[..., Page], event: Event, site: str) -> None:
    first = tickets(event)[0]
    page = phone(f"/en/events/run/{event.uid}/check-in/")
    cookies = page.context.cookies()
    page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    type_in(page, first.code)
    expect(state(page)).to_have_attribute("data-state", "signed-out")
    page.goto(f"{site}/en/")
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{site}/en/events/run/{event.uid}/check-in/")
    expect(line(page, first.person.name)).to_contain_text("checked in")
    first.refresh_from_db()
    assert first.check_in_way == "code"


def test_camera_reads_tickets_of_this_event_alone(phone: Callable[..., Page], event: Event, site: str) -> None:
    first = tickets(event)[0]
    page = phone(f"/en/events/run/{event.uid}/check-in/", camera=True)
    page.locator("#door-camera").click()
    expect(page.locator("#door-video")).to_be_visible()
    page.evaluate("text => { window.held = text; }", f"{site}/events/run/{event.uid}/check-in/{first.code}/")
    expect(line(page, first.person.name)).to_contain_text("checked in")
    other = "00000000-0000-4000-8000-000000000000"
    page.evaluate("text => { window.held = text; }", f"{site}/events/run/{other}/check-in/{first.code}/")
    expect(line(page, "a ticket of another event").first).to_be_visible()
    page.locator("#door-camera").click()
    expect(page.locator("#door-video")).to_be_hidden()
    first.refresh_from_db()
    assert (first.attendance, first.check_in_way) == ("attended", "qr")


def test_codes_are_typed_without_scripts_too(phone: Callable[..., Page], event: Event) -> None:
    first = tickets(event)[0]
    page = phone(f"/en/events/run/{event.uid}/check-in/", scripts=False)
    expect(page.locator("#door")).to_be_hidden()
    type_in(page, first.code)
    expect(page.locator(".flash")).to_contain_text(first.person.name)
    first.refresh_from_db()
    assert first.attendance == "attended"

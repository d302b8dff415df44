"""A career day from the plan to the figure: classes registered, attendance taken, recorded; and a talk that a pupil books."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from microcities.careers.models import CHECKS, Encounter, GuidanceTalk, School, SchoolClass
from microcities.careers.school_years import year_of
from microcities.events.models import Attendee, Event
from microcities.people.models import Account, Organisation, Person
from microcities.ui.numbers import format_moment
from tests.journeys.standing import CHILD, COUNSELLOR, GUARDIAN, SCHOOL
from tests.journeys.working import apart

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
BENCHMARK, ABSENT, PHONE = 5, 2, 390


@dataclass(frozen=True)
class Cast:
    """Who plans, who registers the classes of which school, and what the day is called."""

    planner: str
    teacher: str
    name: str


# A counsellor of another school of the city plans the first; of the school itself the second.
CASTS = {
    "lv": Cast("konsultants@demo.example", "kapu-skola@demo.example", "Amatu diena"),
    "en": Cast(COUNSELLOR, SCHOOL, "Trades day"),
}


def school_of(teacher: str) -> School:
    return School.objects.kept_by(Account.objects.get(email=teacher)).get()


def three_classes(school: School) -> list[SchoolClass]:
    """Those of this year in which the criterion is asked of most pupils."""
    year = year_of(timezone.localdate())
    return list(school.classes.of_year(year).filter(number__lte=9).in_order())[-3:]


def figure(page: Page, address: str) -> tuple[str, int, int]:
    """The benchmark on the school's page; and behind it how many pupils meet the criterion, of how many."""
    page.goto(address)
    benchmark = page.locator("main tr", has=page.locator("th", has_text=f"{BENCHMARK}. ")).locator("td").first.inner_text()
    page.goto(f"{address}criteria/{BENCHMARK}.1/")
    numbers = re.search(r"(\d+)\D+(\d+)", " ".join(page.locator("dl.summary dd").all_inner_texts()))
    assert numbers is not None
    return benchmark, int(numbers[1]), int(numbers[2])


def primary(page: Page) -> None:
    page.locator("main form button.primary").first.click()


def plan(page: Page, cast: Cast) -> Event:
    """A career day in two hours with a host, announced."""
    start = timezone.localtime() + timedelta(hours=2)
    page.select_option("#id_kind", "career_day")
    page.select_option("#id_city", index=1)
    page.fill("#id_name", cast.name)
    page.fill("#id_place", "Skolas zāle")
    page.fill("#id_starts_at", f"{start:%Y-%m-%dT%H:%M}")
    page.fill("#id_ends_at", f"{start + timedelta(hours=3):%Y-%m-%dT%H:%M}")
    page.select_option("#id_audience", "pupils")
    page.fill("#id_capacity", "60")
    primary(page)
    page.locator("main a[href$='/hosts/']").click()
    page.select_option("#id_organisation", str(Organisation.objects.filter(kind="company").order_by("pk")[0].pk))
    primary(page)
    page.locator("main p a[href*='/events/run/']").last.click()
    page.locator("main form[action$='/publish/'] button.primary").click()
    return Event.objects.get(name=cast.name)


def register(page: Page, classes: list[SchoolClass]) -> None:
    """From the event's own page: classes put on the list, nobody typed; check; register."""
    page.locator("main a[href$='/register/']").click()
    for each in classes:
        page.select_option("#group", f"class-{each.pk}")
        page.locator("button[name=step][value=class]").click()
    expect(page.locator("#id_label")).to_have_value(", ".join(each.name for each in classes))
    page.locator("button[name=step][value=answers]").click()
    page.locator("button[name=step][value=register]").click()
    expect(page).to_have_url(re.compile("/events/registrations/"))


def take_attendance(page: Page, event: Event) -> set[str]:
    """By the list: two did not come, all others did; the names of the two."""
    page.locator("main a[href$='/attendance/']").click()
    away = Attendee.objects.filter(event=event).order_by("pk").select_related("person")[:ABSENT]
    for each in away:
        page.locator(f"[name=came-{each.pk}][value=no_show]").check()
    page.locator("button[name=others]").click()
    expect(page).to_have_url(re.compile(f"/run/{event.uid}/$"))
    return {each.person.name for each in away}


def record(page: Page, cast: Cast) -> Encounter:
    """From My work: the event is there, and the form is filled in with what the event says."""
    page.locator("main a[href*='/from-event/?event=']", has_text=cast.name).or_(
        page.locator("main li, main tr", has_text=cast.name).locator("a[href*='/from-event/?event=']")
    ).first.click()
    expect(page.locator("#id_kind")).to_have_value("employer")
    expect(page.locator("#id_host")).not_to_have_value("")
    for name in (*CHECKS["employer"], "through_curriculum"):
        page.locator(f"[name={name}]").check()
    primary(page)
    expect(page).to_have_url(re.compile(r"/careers/encounters/\d+/$"))
    return Encounter.objects.get(name=cast.name)


def passes(event: Event, **times: timedelta) -> None:
    """Time goes on: the event's times as seen from now."""
    now = timezone.now()
    apart(lambda: Event.objects.filter(pk=event.pk).update(**{name: now + span for name, span in times.items()}))


@pytest.mark.parametrize("language", ["lv", "en"])
def test_career_day_moves_the_figure_and_names_who_is_missing(
    visit: Callable[..., Page], site: str, language: str
) -> None:
    cast, prefix = CASTS[language], "" if language == "lv" else "/en"
    school = school_of(cast.teacher)
    classes, dashboard = three_classes(school), f"{site}{prefix}/careers/schools/{school.pk}/"
    teacher = visit(f"{prefix}/careers/schools/{school.pk}/", role=cast.teacher)
    before, met, asked = figure(teacher, dashboard)
    planner = visit(f"{prefix}/events/run/new/", role=cast.planner)
    event = plan(planner, cast)
    for some in (classes[:2], classes[2:]):
        teacher.goto(f"{site}{prefix}/events/{event.uid}/")
        register(teacher, some)
    registered = Attendee.objects.filter(event=event).confirmed()
    on_roll = Person.objects.filter(enrolments__school_class__in=classes, enrolments__left_on__gte=timezone.localdate())
    assert set(registered.values_list("person", flat=True)) == set(on_roll.values_list("pk", flat=True))
    passes(event, starts_at=timedelta(hours=-2), ends_at=timedelta(hours=1))
    planner.goto(f"{site}{prefix}/events/run/{event.uid}/")
    missing = take_attendance(planner, event)
    passes(event, ends_at=timedelta(minutes=-1))
    teacher.goto(f"{site}{prefix}/work/")
    encounter = record(teacher, cast)
    came = registered.count() - ABSENT
    assert encounter.attendances.attended().count() == came
    after, *counts = figure(teacher, dashboard)
    assert (counts, after != before) == ([met + came, asked], True)
    lacking = lacking_names(teacher, site)
    assert missing <= lacking
    assert not lacking & {each.person.name for each in registered.attended().select_related("person")}
    report = teacher.request.get(f"{dashboard}report.pdf")
    assert (report.status, report.body()[:5]) == (200, b"%PDF-")


def lacking_names(page: Page, site: str) -> set[str]:
    """Everybody in the table of those still lacking, page by page."""
    found: set[str] = set()
    while True:
        table = page.locator("section").last
        found |= {text.strip() for text in table.locator("tbody th").all_inner_texts()}
        onward = table.locator("a[rel=next]")
        if not onward.count():
            return found
        page.goto(page.url.partition("?")[0] + str(onward.get_attribute("href")))


def cancel_booked(phone: Page, child: Person) -> None:
    """One talk at a time: the one that is booked is given up first."""
    booked = GuidanceTalk.objects.booked().filter(person=child, booking__starts_at__gt=timezone.now()).first()
    if booked is not None:
        phone.locator(f"main a[href$='/talks/{booked.pk}/']").first.click()
        phone.locator("main a[href$='/cancel/']").click()
        phone.locator("main form button").last.click()
        expect(phone).to_have_url(re.compile(f"/careers/mine/{child.public_id}/$"))


@pytest.mark.parametrize("language", ["lv", "en"])
def test_pupil_books_a_talk_on_a_phone_and_the_guardian_sees_it(
    visit: Callable[..., Page], site: str, language: str
) -> None:
    prefix = "" if language == "lv" else "/en"
    child = Person.objects.get(account__email=CHILD)
    phone = visit(f"{prefix}/careers/mine/", role=CHILD, width=PHONE)
    cancel_booked(phone, child)
    phone.goto(f"{site}{prefix}/careers/mine/")
    phone.locator(f"main a[href$='/{child.public_id}/book/']").click()
    while not phone.locator("[name=time]").count():
        phone.locator("nav a[href*='from=']").last.click()
    phone.select_option("#id_time", index=1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    primary(phone)
    expect(phone).to_have_url(re.compile(r"/careers/mine/talks/\d+/$"))
    talk = GuidanceTalk.objects.booked().filter(person=child).latest("pk")
    assert talk.booking is not None
    with translation.override(language):
        when = format_moment(talk.booking.starts_at)
    expect(phone.locator("main")).to_contain_text(when)
    guardian = visit(f"{prefix}/careers/mine/", role=GUARDIAN, width=PHONE)
    guardian.locator(f"main a[href$='/{child.public_id}/']").first.click()
    guardian.locator(f"main a[href$='/talks/{talk.pk}/']").first.click()
    expect(guardian.locator("main")).to_contain_text(when)
    expect(guardian.locator("main")).to_contain_text(child.name)
    guardian.goto(f"{site}{prefix}/notices/")
    expect(guardian.locator("main")).to_contain_text(child.name)

"""Draw day from the frozen input to the answer on a phone: the city, everybody, the pupil, the guardian and the auditor."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from microcities.decisions.engine import run_engine
from microcities.summerjobs.draw_input import ENGINE
from microcities.summerjobs.models import Application, Draw, Placement
from tests.journeys.standing import AUDITOR, CHILD, COORDINATOR, GUARDIAN

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = 390


def primary(page: Page) -> None:
    page.locator("main form button.primary").first.click()


def kind_seed(draw: Draw, code: str) -> str:
    """A seed by which this pupil gets a place: the journey goes on with the offer."""
    data = json.loads(draw.frozen_input)
    for seed in map(str, range(1, 200)):
        answers = run_engine(ENGINE, data | {"public_seed": seed}, 0).output["answers"]
        if any(each["pupil"] == code and each["post"] for each in answers):
            return seed
    raise AssertionError("no seed gives this pupil a place")


def test_draw_day_from_frozen_input_to_an_answer_on_a_phone(visit: Callable[..., Page], site: str) -> None:
    waiting = Draw.objects.under_way().select_related("scheme").get()
    scheme = waiting.scheme
    city = visit(f"/summer/draws/{waiting.pk}/", role=COORDINATOR)
    # In Latvian: the waiting draw is set aside with a reason, and another is frozen.
    city.locator("main a[href$='/set-aside/']").click()
    city.fill("#id_reason", "Pirms izlozes papildināts viena pieteikuma dokuments.")
    primary(city)
    primary(city)
    draw = Draw.objects.under_way().get()
    assert draw.number == waiting.number + 1
    anybody = visit(f"/en/summer/{scheme.pk}/draws/")
    expect(anybody.locator("main")).to_contain_text(draw.frozen_sha256)
    expect(anybody.locator("main")).to_contain_text("papildināts viena pieteikuma dokuments")
    # In English: outlook, seed, run, publish.
    own = Application.objects.get(scheme=scheme, person__account__email=CHILD)
    city.goto(f"{site}/en/summer/draws/{draw.pk}/")
    city.locator("main a[href$='/outlook/']").click()
    expect(city.locator("main table").first).to_be_visible()
    city.go_back()
    city.locator("main a[href$='/seed/']").click()
    city.fill("#id_public_seed", kind_seed(draw, own.code))
    city.fill("#id_source", "Drawn before two witnesses in the council hall.")
    primary(city)
    primary(city)
    expect(city.locator("main")).to_contain_text("Checked by a second calculation")
    city.locator("main form[action$='/publish/'] button").click()
    expect(city).to_have_url(re.compile(rf"/draws/{draw.pk}/$"))
    anybody.goto(f"{site}/en/summer/draws/{draw.pk}/")
    anybody.fill("#id_code", own.code)
    anybody.locator("search form button").last.click()
    expect(anybody.locator("main tbody tr")).to_have_count(1)
    expect(anybody.locator("main")).not_to_contain_text(own.person.family_name)
    # An employer has ranked pupils, so the input is for the city and the auditor alone.
    path = f"{site}/en/summer/draws/{draw.pk}/input.json"
    assert anybody.request.get(path).status == 404
    auditor = visit(f"/en/summer/draws/{draw.pk}/", role=AUDITOR)
    file = auditor.request.get(path)
    mine = next(each for each in run_engine(ENGINE, file.json(), 0).output["answers"] if each["pupil"] == own.code)
    answer(visit, site, own, mine["number"])
    auditor.locator("main a[href$='/again/']").click()
    expect(auditor.locator("main")).to_contain_text("The same")


def answer(visit: Callable[..., Page], site: str, own: Application, number: int) -> None:
    """The pupil reads the result on a phone in Latvian; the guardian takes the place on a phone in English."""
    placement = Placement.objects.unanswered().get(application=own)
    phone = visit("/work/", role=CHILD, width=PHONE)
    phone.locator(f"main a[href$='/placements/{placement.public_id}/']").first.click()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    phone.goto(f"{site}/summer/applications/{own.pk}/")
    expect(phone.locator("main")).to_contain_text(f"Jūsu izlozes numurs: {number}.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    guardian = visit(f"/en/summer/placements/{placement.public_id}/", role=GUARDIAN, width=PHONE)
    guardian.locator("main form[action$='/accept/'] button").click()
    expect(guardian.locator("main")).to_contain_text("accepted")
    placement.refresh_from_db()
    assert placement.state == "accepted"

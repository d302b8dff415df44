"""The open data page and the tokens page in a real browser: no axe violation, no sideways scroll, no complaint."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from microcities.people.models import Account
from microcities.results.actions.indicators import load_definition
from microcities.results.definition.reading import read_definition
from microcities.results.publishing import publish_figures
from microcities.trail.context import System
from tests.chromium import chromium
from tests.journeys.axe import axe_violations
from tests.results.exports.conftest import take_part
from tests.world import World, build_world

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def published(live_server: Any) -> World:
    world = build_world()
    load_definition(actor=System("tests"), programme=world.programme, definition=read_definition("nextgen"))
    take_part(world, "f" * 20 + "m" * 20)
    publish_figures(actor=world.marta, programme=world.programme, as_of=date(2019, 12, 31))
    return world


def opened(browser: Browser, address: str, account: Account | None, **options: Any) -> tuple[Page, list[str]]:
    context = browser.new_context(**options)
    if account is not None:
        client = Client()
        client.force_login(account)
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": address.split("/open-data")[0]}
        context.add_cookies([cookie])
    page, complaints = context.new_page(), []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    return page, complaints


def test_token_is_made_and_withdrawn_by_keyboard(browser: Browser, published: World, live_server: Any) -> None:
    page, complaints = opened(browser, f"{live_server.url}/en/open-data/tokens/", published.valda)
    page.focus("input[name=name]")
    page.keyboard.type("The city's data portal")
    for key in ("Tab", "Space", "Tab", "Space", "Tab", "Tab", "Space"):
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    page.wait_for_selector("code.secret")
    secret = page.inner_text("code.secret")
    assert secret.startswith("mc_")
    assert axe_violations(page) == []
    assert "The city's data portal" in page.inner_text("table")
    answer = page.request.get(f"{live_server.url}/api/v1/results", headers={"Authorization": f"Bearer {secret}"})
    assert (answer.status, len(answer.json()["results"])) == (200, 16)
    page.focus("text=Withdraw")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=The token is withdrawn")
    assert complaints == []
    page.context.close()


def test_files_come_down_by_their_links(browser: Browser, published: World, live_server: Any) -> None:
    page, complaints = opened(browser, f"{live_server.url}/en/open-data/?as_of=2020-06-30", None)
    names = []
    for link in page.query_selector_all("section[aria-labelledby=files] a.file"):
        with page.expect_download() as coming:
            link.click()
        names.append(coming.value.suggested_filename)
    assert names == [
        "results.xlsx", "results.csv", "breakdown.xlsx", "breakdown.csv", "results-2019-12-31.pdf",
        "nextgen-results-2019-12-31.zip", "datapackage.json",
    ]
    assert complaints == []
    page.context.close()

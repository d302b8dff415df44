"""From a figure to its records, from a partner's lists to an approved, exported, corrected report, and the auditor's own look.

Everything by keyboard alone and without scripts of ours: what works here works on any old browser.
"""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext
from openpyxl import Workbook
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from microcities.participation.models import Activity, Participation
from microcities.results.models import Report
from tests.journeys.standing import AUDITOR, MANAGER
from tests.journeys.working import work

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
COORDINATOR, LEAD, OFFICER = "koordinatore@demo.example", "parskati@demo.example", "vasara@demo.example"
PATIENCE = 120_000  # milliseconds, on a machine that does much else
SUMMER = "valmiera-summer-2021"
# Each language has its own period and its own two people; both are paid by the programme.
CASES = {
    "lv": (("2022-1", date(2022, 1, 1), date(2022, 3, 31)), ("Rasma", "Zīlīte"), ("Uldis", "Krauklis")),
    "en": (("2022-2", date(2022, 4, 1), date(2022, 6, 30)), ("Dzintra", "Cielava"), ("Gunārs", "Ērglis")),
}


@dataclass
class Keys:
    """A person with a keyboard before one page."""

    page: Page
    site: str
    prefix: str

    def visit(self, path: str) -> None:
        answer = self.page.goto(f"{self.site}{self.prefix}{path}")
        assert answer is not None
        assert answer.status == 200, (path, answer.status)

    def reach(self, target: Locator, most: int = 400) -> None:
        """Press Tab until the focus stands on the target."""
        handle = target.first.element_handle()
        for _step in range(most):
            if self.page.evaluate("wanted => document.activeElement === wanted", handle):
                return
            self.page.keyboard.press("Tab")
        pytest.fail(f"Tab never came to {target}")

    def press(self, target: Locator) -> None:
        """Follow a link or push a button, and wait for the page that comes."""
        self.reach(target)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self.reach(target)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def take(self, target: Locator) -> bytes:
        """Follow a link to a file, and return what came down."""
        self.reach(target)
        with self.page.expect_download() as download:
            self.page.keyboard.press("Enter")
        return Path(download.value.path()).read_bytes()

    def link(self, ending: str) -> Locator:
        return self.page.locator(f"main a[href*='{ending}']")

    def button(self, words: str) -> Locator:
        return self.page.locator("main").get_by_role("button", name=words, exact=True)

    def shows(self, words: str) -> None:
        """The page says so, perhaps after it has renewed itself."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE)


@pytest.fixture
def person(browser: Browser, site: str, demo: dict[str, str]) -> Iterator[Callable[[str, str], Keys]]:
    """`person(role, language)`: somebody signed in, in a browser that runs no script."""
    contexts: list[BrowserContext] = []

    def at_the_keyboard(role: str, language: str) -> Keys:
        context = browser.new_context(java_script_enabled=False, accept_downloads=True)
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": demo[role], "url": site}])
        return Keys(context.new_page(), site, "" if language == "lv" else "/en")

    yield at_the_keyboard
    for context in contexts:
        context.close()


def figure_opens_to_a_record_and_its_history(manager: Keys) -> int:
    """Overview, indicator, records, one record, its history; returns the summer jobs' value."""
    manager.visit("/results/")
    manager.press(manager.link("/results/summer-jobs/"))
    value = int(manager.page.locator("p.lead strong").inner_text())
    expect(manager.page.locator("dl.summary code", has_text="summer-jobs")).to_be_visible()
    manager.press(manager.link("/summer-jobs/records/"))
    manager.press(manager.page.locator("tbody th a"))
    assert "/participations/" in manager.page.url
    manager.press(manager.link("/trail/participation_participation/"))
    expect(manager.page.locator("h1")).to_be_visible()
    return value


def csv_list(given: str, family: str, folder: Path) -> Path:
    file = folder / "vasara.csv"
    text = f"Vārds;Uzvārds;Dzimšanas datums;Sācis;Finansējums\n{given};{family};14.05.2004.;21.06.2021.;nextgen-erdf\n"
    file.write_text(text, encoding="cp1257")
    return file


def xlsx_list(given: str, family: str, folder: Path) -> Path:
    book, file = Workbook(), folder / "vasara.xlsx"
    assert book.active is not None
    book.active.append(["Surname", "First name", "Date of birth", "Start date", "Paid from"])
    book.active.append([family, given, date(2003, 9, 2), date(2021, 6, 21), "nextgen-erdf"])
    book.save(file)
    return file


def list_is_brought_and_applied(officer: Keys, file: Path) -> None:
    """Bring, match the columns where nobody has yet, look at the differences, apply."""
    officer.visit("/lists/new/")
    officer.reach(officer.page.locator("#id_activity"))
    officer.page.select_option("#id_activity", str(Activity.objects.get(code=SUMMER).pk))
    officer.reach(officer.page.locator("#id_file"))
    officer.page.set_input_files("#id_file", file)
    officer.press(officer.page.locator("main form button.primary"))
    if officer.link("/columns/").count():
        officer.press(officer.link("/columns/"))
        officer.press(officer.page.locator("main form button.primary"))
    work()
    officer.shows(gettext("new person"))
    officer.press(officer.button(gettext("Apply the list")))
    work()
    officer.shows(gettext("applied whole"))


def records_are_confirmed(coordinator: Keys, address: str) -> None:
    coordinator.page.goto(address)
    coordinator.press(coordinator.link("/confirm/"))
    coordinator.write(coordinator.page.locator("#id_reason"), "parakstīts saraksts")
    coordinator.press(coordinator.page.locator("main form button.primary"))


def period_is_opened(manager: Keys, code: str, first: date, last: date) -> None:
    manager.visit("/results/reports/")
    manager.press(manager.link("/reports/periods/new/"))
    manager.write(manager.page.locator("#id_code"), code)
    for name, day in (("starts_on", first), ("ends_on", last)):
        for part, number in (("day", day.day), ("month", day.month), ("year", day.year)):
            manager.write(manager.page.locator(f"[name={name}_{part}]"), str(number))
    manager.press(manager.page.locator("main form button.primary"))
    manager.shows(code)


def report_goes_back_and_forth(lead: Keys, manager: Keys, code: str) -> Report:
    """Drafted, submitted, returned with a reason, submitted again, approved and frozen."""
    lead.visit("/results/reports/new/")
    lead.reach(lead.page.locator("#id_period"))
    lead.page.select_option("#id_period", label=code)
    lead.press(lead.page.locator("main form button.primary"))
    report = Report.objects.get(period__code=code, partner=None, version=1)
    path = f"/results/reports/{report.pk}/"
    lead.visit(path)
    lead.shows(gettext("draft"))
    lead.press(lead.button(gettext("Submit the report")))
    manager.visit("/work/")
    manager.press(manager.link(path))
    manager.write(manager.page.locator("#return-reason"), "pavasara saraksts")
    manager.press(manager.button(gettext("Return the report")))
    lead.visit("/work/")
    lead.press(lead.link(path))
    lead.shows("pavasara saraksts")
    lead.press(lead.button(gettext("Submit the report")))
    manager.visit(path)
    manager.press(manager.button(gettext("Approve and freeze")))
    manager.shows(gettext("rows and figures are unchanged since approval"))
    report.refresh_from_db()
    return report


def frozen(report: Report) -> int:
    return int(report.figures.get(indicator__code="summer-jobs", city=None).value)


def report_is_taken_along(manager: Keys, report: Report, value: int) -> None:
    """PDF, XLSX and CSV from the report's page, the overview's files, and the API with a token made on its page."""
    manager.visit(f"/results/reports/{report.pk}/")
    assert manager.take(manager.link("figures.xlsx")).startswith(b"PK")
    rows = list(csv.DictReader(io.StringIO(manager.take(manager.link("rows.csv")).decode())))
    summer = [row for row in rows if row["indicator"] == "summer-jobs"]
    assert sum(row["first_of_subject"] == "true" for row in summer) == value
    address = manager.link("report.pdf").get_attribute("href")
    pdf = manager.page.request.get(f"{manager.site}{address}")
    assert (pdf.headers["content-type"], pdf.body()[:5]) == ("application/pdf", b"%PDF-")
    manager.visit("/results/")
    found = csv.DictReader(io.StringIO(manager.take(manager.link("open-data/results.csv")).decode()))
    now = {row["indicator"]: row for row in found if row["city"] == ""}
    assert now["summer-jobs"]["value"] == str(value)
    assert (now["jobs-created"]["value"], now["jobs-created"]["state"]) == ("", "no_service")
    manager.visit("/open-data/tokens/")
    manager.write(manager.page.locator("#id_name"), "journey")
    for box in manager.page.locator("[name=scopes]").all():
        manager.reach(box)
        manager.page.keyboard.press("Space")
    manager.reach(manager.page.locator("[name=days]"))
    manager.page.keyboard.press("Space")
    manager.press(manager.page.locator("main form[action$='/tokens/'] button.primary"))
    secret = manager.page.locator("code.secret").inner_text()
    answer = manager.page.request.get(
        f"{manager.site}/api/v1/reports/{report.pk}", headers={"Authorization": f"Bearer {secret}"}
    ).json()
    figures = {each["indicator"]: each for each in answer["figures"] if each["city"] is None}
    assert (figures["summer-jobs"]["value"], answer["intact"]) == (value, True)


def record_is_corrected_and_the_report_restated(
    coordinator: Keys, lead: Keys, manager: Keys, report: Report, who: tuple[str, str]
) -> None:
    """A confirmed record is found fictitious: rejected, named as a difference, restated with both values visible."""
    record = Participation.objects.get(person__given_name=who[0], person__family_name=who[1], activity__code=SUMMER)
    coordinator.visit(f"/participations/{record.pk}/")
    coordinator.press(coordinator.link("/reject/"))
    coordinator.write(coordinator.page.locator("#id_reason"), "nebija tāda skolēna")
    coordinator.press(coordinator.page.locator("main form button.primary"))
    before = frozen(report)
    manager.visit(f"/results/reports/{report.pk}/")
    expect(manager.link(f"/trail/participation_participation/{record.pk}/")).to_be_visible()
    manager.write(manager.page.locator("#restate-reason"), "ieraksts bija izdomāts")
    manager.press(manager.button(gettext("Restate")))
    second = Report.objects.get(restates=report)
    lead.visit(f"/results/reports/{second.pk}/")
    lead.press(lead.button(gettext("Submit the report")))
    manager.visit(f"/results/reports/{second.pk}/")
    manager.press(manager.button(gettext("Approve and freeze")))
    line = manager.page.locator("tr", has=manager.page.locator(f"a[href*='/reports/{second.pk}/rows/summer-jobs/']"))
    expect(line.locator("td").nth(0)).to_have_text(str(before))
    expect(line.locator("td").nth(1)).to_have_text(str(before - 1))
    manager.shows("ieraksts bija izdomāts")
    assert frozen(report) == before


def forecast_is_kept(manager: Keys) -> str:
    """The forecast as of the end of 2019, kept as a decision file; returns its address."""
    manager.visit("/results/summer-jobs/?as_of=2019-12-31")
    manager.press(manager.button(gettext("Keep the forecast as a decision file")))
    return manager.page.url


def auditor_repeats_the_forecast(auditor: Keys, address: str, report: Report, folder: Path) -> None:
    """Nothing to change on the report; the decision file run again: the same; and once more without the server."""
    auditor.visit(f"/results/reports/{report.pk}/")
    assert auditor.page.locator("main form[method=post]").count() == 0
    auditor.visit("/decisions/")
    auditor.press(auditor.link(address.removeprefix(auditor.site)))
    file = folder / "decision.json"
    file.write_bytes(auditor.take(auditor.link("decision.json")))
    auditor.press(auditor.link("/again/"))
    auditor.shows(gettext("The same"))
    with file.open("rb") as document:
        ran = subprocess.run(
            [sys.executable, "-m", "microcities.cli", "engine", "run", "results.forecast"],
            stdin=document, capture_output=True, check=False,
        )
    assert (ran.returncode, ran.stderr) == (0, b"results.forecast: same\n")
    assert json.loads(ran.stdout)["comparison"]["result"] == "same"


@pytest.mark.parametrize("language", ["lv", "en"])
def test_whole_journey_by_keyboard_and_without_scripts(
    person: Callable[[str, str], Keys], tmp_path: Path, language: str
) -> None:
    period, first, second = CASES[language]
    manager, officer, coordinator, lead, auditor = (
        person(role, language) for role in (MANAGER, OFFICER, COORDINATOR, LEAD, AUDITOR)
    )
    with translation.override(language):
        value = figure_opens_to_a_record_and_its_history(manager)
        for file in (csv_list(*first, tmp_path), xlsx_list(*second, tmp_path)):
            list_is_brought_and_applied(officer, file)
            records_are_confirmed(coordinator, officer.page.url)
        assert figure_opens_to_a_record_and_its_history(manager) == value + 2
        period_is_opened(manager, *period)
        report = report_goes_back_and_forth(lead, manager, period[0])
        assert frozen(report) == value + 2
        report_is_taken_along(manager, report, value + 2)
        record_is_corrected_and_the_report_restated(coordinator, lead, manager, report, second)
        assert figure_opens_to_a_record_and_its_history(manager) == value + 1
        auditor_repeats_the_forecast(auditor, forecast_is_kept(manager), report, tmp_path)

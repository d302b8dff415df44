"""A partner's officer brings a list, sees what it would change, has it applied by the worker, and takes it back."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import Page, expect

from microcities.participation.models import Activity, ListImport, ListState, Participation
from microcities.people.models import Person
from tests.journeys.working import work

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
COORDINATOR = "koordinatore@demo.example"
LIST = """Uzvārds;Vārds;Dzimšanas datums;E-pasts;Sācis;Stundas;Finansējums
Vanadziņa;Elīna;12.03.2004.;elina.vanadzina@example.org;21.06.2021.;60,5;nextgen-erdf
Žagars;Ričards;{born};ricards@example.org;21.06.2021.;60;nextgen-erdf
"""


def bring(page: Page, born: str, folder: Path) -> None:
    """Choose the summer programme and the file, and press the button."""
    file = folder / "vasara-2021.csv"
    file.write_text(LIST.format(born=born), encoding="utf-8")
    page.select_option("#id_activity", str(Activity.objects.get(code="valmiera-summer-2021").pk))
    page.set_input_files("#id_file", file)
    page.locator("main form button.primary").click()


@pytest.mark.parametrize("language", ["lv", "en"])
def test_list_is_brought_refused_corrected_applied_and_undone(
    visit: Callable[..., Page], tmp_path: Path, language: str
) -> None:
    prefix = "" if language == "lv" else "/en"
    with translation.override(language):
        refused = gettext("There is no such day. Check the day and the month.")
        new, undone = gettext("new person"), gettext("undone")
    page = visit(f"{prefix}/lists/new/", role=COORDINATOR)
    bring(page, "31.02.2003.", tmp_path)
    if page.locator("a[href$='/columns/']").count():  # headings that nobody has matched yet
        page.locator("a[href$='/columns/']").click()
        expect(page.locator("#id_birth_on")).to_have_value("2")
        page.locator("main form button.primary").click()
    work()
    page.reload()
    expect(page.get_by_text(refused)).to_be_visible()
    expect(page.locator("tbody tr")).to_have_count(2)
    page = visit(f"{prefix}/lists/new/", role=COORDINATOR)
    bring(page, "28.02.2003.", tmp_path)
    work()
    page.reload()
    expect(page.get_by_text(new).first).to_be_visible()
    page.locator("form[action$='/apply/'] button").click()
    work()
    page.reload()
    assert Person.objects.filter(family_name="Vanadziņa", given_name="Elīna").count() == 1
    the_list = ListImport.objects.latest("pk")
    assert Participation.objects.filter(batch_id=the_list.pk).count() == 2
    page.locator("a[href$='/undo/']").click()
    page.locator("#id_reason").fill("test")
    page.locator("main form button.danger").click()
    work()
    page.reload()
    expect(page.locator("dl.summary").get_by_text(undone, exact=True)).to_be_visible()
    the_list.refresh_from_db()
    assert the_list.state == ListState.UNDONE
    assert not Person.objects.filter(family_name="Vanadziņa", given_name="Elīna").exists()

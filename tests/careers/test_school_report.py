"""The report that a school exports: PDF, XLSX and CSV with counts, intervals, day and framework, and without names."""

import csv
import io
import math
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from openpyxl import load_workbook

from microcities.careers.dashboards import Asked, results_of
from microcities.careers.dashboards_report import contents, rows_of_report
from tests.careers.conftest import Schools, make_pupil, place
from tests.careers.school_pages import at, met, text

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def table(client: Client, schools: Schools, **query: str) -> list[dict[str, str]]:
    content = client.get(at(schools, "report.csv"), query)
    return list(csv.DictReader(io.StringIO(text(content).removeprefix("\ufeff"))))


def wilson(some: int, all_of: int) -> tuple[float, float]:
    """The score interval at 95 %, as Wilson (1927) gives it."""
    z, share = 1.959963984540054, some / all_of
    middle = (share + z * z / (2 * all_of)) / (1 + z * z / all_of)
    half = z / (1 + z * z / all_of) * math.sqrt(share * (1 - share) / all_of + z * z / (4 * all_of * all_of))
    return middle - half, middle + half


def test_table_has_counts_share_interval_day_and_framework(client: Client, schools: Schools) -> None:
    for given in ("Anete", "Toms", "Ieva"):
        place(schools.nine_b, make_pupil(schools.ventspils, given, "Xqvornaite"))
    met(schools)
    client.force_login(schools.anna)
    rows = table(client, schools)
    with translation.override("en"):
        results = results_of(schools.ventspils, Asked(TODAY))
        assert [row["Criterion"] for row in rows] == [line.code for line in results.criteria]
    (row,) = [row for row in rows if row["Criterion"] == "5.1"]
    low, high = wilson(1, 4)
    assert {name: row[name] for name in ("School", "Figures of", "Met by", "Of", "Lacking", "Pupils on the roll")} == {
        "School": "Ventspils 1. vidusskola", "Figures of": TODAY.isoformat(), "Met by": "1", "Of": "4", "Lacking": "3",
        "Pupils on the roll": "4",
    }
    assert float(row["Share (of one)"]) == 0.25
    assert (float(row["95 % interval from (of one)"]), float(row["95 % interval to (of one)"])) == pytest.approx(
        (low, high), abs=5e-4
    )
    assert row["Version of the framework"] == results.rule.version
    assert row["State"] == "partly"


def test_no_file_of_the_report_names_a_pupil(client: Client, schools: Schools) -> None:
    place(schools.nine_b, make_pupil(schools.ventspils, "Zvkxq", "Wqrtzova"))
    met(schools)
    client.force_login(schools.anna)
    with translation.override("lv"):
        words = str(contents(results_of(schools.ventspils, Asked(TODAY))))
    whole = text(client.get(at(schools, "report.csv"))) + words
    for name in ("Zvkxq", "Wqrtzova", schools.pupil.given_name, schools.pupil.family_name):
        assert name not in whole


def test_workbook_keeps_numbers_as_numbers(client: Client, schools: Schools) -> None:
    met(schools)
    client.force_login(schools.anna)
    answer = client.get(at(schools, "report.xlsx"))
    assert answer.headers["Content-Disposition"] == (
        f'attachment; filename="benchmarks-ventspils-1-vidusskola-{TODAY.isoformat()}.xlsx"'
    )
    content: Any = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    header, *rows = load_workbook(io.BytesIO(content), read_only=True).active.iter_rows(values_only=True)  # type: ignore[union-attr]
    places = {name: number for number, name in enumerate(header)}
    row = next(each for each in rows if each[places["Criterion"]] == "5.1")
    assert [row[places[name]] for name in ("Met by", "Of", "Lacking", "Share (of one)")] == [1, 1, 0, 1]


def test_report_is_of_the_day_that_was_asked(client: Client, schools: Schools) -> None:
    met(schools)
    client.force_login(schools.anna)
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    (row,) = [each for each in table(client, schools, day=yesterday) if each["Criterion"] == "5.1"]
    assert (row["Figures of"], row["Met by"], row["Lacking"]) == (yesterday, "0", "1")
    (older,) = [each for each in table(client, schools, version="gatsby-2014") if each["Criterion"] == "5.1"]
    assert older["Version of the framework"] == "gatsby-2014"


def test_report_speaks_latvian_and_the_pdf_is_tagged_in_both_languages(client: Client, schools: Schools) -> None:
    met(schools)
    client.force_login(schools.anna)
    for prefix, code in (("/en", b"/Lang(en"), ("", b"/Lang(lv")):
        made = client.get(f"{prefix}/careers/schools/{schools.ventspils.pk}/report.pdf").content
        assert (made[:5], code in made, b"/StructTreeRoot" in made) == (b"%PDF-", True, True)
    latvian = text(client.get(f"/careers/schools/{schools.ventspils.pk}/report.csv")).splitlines()[0]
    assert ("Skola" in latvian, "School" in latvian) == (True, False)


def test_pdf_says_version_and_how_many_are_lacking(schools: Schools) -> None:
    place(schools.nine_b, make_pupil(schools.ventspils, "Anete"))
    met(schools)
    with translation.override("en"):
        results = results_of(schools.ventspils, Asked(TODAY))
        whole = contents(results)
        header, rows = rows_of_report(results)
    criteria = next(each for each in whole["tables"] if each["title"] == "Criteria")
    place_of = criteria["headings"].index("Lacking")
    shown = {row[0].split(" ")[0]: row[place_of] for row in criteria["rows"]}
    assert shown["5.1"] == "1"
    assert shown["1.1"] == "–"  # of records nobody is lacking
    assert len(criteria["widths"]) == len(criteria["headings"]) == len(criteria["rows"][0])
    assert results.rule.version in dict(whole["facts"])["Framework"]
    assert {len(row) for row in rows} == {len(header)}


def test_school_page_leads_to_all_three_and_carries_the_question(client: Client, schools: Schools) -> None:
    client.force_login(schools.anna)
    shown = text(client.get(at(schools), {"day": TODAY.isoformat()}))
    for ending in ("pdf", "xlsx", "csv"):
        assert f"report.{ending}?day={TODAY.isoformat()}" in shown


@pytest.mark.parametrize(("name", "status"), [("anna", 200), ("baiba", 404), ("guardian", 403), ("pupil_account", 403)])
def test_report_is_exported_by_the_school_alone(client: Client, schools: Schools, name: str, status: int) -> None:
    client.force_login(getattr(schools, name))
    found = {ending: client.get(at(schools, f"report.{ending}")).status_code for ending in ("pdf", "csv", "xlsx")}
    assert found == {"pdf": status, "csv": status, "xlsx": status}


def test_day_without_a_framework_has_no_report(client: Client, schools: Schools) -> None:
    schools.ventspils.setting = "technikum"
    schools.ventspils.save()
    client.force_login(schools.anna)
    assert client.get(at(schools, "report.csv"), {"day": "2016-01-01"}).status_code == 404

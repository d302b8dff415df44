"""CSV and XLSX: form, columns, the nothings, what each reader gets, and that the description fits the files."""

import csv
import io
import json
import re
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from microcities.participation.models import Participation
from microcities.results.actions.reports import restate_report
from microcities.results.models import Report
from microcities.results.publishing import publish_figures
from microcities.trail.models import Look
from tests import factories
from tests.results.exports.conftest import body, signed_in, take_part
from tests.world import World

pytestmark = pytest.mark.django_db
AS_OF = {"as_of": "2019-12-31"}


def rows(response: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(response).decode())))


def by_code(found: list[dict[str, str]], city: str = "") -> dict[str, dict[str, str]]:
    return {row["indicator"]: row for row in found if row["city"] == city}


def test_csv_is_rfc_4180_in_utf_8(filled: World) -> None:
    response = signed_in(filled.marta).get("/open-data/results.csv", AS_OF)
    content = body(response)
    assert response["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert content.startswith(b"programme,as_of,indicator,name_lv")
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + 3 * 16
    assert "Skolēni vasaras nodarbinātības" in content.decode()
    widths = {len(row) for row in csv.reader(io.StringIO(content.decode(), newline=""), strict=True)}
    assert widths == {36}


def test_each_nothing_has_its_own_state_and_no_value(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 8, 31))
    Participation.objects.filter(person=filled.zane).delete()
    found = by_code(rows(signed_in(filled.marta).get("/open-data/results.csv", AS_OF)))
    assert (found["summer-jobs"]["value"], found["summer-jobs"]["state"]) == ("40", "counted")
    assert (found["jobs-created"]["value"], found["jobs-created"]["state"]) == ("", "no_service")
    assert (found["students"]["value"], found["students"]["state"]) == ("", "not_reported")
    early = by_code(rows(signed_in(filled.marta).get("/open-data/results.csv", {"as_of": "2018-01-01"})))
    assert (early["summer-jobs"]["value"], early["summer-jobs"]["state"]) == ("", "not_begun")
    public = by_code(rows(Client().get("/open-data/results.csv", AS_OF)))
    assert (public["reskilled"]["value"], public["reskilled"]["state"], public["reskilled"]["withheld"]) == (
        "", "suppressed", "small"
    )


def test_reported_zero_is_a_value(filled: World, report: Report) -> None:
    found = by_code(rows(signed_in(filled.marta).get(f"/open-data/reports/{report.pk}/figures.csv")), "ventspils")
    assert (found["summer-jobs"]["value"], found["summer-jobs"]["state"]) == ("0", "counted")


def test_public_file_holds_published_figures_only(filled: World) -> None:
    nothing = by_code(rows(Client().get("/open-data/results.csv", AS_OF)))
    assert {(row["value"], row["state"]) for row in nothing.values()} == {("", "not_published")}
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 8, 31))
    take_part(filled, "f" * 30)
    shown = by_code(rows(Client().get("/open-data/results.csv", AS_OF)))
    live = by_code(rows(signed_in(filled.marta).get("/open-data/results.csv", AS_OF)))
    assert (shown["summer-jobs"]["value"], shown["summer-jobs"]["as_of"]) == ("40", "2019-08-31")
    assert (live["summer-jobs"]["value"], live["summer-jobs"]["as_of"]) == ("70", "2019-12-31")
    assert (shown["summer-jobs"]["records"], live["summer-jobs"]["records"]) == ("", "70")


def test_partners_file_holds_own_records_or_what_was_published(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 8, 31))
    take_part(filled, "fff")
    client = signed_in(filled.ventis)
    own = by_code(rows(client.get("/open-data/results.csv", AS_OF)))
    assert {code: (own[code]["value"], own[code]["records_of"]) for code in ("reskilled", "summer-jobs", "fdi-place")} == {
        "reskilled": ("1", "own"), "summer-jobs": ("", "own"), "fdi-place": ("4", "programme"),
    }
    asked = {"records_of": "programme", **AS_OF}
    assert rows(client.get("/open-data/results.csv", asked)) == rows(Client().get("/open-data/results.csv", AS_OF))
    assert rows(client.get("/open-data/breakdown.csv", asked)) == rows(Client().get("/open-data/breakdown.csv", AS_OF))


def test_withheld_figure_leaks_by_no_column_and_no_part(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 12, 31))
    row = by_code(rows(Client().get("/open-data/results.csv", AS_OF)))["reskilled"]
    for column in ("numerator", "denominator", "records", "confirmed", "achievement", "forecast", "target_probability"):
        assert row[column] == ""
    parts = [row for row in rows(Client().get("/open-data/breakdown.csv", AS_OF)) if row["indicator"] == "reskilled"]
    assert parts
    assert not [part for part in parts if part["value"] == "1"]
    assert {part["state"] for part in parts if part["value"] == ""} == {"suppressed"}


def test_territory_code_is_that_of_the_day(filled: World) -> None:
    client = signed_in(filled.marta)
    codes = {
        day: by_code(rows(client.get("/open-data/results.csv", {"as_of": day})), "valmiera")["summer-jobs"]["lau"]
        for day in ("2021-06-30", "2021-07-01")
    }
    assert codes == {"2021-06-30": "0250000", "2021-07-01": "LV0054010"}


def test_breakdown_adds_up(filled: World) -> None:
    found = [row for row in rows(signed_in(filled.marta).get("/open-data/breakdown.csv", AS_OF))
             if row["indicator"] == "summer-jobs"]
    sums = {name: sum(int(row["value"] or 0) for row in found if row["dimension"] == name)
            for name in ("city", "sex", "age", "sex_age", "incomplete")}
    assert sums == {"city": 40, "sex": 40, "age": 40, "sex_age": 40, "incomplete": 0}


def test_xlsx_has_titles_and_typed_cells(filled: World) -> None:
    response = signed_in(filled.marta).get("/en/open-data/results.xlsx", AS_OF)
    sheet = load_workbook(io.BytesIO(body(response))).active
    header = [cell.value for cell in sheet[1]]
    cells = {row[header.index("Indicator")].value: row for row in sheet.iter_rows(min_row=2) if not row[7].value}
    assert cells["summer-jobs"][header.index("Value")].value == 40
    assert cells["summer-jobs"][header.index("As of")].value.date() == date(2019, 12, 31)
    assert cells["jobs-created"][header.index("Value")].value is None


def test_description_fits_the_files(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 12, 31))
    archive = zipfile.ZipFile(io.BytesIO(body(Client().get("/en/open-data/datapackage.zip", AS_OF))))
    package = json.loads(archive.read("datapackage.json"))
    assert sorted(archive.namelist()) == ["breakdown.csv", "datapackage.json", "results.csv"]
    kinds = {"integer": r"-?\d+", "number": r"-?\d+(\.\d+)?", "date": r"\d{4}-\d\d-\d\d", "boolean": "true|false"}
    for resource in package["resources"]:
        fields = resource["schema"]["fields"]
        read = list(csv.reader(io.StringIO(archive.read(resource["path"]).decode(), newline=""), strict=True))
        assert read[0] == [field["name"] for field in fields]
        keys = [tuple(row[read[0].index(name)] for name in resource["schema"]["primaryKey"]) for row in read[1:]]
        assert len(set(keys)) == len(keys) > 0
        for row in read[1:]:
            for field, value in zip(fields, row, strict=True):
                if value:
                    assert re.fullmatch(kinds.get(field["type"], ".+"), value), (field["name"], value)
                    assert value in field.get("constraints", {}).get("enum", [value])


def test_csv_points_to_its_description(filled: World) -> None:
    response = Client().get("/open-data/results.csv", AS_OF)
    assert response["Link"] == '</open-data/datapackage.json?as_of=2019-12-31>; rel="describedby"; type="application/json"'
    package = Client().get("/open-data/datapackage.json", AS_OF).json()
    assert [resource["path"] for resource in package["resources"]] == [
        "http://testserver/open-data/results.csv?as_of=2019-12-31",
        "http://testserver/open-data/breakdown.csv?as_of=2019-12-31",
    ]


@pytest.mark.parametrize("query", ["as_of=yesterday", "as_of=2019-02-30", "city=riga"])
def test_damaged_address_gives_no_file(filled: World, query: str) -> None:
    assert Client().get(f"/open-data/results.csv?{query}").status_code == 404
    assert Client().get(f"/en/open-data/?{query}").status_code == 400


# --- rows ---


def test_rows_behind_a_figure_give_the_figure(filled: World) -> None:
    again = factories.make_activity(filled.programme, filled.valmiera_partner, filled.valmiera)
    somebody = Participation.objects.filter(activity=filled.summer).first()
    assert somebody is not None
    factories.take_part(again, somebody.person, filled.erdf, filled.city_budget)
    found = rows(signed_in(filled.marta).get("/open-data/records/summer-jobs.csv", AS_OF))
    assert len(found) == 41
    assert sum(row["first_of_subject"] == "true" for row in found) == 40
    assert {row["paid_by"] for row in found} == {"nextgen-erdf", "nextgen-erdf;valmiera-budget"}
    assert {(row["city"], row["lau"], row["fact_on"]) for row in found} == {("valmiera", "0250000", "2019-06-03")}
    assert "Jānis" not in str(found)


def test_rows_of_other_partners_are_left_out(filled: World) -> None:
    theirs = rows(signed_in(filled.ventis).get("/open-data/records/summer-jobs.csv", AS_OF))
    own = rows(signed_in(filled.valda).get("/open-data/records/summer-jobs.csv", AS_OF))
    assert (len(theirs), len(own)) == (0, 40)


@pytest.mark.parametrize(
    ("name", "status"),
    [("marta", 200), ("ventis", 200), ("valda", 200), ("aija", 200), ("dace", 403), ("otto", 403), ("svens", 403),
     ("pupil", 403)],
)
def test_rows_and_reports_open_to_those_who_see_details(filled: World, report: Report, name: str, status: int) -> None:
    client = signed_in(getattr(filled, name))
    assert client.get("/open-data/records/summer-jobs.csv", AS_OF).status_code == status
    of_report = 403 if name == "valda" else status  # the whole programme's report is the lead partner's
    assert client.get(f"/open-data/reports/{report.pk}/figures.csv").status_code == of_report
    assert client.get(f"/open-data/reports/{report.pk}/report.pdf").status_code == of_report
    assert Client().get("/open-data/records/summer-jobs.csv").status_code == 302


def test_taking_minors_along_is_logged(filled: World) -> None:
    adult = factories.make_person("Anna", "Kalna", birth_on=date(1980, 1, 1))
    factories.take_part(filled.summer, adult, filled.erdf)
    type(adult).objects.filter(family_name="Liepa").update(birth_on=timezone.localdate() - timedelta(days=15 * 365))
    before = Look.objects.count()
    signed_in(filled.valda).get("/open-data/records/summer-jobs.csv", AS_OF)
    looks = Look.objects.order_by("-pk")[: Look.objects.count() - before]
    assert len(looks) == 40
    assert {(look.actor_id, look.reason, look.what) for look in looks} == {
        (filled.valda.pk, "results.export", "summer-jobs")
    }
    assert adult.pk not in {look.person_id for look in looks}


def test_too_many_rows_for_a_spreadsheet_are_refused(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("microcities.results.export_views.MOST_XLSX_ROWS", 39)
    client = signed_in(filled.marta)
    refused = client.get("/en/open-data/records/summer-jobs.xlsx", AS_OF)
    assert (refused.status_code, "Take the CSV file" in refused.content.decode()) == (403, True)
    assert client.get("/en/open-data/records/summer-jobs.csv", AS_OF).status_code == 200


# --- reports ---


@pytest.mark.django_db(transaction=True)  # what comes and goes within one transaction leaves no trace
def test_report_files_hold_what_was_frozen_and_what_differs(filled: World, report: Report) -> None:
    gone = Participation.objects.filter(activity=filled.summer).first()
    assert gone is not None
    Participation.objects.filter(pk=gone.pk).update(
        verification="rejected", verified_by_id=filled.marta.pk, verified_at="2020-02-01T00:00Z"
    )
    client = signed_in(filled.marta)
    found = rows(client.get(f"/open-data/reports/{report.pk}/figures.csv"))
    assert (by_code(found)["summer-jobs"]["value"], by_code(found)["summer-jobs"]["records"]) == ("40", "40")
    assert (by_code(found)["fdi-place"]["value"], by_code(found, "ventspils")["fdi-place"]["value"]) == ("4", "3")
    assert by_code(found, "ventspils")["fdi-place"]["source_document"] == "European Cities and Regions of the Future"
    frozen = rows(client.get(f"/open-data/reports/{report.pk}/rows.csv"))
    assert len([row for row in frozen if row["indicator"] == "summer-jobs"]) == 40
    assert {len(row["fingerprint"]) for row in frozen} == {64}
    differing = rows(client.get(f"/open-data/reports/{report.pk}/differences.csv"))
    assert [(row["difference"], row["record"], row["indicator"]) for row in differing] == [
        ("removed", str(gone.pk), "summer-jobs")
    ]


def test_report_files_show_partners_their_own_rows_and_no_small_counts(filled: World, report: Report) -> None:
    Participation.objects.filter(activity=filled.summer).update(hours=12)
    client = signed_in(filled.ventis)
    assert {row["indicator"] for row in rows(client.get(f"/open-data/reports/{report.pk}/rows.csv"))} == {"reskilled"}
    assert rows(client.get(f"/open-data/reports/{report.pk}/differences.csv")) == []
    figures = by_code(rows(client.get(f"/open-data/reports/{report.pk}/figures.csv")))
    assert (figures["reskilled"]["value"], figures["reskilled"]["state"]) == ("", "suppressed")
    assert figures["summer-jobs"]["value"] == "40"


def test_unapproved_report_has_no_file(filled: World, report: Report) -> None:
    again = restate_report(actor=filled.ventis, report=report, reason="A record was found fictitious")
    client = signed_in(filled.marta)
    assert client.get(f"/open-data/reports/{again.pk}/figures.csv").status_code == 404
    assert client.get(f"/open-data/reports/{again.pk}/report.pdf").status_code == 404
    assert client.get(f"/open-data/reports/{report.pk}/figures.csv").status_code == 200

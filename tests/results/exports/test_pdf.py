"""The PDF: tagged, titled, in its language, without foreign fonts, and with everything a report has to say."""

import io
from collections import Counter
from datetime import date
from typing import Any

import pikepdf
import pytest
from django.test import Client
from django.utils.translation import override

from microcities.participation.models import Participation
from microcities.results.actions.reports import approve_report, restate_report, submit_report
from microcities.results.exports.document import Document, Frozen, contents
from microcities.results.models import Report
from microcities.results.publishing import publish_figures
from microcities.results.reading import Level, Reader
from microcities.results.reading_for_export import SealOfReport, report_figures, restatements, seal_of
from microcities.trail.models import Seal
from tests.results.exports.conftest import body, signed_in
from tests.world import World

pytestmark = pytest.mark.django_db
EVERYTHING = Reader(Level.ALL)


def opened(response: Any) -> pikepdf.Pdf:
    assert response["Content-Type"] == "application/pdf"
    return pikepdf.open(io.BytesIO(body(response)))


def tags(document: pikepdf.Pdf) -> Counter[str]:
    found: Counter[str] = Counter()

    def walk(node: Any) -> None:
        if isinstance(node, pikepdf.Array):
            for each in node:
                walk(each)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found[str(node.S)] += 1
            if "/K" in node:
                walk(node.K)

    walk(document.Root.StructTreeRoot.K)
    return found


def said(document: Document, language: str = "en") -> dict[str, Any]:
    """All words of a document in a language."""
    with override(language):
        return contents(document)


def document_of(report: Report, **frozen: Any) -> Document:
    figures = report_figures(report, EVERYTHING)
    whole = tuple(figures.pop(None))
    told = tuple(restatements(report, EVERYTHING))
    cities = {city: tuple(group) for city, group in figures.items() if city is not None}
    facts = {"intact": True, "seal": seal_of(report), "restated": told, **frozen}
    return Document(report.period.programme, whole, cities, Frozen(report, **facts))


@pytest.mark.parametrize(("prefix", "language", "title"), [
    ("", "lv", "Eiropas nākamās paaudzes mazās pilsētas"), ("/en", "en", "Next Generation Micro Cities of Europe"),
])
def test_report_is_a_tagged_pdf(filled: World, report: Report, prefix: str, language: str, title: str) -> None:
    document = opened(signed_in(filled.marta).get(f"{prefix}/open-data/reports/{report.pk}/report.pdf"))
    assert (str(document.Root.Lang), bool(document.Root.MarkInfo.Marked)) == (language, True)
    assert str(document.docinfo["/Title"]).endswith(title)
    assert bool(document.Root.ViewerPreferences.DisplayDocTitle)
    with document.open_metadata() as about:
        assert about["pdfuaid:part"] == "1"
    found = tags(document)
    assert (found["/H1"], found["/Figure"], found["/Table"], found["/H3"]) == (1, 1, 1, 16)
    assert found["/TH"] == 5
    assert found["/Lbl"] == found["/LBody"] > 100


def test_report_embeds_its_fonts_and_only_those_of_the_writer(filled: World, report: Report) -> None:
    document = opened(signed_in(filled.marta).get(f"/open-data/reports/{report.pk}/report.pdf"))
    names = set()
    for page in document.pages:
        for font in page.Resources.get("/Font", {}).values():
            descendant = font.DescendantFonts[0]
            assert {"/FontFile2", "/FontFile3"} & set(descendant.FontDescriptor.keys())
            names.add(str(font.BaseFont).split("+")[1].split("-")[0])
    assert names == {"LibertinusSerif", "DejaVuSansMono"}


def test_report_says_every_figure_with_unit_date_source_target_and_forecast(filled: World, report: Report) -> None:
    sheets = {sheet["name"]: dict(sheet["lines"]) for sheet in said(document_of(report))["sheets"]}
    assert len(sheets) == 16
    jobs = sheets["Pupils in the summer employment pilot"]
    assert jobs.pop("Source of the target").startswith("Projekta apraksts")
    assert jobs == {
        "Value": "40 (pupils)",
        "Date": "31 December 2019",
        "Counted as": "distinct people, each once",
        "Source": "records of the platform: pupils in summer jobs. Records: 40, of them confirmed: 0",
        "Baseline": "no baseline on record",
        "Target": "250 by 31 October 2021",
        "Achievement": "16% of the target",
        "Status": "at risk",
        "Forecast": "about 121 by 31 October 2021, with 80% probability 102 to 141; chance of the target under 1%",
        "By city": "Valmiera: 40; Ventspils: 0",
    }
    place = sheets["Place in the fDi ranking of micro cities"]
    assert place["Source"] == "European Cities and Regions of the Future, https://example.org/fdi"
    assert place["By city"] == "Valmiera: 4; Ventspils: 3"
    assert sheets["Jobs created"]["Value"] == "service not in operation yet"


def test_report_names_its_fingerprint_and_seal(filled: World, report: Report) -> None:
    lines = [text for _label, text in said(document_of(report))["approval"]["lines"]]
    link = Seal.objects.get(pk=seal_of(report).seal_id)
    assert report.rows_hash in lines
    assert bytes(link.hash).hex() in lines
    waiting = said(document_of(report, seal=SealOfReport(7, None, "")))["approval"]["lines"]
    assert len(waiting) == len(lines) - 1
    broken = [text for _label, text in said(document_of(report, intact=False))["approval"]["lines"]]
    assert broken != lines


def test_restated_report_shows_both_values_and_the_reason(filled: World, report: Report) -> None:
    Participation.objects.filter(person=Participation.objects.filter(activity=filled.summer)[0].person).update(
        verification="rejected", verified_by_id=filled.marta.pk, verified_at="2020-02-01T00:00Z"
    )
    second = restate_report(actor=filled.ventis, report=report, reason="A record was found fictitious")
    second = approve_report(actor=filled.marta, report=submit_report(actor=filled.ventis, report=second))
    rows = said(document_of(second))["restated"]["rows"]
    assert [row[2:] for row in rows] == [
        ["Programme", "40", "39", "A record was found fictitious"],
        ["Valmiera", "40", "39", "A record was found fictitious"],
    ]
    assert said(document_of(report))["restated"]["rows"] == []
    document = opened(signed_in(filled.marta).get(f"/open-data/reports/{second.pk}/report.pdf"))
    assert tags(document)["/Table"] == 2


def test_partner_learns_no_small_count_from_the_document(filled: World, report: Report) -> None:
    own = Reader(Level.OWN, (filled.ventspils_partner.pk,))
    figures = {figure.indicator.code: figure for figure in report_figures(report, own)[None]}
    assert (figures["reskilled"].value, figures["reskilled"].records) == (None, 0)
    assert figures["summer-jobs"].value == 40


def test_current_results_are_public_as_published(filled: World) -> None:
    publish_figures(actor=filled.marta, programme=filled.programme, as_of=date(2019, 12, 31))
    response = Client().get("/en/open-data/results.pdf", {"as_of": "2020-06-30"})
    assert response["Content-Disposition"] == 'inline; filename="results-2019-12-31.pdf"'
    document = opened(response)
    assert str(document.docinfo["/Title"]) == "Results, Next Generation Micro Cities of Europe"
    assert len(document.pages) >= 4


def test_funding_sentence_is_that_of_the_programme(filled: World, report: Report) -> None:
    found = said(document_of(report), "lv")
    assert found["emblem"] is True
    assert found["statement"] == (
        "Projektu līdzfinansē Eiropas Reģionālās attīstības fonds iniciatīvas „Pilsētu inovatīvās darbības” ietvaros."
    )
    assert found["disclaimer"].startswith("Šī informācija atspoguļo")

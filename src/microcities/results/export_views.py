"""Results as files: the open data page, figures, records and reports as CSV, XLSX, PDF and a described package."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.access.guards import allow, public
from microcities.programme.models import Programme
from microcities.results.api import ADDRESSES, api
from microcities.results.api_guard import TITLES
from microcities.results.breakdown import break_down
from microcities.results.exports import tables
from microcities.results.exports.describing import as_json, describe, zipped
from microcities.results.exports.document import Document, Frozen, write_pdf
from microcities.results.exports.licence import licence
from microcities.results.figures import State
from microcities.results.freezing import differences, is_intact
from microcities.results.models import Indicator, Report, ReportState
from microcities.results.presentation import STATE_WORDS
from microcities.results.reading import PUBLIC, Level, Overview, Question, Reader, read_cities, read_overview, reader_of
from microcities.results.reading_for_export import (
    Names,
    figures_with_cities,
    frozen_in_order,
    note_minors,
    ordered_rows,
    parts_of_all,
    published_observations,
    report_figures,
    restatements,
    scope_of_question,
    seal_of,
)
from microcities.results.rules import may_see_detail, may_see_report
from microcities.results.views.asking import asked, crumbs, the_indicator, the_programme
from microcities.ui.exports import Format, file_response
from microcities.ui.pages import page

MOST_XLSX_ROWS = 50_000  # half a minute of work; CSV writes ten times as fast
MOST_DIFFERENCES = 1_000_000


def _asked(request: HttpRequest) -> tuple[Programme, Question, Reader]:
    """What is asked and who asks; a wrong value in the address is a damaged address."""
    programme = the_programme()
    form, question, reader = asked(request, programme)
    if form.errors:
        raise Http404
    return programme, question, reader


def _format(format: str) -> Format:
    if format not in ("csv", "xlsx"):
        raise Http404
    return cast("Format", format)


def _file(sheet: tables.Sheet, format: str, *, described_at: str = "") -> HttpResponse:
    response = file_response(_format(format), sheet.name, sheet.header(format), sheet.rows, byte_order_mark=False)
    if described_at:
        response["Link"] = f'<{described_at}>; rel="describedby"; type="application/json"'
    return cast("HttpResponse", response)


@public
def open_data(request: HttpRequest) -> HttpResponse:
    """What can be taken along, what the columns and states mean, and how programs read it."""
    programme = the_programme()
    form, question, reader = asked(request, programme)
    query = urlencode({name: value for name, value in request.GET.items() if value and name in form.fields})
    context = {
        "form": form,
        "query": f"?{query}" if query else "",
        "programme_name": str(programme),
        "licence": licence(),
        "sheets": [(tables.results_sheet(programme, (), detail=False), "results"), (tables.EMPTY_PARTS, "breakdown")],
        "states": [(State.COUNTED.value, _("there is a value; zero is one")),
                   *((state.value, words) for state, words in STATE_WORDS.items())],
        "addresses": [(api.get_root_path({}).rstrip("/") + path, words, scope) for path, words, scope in ADDRESSES],
        "problems": sorted(TITLES.items()),
        "detail": reader.sees_detail,
        "is_published": not reader.counts_now(question),
        "api": reverse("api-v1:openapi-json"),
        "question": question,
        "crumbs": crumbs((_("Open data"), "")),
    }
    return page(request, "results/open_data.html", context)


@public
def results_file(request: HttpRequest, name: str, format: str) -> HttpResponse:
    """All figures, or their breakdown, as this reader may see them."""
    programme, question, reader = _asked(request)
    query = request.GET.urlencode()
    described = f"{reverse('open-data:package')}?{query}" if query else reverse("open-data:package")
    if name == "results":
        found, figures = figures_with_cities(programme, reader, question)
        sheet = tables.results_sheet(programme, figures, detail=found.is_live, own=found.own)
    else:
        found = read_overview(programme, reader, question, with_forecast=False)
        sheet = tables.parts_sheet(programme, found, parts_of_all(programme, reader, question, found))
    return _file(sheet, format, described_at=described if format == "csv" else "")


def _public_sheets(programme: Programme, question: Question) -> tuple[Overview, dict[str, tables.Sheet]]:
    found, figures = figures_with_cities(programme, PUBLIC, question)
    return found, {
        "results": tables.results_sheet(programme, figures, detail=False),
        "breakdown": tables.parts_sheet(programme, found, parts_of_all(programme, PUBLIC, question, found)),
    }


@public
def package(request: HttpRequest) -> HttpResponse:
    """The data package: which files there are and what each column means."""
    programme, question, _reader = _asked(request)
    found, sheets = _public_sheets(programme, question)
    query = f"?as_of={question.as_of}" + (f"&city={question.city.slug}" if question.city else "")
    at = {
        request.build_absolute_uri(reverse("open-data:results", args=[name, "csv"]) + query): sheet
        for name, sheet in sheets.items()
    }
    content = as_json(describe(programme, at, as_of=found.as_of, publication=found.publication))
    return HttpResponse(content, content_type="application/json")


@public
def package_zip(request: HttpRequest) -> HttpResponse:
    """The data package with its files in one ZIP."""
    programme, question, _reader = _asked(request)
    found, sheets = _public_sheets(programme, question)
    at = {f"{name}.csv": sheet for name, sheet in sheets.items()}
    content = zipped(describe(programme, at, as_of=found.as_of, publication=found.publication), at)
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{programme.slug}-results-{found.as_of}.zip"'
    return response


@allow(may_see_detail)
def rows_file(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """The records behind a figure; a partner's people get the partner's own only. Minors in it are logged."""
    programme, question, reader = _asked(request)
    indicator = the_indicator(programme, code)
    parts = [("numerator", ordered_rows(indicator, programme, reader, question))]
    if indicator.denominator_measures:
        parts.append(("denominator", ordered_rows(indicator, programme, reader, question, in_denominator=True)))
    for _part, rows in parts:
        _refuse_too_many(format, rows.count())
        note_minors(rows, indicator.code)

    def each_row() -> Iterator[tuple[str, Any]]:
        for part, rows in parts:
            for row in rows.iterator(chunk_size=5000):
                yield part, row

    return _file(tables.rows_sheet(indicator, each_row(), Names.load()), format)


@allow(may_see_detail)
def crossed_file(request: HttpRequest, code: str, format: str) -> HttpResponse:
    """A counted figure by city, partner, service, sex and age at once; a partner's are its own records, as counted now."""
    programme, question, reader = _asked(request)
    indicator = the_indicator(programme, code)
    if indicator.is_outside or indicator.is_share:
        raise Http404
    question = replace(question, own=reader.level == Level.OWN)
    found = break_down(indicator, programme, scope_of_question(programme, reader, question))
    return _file(tables.crossed_sheet(programme, indicator, question.as_of, found, Names.load()), format)


def _refuse_too_many(format: str, count: int) -> None:
    if format == "xlsx" and count > MOST_XLSX_ROWS:
        raise PermissionDenied(_("These are too many rows for a spreadsheet. Take the CSV file."))


# --- reports ---


def _report(request: HttpRequest, pk: int) -> Report:
    rows = Report.objects.select_related("period__programme", "partner__organisation", "restates", "restated_by")
    found = get_object_or_404(rows, pk=pk)
    if not (answer := may_see_report(request.user, found)):  # type: ignore[arg-type]
        raise PermissionDenied(answer.reason)
    if found.state != ReportState.APPROVED:
        raise Http404
    return found


@allow(may_see_detail)
def report_file(request: HttpRequest, pk: int, name: str, format: str) -> HttpResponse:
    """An approved report: its figures, its rows, what differs since, or what was restated."""
    report, reader = _report(request, pk), reader_of(request.user)
    sheets = {"figures": _report_figures, "rows": _report_rows, "differences": _differences, "restatements": _restatements}
    return _file(sheets[name](report, reader, _base_name(report), format), format)


def _base_name(report: Report) -> str:
    whose = f"-partner-{report.partner_id}" if report.partner_id else ""
    return f"report-{report.period.code}{whose}-v{report.version}"


def _report_figures(report: Report, reader: Reader, base: str, format: str) -> tables.Sheet:
    figures = [figure for group in report_figures(report, reader).values() for figure in group]
    sheet = tables.results_sheet(report.period.programme, figures, detail=True)
    return tables.Sheet(base, sheet.title, sheet.fields, sheet.rows)


def _report_rows(report: Report, reader: Reader, base: str, format: str) -> tables.Sheet:
    rows = frozen_in_order(report, reader)
    _refuse_too_many(format, rows.count())
    note_minors(rows, base)
    codes, names = _codes(report), Names.load()

    def cells() -> Iterator[Any]:
        for row in rows.iterator(chunk_size=5000):
            yield tables.frozen_cells(codes[row.indicator_id], row, names)

    return tables.Sheet(f"{base}-rows", _("Frozen rows"), tables.FROZEN_FIELDS, cells())


def _differences(report: Report, reader: Reader, base: str, format: str) -> tables.Sheet:
    found = differences(report, partners=reader.partners, limit=MOST_DIFFERENCES)
    return tables.differences_sheet(f"{base}-differences", found, _codes(report), Names.load())


def _restatements(report: Report, reader: Reader, base: str, format: str) -> tables.Sheet:
    return tables.restatements_sheet(f"{base}-restatements", restatements(report, reader))


def _codes(report: Report) -> dict[int, str]:
    return dict(Indicator.objects.of(report.period.programme).values_list("pk", "code"))


# --- PDF ---


@allow(may_see_detail)
def report_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """An approved report as a document, with fingerprint, seal and restatements."""
    report, reader = _report(request, pk), reader_of(request.user)
    figures = report_figures(report, reader)
    whole = tuple(figures.pop(None))
    newer = getattr(report, "restated_by", None)
    frozen = Frozen(report, is_intact(report), seal_of(report), tuple(restatements(report, reader)), newer)
    cities = {city: group for city, group in figures.items() if city is not None}
    return _pdf(Document(report.period.programme, whole, cities, frozen), _base_name(report))


@public
def current_pdf(request: HttpRequest) -> HttpResponseBase:
    """The results of a day as a document: for the public those published."""
    programme, question, reader = _asked(request)
    found = read_overview(programme, reader, question)
    cities = read_cities(programme, reader, question) if question.city is None else {}
    observations = published_observations(programme, found)
    document = Document(
        programme, found.figures, cities, publication=found.publication, observations=observations, own=found.own
    )
    return _pdf(document, f"results-{found.as_of}")


def _pdf(document: Document, name: str) -> HttpResponse:
    response = HttpResponse(write_pdf(document), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response

"""The JSON API `/api/v1/`: results for everybody, detail by token. Each operation names the scope it needs, or is public."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.renderers import JSONRenderer

from microcities.programme.models import City, FundingSource, Programme
from microcities.results import api_schemas as out
from microcities.results.api_guard import PROBLEM_TYPE, Caller, ProblemError, as_problem, problem_response, unauthorised
from microcities.results.freezing import intact_if_quick, is_intact
from microcities.results.models import Indicator, Publication, Report, ReportState, Scope
from microcities.results.reading import PUBLIC, Level, Overview, Question, Reader, read_overview, reader_of
from microcities.results.reading_for_export import (
    Names,
    first_rows,
    following,
    note_minors,
    parts_of_all,
    report_figures,
    restatements,
    seal_of,
    shown_observations,
)
from microcities.results.rows import evidence_rows
from microcities.results.rules import may_see_detail, may_see_report
from microcities.results.views.asking import the_indicator, the_programme, usual_day

ABOUT = """Results of the programme as data. Reading only.

Without a token you get what was published. With a token (`Authorization: Bearer mc_…`, made by partners' staff on the page
“Access tokens”) you get what its account may see, within the token's scopes: the programme's team and the auditor everything as
counted now; a partner its own organisation's records (`records_of` own) or what was published (`records_of=programme`).

`value` is null unless `state` is `counted`. The states that stand in its place are never zero: `not_reported`, `not_begun`,
`suppressed` (see `withheld`), `no_service`, `undefined`, `per_city`, `not_published`.

Every refusal is `application/problem+json` (RFC 9457). Too many requests: 429 with `Retry-After`."""
# The addresses for people, in the order of the page about open data.
ADDRESSES: tuple[tuple[str, "str | Promise", str], ...] = (
    ("/results", _("all results as of a day"), ""),
    ("/results/{code}", _("one result with its definition, targets, course and breakdown"), ""),
    ("/results/{code}/observations", _("the outside figures behind a result, with their documents"), ""),
    ("/results/{code}/evidence", _("the records behind a result"), Scope.EVIDENCE.value),
    ("/periods", _("the reporting periods"), ""),
    ("/reports", _("approved reports"), Scope.REPORTS.value),
    ("/reports/{number}", _("one approved report: frozen figures, fingerprint, seal, restatements"), Scope.REPORTS.value),
)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
SECURITY = {"token": {"type": "http", "scheme": "bearer", "description": "A token of the page “Access tokens”"}}
Day = Annotated[date | None, Query(description="Facts up to this day, 2000 to 2100; left out: today, or the programme's end")]
CityParam = Annotated[str, Query(description="Short name of a city; left out: the whole programme", max_length=50)]
Moment = Annotated[datetime | None, Query(description="As the records stood at that moment; needs a token")]
Payer = Annotated[str, Query(description="Code of a funding source, or `all`; left out: the programme; needs a token",
                             max_length=50)]
RecordsOf = Annotated[Literal["", "own", "programme"], Query(
    description="For a partner's token: `own` records as counted now (the same when left out), or `programme` as published")]


class Utf8Renderer(JSONRenderer):
    """JSON in which Latvian letters stay letters."""

    json_dumps_params: Mapping[str, Any] = {"ensure_ascii": False}


class ReadingAPI(NinjaAPI):
    """django-ninja with problem details in the schema, and with operations that are closed unless they say otherwise."""

    def get_openapi_schema(self, **kwargs: Any) -> OpenAPISchema:
        """The schema with refusals under their media type and the token as the way to sign in."""
        schema = super().get_openapi_schema(**kwargs)
        for path in schema["paths"].values():
            for operation in path.values():
                for status, answer in operation["responses"].items():
                    if int(status) >= 400:
                        answer["content"] = {PROBLEM_TYPE: answer["content"].pop("application/json")}
        schema["components"]["securitySchemes"] = SECURITY
        return schema


def refuse(request: HttpRequest, error: Any) -> HttpResponse:
    """Any error as problem details."""
    return problem_response(request, as_problem(error))


api = ReadingAPI(
    title="microcities", version="1.0.0", description=ABOUT, docs_url=None, urls_namespace="api-v1", renderer=Utf8Renderer()
)
for kind in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(kind, refuse)


def operation(path: str, answer: Any, *, scope: Scope | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Add a reading operation. `scope` is what a token must have; None opens it to everybody, with or without a token."""

    def check(request: HttpRequest) -> bool:
        caller: Caller = request.caller  # type: ignore[attr-defined]
        needed = scope or (Scope.RESULTS if caller.token else None)
        if needed is None:
            return True
        if caller.token is None:
            raise unauthorised(_("This needs a token with the scope %(scope)s.") % {"scope": needed})
        if not caller.has(needed):
            raise ProblemError(403, _("This needs a token with the scope %(scope)s.") % {"scope": needed})
        if scope is not None and not (allowed := may_see_detail(caller.account)):
            raise ProblemError(403, allowed.reason)
        return True

    refusals = dict.fromkeys((401, 403, 404, 405, 422, 429, 500), out.ProblemOut)
    security: list[dict[str, list[str]]] = [{"token": []}] if scope else [{}, {"token": []}]
    return api.get(path, auth=check, response={200: answer, **refusals}, openapi_extra={"security": security})


def _reader(request: HttpRequest) -> Reader:
    caller: Caller = request.caller  # type: ignore[attr-defined]
    return reader_of(caller.account) if caller.token else PUBLIC


def _question(
    programme: Programme, reader: Reader, as_of: date | None, city: str, recorded_at: datetime | None = None,
    funding: str = "", records_of: str = "",
) -> Question:
    """What is asked, or ProblemError with the parameter that cannot be used."""
    if records_of == "own" and reader.level != Level.OWN:
        raise _unusable("records_of", "programme: this reader has no organisation's records of its own")
    if (recorded_at or funding) and not reader.sees_detail:
        raise unauthorised(_("“recorded_at” and “funding” need a token with the scope %(scope)s.") % {"scope": Scope.RESULTS})
    day = as_of or usual_day(programme)
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _unusable("as_of", f"between {FIRST_DAY} and {LAST_DAY}")
    if recorded_at is not None and recorded_at.tzinfo is None:
        raise _unusable("recorded_at", "with a time zone, for example 2021-10-31T12:00:00+02:00")
    if recorded_at is not None and not FIRST_DAY <= recorded_at.date() <= LAST_DAY:
        raise _unusable("recorded_at", f"between {FIRST_DAY} and {LAST_DAY}")
    own = reader.level == Level.OWN and records_of != "programme"
    return Question(day, recorded_at, _city(programme, city), _funding(funding), own)


def _city(programme: Programme, slug: str) -> City | None:
    if not slug:
        return None
    cities = {city.slug: city for city in programme.cities.in_latvian_order()}
    if slug not in cities:
        raise _unusable("city", f"one of {', '.join(cities)}")
    return cities[slug]


def _funding(code: str) -> tuple[int, ...] | None:
    if not code:
        return None
    sources = {source.code: source.pk for source in FundingSource.objects.order_by("pk")}
    if code != "all" and code not in sources:
        raise _unusable("funding", f"all, or one of {', '.join(sources)}")
    return () if code == "all" else (sources[code],)


def _unusable(parameter: str, wanted: str) -> ProblemError:
    detail = _("See “errors” for the parameter and what is wrong with it.")
    return ProblemError(422, detail, [{"parameter": parameter, "detail": f"must be {wanted}"}])


def _visible(programme: Programme, code: str, reader: Reader, question: Question) -> Indicator:
    indicator = the_indicator(programme, code)
    if not indicator.is_public and not reader.counts_now(question):
        raise Http404
    return indicator


def _whose(found: Overview) -> Literal["programme", "own"]:
    return "own" if found.own else "programme"


def _published_at(publication: Publication | None) -> datetime | None:
    return publication.published_at if publication else None


@operation("/results", out.ResultsOut, scope=None)
def list_results(
    request: HttpRequest, as_of: Day = None, city: CityParam = "", recorded_at: Moment = None, funding: Payer = "",
    records_of: RecordsOf = "",
) -> out.ResultsOut:
    """All results as of a day, of the programme, of one city, or of the own organisation."""
    programme, reader = the_programme(), _reader(request)
    found = read_overview(programme, reader, _question(programme, reader, as_of, city, recorded_at, funding, records_of))
    return out.ResultsOut(
        programme=out.ProgrammeOut(slug=programme.slug, name=out.TextOut(lv=programme.name, en=programme.name_en),
                                   starts_on=programme.starts_on, ends_on=programme.ends_on),
        as_of=found.as_of, records_of=_whose(found), published_at=_published_at(found.publication),
        cities=[out.CityOut.of(each, found.as_of) for each in programme.cities.in_latvian_order()],
        results=[out.FigureOut.of(figure, detail=found.is_live) for figure in found.figures],
    )


@operation("/results/{slug:code}", out.ResultOut, scope=None)
def read_result(
    request: HttpRequest, code: str, as_of: Day = None, city: CityParam = "", recorded_at: Moment = None, funding: Payer = "",
    records_of: RecordsOf = "",
) -> out.ResultOut:
    """One result: definition, targets with their revisions, its course, and its breakdown with suppressed parts marked."""
    programme, reader = the_programme(), _reader(request)
    question = _question(programme, reader, as_of, city, recorded_at, funding, records_of)
    indicator = _visible(programme, code, reader, question)
    found = read_overview(programme, reader, question, only=indicator)
    [figure] = found.figures
    parts = parts_of_all(programme, reader, question, found, only=indicator).get(indicator.pk, [])
    return out.ResultOut(
        result=out.FigureOut.of(figure, detail=found.is_live), records_of=_whose(found),
        definition=out.TextOut(lv=indicator.definition, en=indicator.definition_en),
        common_codes=indicator.common_codes, source_service=indicator.source_service, over_time=indicator.over_time,
        over_cities=indicator.over_cities, published_at=_published_at(found.publication),
        targets=[out.TargetOut.of(target) for target in indicator.targets.newest_first()],
        trend=[out.PointOut(on=point.on, value=out.number(point.value)) for point in figure.trend],
        breakdown=[out.PartOut.of(part) for part in parts],
    )


@operation("/results/{slug:code}/observations", list[out.ObservationOut], scope=None)
def list_observations(request: HttpRequest, code: str, as_of: Day = None) -> list[out.ObservationOut]:
    """The confirmed outside figures behind a result, the newest first."""
    programme, reader = the_programme(), _reader(request)
    question = _question(programme, reader, as_of, "")
    indicator = _visible(programme, code, reader, question)
    publication = Publication.objects.standing_on(programme, question.as_of)
    rows = shown_observations(indicator, reader, question.as_of, publication)
    return [out.ObservationOut.of(row) for row in rows]


@operation("/results/{slug:code}/evidence", out.RowsOut, scope=Scope.EVIDENCE)
def list_evidence(
    request: HttpRequest, code: str, as_of: Day = None, city: CityParam = "", recorded_at: Moment = None,
    funding: Payer = "", part: out.PartOfShare = "numerator",
    after: Annotated[str, Query(pattern=r"^([12][0-9]{3}-[01][0-9]-[0-3][0-9]_[0-9]{1,18})?$",
                                description="`next` of the page before")] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> out.RowsOut:
    """The records behind a result, oldest first; a partner's token gets the partner's own records only."""
    programme, reader = the_programme(), _reader(request)
    indicator, question = the_indicator(programme, code), _question(programme, reader, as_of, city, recorded_at, funding)
    rows = evidence_rows(indicator, programme, question, reader.partners, in_denominator=part == "denominator")
    ordered = rows.order_by("fact_on", "pk")
    shown = list((following(ordered, *_place(after)) if after else ordered)[: limit + 1])
    shown, more = shown[:limit], len(shown) > limit
    firsts, names = first_rows(rows, shown), Names.load()
    note_minors(rows.filter(pk__in=[row.pk for row in shown]), indicator.code)
    return out.RowsOut(
        rows=[out.RowOut.of(row, names, part=part, first=row.pk in firsts) for row in shown],
        next=f"{shown[-1].fact_on}_{shown[-1].pk}" if more else None,
    )


def _place(after: str) -> tuple[date, int]:
    day, _mark, number = after.partition("_")
    try:
        return date.fromisoformat(day), int(number)
    except ValueError:
        raise _unusable("after", "the `next` of an answer") from None


@operation("/periods", list[out.PeriodOut], scope=None)
def list_periods(request: HttpRequest) -> list[out.PeriodOut]:
    """The programme's reporting periods, the newest first."""
    return [out.PeriodOut.of(period) for period in the_programme().periods.order_by("-starts_on")]


@operation("/reports", list[out.ReportLineOut], scope=Scope.REPORTS)
def list_reports(request: HttpRequest) -> list[out.ReportLineOut]:
    """The approved reports that the token's account may see, the newest period first."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    rows = Report.objects.visible_to(caller.account).filter(
        period__programme=the_programme(), state=ReportState.APPROVED
    ).select_related("period", "partner__organisation")
    return [out.ReportLineOut.of(row) for row in rows.newest_first()]


@operation("/reports/{int:number}", out.ReportOut, scope=Scope.REPORTS)
def read_report(
    request: HttpRequest, number: int,
    check: Annotated[bool, Query(description="Compute the fingerprint of a large report anew; takes seconds")] = False,
) -> out.ReportOut:
    """An approved report: frozen figures of the whole and of each city, fingerprint, seal, restatements."""
    caller: Caller = request.caller  # type: ignore[attr-defined]
    rows = Report.objects.select_related("period__programme", "partner__organisation")
    report = get_object_or_404(rows, pk=number, state=ReportState.APPROVED)
    if not may_see_report(caller.account, report):
        raise Http404  # that another partner has such a report is nobody else's business
    reader = reader_of(caller.account)
    return out.ReportOut(
        **out.ReportLineOut.of(report).model_dump(), seal=out.SealOut.of(seal_of(report)),
        intact=is_intact(report) if check else intact_if_quick(report),
        figures=[out.FigureOut.of(figure, detail=True) for group in report_figures(report, reader).values()
                 for figure in group],
        restatements=[out.RestatementOut.of(each) for each in restatements(report, reader)],
    )

"""The report as a tagged PDF (PDF/UA-1), written by typst without network and without fonts of the machine."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.evidence.registry import REGISTRY
from microcities.programme.models import City, Programme
from microcities.results.figures import Figure, State, Status
from microcities.results.models import Observation, Publication, Report, ReportState
from microcities.results.presentation import (
    STATE_WORDS,
    STATUS_WORDS,
    WITHHELD_WORDS,
    achievement_words,
    baseline_words,
    forecast_words,
    number_words,
    summary_words,
    target_words,
)
from microcities.results.reading_for_export import Restatement, SealOfReport, funding_scheme
from microcities.ui.numbers import format_day, format_moment, format_money, format_number

TEMPLATE = Path(__file__).parent.parent / "templates" / "results" / "report.typ"
EMBLEM = Path(__file__).parents[2] / "ui" / "static" / "ui" / "img" / "eu.svg"
STANDARD: Literal["ua-1"] = "ua-1"  # the writer itself refuses a document without title, language or tags


@dataclass(frozen=True)
class Frozen:
    """What makes a report an approved one: its fingerprint, whether its rows still give it, its seal, its history."""

    report: Report
    intact: bool
    seal: SealOfReport
    restated: tuple[Restatement, ...] = ()
    restated_by: Report | None = None


@dataclass(frozen=True)
class Document:
    """Everything a report says; without `frozen` it is the state of a day and nobody's approved word.

    `observations` are the outside figures behind what was published, by indicator; live and frozen figures carry theirs.
    """

    programme: Programme
    figures: tuple[Figure, ...]
    cities: Mapping[City, Sequence[Figure]]
    frozen: Frozen | None = None
    publication: Publication | None = None
    observations: Mapping[int, Sequence[Observation]] = field(default_factory=dict)
    own: bool = False  # one partner's own records, not the programme's

    @property
    def title(self) -> str:
        """Title of the document."""
        if self.frozen is None:
            return _("Results")
        return _("Report on results: %(report)s") % {"report": self.frozen.report}


def write_pdf(document: Document) -> bytes:
    """The document as PDF in the active language."""
    written = typst.compile(
        TEMPLATE.read_bytes(),
        format="pdf",
        pdf_standards=STANDARD,
        ignore_system_fonts=True,
        timestamp=timezone.now().replace(microsecond=0),
        sys_inputs={
            "data": json.dumps(contents(document), ensure_ascii=False),
            "emblem": EMBLEM.read_text(encoding="utf-8"),
        },
    )
    return bytes(written)


def contents(document: Document) -> dict[str, Any]:
    """All words of the document, so that the template only lays them out."""
    scheme = funding_scheme(document.programme)
    language = (get_language() or "lv").split("-")[0]
    as_of = document.figures[0].as_of if document.figures else document.programme.ends_on
    return {
        "language": language,
        "title": document.title,
        "programme": str(document.programme),
        "synthetic": _("Demonstration: the programme is real, all people and their records are invented.")
        if document.programme.is_synthetic else "",
        "facts": _facts(document, as_of),
        "summary": summary_words(document.figures, as_of),
        "overview": [_overview_row(figure) for figure in document.figures],
        "overview_headings": [_("Result"), _("Unit"), _("Value"), _("Target"), _("Status")],
        "sheets": [_sheet(figure, document) for figure in document.figures],
        "states": _states(document.figures),
        "restated": _restated(document.frozen),
        "approval": _approval(document.frozen),
        "emblem": scheme.emblem,
        "emblem_name": scheme.emblem_name.in_language(language),
        "statement": scheme.statement.in_language(language),
        "disclaimer": scheme.disclaimer.in_language(language) if scheme.disclaimer else "",
        "texts": _texts(),
    }


def _texts() -> dict[str, str]:
    return {
        "page": _("Page"),
        "overview": _("All results"),
        "sheets": _("Each result"),
        "states": _("Where there is no value"),
        "approval": _("Approval and fingerprint"),
        "restated": _("Restatements"),
        "none_restated": _("No value of this report has been restated."),
        "funding": _("Funding"),
    }


def _facts(document: Document, as_of: Any) -> list[tuple[str, str]]:
    programme = document.programme
    facts = [
        (_("Figures of"), format_day(as_of)),
        (_("Programme"), f"{format_day(programme.starts_on)} – {format_day(programme.ends_on)}"),
        (_("Cities"), ", ".join(str(city) for city in document.cities)),
        (_("Budget"), format_money(programme.budget)),
        (_("EU co-financing"), f"{format_money(programme.co_financing)} ({programme.fund_name})"),
    ]
    if document.frozen is not None:
        report = document.frozen.report
        facts += [(_("Report"), str(report)), (_("State"), report.get_state_display()),
                  (_("Version"), format_number(report.version))]
        if report.partner is not None:
            facts.append((_("Partner"), str(report.partner)))
    elif document.publication is not None:
        facts.append((_("Published"), format_moment(document.publication.published_at)))
    else:
        facts.append((_("State"), _("as counted now; not an approved report")))
        if document.own:
            facts.append((_("Whose records"), _("Your organisation, as counted now")))
    return [*facts, (_("Made on"), format_moment(timezone.now()))]


def words_of(figure: Figure) -> str:
    """The value in words, or why there is none."""
    if figure.value is not None:
        return number_words(figure.indicator, figure.value)
    why = str(WITHHELD_WORDS.get(figure.withheld, ""))
    if figure.found.missing_cities:
        why = _("missing: %(cities)s") % {"cities": ", ".join(figure.found.missing_cities)}
    return f"{STATE_WORDS[figure.state]} ({why})" if why else str(STATE_WORDS[figure.state])


def status_words(figure: Figure) -> str:
    """How it stands against its target."""
    return str(STATUS_WORDS[figure.status][0])


def source_words(figure: Figure, observations: Sequence[Observation]) -> str:
    """Where the value comes from: the documents of an outside figure, or the records that were counted."""
    indicator, found = figure.indicator, figure.found
    if not indicator.measures:
        documents = dict.fromkeys(_document_words(seen) for seen in observations)
        return "; ".join(documents) or _("outside figures, each with its document")
    known = [str(REGISTRY.measures[code].title) for code in indicator.measures if code in REGISTRY.measures]
    if not known:
        return _("records of the service “%(service)s”") % {"service": indicator.source_service}
    text = _("records of the platform: %(what)s") % {"what": "; ".join(known)}
    if found.state == State.COUNTED and found.records:
        text += ". " + _("Records: %(records)s, of them confirmed: %(confirmed)s") % {
            "records": format_number(found.records), "confirmed": format_number(found.confirmed),
        }
    return text


def _document_words(seen: Observation) -> str:
    parts = (seen.document_title, format_day(seen.document_on) if seen.document_on else "", seen.url)
    return ", ".join(part for part in parts if part)


def _overview_row(figure: Figure) -> list[str]:
    target = target_words(figure.indicator, figure.target) if figure.target else "–"
    return [str(figure.indicator), figure.indicator.unit_here, words_of(figure), target, status_words(figure)]


def _sheet(figure: Figure, document: Document) -> dict[str, Any]:
    indicator = figure.indicator
    here = [
        (city, each)
        for city, figures in document.cities.items() for each in figures if each.indicator.pk == indicator.pk
    ]
    seen = [each.found.observation for each in (figure, *(each for _city, each in here)) if each.found.observation]
    lines = [
        (_("Value"), f"{words_of(figure)} ({indicator.unit_here})" if figure.value is not None else words_of(figure)),
        (_("Date"), format_day(figure.found.observation.on if figure.found.observation else figure.as_of)),
        (_("Counted as"), str(indicator.get_counting_display())),
        (_("Source"), source_words(figure, seen or document.observations.get(indicator.pk, ()))),
        (_("Baseline"), _baseline(figure)),
        (_("Target"), target_words(indicator, figure.target) if figure.target else ""),
        (_("Source of the target"), figure.target.source if figure.target else ""),
        (_("Achievement"), achievement_words(figure)),
        (_("Status"), status_words(figure) if figure.target or figure.status != Status.UNKNOWN else ""),
        (_("Forecast"), forecast_words(figure)),
        (_("By city"), "; ".join(f"{city}: {words_of(each)}" for city, each in here)),
    ]
    return {"name": str(indicator), "definition": indicator.definition_here,
            "lines": [line for line in lines if line[1]]}


def _baseline(figure: Figure) -> str:
    words = baseline_words(figure.indicator)
    source = figure.indicator.baseline_source
    return f"{words} ({source})" if source else words


def _states(figures: Iterable[Figure]) -> list[tuple[str, str]]:
    """The words for missing values that this document uses, each explained."""
    meanings = {
        State.NOT_REPORTED: _("Nobody has given a value. It is not zero; a zero is written as 0."),
        State.NOT_BEGUN: _("On that day nothing could have counted yet."),
        State.SUPPRESSED: _("The value is known and kept back, because it would tell of few people."),
        State.NO_SERVICE: _("The service that will keep these records is not in operation yet."),
        State.UNDEFINED: _("A share of nothing: there was nobody to divide by."),
        State.PER_CITY: _("Known for each city; values of cities are not put together."),
        State.NOT_PUBLISHED: _("Nothing has been published for that day."),
    }
    used = {figure.state for figure in figures}
    return [(str(STATE_WORDS[state]), meanings[state]) for state in meanings if state in used]


def _restated(frozen: Frozen | None) -> dict[str, Any] | None:
    if frozen is None:
        return None
    rows = [
        [format_number(each.version), str(each.after.indicator), str(each.after.city or _("Programme")),
         words_of(each.before), words_of(each.after), each.reason]
        for each in frozen.restated
    ]
    headings = [_("Version"), _("Result"), _("City"), _("Before"), _("Restated"), _("Reason")]
    return {"headings": headings, "rows": rows}


def _approval(frozen: Frozen | None) -> dict[str, Any] | None:
    if frozen is None or frozen.report.state != ReportState.APPROVED:
        return None
    report, seal = frozen.report, frozen.seal
    intact = _("The frozen rows still give this fingerprint.")
    if not frozen.intact:
        intact = _("The frozen rows no longer give this fingerprint: somebody has changed them.")
    lines = [
        (_("Approved"), format_moment(report.approved_at)),
        (_("Fingerprint (SHA-256)"), report.rows_hash),
        (_("Check"), intact),
    ]
    if seal.seal_id:
        place = {"entry": seal.change_id, "link": seal.seal_id}
        link = _("entry %(entry)s of the trail, in link %(link)s of its chain") % place
        lines += [(_("Seal"), link), (_("Hash of the link"), seal.hash)]
    else:
        lines.append((_("Seal"), _("not sealed yet; the next sealing takes it in")))
    if frozen.restated_by is not None:
        lines.append((_("Newer version"), str(frozen.restated_by)))
    return {"lines": lines}

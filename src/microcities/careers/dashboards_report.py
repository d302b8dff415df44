"""A school's benchmarks as a report that names no pupil: a tagged PDF (PDF/UA-1), by typst without network, and a table."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Literal

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.careers.dashboards import CriterionLine, Results, count_words, interval_words, steps_of
from microcities.careers.frameworks import language
from microcities.ui.numbers import format_day, format_moment, format_number, format_percent

TEMPLATE = Path(__file__).parent / "templates" / "careers" / "schools" / "report.typ"
STANDARD: Literal["ua-1"] = "ua-1"  # the writer itself refuses a document without title, language or tags


def write_pdf(results: Results) -> bytes:
    """The school's results in the active language."""
    written = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", pdf_standards=STANDARD, ignore_system_fonts=True,
        timestamp=timezone.now().replace(microsecond=0),
        sys_inputs={"data": json.dumps(contents(results), ensure_ascii=False)},
    )
    return bytes(written)


def contents(results: Results) -> dict[str, Any]:
    """All words of the document: facts, and tables of headings and rows."""
    return {
        "language": language(),
        "title": _("Benchmarks of career guidance"),
        "school": str(results.school),
        "page": _("Page"),
        "synthetic": _("Demonstration: the programme is real, all people and their records are invented.")
        if results.school.programme.is_synthetic else "",
        "facts": _facts(results),
        "tables": [
            table for table in (_benchmarks(results), _criteria(results), _changes(results), _steps(results)) if table["rows"]
        ],
    }


def missing_of(line: CriterionLine) -> int:
    """How many of those whom the criterion counts do not meet it."""
    return int(line.tally["denominator"]) - int(line.tally["numerator"])


def rows_of_report(results: Results) -> tuple[Sequence[str], Iterator[Sequence[Any]]]:
    """Heading and rows, one for each criterion; shares are of one, and every row says its day and its rules."""
    header = (
        _("School"), _("Figures of"), _("Framework"), _("Version of the framework"), _("Bands"), _("Pupils on the roll"),
        _("Criterion"), _("Name"), _("Counted"), _("Met by"), _("Of"), _("Lacking"), _("Not asked of"), _("Share (of one)"),
        _("95 % interval from (of one)"), _("95 % interval to (of one)"), _("Band"), _("State"),
    )
    same = (
        str(results.school), results.asked.day, results.framework_name, results.rule.version, results.scoring_name,
        results.pupils,
    )
    rows = (
        (
            *same, line.code, line.name, line.basis, line.tally["numerator"], line.tally["denominator"], missing_of(line),
            line.not_applied, line.tally["share"], line.tally["low"], line.tally["high"], line.band, line.state,
        )
        for line in results.criteria
    )
    return header, rows


def _facts(results: Results) -> list[tuple[str, str]]:
    facts = [
        (_("Figures of"), format_day(results.asked.day)),
        (_("City"), str(results.school.city)),
        (_("Framework"), f"{results.framework_name} ({results.rule.version})"),
        (_("Bands"), results.scoring_name),
        (_("“By 16” means"), results.reading),
        (_("Pupils on the roll"), f"{format_number(results.pupils)} ({format_day(results.roll_on)})"),
        (_("Achieved"), _("%(some)s of %(all)s") % {"some": results.achieved, "all": len(results.benchmarks)}),
        (_("Source"), _("encounters, talks and records kept by the school, each with its day")),
    ]
    if results.asked.earlier:
        facts.append((_("Compared with"), format_day(results.asked.earlier)))
    return [*facts, (_("Made on"), format_moment(timezone.now()))]


def _benchmarks(results: Results) -> dict[str, Any]:
    rows = [
        [str(each.number), each.name, format_percent(each.percentage) if each.percentage is not None else "–",
         _("%(some)s of %(all)s") % {"some": each.achieved, "all": each.criteria}, each.word]
        for each in results.benchmarks
    ]
    headings = [_("No."), _("Benchmark"), _("Reached"), _("Criteria achieved"), _("State")]
    return {"title": _("Benchmarks"), "widths": [0.5, 4, 1.2, 1.6, 1.4], "headings": headings, "rows": rows}


def _criteria(results: Results) -> dict[str, Any]:
    rows = [
        [f"{line.code} {line.name}", line.basis, line.count, str(missing_of(line)) if line.of_pupils else "–",
         format_percent(line.tally["share"]) if line.tally["share"] is not None else "–", line.interval or "–", line.state]
        for line in results.criteria
    ]
    headings = [_("Criterion"), _("Counted"), _("Met by"), _("Lacking"), _("Share"), _("95 % interval"), _("State")]
    return {"title": _("Criteria"), "widths": [3.4, 1.6, 1.6, 1.2, 1, 1.7, 1.4], "headings": headings, "rows": rows}


def _changes(results: Results) -> dict[str, Any]:
    names = {line.code: line.name for line in results.criteria}
    rows = [
        [f"{each['code']} {names.get(each['code'], '')}", *(
            f"{count_words(each[when])}; {interval_words(each[when]) or '–'}" for when in ("before", "after")
        ), str(len(each["now_met"])), str(len(each["no_longer_met"]))]
        for each in results.changes
    ]
    headings = [_("Criterion"), _("Before"), _("Now"), _("Pupils who met it since"), _("Pupils who no longer do")]
    return {"title": _("What changed"), "widths": [3, 2, 2, 1.3, 1.3], "headings": headings, "rows": rows}


def _steps(results: Results) -> dict[str, Any]:
    rows = [
        [step.school_class.name if step.school_class else "–", step.what, step.closes or "–", str(step.pupils)]
        for step in steps_of(results)
    ]
    headings = [_("Class"), _("What to arrange"), _("Criterion: pupils who then meet it"), _("Pupils who gain")]
    return {"title": _("What helps most next"), "widths": [1, 3.5, 3, 1.2], "headings": headings, "rows": rows}

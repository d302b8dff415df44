"""A report as a page and a file show it: each frozen figure beside the present one, and the rows that differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from microcities.results.computing import compute_figures
from microcities.results.figures import Figure, State
from microcities.results.freezing import RowDifference, difference_counts, differences, intact_if_quick, is_intact
from microcities.results.models import FrozenFigure, Indicator, Report, ReportState
from microcities.results.presentation import STATE_WORDS, number_words, value_words
from microcities.results.reading import Level, Reader, hide_small, tells_of_few

LISTED_DIFFERENCES = 200


@dataclass(frozen=True)
class ReportedLine:
    """One indicator of a report. `frozen` is None before approval; `before` is the restated version's value."""

    indicator: Indicator
    frozen: FrozenFigure | None
    present: Figure
    before: FrozenFigure | None = None
    changed_rows: Mapping[str, int] = field(default_factory=dict)
    careful: bool = False

    @property
    def frozen_words(self) -> str:
        return frozen_words(self.indicator, self.frozen, careful=self.careful)

    @property
    def before_words(self) -> str:
        return frozen_words(self.indicator, self.before, careful=self.careful)

    @property
    def present_words(self) -> str:
        return value_words(self.present)

    @property
    def differs(self) -> bool:
        """True when the present value or its rows are not what was frozen."""
        return self.frozen is not None and (bool(self.changed_rows) or self.frozen_words != self.present_words)


@dataclass(frozen=True)
class ReportView:
    """All lines of a report; `intact` says that the frozen rows still give the fingerprint, None that nobody has looked."""

    lines: tuple[ReportedLine, ...]
    differences: tuple[RowDifference, ...] = ()
    intact: bool | None = None
    approved: bool = False

    @property
    def has_differences(self) -> bool:
        return any(line.differs for line in self.lines)

    @property
    def difference_total(self) -> int:
        """How many rows differ in all; `differences` lists the first of them."""
        return sum(sum(line.changed_rows.values()) for line in self.lines)


def frozen_words(indicator: Indicator, figure: FrozenFigure | None, *, careful: bool = False) -> str:
    """A frozen value in words; empty when there is none. `careful` withholds counts of few people."""
    if figure is None:
        return ""
    if careful and figure.value is not None and tells_of_few(indicator, figure.value, figure.report.period.ends_on):
        return str(STATE_WORDS[State.SUPPRESSED])
    return number_words(indicator, figure.value) if figure.value is not None else str(STATE_WORDS[State(figure.state)])


def view_of(report: Report, reader: Reader, *, check: bool = False) -> ReportView:
    """The report with its present figures, and once approved with what differs since. `check` reads all frozen rows.

    A partner reads the whole programme's report without counts of few people, and only its own rows that differ.
    """
    partners = None if report.partner is None else [report.partner.organisation_id]
    present = compute_figures(
        report.period.programme, as_of=report.period.ends_on, partners=partners, with_forecast=False
    )
    if partners is not None:
        present = [figure for figure in present if not figure.indicator.is_outside]
    careful = report.partner is None and reader.level != Level.ALL
    if careful:
        present = [hide_small(figure) for figure in present]
    if report.state != ReportState.APPROVED:
        before = frozen_figures(report.restates) if report.restates else {}
        return ReportView(
            tuple(ReportedLine(f.indicator, None, f, before.get(f.indicator.pk), careful=careful) for f in present)
        )
    frozen = frozen_figures(report)
    before = frozen_figures(report.restates) if report.restates else {}
    seen = reader.partners if careful else None
    counts = difference_counts(report, partners=seen)
    lines = tuple(
        ReportedLine(
            f.indicator, frozen.get(f.indicator.pk), f, before.get(f.indicator.pk), counts.get(f.indicator.pk, {}),
            careful,
        )
        for f in present
    )
    listed = tuple(differences(report, partners=seen, limit=LISTED_DIFFERENCES)) if counts else ()
    intact = is_intact(report) if check else intact_if_quick(report)
    return ReportView(lines, listed, intact, approved=True)


def frozen_figures(report: Report) -> dict[int, FrozenFigure]:
    """The frozen whole figures of a report by indicator number."""
    rows = report.figures.filter(city__isnull=True).select_related("report__period")
    return {each.indicator_id: each for each in rows}

"""Lines over time with the interval around them, and the small line that fits into a table cell."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.ui.figure import NOTHING, Amount, Figure, Text, colour, legend_of, percent
from microcities.ui.numbers import format_compact, format_quantity
from microcities.ui.ticks import Axis, as_float, axis

TOP, HEIGHT, WHOLE = 26, 184, 240  # pixels: the plot begins, its height, the drawing with its labels
LEFT, WIDTH = 9.0, 88.0  # per cent: room for the numbers of the axis and for the last dot
PHONE = 340  # pixels: the narrowest plot that labels are fitted to
LETTER = 7.6  # pixels: the mean width of a letter of an axis label
LONGEST_LABEL = 18  # letters; the table has the label whole
DOTS_UP_TO = 24  # points: more than that would run together
LABEL_DISTANCE = 18  # pixels between the labels of two lines' ends

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Series:
    """A line: one value for each label, and the interval around it where `low` and `high` are given.

    dashed: values that are expected, not observed; they have the colour of the line before them.
    """

    name: Text
    values: Sequence[Amount]
    low: Sequence[Amount] = ()
    high: Sequence[Amount] = ()
    dashed: bool = False


@dataclass(frozen=True)
class LineChart(Figure):
    """How amounts move along labels (months, seasons), with a level to reach when there is one."""

    labels: Sequence[Text]
    series: Sequence[Series]
    _: KW_ONLY
    target: Amount = None
    from_zero: bool = True

    def __post_init__(self) -> None:
        for line in self.series:
            for values in (line.values, line.low or line.values, line.high or line.values):
                if len(values) != len(self.labels):
                    raise ValueError(f"{line.name}: {len(values)} values for {len(self.labels)} labels")

    def _toned(self) -> Iterator[tuple[int, Series]]:
        number = -1
        for line in self.series:
            number += 0 if line.dashed and number >= 0 else 1
            yield colour(number), line

    def in_words(self) -> str:
        sentences = []
        for line in self.series:
            known = [
                (label, value)
                for label, value in zip(self.labels, line.values, strict=True)
                if value is not None
            ]
            if known:
                ends = {
                    "name": line.name,
                    "first": self.say(known[0][1]),
                    "from": known[0][0],
                    "last": self.say(known[-1][1]),
                    "to": known[-1][0],
                }
                sentences.append(_("%(name)s: %(first)s (%(from)s) to %(last)s (%(to)s).") % ends)
        return " ".join(sentences) or _("There is no data yet.")

    def legend(self) -> SafeString:
        entries = []
        if len(self.series) > 1 or any(line.low for line in self.series):
            for tone, line in self._toned():
                sample = '<line class="{}" x1="0" x2="24" y1="7" y2="7"/>'
                entries.append((format_html(sample, _line_class(tone, line)), line.name))
            if any(line.low for line in self.series):
                band = '<rect class="s{} band" width="24" height="14"/>'
                entries.append((format_html(band, str(colour(0))), _("interval")))
        return legend_of(entries) if entries else NOTHING

    def picture(self) -> SafeString:
        scale = axis(self._all_values(), from_zero=self.from_zero)
        return format_html(
            '<svg width="100%" height="{}" aria-hidden="true" focusable="false">{}{}{}{}{}</svg>',
            str(WHOLE),
            _grid(scale, self.unit),
            self._target_line(scale),
            format_html_join(
                "", "{}", ((_drawn(tone, line, scale, self._x),) for tone, line in self._toned())
            ),
            self._end_labels(scale),
            self._label_row(),
        )

    def _all_values(self) -> Iterator[Amount]:
        yield self.target
        for line in self.series:
            yield from (*line.values, *line.low, *line.high)

    def _x(self, place: int) -> float:
        """Return where a label's place lies; a single one stands in the middle."""
        count = len(self.labels)
        return 50.0 if count < 2 else LEFT + WIDTH * place / (count - 1)

    def _target_line(self, scale: Axis) -> SafeString:
        level = as_float(self.target)
        if level is None:
            return NOTHING
        y = _pixels(scale, level)
        return format_html(
            '<line class="target level" x1="0" x2="100%" y1="{0}" y2="{0}"/>'
            '<text class="halo" x="100%" y="{1}" text-anchor="end">{2}</text>',
            _px(y),
            _px(y - 6),
            _("target %(target)s") % {"target": self.say(self.target)},
        )

    def _end_labels(self, scale: Axis) -> SafeString:
        """Write the last value beside the end of each line, unless that would cover another one."""
        taken: list[float] = []
        found = []
        for line in self.series:
            last = max(
                (n for n, value in enumerate(line.values) if as_float(value) is not None), default=None
            )
            if last is None:
                continue
            y = _pixels(scale, as_float(line.values[last]) or 0.0) - 10
            if all(abs(y - other) >= LABEL_DISTANCE for other in taken):
                taken.append(y)
                found.append((percent(self._x(last) + 1), _px(y), self.say(line.values[last])))
        return format_html_join(
            "", '<text class="strong halo" x="{}" y="{}" text-anchor="end">{}</text>', found
        )

    def _label_row(self) -> SafeString:
        """Write as many labels as a phone has room for, the first and the last among them."""
        count = len(self.labels)
        if not count:
            return NOTHING
        texts = [_shortened(str(label)) for label in self.labels]
        room = max(2, min(6, int(PHONE / (max(map(len, texts)) * LETTER + 16))))
        wanted = sorted({round(k * (count - 1) / (room - 1)) for k in range(room)}) if count > 1 else [0]
        rows = []
        for place in wanted:
            anchor = "middle" if count == 1 or 0 < place < count - 1 else "start" if place == 0 else "end"
            x = {"start": LEFT - 1, "end": LEFT + WIDTH + 3}.get(anchor, self._x(place))
            rows.append((percent(x), str(WHOLE - 8), anchor, texts[place]))
        return format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', rows)

    def table(self) -> tuple[list[Text], list[list[Any]]]:
        headings: list[Text] = [_("When")]
        for line in self.series:
            headings += [line.name, *([_("lower bound"), _("upper bound")] if line.low else [])]
        rows = []
        for place, label in enumerate(self.labels):
            row: list[Any] = [label]
            for line in self.series:
                columns = (line.values, *((line.low, line.high) if line.low else ()))
                row += [self.say(column[place]) for column in columns]
            rows.append(row)
        return headings, rows


@dataclass(frozen=True, slots=True)
class Sparkline:
    """A line as high as the text around it; what it shows is also said, for those who do not see it."""

    label: Text
    values: Sequence[Amount]
    unit: str = ""

    def __html__(self) -> SafeString:
        words = ", ".join(format_quantity(value, self.unit) for value in self.values)
        scale = axis(self.values, from_zero=False)
        gap = 92 / max(1, len(self.values) - 1)
        points = [
            (2 + gap * n, 25 - scale.share(v) * 0.22)
            for n, v in enumerate(map(as_float, self.values))
            if v is not None
        ]
        runs = _runs([as_float(value) for value in self.values])
        lines = [
            " ".join(f"{2 + gap * n:.1f},{25 - scale.share(v) * 0.22:.1f}" for n, v in run) for run in runs
        ]
        dot = points[-1:] if points else []
        return format_html(
            '<svg class="spark" viewBox="0 0 96 28" role="img" aria-label="{}">{}{}</svg>',
            f"{self.label}: {words or _('no data')}",
            format_html_join("", '<polyline class="line l1" points="{}"/>', ((line,) for line in lines)),
            format_html_join(
                "", '<circle class="s1" r="3" cx="{}" cy="{}"/>', ((f"{x:.1f}", f"{y:.1f}") for x, y in dot)
            ),
        )

    def __str__(self) -> str:
        return self.__html__()


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _pixels(scale: Axis, value: float) -> float:
    return TOP + HEIGHT * (1 - scale.share(value) / 100)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"


def _grid(scale: Axis, unit: str) -> SafeString:
    rows = []
    for tick in scale.ticks:
        y = _pixels(scale, tick)
        sign = "zero" if tick == 0 else "grid"
        rows.append((sign, _px(y), _px(y - 5), format_compact(tick, unit)))
    return format_html_join(
        "",
        '<line class="{0}" x1="0" x2="100%" y1="{1}" y2="{1}"/><text class="halo" x="0" y="{2}">{3}</text>',
        rows,
    )


def _line_class(tone: int, line: Series) -> str:
    return f"line l{tone}" + (" dashed" if line.dashed else "")


def _runs(values: Sequence[float | None]) -> list[list[tuple[int, float]]]:
    """Cut a row of values at its gaps."""
    runs: list[list[tuple[int, float]]] = [[]]
    for place, value in enumerate(values):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((place, value))
    return [run for run in runs if run]


def _drawn(tone: int, line: Series, scale: Axis, x_of: Callable[[int], float]) -> SafeString:
    """Draw interval, line and dots: stretched shapes in a frame of 100 by 100, round dots outside of it."""
    runs = _runs([as_float(value) for value in line.values])
    shapes = [_band(run, scale, x_of, tone) for run in _runs_of_pairs(line)]
    for run in runs:
        points = " ".join(f"{x_of(n):.2f},{100 - scale.share(v):.2f}" for n, v in run)
        if len(run) > 1:
            shapes.append(format_html('<polyline class="{}" points="{}"/>', _line_class(tone, line), points))
    many = len(line.values) > DOTS_UP_TO
    dots = [
        (str(tone), percent(x_of(n)), _px(_pixels(scale, v)))
        for run in runs
        for n, v in (run[-1:] if many else run)
    ]
    return format_html(
        '<svg x="0" y="{}" width="100%" height="{}" viewBox="0 0 100 100" preserveAspectRatio="none"'
        ' overflow="visible">{}</svg>{}',
        str(TOP),
        str(HEIGHT),
        format_html_join("", "{}", ((shape,) for shape in shapes)),
        format_html_join("", '<circle class="dot s{}" r="4.5" cx="{}" cy="{}"/>', dots),
    )


def _runs_of_pairs(line: Series) -> list[list[tuple[int, float, float]]]:
    pairs = [(as_float(low), as_float(high)) for low, high in zip(line.low, line.high, strict=True)]
    both = [None if low is None or high is None else 0.0 for low, high in pairs]
    return [[(n, pairs[n][0] or 0.0, pairs[n][1] or 0.0) for n, _zero in run] for run in _runs(both)]


def _band(
    run: Sequence[tuple[int, float, float]], scale: Axis, x_of: Callable[[int], float], tone: int
) -> SafeString:
    if len(run) == 1:
        place, low, high = run[0]
        ends = (f"{x_of(place):.2f}", f"{100 - scale.share(low):.2f}", f"{100 - scale.share(high):.2f}")
        return format_html('<line class="line l{0}" x1="{1}" x2="{1}" y1="{2}" y2="{3}"/>', str(tone), *ends)
    upper = [f"{x_of(place):.2f},{100 - scale.share(high):.2f}" for place, _low, high in run]
    lower = [f"{x_of(place):.2f},{100 - scale.share(low):.2f}" for place, low, _high in reversed(run)]
    return format_html('<polygon class="s{} band" points="{}"/>', str(tone), " ".join(upper + lower))

"""Charts as small pieces of SVG in the page's colours, readable on a phone, each with its table.

    BarChart(_("Jobs created"), [Bar("Ventspils", 42, target=80), Bar("Valmiera", None)])

`{{ chart }}` in a template gives the figure: title, a sentence, the picture, and the same numbers as a table.
Positions along the width are percentages and texts have fixed sizes, so nothing shrinks when the window does.
A value that is None is a gap with words, never a zero. Lines are in `lines.py` and offered here as well.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.ui.figure import NOTHING, Amount, Figure, Text, colour, legend_of, percent
from microcities.ui.lines import LineChart, Series, Sparkline
from microcities.ui.numbers import format_number, format_percent
from microcities.ui.ticks import Axis, as_float, extent

__all__ = ["Bar", "BarChart", "FunnelChart", "LineChart", "Series", "Sparkline", "Stack", "StackedBarChart"]


@dataclass(frozen=True, slots=True)
class Bar:
    """A row of a bar chart; `note` stands small beside the value."""

    label: Text
    value: Amount
    target: Amount = None
    note: Text = ""


@dataclass(frozen=True)
class BarChart(Figure):
    """Amounts side by side, each with a tick at its target when it has one."""

    bars: Sequence[Bar]

    def in_words(self) -> str:
        known = [bar for bar in self.bars if as_float(bar.value) is not None]
        if not known:
            return _("There is no data yet.")
        most, least = max(known, key=lambda bar: bar.value), min(known, key=lambda bar: bar.value)
        if len(known) == 1:
            return f"{most.label}: {self.say(most.value)}."
        ends = {
            "most": most.label,
            "high": self.say(most.value),
            "least": least.label,
            "low": self.say(least.value),
        }
        return _("Most: %(most)s, %(high)s. Least: %(least)s, %(low)s.") % ends

    def legend(self) -> SafeString:
        if all(bar.target is None for bar in self.bars):
            return NOTHING
        sample = '<line class="target" x1="{0}" x2="{0}" y1="0" y2="14"/>'
        return legend_of([(format_html(sample, percent(50)), _("target"))])

    def picture(self) -> SafeString:
        scale = extent(amount for bar in self.bars for amount in (bar.value, bar.target))
        return _rows((bar.label, self.say(bar.value), self._note(bar), _bar(bar, scale)) for bar in self.bars)

    def _note(self, bar: Bar) -> str:
        goal = _("target %(target)s") % {"target": self.say(bar.target)} if bar.target is not None else ""
        return ", ".join(text for text in (goal, str(bar.note)) if text)

    def table(self) -> tuple[list[Text], list[list[Any]]]:
        targets = any(bar.target is not None for bar in self.bars)
        headings: list[Text] = [_("What"), _("Value"), *([_("Target")] if targets else [])]
        extra = [[self.say(bar.target)] if targets else [] for bar in self.bars]
        return headings, [
            [bar.label, self.say(bar.value), *more] for bar, more in zip(self.bars, extra, strict=True)
        ]


@dataclass(frozen=True)
class FunnelChart(Figure):
    """How many of those who began come to each next step."""

    steps: Sequence[Bar]

    def in_words(self) -> str:
        if len(self.steps) < 2 or not as_float(self.steps[0].value):
            return _("There is no data yet.")
        last = self.steps[-1]
        values = {
            "last": last.label,
            "count": self.say(last.value),
            "share": self._share(len(self.steps) - 1, 0),
        }
        return _("At the last step, “%(last)s”: %(count)s, which is %(share)s of the first.") % values

    def _share(self, step: int, of: int) -> str:
        part, whole = as_float(self.steps[step].value), as_float(self.steps[of].value)
        return format_percent(part / whole if part is not None and whole else None)

    def picture(self) -> SafeString:
        scale = extent(bar.value for bar in self.steps)
        notes = ("" if number == 0 else self._fall(number) for number in range(len(self.steps)))
        return _rows(
            (bar.label, self.say(bar.value), note, _bar(bar, scale))
            for bar, note in zip(self.steps, notes, strict=True)
        )

    def _fall(self, step: int) -> str:
        return _("%(share)s of the step before") % {"share": self._share(step, step - 1)}

    def table(self) -> tuple[list[Text], list[list[Any]]]:
        headings: list[Text] = [_("Step"), _("Count"), _("of the step before"), _("of the first step")]
        return headings, [
            [
                bar.label,
                self.say(bar.value),
                self._share(number, number - 1) if number else "",
                self._share(number, 0),
            ]
            for number, bar in enumerate(self.steps)
        ]


@dataclass(frozen=True, slots=True)
class Stack:
    """A row of a stacked bar chart: one value for each name of the chart."""

    label: Text
    values: Sequence[Amount]

    @property
    def total(self) -> float | None:
        """Return the sum of what is known; None when nothing is."""
        known = [number for number in map(as_float, self.values) if number is not None]
        return sum(known) if known else None


@dataclass(frozen=True)
class StackedBarChart(Figure):
    """Amounts with the parts they consist of; a part below zero stands in the table only."""

    names: Sequence[Text]
    stacks: Sequence[Stack]

    def __post_init__(self) -> None:
        for stack in self.stacks:
            if len(stack.values) != len(self.names):
                raise ValueError(f"{stack.label}: {len(stack.values)} values for {len(self.names)} names")

    def in_words(self) -> str:
        totals = [f"{stack.label} {self.say(stack.total)}" for stack in self.stacks]
        return "; ".join(totals) + "." if totals else _("There is no data yet.")

    def legend(self) -> SafeString:
        sample = '<rect class="s{}" width="24" height="14" rx="2"/>'
        return legend_of(
            [(format_html(sample, str(colour(number))), name) for number, name in enumerate(self.names)]
        )

    def picture(self) -> SafeString:
        scale = extent(sum(max(0.0, as_float(v) or 0.0) for v in stack.values) for stack in self.stacks)
        return _rows((s.label, self.say(s.total), "", self._segments(s, scale)) for s in self.stacks)

    def _segments(self, stack: Stack, scale: Axis) -> SafeString:
        pieces, at = [], 0.0
        for number, value in enumerate(stack.values):
            width = scale.share(max(0.0, as_float(value) or 0.0))
            text = format_number(value, self.decimals)
            if width:
                pieces.append((percent(at), percent(width), str(colour(number)), NOTHING))
            if width > 3 + 2.4 * len(text):
                pieces[-1] = (*pieces[-1][:3], _inside(at + width / 2, text))
            at += width
        drawn = format_html_join(
            "", '<rect class="segment s{2}" x="{0}" width="{1}" height="22"/>{3}', pieces
        )
        return _bar_svg(drawn)

    def table(self) -> tuple[list[Text], list[list[Any]]]:
        rows = [[s.label, *(self.say(value) for value in s.values), self.say(s.total)] for s in self.stacks]
        return [_("What"), *self.names, _("Total")], rows


def _inside(at: float, text: str) -> SafeString:
    return format_html('<text class="inside" x="{}" y="16" text-anchor="middle">{}</text>', percent(at), text)


def _rows(rows: Iterable[tuple[Text, str, str, SafeString]]) -> SafeString:
    row = '<span class="label">{}</span><span class="value">{}</span><span class="note">{}</span>{}'
    return format_html('<div class="bars">{}</div>', format_html_join("", row, rows))


def _bar_svg(drawn: SafeString) -> SafeString:
    return format_html(
        '<svg class="bar-row" width="100%" height="22" aria-hidden="true" focusable="false">'
        '<rect class="track" width="100%" height="22" rx="2"/>{}</svg>',
        drawn,
    )


def _bar(bar: Bar, scale: Axis) -> SafeString:
    zero, value, target = scale.share(0.0), as_float(bar.value), as_float(bar.target)
    pieces = []
    if value is not None:
        end = scale.share(value)
        left, width = min(zero, end), abs(end - zero)
        tone = "s1" if value >= 0 else "s2"
        pieces.append(
            format_html(
                '<rect class="{}" x="{}" width="{}" height="22" rx="2"/>',
                tone,
                percent(left),
                percent(width),
            )
        )
    if 0 < zero < 100:
        pieces.append(format_html('<line class="zero" x1="{0}" x2="{0}" y1="-3" y2="25"/>', percent(zero)))
    if target is not None:
        at = percent(scale.share(target))
        pieces.append(format_html('<line class="target" x1="{0}" x2="{0}" y1="-3" y2="25"/>', at))
    return _bar_svg(format_html_join("", "{}", ((piece,) for piece in pieces)))

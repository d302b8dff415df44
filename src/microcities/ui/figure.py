"""The frame of every chart: title, one sentence in words, picture, and the same numbers as a table."""

from collections.abc import Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import gettext as _

from microcities.ui.components import data_table
from microcities.ui.numbers import format_quantity

Text = str | Promise
Amount = Any  # int, float or Decimal; None where there is no data
NOTHING = mark_safe("")
COLOURS = 5


@dataclass(frozen=True)
class Figure:
    """The frame that all charts share.

    unit: as in `format_quantity`. summary: the sentence under the title, otherwise made from the numbers.
    id: needed when two charts of a page have the same title.
    """

    title: Text
    _: KW_ONLY
    unit: str = ""
    decimals: int | None = None
    summary: Text = ""
    source: Text = ""
    id: str = ""

    def __html__(self) -> SafeString:
        headings, rows = self.table()
        return format_html(
            '<figure class="chart"><figcaption><p class="chart-title" id="{0}">{1}</p>'
            '<p class="chart-note" id="{0}-words">{2}</p></figcaption>{3}'
            '<div role="img" aria-labelledby="{0} {0}-words">{4}</div>'
            "<details><summary>{5}</summary>{6}</details>{7}</figure>",
            self.id or f"chart-{slugify(str(self.title), allow_unicode=True) or 'figure'}",
            self.title,
            self.summary or self.in_words(),
            self.legend(),
            self.picture(),
            _("Show as a table"),
            data_table(headings, rows, caption=self.title),
            format_html('<p class="chart-note">{} {}</p>', _("Source:"), self.source) if self.source else "",
        )

    def __str__(self) -> str:
        return self.__html__()

    def in_words(self) -> str:
        """Return what the chart shows in one sentence."""
        raise NotImplementedError

    def legend(self) -> SafeString:
        """Return what the colours and signs stand for; nothing where it goes without saying."""
        return NOTHING

    def picture(self) -> SafeString:
        """Return the drawing."""
        raise NotImplementedError

    def table(self) -> tuple[list[Text], list[list[Any]]]:
        """Return headings and rows of the table twin."""
        raise NotImplementedError

    def say(self, value: Amount) -> str:
        """Return a value with its unit, or the words for its absence."""
        return format_quantity(value, self.unit, self.decimals)


def colour(number: int) -> int:
    """Return which of the colours of the style sheet the part with this number (from 0) has."""
    return number % COLOURS + 1


def percent(value: float) -> str:
    """Write a position along the width for an attribute of SVG."""
    return f"{value:.2f}".rstrip("0").rstrip(".") + "%"


def legend_of(entries: Sequence[tuple[SafeString, Text]]) -> SafeString:
    """Return a list of drawn samples, 24 by 14, with their names."""
    sample = '<li><svg width="24" height="14" aria-hidden="true" focusable="false">{}</svg> {}</li>'
    return format_html('<ul class="legend">{}</ul>', format_html_join("", sample, entries))

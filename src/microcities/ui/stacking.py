"""Lets a table of three or more columns become a stack of short records on a narrow screen, by style alone.

A table whose rows are laid out otherwise is no table any more to some screen readers. So each part says by an
explicit role what it is, and each cell carries its heading, which the style sheet shows beside it.
"""

import re

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

LEAST_COLUMNS = 3  # two columns fit side by side on the narrowest screen
_PIECE = re.compile(r"<(th|td)\b([^>]*)>(.*?)</\1>|<(table|thead|tbody|tr)\b([^>]*)>", re.DOTALL)
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row"}
_SPACE = re.compile(r"\s+")


def stackable(content: str) -> SafeString:
    """Mark the one table in `content` (without spanning cells) so that the style sheet can stack it."""
    reading = _Reading()
    marked = _PIECE.sub(reading.mark, content)
    if len(reading.headings) >= LEAST_COLUMNS:
        marked = marked.replace("<table", '<table class="stack"', 1)
    return SafeString(marked)


class _Reading:
    """Goes through a table from its beginning and knows in which column it stands."""

    def __init__(self) -> None:
        self.headings: list[str] = []
        self.in_head = False
        self.column = 0

    def mark(self, found: re.Match[str]) -> str:
        cell, attributes, inside, part, part_attributes = found.groups()
        if part:
            self.column = 0
            self.in_head = part == "thead" or (self.in_head and part != "tbody")
            return f'<{part}{part_attributes} role="{_ROLES[part]}">'
        if self.in_head:
            self.headings.append(for_attribute(inside))
            return f'<{cell}{attributes} role="columnheader">{inside}</{cell}>'
        heading = self.headings[self.column] if self.column < len(self.headings) else ""
        self.column += 1
        return body_cell(cell, attributes, heading, inside.strip())


def body_cell(cell: str, attributes: str, heading: str, inside: str) -> str:
    """A marked cell: `cell` is th or td, `heading` the words of its column as an attribute's value, `inside` HTML."""
    role = "rowheader" if cell == "th" else "cell"
    # Text and elements side by side would each become a piece of the layout of their own.
    inside = f"<div>{inside}</div>" if "<" in inside else inside
    # The cell that names the row stands on top as its title and needs no heading.
    label = f' data-label="{heading}"' if heading and cell == "td" else ""
    return f'<{cell}{attributes}{label} role="{role}">{inside}</{cell}>'


def for_attribute(heading: str) -> str:
    """Return the words of a heading, whose HTML is escaped already, as the value of an attribute."""
    return _SPACE.sub(" ", strip_tags(heading)).strip().replace('"', "&quot;").replace("<", "&lt;")

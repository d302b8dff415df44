"""What the readers of a table can narrow it by; each filter knows its form field and how it is applied."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from microcities.database.collation import search_key
from microcities.database.expressions import SearchKey

Text = str | Promise
Read = Callable[[Any], Any]
# A field lookup ("name__icontains"), or a function that narrows the rows itself.
Lookup = str | Callable[[QuerySet[Any], Any], QuerySet[Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """Base of the filters: on a QuerySet it uses `lookup`, on a list it compares with the column's value."""

    lookup: Lookup
    label: Text = ""

    def field(self, label: Text) -> forms.Field:
        """Return the form field."""
        return forms.CharField(label=str(self.label or label), max_length=200)

    def matches(self, value: Any, wanted: Any) -> bool:
        """Tell whether a value of a list's row is wanted."""
        return str(wanted).casefold() in str(value if value is not None else "").casefold()

    def apply(self, rows: Any, wanted: Any, read: Read) -> Any:
        """Return the rows that are wanted."""
        if not isinstance(rows, QuerySet):
            return [row for row in rows if self.matches(read(row), wanted)]
        return self.lookup(rows, wanted) if callable(self.lookup) else rows.filter(**{self.lookup: wanted})


@dataclass(frozen=True, slots=True)
class TextFilter(Filter):
    """Rows whose text contains what is typed."""


@dataclass(frozen=True, slots=True)
class SearchFilter(Filter):
    """Rows whose text, at the field path `lookup`, contains what is typed, with or without diacritics."""

    def matches(self, value: Any, wanted: Any) -> bool:
        """Compare without capitals and diacritics."""
        return search_key(str(wanted)) in search_key(str(value if value is not None else ""))

    def apply(self, rows: Any, wanted: Any, read: Read) -> Any:
        """Compare by the search key, for which the field may have an index."""
        if not isinstance(rows, QuerySet):
            return [row for row in rows if self.matches(read(row), wanted)]
        alias = "search_in_" + str(self.lookup).replace("__", "_")
        return rows.alias(**{alias: SearchKey(str(self.lookup))}).filter(
            **{f"{alias}__contains": search_key(str(wanted))}
        )


@dataclass(frozen=True, slots=True)
class ChoiceFilter(Filter):
    """Rows with one of the values of a short list: (value, label) pairs."""

    choices: Sequence[tuple[str, Text]] = ()

    def field(self, label: Text) -> forms.Field:
        """Return a select that begins with "all"."""
        return forms.ChoiceField(label=str(self.label or label), choices=[("", _("All")), *self.choices])

    def matches(self, value: Any, wanted: Any) -> bool:
        """Compare exactly."""
        return str(value) == str(wanted)


@dataclass(frozen=True, slots=True)
class DateFilter(Filter):
    """Rows on, before or after a day, as the lookup says ("starts_on__gte")."""

    def field(self, label: Text) -> forms.Field:
        """Return the browser's own date field."""
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        return forms.DateField(label=str(self.label or label), widget=widget, input_formats=["%Y-%m-%d"])

    def matches(self, value: Any, wanted: date) -> bool:
        """Compare in the direction of the lookup's last word."""
        if value is None:
            return False
        word = str(self.lookup).rpartition("__")[2]
        compared = {
            "gte": value >= wanted,
            "gt": value > wanted,
            "lte": value <= wanted,
            "lt": value < wanted,
        }
        return bool(compared.get(word, value == wanted))

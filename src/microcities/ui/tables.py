"""Lists that filter, sort, page and export, with all of their state in the address.

    table = Table(
        rows=Person.objects.visible_to(request.user),
        columns=[
            Column("name", _("Name"), order_by=LatvianKey("name"), filter=SearchFilter("name")),
            Column("amount", _("Amount"), order_by="amount", numeric=True, unit="EUR"),
        ],
        params=request.GET, caption=_("People"), default_sort="name",
    )
    if table.export_format:
        return table.export("people")
    return page(request, "people/list.html", {"table": table}, part="table")

and `{% partialdef table inline %}{{ table }}{% endpartialdef %}`. A list of rows will do too.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any, cast

from django import forms
from django.db.models import Choices, QuerySet
from django.http import FileResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.ui.components import count_line
from microcities.ui.exports import FORMATS, Format, announced, file_response
from microcities.ui.filters import Filter
from microcities.ui.forms import FilterForm
from microcities.ui.numbers import format_day, format_moment, format_number, format_percent
from microcities.ui.ordering import Keys, orderings, sorted_rows
from microcities.ui.paging import PAGE_SIZES, PageLink, Slice, cut, positive
from microcities.ui.stacking import LEAST_COLUMNS, body_cell, for_attribute

Text = str | Promise
EXPORT_CHUNK = 2000
FEW_ROWS = 3  # so many are in sight at once and need no filter


def worded(choices: type[Choices], path: str) -> Callable[[Any], Any]:
    """A column's value in words: the label of the code that stands at `path`. The model's own way takes ten times as long."""
    labels = {code: str(label) for code, label in choices.choices}

    def word(row: Any) -> Any:
        code = _follow(row, path)
        return labels.get(code, code)

    return word


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    key: its name in addresses and, unless `value` is given, the attribute path ("city.name") or mapping key.
    value: another path, or a function of the row. cell: function that says what is on the screen instead.
    order_by: field path, expression or several; None for a column that cannot be sorted. A text column
    passes LatvianKey(path). In a list of rows any text switches sorting by value on.
    unit: "EUR", "share" (of one) or a word for the heading. link: function that gives the cell's address.
    export: function that says what a file holds instead. heading: the cells name their rows.
    """

    key: str
    label: Text
    value: str | Callable[[Any], Any] | None = None
    order_by: Keys = None
    filter: Filter | None = None
    numeric: bool = False
    unit: str = ""
    decimals: int | None = None
    link: Callable[[Any], str] | None = None
    cell: Callable[[Any], Any] | None = None
    export: Callable[[Any], Any] | None = None
    heading: bool = False
    on_screen: bool = True
    in_file: bool = True

    def read(self, row: Any) -> Any:
        """Return the bare value of this column in a row."""
        return self.value(row) if callable(self.value) else _follow(row, self.value or self.key)

    def read_for_file(self, row: Any) -> Any:
        """Return what an export holds."""
        return self.export(row) if self.export else self.read(row)

    def show(self, row: Any) -> Any:
        """Return what stands in the cell: the value in the reader's language, or words for none."""
        if self.cell is not None:
            return self.cell(row)
        value = self.read(row)
        if value is None or value == "":
            return format_html(
                '<span class="none">{}</span>', _("no data") if self.numeric else _("not given")
            )
        return self._number(value) if self.numeric else _in_words(value)

    def _number(self, value: Any) -> str:
        if self.unit == "share":
            return format_percent(value, self.decimals or 0)
        return format_number(value, 2 if self.unit == "EUR" and self.decimals is None else self.decimals)

    @property
    def heading_unit(self) -> str:
        """Return the unit as the heading shows it; a share carries its sign in every cell."""
        return "" if self.unit == "share" else self.unit

    @property
    def file_label(self) -> str:
        """Return the heading in a file, with the unit."""
        return f"{self.label} ({self.unit})" if self.unit else str(self.label)


@dataclass(frozen=True, slots=True)
class Header:
    """A heading as the template shows it; `sorted` is "ascending", "descending" or empty."""

    column: Column
    href: str
    sorted: str
    icon: str

    @property
    def classes(self) -> str:
        """Return what the style sheet tells headings apart by."""
        names = ("sort" if self.href else "", "number" if self.column.numeric else "")
        return " ".join(name for name in names if name)


@dataclass
class Table:
    """A list as one reader asked for it; see the module's docstring.

    name: needed when a page has several tables, so that their state keeps apart.
    default_sort: "key" or "-key". tie_break: what makes the order the same every time (empty for grouped
    rows). counted=False leaves out the total of lists of millions. empty and empty_hint: what to say, and
    what to do, when there is no row at all. on_export: told which rows a file holds before it is written; a
    list of persons notes the looks at minors there. headed: a heading above says the caption already.
    """

    rows: QuerySet[Any] | Sequence[Any]
    columns: Sequence[Column]
    params: QueryDict
    caption: Text
    name: str = ""
    default_sort: str = ""
    tie_break: Sequence[str] = ("pk",)
    per_page: int = 25
    counted: bool = True
    filters: Mapping[str, Filter] = field(default_factory=dict)
    empty: Text = ""
    empty_hint: Text = ""
    exports: Sequence[Format] = FORMATS
    on_export: Callable[[Sequence[Any]], None] | None = None
    headed: bool = False

    def __str__(self) -> SafeString:
        return render_to_string("ui/table.html", {"table": self})

    __html__ = __str__

    # --- state in the address ---

    def param(self, key: str) -> str:
        """Return the name of a piece of this table's state in the address."""
        return f"{self.name}-{key}" if self.name else key

    def href(self, **changes: str | int | None) -> str:
        """Return this page's address with changed state; None takes a piece out."""
        query = self.params.copy()
        for key, value in changes.items():
            query.pop(self.param(key), None)
            if value is not None:
                query[self.param(key)] = str(value)
        return "?" + query.urlencode()

    @property
    def element_id(self) -> str:
        """Return the id of the element that htmx replaces."""
        return f"table-{self.name}" if self.name else "table"

    # --- filter ---

    @cached_property
    def all_filters(self) -> dict[str, Filter]:
        """All filters: those of columns first, then the further ones."""
        return {column.key: column.filter for column in self.columns if column.filter} | dict(self.filters)

    @cached_property
    def form(self) -> FilterForm:
        """The form of the filters, bound to the address."""
        form = FilterForm(self.params, prefix=self.name or None, auto_id=f"{self.element_id}-%s")
        for key, each in self.all_filters.items():
            built: forms.Field = each.field(self._label(key))
            built.required = False
            form.fields[key] = built
        form.full_clean()
        return form

    @property
    def is_filtered(self) -> bool:
        """Tell whether any filter narrows the list."""
        return any(value not in (None, "") for value in self.form.cleaned_data.values())

    @property
    def shows_filters(self) -> bool:
        """Tell whether there is enough to filter; what is filtered already must be seen and cleared."""
        if self.is_filtered or self.form.errors:
            return True
        return bool(self.all_filters) and (self.page.count is None or self.page.count > FEW_ROWS)

    @property
    def kept_params(self) -> list[tuple[str, str]]:
        """What the filter form carries along unseen: everything but the filters themselves and the page."""
        dropped = {self.param(key) for key in (*self.all_filters, "page", "format")}
        return [(key, value) for key, values in self.params.lists() if key not in dropped for value in values]

    @property
    def clear_href(self) -> str:
        """Return the address without filters."""
        return self.href(**dict.fromkeys((*self.all_filters, "page")))

    @cached_property
    def found(self) -> QuerySet[Any] | Sequence[Any]:
        """The rows that pass the filters, in their order."""
        rows: Any = self.rows
        by_key = {column.key: column for column in self.columns}
        for key, wanted in self.form.cleaned_data.items():
            if wanted not in (None, ""):
                column = by_key.get(key)
                rows = self.all_filters[key].apply(
                    rows, wanted, column.read if column else partial(_follow, path=key)
                )
        return self._sorted(rows)

    def _label(self, key: str) -> Text:
        return next((column.label for column in self.columns if column.key == key), key)

    # --- sort ---

    @cached_property
    def sort(self) -> tuple[Column | None, bool]:
        """The column that orders the list, and whether downwards. What is not allowed counts as not asked."""
        sortable = {column.key: column for column in self.columns if column.order_by is not None}
        for asked in (self.params.get(self.param("sort"), ""), self.default_sort):
            if column := sortable.get(asked.removeprefix("-")):
                return column, asked.startswith("-")
        return None, False

    @property
    def is_sortable(self) -> bool:
        """Tell whether any column of the screen offers an order."""
        return any(column.order_by is not None for column in self.shown_columns)

    def _sorted(self, rows: Any) -> Any:
        column, down = self.sort
        if not isinstance(rows, QuerySet):
            return sorted_rows(rows, column.read, down) if column else rows
        if column is None:
            return rows.order_by(*rows.query.order_by, *self.tie_break)
        return rows.order_by(*orderings(rows.model, column.order_by, down), *self.tie_break)

    # --- what the template shows ---

    @cached_property
    def page(self) -> Slice:
        """The rows of the page that is asked for."""
        size = positive(self.params.get(self.param("size"), ""), self.per_page)
        size = size if size in PAGE_SIZES else self.per_page
        number = positive(self.params.get(self.param("page"), ""))
        return cut(self.found, number, size, counted=self.counted)

    @property
    def shown_columns(self) -> list[Column]:
        """The columns of the screen."""
        return [column for column in self.columns if column.on_screen]

    @property
    def headers(self) -> list[Header]:
        """The headings with the addresses that sort by them, the other way round when they already do."""
        sorted_by, down = self.sort
        headers = []
        for column in self.shown_columns:
            mine = column is sorted_by
            direction = ("descending" if down else "ascending") if mine else ""
            href = ""
            if column.order_by is not None:
                href = self.href(
                    sort=f"{'-' if mine and not down else ''}{column.key}", page=None, format=None
                )
            drawn = {"": "sort", "ascending": "arrow-up", "descending": "arrow-down"}[direction]
            headers.append(Header(column, href, direction, drawn))
        return headers

    @property
    def is_stackable(self) -> bool:
        """Tell whether a narrow screen shows the rows as short records, one below the other."""
        return len(self.shown_columns) >= LEAST_COLUMNS

    @property
    def body(self) -> SafeString:
        """The rows as HTML; the first column names the row unless another one says that it does.

        Written here, because a template takes most of a page's time for the cells of a long list.
        """
        columns = self.shown_columns
        naming = next((column for column in columns if column.heading), columns[0])
        writers = [_writer(column, "th" if column is naming else "td") for column in columns]
        lines = ("".join(write(row) for write in writers) for row in self.page.rows)
        return SafeString("\n".join(f'<tr role="row">{line}</tr>' for line in lines))

    @property
    def count_line(self) -> str:
        """Say which rows are shown and of how many."""
        return count_line(self.page.first, self.page.last, self.page.count, self.page.beyond)

    @property
    def page_links(self) -> list[PageLink]:
        """Return the numbered pages."""
        return self.page.links(lambda number: self.href(page=number, format=None))

    @property
    def previous_href(self) -> str:
        """Return the address of the page before, empty on the first."""
        return self.href(page=self.page.number - 1, format=None) if self.page.number > 1 else ""

    @property
    def next_href(self) -> str:
        """Return the address of the page after, empty on the last."""
        return self.href(page=self.page.number + 1, format=None) if self.page.more else ""

    # --- files ---

    @property
    def export_links(self) -> list[tuple[str, str]]:
        """The formats in which the whole filtered list can be had, with their addresses."""
        return [(format.upper(), self.href(format=format, page=None)) for format in self.exports]

    @property
    def export_format(self) -> Format | None:
        """Return the file format that the address asks for."""
        asked = self.params.get(self.param("format"), "")
        return cast(Format, asked) if asked in self.exports else None

    def export(self, name: str) -> FileResponse:
        """Answer with all rows that pass the filters, in the order of the screen, as the file asked for."""
        columns = [column for column in self.columns if column.in_file]
        found = self.found
        rows = found.iterator(EXPORT_CHUNK) if isinstance(found, QuerySet) else iter(found)
        return file_response(
            self.export_format or "csv",
            name,
            [column.file_label for column in columns],
            ([column.read_for_file(row) for column in columns] for row in announced(rows, self.on_export)),
        )


def _writer(column: Column, tag: str) -> Callable[[Any], str]:
    """A function that writes a row's cell of this column."""
    attributes = ' scope="row"' if tag == "th" else ""
    attributes += ' class="number"' if column.numeric else ""
    unit = f" {column.heading_unit}" if column.heading_unit else ""
    heading = for_attribute(conditional_escape(f"{column.label}{unit}"))

    def write(row: Any) -> str:
        content = conditional_escape(column.show(row))
        href = column.link(row) if column.link else ""
        inside = f'<a href="{conditional_escape(href)}">{content}</a>' if href else content
        return body_cell(tag, attributes, heading, inside)

    return write


def _follow(row: Any, path: str) -> Any:
    for name in path.split("."):
        if row is None:
            return None
        row = row[name] if isinstance(row, Mapping) else getattr(row, name)
    return row() if callable(row) else row


def _in_words(value: Any) -> Any:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return str(value)  # the number of a record: the page would part its thousands as those of an amount
    if isinstance(value, datetime):
        return format_moment(value)
    return format_day(value) if isinstance(value, date) else value

"""The component set: each is a function with a typed signature that returns safe HTML.

Templates use them as tags of the same name (`templatetags/ui.py`), tables and charts call them from Python.
A block component takes the text between its tags as `content`. The gallery at /design/ shows every one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from django.contrib.messages.storage.base import Message
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.ui.icons import icon
from microcities.ui.numbers import (
    as_decimal,
    format_bytes,
    format_day,
    format_moment,
    format_number,
    format_quantity,
)
from microcities.ui.stacking import stackable

Text = str | Promise
ButtonKind = Literal["primary", "secondary", "danger", "plain"]
StatusKind = Literal["neutral", "info", "good", "warning", "bad"]
NONE = mark_safe("")
LONG_FIGURE = 9  # letters that fit into a column in the large size
STATUS_ICONS: dict[str, str] = {
    "neutral": "minus",
    "info": "info",
    "good": "check",
    "warning": "warning",
    "bad": "stop",
}


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to this page; the last one has no address."""

    label: Text
    href: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of the same thing at its own address."""

    label: Text
    href: str
    current: bool = False
    count: int | None = None


def _one_of(value: str, allowed: Iterable[str], what: str) -> str:
    if value not in allowed:
        raise ValueError(f"unknown {what} {value!r}: use one of {', '.join(allowed)}")
    return value


def _when(condition: object, html: str, *args: Any) -> SafeString:
    return format_html(html, *args) if condition else NONE


def _trim(content: str) -> str:
    # str.strip() would lose the mark that says "already escaped".
    return SafeString(content.strip()) if isinstance(content, SafeString) else content.strip()


def button(
    content: str,
    *,
    kind: ButtonKind = "primary",
    name: str = "",
    value: str = "",
    icon_name: str = "",
    form: str = "",
) -> SafeString:
    """A button that sends its form. `name` and `value` tell the view which of several was pressed."""
    return format_html(
        '<button class="button {}"{}{}{}>{}{}</button>',
        _one_of(kind, ("primary", "secondary", "danger", "plain"), "kind of button"),
        _when(name, ' name="{}"', name),
        _when(value, ' value="{}"', value),
        _when(form, ' form="{}"', form),
        icon(icon_name),
        _trim(content),
    )


def link_button(content: str, *, href: str, kind: ButtonKind = "primary", icon_name: str = "") -> SafeString:
    """A link that looks like a button: for going somewhere, never for changing something."""
    kind_class = _one_of(kind, ("primary", "secondary", "danger", "plain"), "kind of button")
    return format_html(
        '<a class="button {}" href="{}">{}{}</a>', kind_class, href, icon(icon_name), _trim(content)
    )


def section(content: str, *, title: Text, id: str = "", level: int = 2, lead: Text = "") -> SafeString:
    """A part of a page under its own heading, without a frame around it."""
    heading = "h3" if level == 3 else "h2"
    return format_html(
        "<section{}><{}>{}</{}>{}{}</section>",
        _when(id, ' id="{}"', id),
        mark_safe(heading),  # noqa: S308 - one of two literals
        title,
        mark_safe(heading),  # noqa: S308
        _when(lead, '<p class="lead">{}</p>', lead),
        content,
    )


def status(word: Text, kind: StatusKind = "neutral") -> SafeString:
    """A state in a word, with an icon and a colour that only repeat what the word says."""
    drawn = STATUS_ICONS[_one_of(kind, STATUS_ICONS, "kind of status")]
    return format_html('<span class="status {}">{}<span>{}</span></span>', kind, icon(drawn), word)


def notice(content: str, *, kind: StatusKind = "info", title: Text = "", live: bool = False) -> SafeString:
    """A message inside a page. `live` has it read out when it appears after an action."""
    drawn = STATUS_ICONS[_one_of(kind, STATUS_ICONS, "kind of notice")]
    role = "alert" if live and kind == "bad" else "status" if live else ""
    return format_html(
        '<div class="notice {}"{}>{}<div>{}{}</div></div>',
        kind,
        _when(role, ' role="{}"', role),
        icon(drawn),
        _when(title, '<p class="notice-title">{}</p>', title),
        _trim(content),
    )


def flash(message: Message) -> SafeString:
    """A flash message of Django as a notice."""
    kinds: dict[str, StatusKind] = {"success": "good", "warning": "warning", "error": "bad"}
    return notice(format_html("<p>{}</p>", message.message), kind=kinds.get(message.level_tag, "info"))


def summary_list(content: str) -> SafeString:
    """A list of names and values; inside it stand `summary_row`s."""
    return format_html('<dl class="summary">{}</dl>', content)


def summary_row(content: str, *, label: Text, href: str = "", action: Text = "") -> SafeString:
    """A name, its value, and a link that changes it. Nothing between the tags is said in words."""
    change = NONE
    if href:
        word = action or _("Change")
        change = format_html(
            '<dd class="action"><a href="{}">{}<span class="visually-hidden">: {}</span></a></dd>',
            href,
            word,
            label,
        )
    value = content if content.strip() else format_html('<span class="none">{}</span>', _("not given"))
    return format_html("<div><dt>{}</dt><dd>{}</dd>{}</div>", label, value, change)


def key_figure(
    value: object,
    *,
    label: Text,
    unit: str = "",
    as_of: date | datetime | None = None,
    source: Text = "",
    href: str = "",
    target: object = None,
    note: Text = "",
    decimals: int | None = None,
) -> SafeString:
    """A figure people remember: the value, what it is, the target, when it was counted and from what."""
    missing = as_decimal(value) is None
    shown = format_quantity(value, unit, decimals)
    facts = [
        _("target %(target)s") % {"target": format_quantity(target, unit, decimals)}
        if target is not None
        else "",
        str(note),
        _("on %(date)s") % {"date": format_day(as_of)} if as_of else "",
    ]
    return format_html(
        '<div class="figure"><p class="figure-label">{}</p><p class="{}">{}</p>{}{}</div>',
        label,
        "figure-value none"
        if missing
        else "figure-value long"
        if len(shown) > LONG_FIGURE
        else "figure-value",
        format_html('<a href="{}">{}</a>', href, shown) if href else shown,
        format_html_join("", '<p class="figure-fact">{}</p>', ((fact,) for fact in facts if fact)),
        _when(source, '<p class="figure-fact">{} {}</p>', _("Source:"), source),
    )


def figures(content: str) -> SafeString:
    """A row of key figures."""
    return format_html('<div class="figures">{}</div>', content)


def details(content: str, *, summary: Text, open: bool = False) -> SafeString:
    """Something that most readers may skip."""
    return format_html(
        '<details{}><summary>{}</summary><div class="details-body">{}</div></details>',
        mark_safe(" open") if open else NONE,
        summary,
        content,
    )


def breadcrumbs(crumbs: Sequence[Crumb | tuple[Text, str]]) -> SafeString:
    """The way from the home page to here."""
    steps = [crumb if isinstance(crumb, Crumb) else Crumb(*crumb) for crumb in crumbs]
    items = format_html_join(
        "",
        "<li>{}</li>",
        (
            (
                format_html('<a href="{}">{}</a>', step.href, step.label)
                if step.href
                else format_html('<span aria-current="page">{}</span>', step.label),
            )
            for step in steps
        ),
    )
    return format_html('<nav class="breadcrumbs" aria-label="{}"><ol>{}</ol></nav>', _("You are here"), items)


def tabs(items: Sequence[Tab], *, label: Text) -> SafeString:
    """Views of the same thing as links: each has an address, works without JavaScript and can be sent on."""
    links = format_html_join(
        "",
        '<li><a href="{}"{}>{}{}</a></li>',
        (
            (
                tab.href,
                mark_safe(' aria-current="page"') if tab.current else NONE,
                tab.label,
                _when(tab.count is not None, ' <span class="count">{}</span>', format_number(tab.count)),
            )
            for tab in items
        ),
    )
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, links)


def task_list(content: str) -> SafeString:
    """What has to be done, in an order, each with its state; inside it stand `task`s."""
    return format_html('<ul class="tasks">{}</ul>', content)


def task(
    content: str, *, state: Text, kind: StatusKind = "neutral", href: str = "", hint: Text = ""
) -> SafeString:
    """One thing to do, where to do it, and how far it is."""
    name = format_html('<a href="{}">{}</a>', href, _trim(content)) if href else _trim(content)
    return format_html(
        '<li><div><span class="task-name">{}</span>{}</div>{}</li>',
        name,
        _when(hint, '<p class="hint">{}</p>', hint),
        status(state, kind),
    )


def empty_state(content: str, *, title: Text, href: str = "", action: Text = "") -> SafeString:
    """What stands where a list would be: why it is empty and what to do."""
    return format_html(
        '<div class="empty"><p class="empty-title">{}</p>{}{}</div>',
        title,
        content,
        link_button(str(action), href=href, kind="secondary") if href else NONE,
    )


def steps(names: Sequence[Text], *, current: int) -> SafeString:
    """Where in a long form the reader is; `current` counts from 1."""
    done, here = _("done"), _("you are here")
    items = format_html_join(
        "",
        '<li class="{}"{}><span class="step-name">{}</span>{}</li>',
        (
            (
                "done" if number < current else "current" if number == current else "ahead",
                mark_safe(' aria-current="step"') if number == current else NONE,
                name,
                _when(
                    number <= current,
                    '<span class="visually-hidden"> ({})</span>',
                    done if number < current else here,
                ),
            )
            for number, name in enumerate(names, start=1)
        ),
    )
    return format_html('<ol class="steps" aria-label="{}">{}</ol>', _("Steps"), items)


def progress(done: int, total: int, *, label: Text) -> SafeString:
    """How far long work is, as a bar and in words."""
    text = _("%(done)s of %(total)s") % {"done": format_number(done), "total": format_number(total)}
    return format_html(
        '<div class="progress"><p><span>{}</span> <b>{}</b></p>'
        '<progress aria-label="{}" max="{}" value="{}">{}</progress></div>',
        label,
        text,
        label,
        str(max(total, 1)),
        str(min(max(done, 0), max(total, 1))),
        text,
    )


def definition(content: str, *, meaning: Text) -> SafeString:
    """A term with its meaning beside it: nothing that has to be hovered over or found."""
    return format_html(
        '<span class="term"><dfn>{}</dfn><span class="hint"> ({})</span></span>', _trim(content), meaning
    )


def file_link(
    content: str, *, href: str, kind: str, size: int | None = None, language: str = ""
) -> SafeString:
    """A link to a file that says what will come down: type, size and, when it differs, language."""
    facts = ", ".join(
        part for part in (kind.upper(), format_bytes(size) if size is not None else "", language) if part
    )
    return format_html(
        '<a class="file" href="{}" download>{}<span>{} <span class="hint">({})</span></span></a>',
        href,
        icon("download"),
        _trim(content),
        facts,
    )


def as_of_line(when: date | datetime, href: str = "") -> SafeString:
    """The line that says on which date the figures of the page stood."""
    text = _("Figures as they stood on %(date)s") % {
        "date": format_moment(when) if isinstance(when, datetime) else format_day(when)
    }
    change = _when(href, ' <a href="{}">{}</a>', href, _("Show the latest"))
    return format_html('<p class="as-of">{}<span>{}{}</span></p>', icon("history"), text, change)


def count_line(shown_from: int, shown_to: int, total: int | None, beyond: int = 0) -> str:
    """Say which part of a list is on the page; `beyond` is how far a list was counted whose total is not known."""
    values: Mapping[str, str] = {
        "from": format_number(shown_from),
        "to": format_number(shown_to),
        "total": format_number(total if total is not None else beyond),
    }
    if total is None and beyond:
        return _("%(from)s to %(to)s of more than %(total)s rows") % values
    if total is None:
        return _("%(from)s to %(to)s") % values
    if shown_from == 1 and shown_to == total:
        return ngettext("%(total)s row", "%(total)s rows", total) % values
    return (
        ngettext("%(from)s to %(to)s of %(total)s row", "%(from)s to %(to)s of %(total)s rows", total)
        % values
    )


def data_table(headings: Sequence[Text], rows: Iterable[Sequence[Any]], *, caption: Text) -> SafeString:
    """A small plain table; the first column names the rows, the others are numbers or words already."""
    head = format_html_join(
        "",
        '<th scope="col"{}>{}</th>',
        ((mark_safe(' class="number"') if number else NONE, title) for number, title in enumerate(headings)),
    )
    body = format_html_join(
        "",
        '<tr><th scope="row">{}</th>{}</tr>',
        (
            (row[0], format_html_join("", '<td class="number">{}</td>', ((cell,) for cell in row[1:])))
            for row in rows
        ),
    )
    table = format_html(
        "<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", caption, head, body
    )
    return format_html(
        '<div class="region" role="region" tabindex="0" aria-label="{}">{}</div>', caption, stackable(table)
    )

"""The list of rules in force: on the page with links to each rule below, in a file with its source."""

from collections.abc import Sequence
from datetime import date

from django.http import QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from microcities.rulebooks.presentation import ShownRule
from microcities.ui.components import status
from microcities.ui.numbers import format_day
from microcities.ui.tables import Column, Table

ALL_ON_ONE_PAGE = 250  # the rules themselves stand below on the same page


def rule_table(shown: Sequence[ShownRule], on: date, params: QueryDict) -> Table:
    """The rules that are in force on a day."""
    words = {"yes": _("confirmed"), "no": _("to be confirmed")}

    def state(each: ShownRule) -> str:
        return "yes" if each.rule.confirmed else "no"

    def badge(each: ShownRule) -> SafeString:
        return status(words[state(each)], "good" if each.rule.confirmed else "warning")

    caption = ngettext(
        "%(counter)s rule in force on %(date)s", "%(counter)s rules in force on %(date)s", len(shown)
    ) % {"counter": len(shown), "date": format_day(on)}
    columns = [
        Column("topic", _("Rule"), value="topic_title", order_by="topic", heading=True,
               cell=lambda each: format_html('<a href="#{}">{}</a>', each.anchor, each.topic_title)),
        Column("territory", _("Territory"), order_by="territory"),
        Column("from", _("Valid"), value=lambda each: each.rule.valid_from, order_by="from", cell=_validity),
        Column("to", _("To"), value=lambda each: each.rule.valid_to, on_screen=False),
        Column("state", _("Status"), value=state, order_by="state", cell=badge, export=lambda each: words[state(each)]),
        Column("source", _("Source"), on_screen=False),
        Column("url", _("Address"), value=lambda each: each.rule.source.url, on_screen=False),
    ]
    return Table(
        rows=shown, columns=columns, params=params, caption=caption, name="rules", per_page=ALL_ON_ONE_PAGE,
    )


def _validity(each: ShownRule) -> str:
    first = format_day(each.rule.valid_from)
    if each.rule.valid_to is None:
        return _("from %(first)s") % {"first": first}
    return _("from %(first)s to %(last)s") % {"first": first, "last": format_day(each.rule.valid_to)}

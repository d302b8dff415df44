"""The lists of decision files and of engines: their columns, filters and order."""

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.database.expressions import LatvianKey
from microcities.decisions.engine import all_engines
from microcities.decisions.models import DecisionRun, State
from microcities.decisions.run_words import STATE_KINDS
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter, DateFilter, SearchFilter
from microcities.ui.tables import Column, Table


def run_table(runs: QuerySet[DecisionRun], params: QueryDict) -> Table:
    """The table of `runs` as the address asks for it, the newest first."""
    engines = [(engine.name, engine.name) for engine in all_engines()]
    return Table(
        rows=runs,
        params=params,
        caption=_("Decision files"),
        default_sort="-run_at",
        columns=[
            Column(
                "about",
                _("What it is about"),
                heading=True,
                value="about",
                order_by=LatvianKey("subject_label"),
                filter=SearchFilter("subject_label"),
                link=lambda run: reverse("decisions:decision", args=[run.public_id]),
            ),
            Column("engine", _("Engine"), order_by="engine", filter=ChoiceFilter("engine", choices=engines)),
            Column("engine_version", _("Version")),
            Column("run_at", _("Run at"), order_by="run_at"),
            Column(
                "state",
                _("State"),
                order_by="state",
                value="get_state_display",
                cell=lambda run: status(run.get_state_display(), STATE_KINDS[run.state]),
                filter=ChoiceFilter("state", choices=State.choices),
            ),
            Column("public_id", _("Number"), on_screen=False, value=lambda run: str(run.public_id)),
        ],
        filters={
            "from": DateFilter("run_at__date__gte", label=_("Run from")),
            "to": DateFilter("run_at__date__lte", label=_("Run to")),
        },
        empty=_("No decisions yet"),
        empty_hint=_("A decision file appears here as soon as an engine has decided or advised something."),
    )


def engine_table(params: QueryDict) -> Table:
    """Every engine by name; what it answers and its source are English, like the code and the papers."""

    def in_english(text: str) -> SafeString:
        return format_html('<span lang="en">{}</span>', text)

    return Table(
        rows=all_engines(),
        params=params,
        caption=_("Engines"),
        default_sort="name",
        columns=[
            Column(
                "name",
                _("Engine"),
                heading=True,
                order_by="name",
                filter=SearchFilter("name"),
                link=lambda engine: reverse("decisions:engine", args=[engine.name]),
            ),
            Column(
                "summary",
                _("What it answers"),
                filter=SearchFilter("summary"),
                cell=lambda engine: in_english(engine.summary),
            ),
            Column("source", _("Source"), cell=lambda engine: in_english(engine.source)),
            Column("version", _("Version")),
        ],
    )

"""The examples of the gallery page: what is shown as the call is what was run to draw the example."""

import datetime
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from textwrap import dedent
from typing import Any

from django import forms
from django.http import QueryDict
from django.template import engines
from django.utils.safestring import SafeString

from microcities.ui.charts import (
    Bar,
    BarChart,
    FunnelChart,
    LineChart,
    Series,
    Sparkline,
    Stack,
    StackedBarChart,
)
from microcities.ui.components import Tab
from microcities.ui.filters import ChoiceFilter, SearchFilter
from microcities.ui.forms import AcceptedFileField, DatePartsField
from microcities.ui.tables import Column, Table

PEOPLE_AND_CITIES = (
    ("Anete Bērziņa", "Ventspils", 3, datetime.date(2019, 6, 3), 812.5),
    ("Čaks Āboliņš", "Valmiera", 12, datetime.date(2020, 7, 1), 0),
    ("Dace Žagariņa", "Valmiera", None, None, None),
    ("Ģirts Šteins", "Ventspils", 7, datetime.date(2021, 6, 14), 12345.67),
    ("Jānis Ķeniņš", "Ventspils", 1, datetime.date(2019, 8, 30), 96.4),
)
ROWS = [
    dict(zip(("name", "city", "weeks", "from_on", "paid"), row, strict=True)) for row in PEOPLE_AND_CITIES
]
CITIES = [("Ventspils", "Ventspils"), ("Valmiera", "Valmiera")]

# Template calls, by the group of the page in which they stand.
CALLS: dict[str, tuple[str, ...]] = {
    "Actions": (
        """
        <p class="buttons">
        {% button %}Save and continue{% endbutton %}
        {% button kind="secondary" name="step" value="draft" %}Save as a draft{% endbutton %}
        {% button kind="danger" %}Withdraw the application{% endbutton %}
        {% link_button href="#actions" kind="plain" icon_name="arrow-left" %}Back{% endlink_button %}
        </p>
        """,
        """
        {% file_link href="/static/ui/img/eu.svg" kind="svg" size=1412 %}The emblem{% endfile_link %}
        """,
    ),
    "Plain tables": (
        """
        <div class="region" role="region" tabindex="0" aria-label="Two cities">
        {% stackable %}<table>
        <caption>Two cities</caption>
        <thead><tr><th scope="col">City</th><th scope="col">County</th>
        <th scope="col" class="number">Inhabitants</th></tr></thead>
        <tbody><tr><th scope="row">Valmiera</th><td>Valmieras novads</td><td class="number">22,757</td></tr>
        <tr><th scope="row">Ventspils</th><td>state city</td><td class="number">33,372</td></tr></tbody>
        </table>{% endstackable %}
        </div>
        """,
    ),
    "States and messages": (
        """
        <p class="buttons">{% status "Not started" %}
        {% status "Under review" "info" %} {% status "Approved" "good" %}
        {% status "Behind the plan" "warning" %} {% status "Rejected" "bad" %}</p>
        """,
        """
        {% notice kind="warning" title="The report is not yet approved" %}
        <p>Two of ten partners have not sent their lists. Ask them, or approve without.</p>
        {% endnotice %}
        """,
        """
        {% notice kind="good" %}<p>The report has been approved and frozen.</p>{% endnotice %}
        """,
        """
        {% empty_state title="No applications yet" href="#states" action="Publish the call" %}
        <p>The call opens when you publish it.</p>
        {% endempty_state %}
        """,
    ),
    "Figures and facts": (
        """
        {% figures %}
        {% key_figure 281 label="Pupils in summer jobs" target=250 as_of=day source="employers' lists" %}
        {% key_figure 4997124.12 label="Paid by the ERDF" unit="EUR" %}
        {% key_figure 0.09 label="Students from abroad" unit="share" note="5% before the programme" %}
        {% key_figure None label="Place in the fDi ranking" target=10 %}
        {% endfigures %}
        """,
        """
        {% summary_list %}
        {% summary_row label="Partner" href="#figures" %}Ventspils Digital Centre{% endsummary_row %}
        {% summary_row label="Runs" %}{{ day|day }} to {{ last_day|day }}{% endsummary_row %}
        {% summary_row label="Closing report" %}{% endsummary_row %}
        {% endsummary_list %}
        """,
        """
        <p>{% definition meaning="each counted once" %}Distinct people{% enddefinition %}:
        {{ 1234567|number }}; {{ 0.5|percent:1 }}; {{ 37008|money }};
        {% quantity 12.5 "FTE" %}; {{ None|number }}.</p>
        """,
        """
        {% details summary="How this is counted" %}
        <p>Each person once, on the day of the first visit.</p>
        {% enddetails %}
        """,
        """
        {% as_of_line day href="#figures" %}
        """,
    ),
    "Ways through": (
        """
        {% breadcrumbs crumbs %}
        """,
        """
        {% tabs views label="Views of the indicator" %}
        """,
        """
        {% steps names current=2 %}
        """,
        """
        {% task_list %}
        {% task state="Done" kind="good" href="#ways" %}About you{% endtask %}
        {% task state="In progress" kind="info" href="#ways" hint="Ten minutes" %}Your school{% endtask %}
        {% task state="Cannot start yet" hint="First say which school" %}Choose three jobs{% endtask %}
        {% endtask_list %}
        """,
        """
        {% progress 31200 50000 label="Reading the list of participants" %}
        """,
    ),
}


class SampleForm(forms.Form):
    """Every kind of field once."""

    name = forms.CharField(label="Full name", max_length=80, help_text="As in your passport.")
    email = forms.EmailField(label="E-mail", required=False)
    born_on = DatePartsField(label="Date of birth", help_text="For example, 27 3 2009.")
    city = forms.ChoiceField(label="City", choices=CITIES, widget=forms.RadioSelect)
    weeks = forms.IntegerField(label="Weeks", min_value=1, max_value=8)
    area = forms.ChoiceField(
        label="Field of work", choices=[("", "Choose"), ("it", "ICT"), ("eng", "Engineering")]
    )
    about = forms.CharField(label="About you", required=False, widget=forms.Textarea)
    letter = AcceptedFileField(label="School's letter", accept=(".pdf",), max_bytes=5_000_000, required=False)
    agreed = forms.BooleanField(label="I have read how my data is used")


def bar_chart() -> BarChart:
    return BarChart(
        "Results against targets",
        [
            Bar("Pupils in career support", 1342, target=1000),
            Bar("Skolēni vasaras nodarbinātības izmēģinājumprojektā", 281, target=250),
            Bar("Jobs created", 148, target=160),
            Bar("Companies founded", None, target=20),
        ],
        source="approved reports to October 2021",
    )


def change_chart() -> BarChart:
    return BarChart(
        "Change of pupils choosing STEM",
        [Bar("Ventspils", 0.12), Bar("Valmiera", -0.045), Bar("Latvia", 0.0)],
        unit="share",
        decimals=1,
    )


def line_chart() -> LineChart:
    return LineChart(
        "ICT talents attracted",
        [
            "2018 IV",
            "2019 I",
            "2019 II",
            "2019 III",
            "2019 IV",
            "2020 I",
            "2020 II",
            "2020 III",
            "2020 IV",
            "2021 I",
        ],
        [
            Series("counted", [0, 4, 11, 19, 27, 38, 41, None, None, None]),
            Series(
                "expected",
                [None, None, None, None, None, None, 41, 52, 63, 75],
                low=[None, None, None, None, None, None, 41, 46, 51, 57],
                high=[None, None, None, None, None, None, 41, 59, 77, 95],
                dashed=True,
            ),
        ],
        target=100,
    )


def stacked_chart() -> StackedBarChart:
    return StackedBarChart(
        "Summer pupils by who paid",
        ["programme", "employer", "municipality"],
        [Stack("Ventspils", [41, 120, 30]), Stack("Valmiera", [25, 45, 20])],
    )


def funnel_chart() -> FunnelChart:
    return FunnelChart(
        "From interest to a job, reskilling 2020",
        [
            Bar("Applied", 312),
            Bar("Invited", 148),
            Bar("Began the course", 58),
            Bar("Finished", 43),
            Bar("In an ICT job", 29),
        ],
    )


def sparkline() -> Sparkline:
    return Sparkline("Visitors by month", [3, 8, 6, 12, None, 15, 21])


CHARTS: tuple[Callable[[], Any], ...] = (
    bar_chart,
    change_chart,
    line_chart,
    stacked_chart,
    funnel_chart,
    sparkline,
)


def people_table(params: QueryDict) -> Table:
    return Table(
        rows=ROWS,
        columns=[
            Column("name", "Name", order_by="name", filter=SearchFilter("name")),
            Column("city", "City", order_by="city", filter=ChoiceFilter("city", choices=CITIES)),
            Column("from_on", "From", order_by="from_on"),
            Column("weeks", "Weeks", order_by="weeks", numeric=True),
            Column("paid", "Paid", order_by="paid", numeric=True, unit="EUR"),
        ],
        params=params,
        caption="Summer jobs",
        name="people",
        default_sort="name",
    )


@dataclass(frozen=True, slots=True)
class Example:
    """A call and what it draws."""

    call: str
    drawn: SafeString


@dataclass(frozen=True, slots=True)
class Group:
    """A part of the gallery."""

    id: str
    title: str
    examples: tuple[Example, ...]


def groups() -> Iterator[Group]:
    """Draw all component examples."""
    context = {
        "day": datetime.date(2019, 8, 31),
        "last_day": datetime.date(2021, 10, 31),
        "crumbs": [("Home", "/"), ("Results", "#ways"), ("Summer jobs", "")],
        "views": [
            Tab("Overview", "#ways", current=True),
            Tab("Records", "#ways", count=281),
            Tab("History", "#ways"),
        ],
        "names": ["About you", "Your school", "Choose jobs", "Check"],
    }
    for title, calls in CALLS.items():
        examples = tuple(
            Example(
                dedent(call).strip(),
                SafeString(_compiled(call).render(context)),
            )
            for call in calls
        )
        yield Group(title.split()[0].lower(), title, examples)
    yield Group("charts", "Charts", tuple(Example(_body_of(make), make().__html__()) for make in CHARTS))


def table_call() -> str:
    """Return the call that makes the example table."""
    return _body_of(people_table)


@cache
def _compiled(call: str) -> Any:
    return engines["django"].from_string("{% load ui %}" + dedent(call))


@cache
def _body_of(function: Callable[..., Any]) -> str:
    return dedent(inspect.getsource(function).split("\n", 1)[1]).removeprefix("return ").strip()

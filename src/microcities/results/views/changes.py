"""What changed between two moments: which rows began or ceased to count, and by which action."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.guards import allow
from microcities.database.collation import latvian_key
from microcities.programme.models import Programme
from microcities.results.changes import actions_behind, effect_of, moment_of
from microcities.results.computing import compute_figures
from microcities.results.forms import ChangesForm
from microcities.results.models import Indicator
from microcities.results.presentation import value_words
from microcities.results.reading import Reader, reader_of
from microcities.results.remembering import remembered
from microcities.results.rows import rows_changed
from microcities.results.rules import may_see_detail
from microcities.results.tables import moved_table
from microcities.results.views.asking import crumbs, the_programme, usual_day
from microcities.results.views.evidence import record_link
from microcities.ui.filters import ChoiceFilter, DateFilter
from microcities.ui.pages import page
from microcities.ui.tables import Column, Table


@allow(may_see_detail)
def change_list(request: HttpRequest) -> HttpResponseBase:
    """Figures then and now, and the rows that make the difference."""
    programme, reader = the_programme(request), reader_of(request.user)
    form, since, until = _moments(request)
    indicators = list(Indicator.objects.of(programme))
    rows = rows_changed(programme, indicators, since, until, reader.partners)
    table = _table(request, rows, indicators, since, until)
    day = usual_day(programme)
    figures = remembered(
        "moved", (programme.pk, reader, day, since, until), lambda: _moved(programme, reader, day, since, until)
    )
    moved = moved_table(figures, request.GET, since)
    if table.export_format or moved.export_format:
        return table.export("changes") if table.export_format else moved.export("changed-figures")
    context = {
        "form": form, "since": since, "until": until, "table": table,
        "moved": moved, "crumbs": crumbs((_("What changed"), "")),
    }
    return page(request, "results/changes.html", context)


def _moments(request: HttpRequest) -> tuple[ChangesForm, datetime, datetime]:
    """From the beginning of the first day to the end of the last; by default the last 30 days."""
    today = timezone.localdate()
    data = request.GET.copy()
    data.setdefault("since", (today - timedelta(days=30)).isoformat())
    data.setdefault("until", today.isoformat())
    form = ChangesForm(data)
    form.full_clean()
    first = form.cleaned_data.get("since") or today
    last = form.cleaned_data.get("until") or today
    return form, _midnight(first), _midnight(last + timedelta(days=1))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _moved(
    programme: Programme, reader: Reader, day: date, since: datetime, until: datetime
) -> list[tuple[Indicator, str, str]]:
    """(indicator, value then, value now) of the figures that are not what they were; a partner's are its own."""
    found = []
    sides = [
        compute_figures(programme, as_of=day, recorded_at=at, partners=reader.partners, with_forecast=False)
        for at in (since, until)
    ]
    for before, after in zip(*sides, strict=True):
        if before.value != after.value or before.state != after.state:
            found.append((before.indicator, value_words(before), value_words(after)))
    return found


def _table(request: HttpRequest, rows: Any, indicators: list[Indicator], since: datetime, until: datetime) -> Table:
    by_measure: dict[str, str] = {}
    for each in indicators:
        by_measure |= dict.fromkeys((*each.measures, *each.denominator_measures), str(each))
    measures = sorted(by_measure.items(), key=lambda each: latvian_key(each[1]))
    columns = [
        Column("indicator", _("Indicator"), value=lambda row: by_measure.get(row.measure, row.measure), heading=True,
               order_by="measure", filter=ChoiceFilter("measure", choices=measures)),
        Column("effect", _("What happened"), value=lambda row: effect_of(row, since, until)),
        Column("record", _("Record"), value="record_id", link=record_link, order_by="record_id"),
        Column("fact_on", _("Date of the fact"), order_by="fact_on", filter=DateFilter("fact_on")),
        Column("moment", _("When"), value=lambda row: moment_of(row, since, until), order_by="pk"),
        Column("action", _("By"), value=lambda row: names.get(row.pk, ""), in_file=False),
    ]
    table = Table(
        rows=rows, columns=columns, params=request.GET, caption=_("Rows that changed"), name="rows",
        default_sort="-moment", empty=_("Nothing changed in that time"),
    )
    names = {} if table.export_format else actions_behind(table.page.rows, since, until)
    return table


"""The tables of comparisons: schools and cities by benchmark, cohorts by choice, encounters by host."""

from collections.abc import Mapping, Sequence

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from microcities.careers.comparisons import CityLine, SchoolLine
from microcities.careers.dashboards import Json, interval_words
from microcities.careers.models import Encounter, EncounterKind, School, Setting
from microcities.database.expressions import LatvianKey
from microcities.people.models import Account, Sex
from microcities.people.roles import Permission
from microcities.ui.filters import ChoiceFilter
from microcities.ui.numbers import format_number, format_percent
from microcities.ui.tables import Column, Table, worded

ALL_ROWS = 250


def standing_table(lines: Sequence[SchoolLine], names: Mapping[int, str], params: QueryDict) -> Table:
    """Schools by benchmark."""

    def mark(number: int) -> Column:
        return Column(f"b{number}", f"{number}. {names[number]}", value=lambda row: row.state(number),
                      cell=lambda row: row.badge(number))

    return Table(
        rows=lines,
        columns=[
            Column("school", _("School"), value=lambda row: str(row.school), heading=True),
            Column("city", _("City"), value=lambda row: str(row.school.city)),
            Column("pupils", _("Pupils"), value="pupils", numeric=True),
            Column("achieved", _("Achieved"), value="achieved", numeric=True, unit=_("of 8")),
            *(mark(number) for number in sorted(names)),
        ],
        params=params, caption=_("Schools by benchmark"), name="schools", per_page=ALL_ROWS, headed=True,
        empty=_("No school keeps its career support here yet"),
    )


def city_table(lines: Sequence[CityLine], names: Mapping[int, str], params: QueryDict) -> Table:
    """How many schools of each city achieve each benchmark."""

    def count(number: int) -> Column:
        return Column(f"b{number}", f"{number}. {names[number]}", value=lambda row: row.achieved[number], numeric=True)

    return Table(
        rows=lines,
        columns=[
            Column("city", _("City"), value=lambda row: str(row.city), heading=True),
            Column("schools", _("Schools"), value="schools", numeric=True),
            Column("pupils", _("Pupils"), value="pupils", numeric=True),
            *(count(number) for number in sorted(names)),
        ],
        params=params, caption=_("Schools that achieve each benchmark, by city"), name="cities", per_page=ALL_ROWS, headed=True,
        empty=_("No school keeps its career support here yet"),
    )


def share_words(share: Json | None) -> str:
    """ "12 of 25, 48 % (30 % – 66 %)", or why there is none."""
    if share is None:
        return _("withheld: few people")
    if share["share"] is None:
        return _("nobody")
    counts = _("%(some)s of %(all)s") % {
        "some": format_number(share["numerator"]), "all": format_number(share["denominator"])
    }
    return f"{counts}, {format_percent(share['share'])} ({interval_words(share)})"


def difference_words(difference: Json) -> str:
    """In percentage points with the interval."""
    if difference["difference"] is None:
        return _("cannot be told")
    points = [format_number(100 * difference[name], 1) for name in ("difference", "low", "high")]
    return _("%(value)s percentage points (%(low)s to %(high)s)") % {"value": points[0], "low": points[1], "high": points[2]}


def cohort_table(output: Json, years: tuple[str, str], params: QueryDict) -> Table:
    """Both years as wholes."""
    rows = [(years[0], output["programme"]), (years[1], output["comparison"])]
    return Table(
        rows=rows,
        columns=[
            Column("year", _("Finished in"), value=lambda row: row[0], heading=True),
            Column("response", _("Destination known"), value=lambda row: share_words(row[1]["response"])),
            Column("stem", _("Chose science or technology"), value=lambda row: share_words(row[1]["stem"])),
        ],
        params=params, caption=_("Both school years"), name="whole", headed=True,
    )


def breakdown_table(output: Json, years: tuple[str, str], schools: Mapping[str, str], params: QueryDict) -> Table:
    """By sex and by school; small counts are withheld."""
    sexes = dict(Sex.choices)

    def value(row: Json) -> str:
        if row["by"] == "school":
            return schools.get(row["value"], row["value"])
        return str(sexes.get(row["value"], _("not known")))

    return Table(
        rows=output["breakdowns"],
        columns=[
            Column("value", _("Who"), value=value, heading=True),
            Column("by", _("By"), value=lambda row: _("sex") if row["by"] == "sex" else _("school")),
            Column("response", _("Destination known in %(year)s") % {"year": years[0]},
                   value=lambda row: share_words(row["programme"]["response"])),
            Column("now", years[0], value=lambda row: share_words(row["programme"]["stem"])),
            Column("before", years[1], value=lambda row: share_words(row["comparison"]["stem"])),
            Column("difference", _("Difference"), value=lambda row: difference_words(row["difference"])),
        ],
        params=params, caption=_("By sex and school"), name="parts", per_page=ALL_ROWS, headed=True,
        empty=_("Nobody finished in these years"),
    )


def known_schools_table(rows: QuerySet[School], params: QueryDict, account: Account) -> Table:
    """All schools that are here, each with the way to correct it for whoever may."""
    own = set(account.organisation_ids(Permission.MANAGE_CAREERS))
    all_of_them = account.may(Permission.CONFIRM_RECORDS)

    def way(row: School) -> str:
        may_change = all_of_them or row.organisation_id in own
        return reverse("careers:school-change", args=[row.pk]) if may_change else ""

    return Table(
        rows=rows.select_related("organisation", "city"),
        columns=[
            Column("school", _("School"), value=str, order_by=LatvianKey("organisation__name"), heading=True, link=way),
            Column("city", _("City"), value=lambda row: str(row.city), order_by=LatvianKey("city__name")),
            Column("setting", _("Kind of school"), value=worded(Setting, "setting"), order_by="setting",
                   filter=ChoiceFilter("setting", choices=Setting.choices)),
        ],
        params=params, caption=_("Schools that are here"), default_sort="school", headed=True,
        empty=_("No school keeps its career support here yet"),
    )


def given_table(rows: QuerySet[Encounter], params: QueryDict) -> Table:
    """Encounters that an organisation gave, the latest first; no pupil is named."""
    return Table(
        rows=rows,
        columns=[
            Column("name", _("Encounter"), order_by=LatvianKey("name"), heading=True),
            Column("day", _("Day"), value="held_on", order_by="held_on"),
            Column("kind", _("Kind"), value=worded(EncounterKind, "kind"), order_by="kind",
                   filter=ChoiceFilter("kind", choices=EncounterKind.choices)),
            Column("school", _("School"), value=lambda row: str(row.school), order_by=LatvianKey("school__organisation__name")),
            Column("there", _("Were there"), order_by="there", numeric=True, unit=_("pupils")),
            Column("hours", _("Hours for each pupil"), value="hours", order_by="hours", numeric=True, unit="h"),
        ],
        params=params, caption=_("Encounters"), default_sort="-day", headed=True,
        empty=_("Nothing is recorded yet"),
        empty_hint=_("Schools record whom their pupils met. Ask the school to name you as the host."),
    )

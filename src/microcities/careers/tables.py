"""The tables of schools: the list, criteria, what changed, classes, pupils, encounters."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _

from microcities.careers.dashboards import CriterionLine, Results, count_words, interval_words
from microcities.careers.dashboards_pupils import HeatMap, HeatRow, MissingPupil
from microcities.careers.models import (
    ClassList,
    Encounter,
    EncounterKind,
    Enrolment,
    LeavingReason,
    School,
    SchoolClass,
    Setting,
    Stage,
    meaningful,
)
from microcities.careers.school_years import label
from microcities.database.expressions import LatvianKey
from microcities.privacy.looks import log_download
from microcities.programme.models import City
from microcities.ui.components import status
from microcities.ui.filters import ChoiceFilter, DateFilter, SearchFilter
from microcities.ui.numbers import format_percent
from microcities.ui.tables import Column, Table, worded

ALL_ROWS = 250


def school_table(rows: QuerySet[School], params: QueryDict) -> Table:
    """Schools whose records the account may open."""
    today = timezone.localdate()
    cities = [(each.slug, str(each)) for each in City.objects.in_latvian_order()]
    now = Q(classes__enrolments__joined_on__lte=today, classes__enrolments__left_on__gte=today)
    counted = rows.select_related("organisation", "city").annotate(
        pupils=Count("classes__enrolments__person", filter=now, distinct=True)
    )
    return Table(
        rows=counted,
        columns=[
            Column("name", _("School"), value=str, order_by=LatvianKey("organisation__name"), heading=True,
                   filter=SearchFilter("organisation__name"), link=lambda row: reverse("careers:school", args=[row.pk])),
            Column("city", _("City"), value=lambda row: str(row.city), order_by=LatvianKey("city__name"),
                   filter=ChoiceFilter("city__slug", choices=cities)),
            Column("setting", _("Kind of school"), value=worded(Setting, "setting"), order_by="setting",
                   filter=ChoiceFilter("setting", choices=Setting.choices)),
            Column("pupils", _("Pupils today"), order_by="pupils", numeric=True),
        ],
        params=params, caption=_("Schools"), default_sort="name", headed=True,
        empty=_("No school is here for you yet"), empty_hint=_("A school is added by its staff or the city's coordinator."),
    )


def criteria_table(results: Results, params: QueryDict, query: str) -> Table:
    """Every criterion with its counts; `query` carries the reader's question along to the criterion."""
    return Table(
        rows=results.criteria,
        columns=[
            Column("criterion", _("Criterion"), value=lambda row: f"{row.code} {row.name}", heading=True, order_by="code",
                   link=lambda row: reverse("careers:criterion", args=[row.school.pk, row.code]) + query),
            Column("basis", _("Counted"), value="basis"),
            Column("count", _("Met by"), value="count", in_file=False),
            Column("numerator", _("Met by"), value=lambda row: row.tally["numerator"], numeric=True, on_screen=False),
            Column("denominator", _("Of"), value=lambda row: row.tally["denominator"], numeric=True, on_screen=False),
            Column("share", _("Share"), value=lambda row: row.tally["share"], numeric=True, unit="share", order_by="share"),
            Column("interval", _("95 % interval"), value="interval"),
            Column("band", _("Band"), value="band"),
            Column("state", _("State"), value="state", cell=lambda row: row.badge),
        ],
        params=params, caption=_("Criteria"), name="criteria", per_page=ALL_ROWS, headed=True,
        empty=_("The framework has no criteria"),
    )


def change_table(results: Results, params: QueryDict) -> Table:
    """What stands otherwise than on the earlier day."""
    lines = {line.code: line for line in results.criteria}

    def named(row: Any) -> str:
        line: CriterionLine | None = lines.get(row["code"])
        return f"{row['code']} {line.name}" if line else str(row["code"])

    def number(*names: str) -> Callable[[Any], int]:
        return lambda row: sum(len(row[name]) for name in names)

    return Table(
        rows=results.changes,
        columns=[
            Column("criterion", _("Criterion"), value=named, heading=True),
            Column("before", _("Before"), value=lambda row: _share_words(row["before"])),
            Column("after", _("Now"), value=lambda row: _share_words(row["after"])),
            Column("now_met", _("Pupils who met it since"), value=number("now_met"), numeric=True),
            Column("no_longer", _("Pupils who no longer do"), value=number("no_longer_met"), numeric=True),
            Column("joined", _("Asked only now"), value=number("joined_met", "joined_missing"), numeric=True),
            Column("left", _("Asked only then"), value=number("left_met", "left_missing"), numeric=True),
        ],
        params=params, caption=_("What changed"), name="changes", per_page=ALL_ROWS, headed=True,
        empty=_("Nothing changed between the two days"),
    )


def _share_words(tally: Any) -> str:
    if tally["share"] is None:
        return count_words(tally)
    return f"{count_words(tally)} ({format_percent(tally['share'])}; {interval_words(tally)})"


def missing_table(rows: Sequence[MissingPupil], params: QueryDict, what: str) -> Table:
    """Pupils whom a criterion lacks, with what is lacking."""
    return Table(
        rows=rows,
        columns=[
            Column("name", _("Pupil"), value="name", heading=True, filter=SearchFilter("name"), order_by="name",
                   link=lambda row: reverse("persons:person", args=[row.person.public_id])),
            Column("class_name", _("Class"), value="class_name", order_by="class_name",
                   link=lambda row: reverse("careers:class", args=[row.school_class.pk]) if row.school_class else ""),
            Column("lacks", _("Still lacking"), value="lacks"),
            Column("note", _("Note"), value="note"),
        ],
        params=params, caption=_("Pupils still lacking"), name="missing", per_page=100, headed=True,
        empty=_("Nobody is lacking"), on_export=log_download(what, lambda row: (row.person,)),
    )


def heat_table(shown: HeatMap, params: QueryDict, chosen: SchoolClass | None) -> Table:
    """Pupils of a class by criterion; each mark is a word, its colour only repeats it."""

    def mark(place: int) -> list[Column]:
        line = shown.columns[place]

        def cell(row: HeatRow) -> str:
            return list(row.cells)[place]

        def word(row: HeatRow) -> str:
            return row.words[place]

        heading = format_html('{}<span class="visually-hidden"> {}</span>', line.code, line.name)
        return [
            Column(f"c{line.code}", heading, value=word, cell=cell, in_file=False),
            Column(f"f{line.code}", f"{line.code} {line.name}", value=word, on_screen=False),
        ]

    name = Column("name", _("Pupil"), value=lambda row: row.person.name, heading=True,
                  link=lambda row: reverse("persons:person", args=[row.person.public_id]))
    marks = [column for place in range(len(shown.columns)) for column in mark(place)]
    return Table(
        rows=shown.rows, columns=[name, *marks], params=params,
        caption=_("Pupils of class %(name)s by criterion") % {"name": chosen.name if chosen else ""}, per_page=50, headed=True,
        empty=_("No pupil is in this class on the day"),
        on_export=log_download(_("pupils by criterion"), lambda row: (row.person,)),
    )


def class_table(rows: QuerySet[SchoolClass], params: QueryDict) -> Table:
    """Classes of a school year with the number of pupils who are, or were, in them to the last day."""
    today = timezone.localdate()
    there = Q(enrolments__joined_on__lte=today, enrolments__left_on__gte=today)
    counted = rows.annotate(present=Count("enrolments", filter=there), ever=Count("enrolments"))
    return Table(
        rows=counted,
        columns=[
            Column("name", _("Class"), order_by=("stage", "number", LatvianKey("name")), heading=True,
                   link=lambda row: reverse("careers:class", args=[row.pk])),
            Column("stage", _("Counted in"), value=worded(Stage, "stage")),
            Column("number", _("Grade or year"), order_by="number", numeric=True),
            Column("present", _("Pupils today"), order_by="present", numeric=True),
            Column("ever", _("In the year"), order_by="ever", numeric=True),
            Column("subjects", _("Subjects"), value=lambda row: ", ".join(row.subjects)),
            Column("is_final", _("Last year at this school"), order_by="is_final"),
        ],
        params=params, caption=_("Classes"), default_sort="name", per_page=100, headed=True,
        empty=_("The school has no classes in this year"), empty_hint=_("Bring a class list, or add a class."),
    )


def pupil_table(rows: QuerySet[Enrolment], params: QueryDict, *, changes: bool) -> Table:
    """Pupils of a class from the first day to the last; whoever keeps the records gets the way to change each."""
    columns = [
        Column("name", _("Pupil"), value="person.name", heading=True, filter=SearchFilter("person__family_name"),
               order_by=(LatvianKey("person__family_name"), LatvianKey("person__given_name")),
               link=lambda row: reverse("persons:person", args=[row.person.public_id])),
        Column("joined", _("From"), value="joined_on", order_by="joined_on"),
        Column("left", _("To"), value="left_on", order_by="left_on"),
        Column("reason", _("Why it ends"), value=lambda row: row.get_reason_display(),
               filter=ChoiceFilter("reason", choices=LeavingReason.choices)),
    ]
    if changes:
        columns.append(
            Column("change", _("Change"), value=lambda row: _("Change") if row.reason == LeavingReason.YEAR_END else "–",
                   in_file=False,
                   link=lambda row: reverse("careers:enrolment", args=[row.pk])
                   if row.reason == LeavingReason.YEAR_END else "")
        )
    return Table(
        rows=rows.select_related("person"), columns=columns, params=params, caption=_("Pupils"), default_sort="name",
        per_page=100, headed=True, empty=_("Nobody is in this class yet"),
        empty_hint=_("Bring the school's class list, or add pupils one by one."),
        on_export=log_download(_("pupils of a class"), lambda row: (row.person,)),
    )


def encounter_table(rows: QuerySet[Encounter], params: QueryDict) -> Table:
    """Encounters of a school, the latest first, with how many were there and whether they count."""
    there = Count("attendances", filter=Q(attendances__presence="attended"))
    counted = rows.select_related("host").annotate(there=there, listed=Count("attendances"))
    return Table(
        rows=counted,
        columns=[
            Column("name", _("Encounter"), order_by=LatvianKey("name"), heading=True, filter=SearchFilter("name"),
                   link=lambda row: reverse("careers:encounter", args=[row.pk])),
            Column("day", _("Day"), value="held_on", order_by="held_on", filter=DateFilter("held_on__gte", _("From day"))),
            Column("kind", _("Kind"), value=worded(EncounterKind, "kind"), order_by="kind",
                   filter=ChoiceFilter("kind", choices=EncounterKind.choices)),
            Column("host", _("Host"), value=lambda row: str(row.host) if row.host else "", order_by=LatvianKey("host__name")),
            Column("hours", _("Hours"), order_by="hours", numeric=True, unit="h"),
            Column("there", _("Were there"), order_by="there", numeric=True, unit=_("pupils")),
            Column("listed", _("On the list"), order_by="listed", numeric=True, unit=_("pupils")),
            Column("counts", _("Checklist"), value=checklist_word, cell=lambda row: checklist_badge(row),
                   filter=ChoiceFilter(_by_checklist, choices=[("yes", _("complete")), ("no", _("not complete"))])),
        ],
        params=params, caption=_("Encounters"), default_sort="-day", headed=True,
        empty=_("No encounter is recorded yet"), empty_hint=_("Record one, or take it over from an event."),
    )


def checklist_word(encounter: Encounter) -> str:
    """Whether the answers make the encounter a meaningful one."""
    return _("complete") if encounter.is_meaningful else _("not complete")


def checklist_badge(encounter: Encounter) -> str:
    """The same with its colour."""
    return status(checklist_word(encounter), "good" if encounter.is_meaningful else "warning")


def _by_checklist(rows: Any, wanted: str) -> Any:
    return rows.filter(meaningful()) if wanted == "yes" else rows.exclude(meaningful())


def class_list_table(rows: QuerySet[ClassList], params: QueryDict) -> Table:
    """Class lists that were applied, the latest first."""
    return Table(
        rows=rows,
        columns=[
            Column("file", _("File"), value="file_name", heading=True, order_by=LatvianKey("file_name")),
            Column("taken_on", _("As of"), value="taken_on", order_by="taken_on"),
            Column("year", _("School year"), value=lambda row: label(row.school_year), order_by="school_year"),
            Column("applied", _("Applied"), value="applied_at", order_by="applied_at"),
            Column("outcomes", _("Pupils by outcome"), value=lambda row: outcome_words(row.outcomes)),
            Column("undone", _("Taken back"), value="undone_at", order_by="undone_at"),
        ],
        params=params, caption=_("Class lists"), default_sort="-applied", headed=True,
        empty=_("No class list was applied yet"), empty_hint=_("Bring one; you see all differences before anything changes."),
    )


def outcome_words(outcomes: Any) -> str:
    """Counts by outcome in words."""
    words = {
        "new": _("new"), "known": _("known, new in class"), "moved": _("moved"), "corrected": _("corrected"),
        "unchanged": _("unchanged"), "refused": _("refused"), "leaving": _("leaving"), "new_classes": _("new classes"),
    }
    return ", ".join(f"{words.get(code, code)}: {count}" for code, count in outcomes.items() if count)

"""The tables of this app's pages: what columns they have, what narrows them, what a file of them holds."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from microcities.database.collation import search_key
from microcities.database.expressions import LatvianKey, SearchKey
from microcities.participation.lists.columns import BY_KEY
from microcities.participation.lists.words import problem_words, value_words
from microcities.participation.models import (
    Activity,
    ActivityKind,
    ListImport,
    ListRow,
    ListState,
    Participation,
    RowOutcome,
    Verification,
)
from microcities.people.models import Organisation
from microcities.privacy.looks import log_download
from microcities.programme.models import FundingSource
from microcities.ui.components import StatusKind, status
from microcities.ui.filters import ChoiceFilter, DateFilter, TextFilter
from microcities.ui.numbers import format_number
from microcities.ui.tables import Column, Table, worded

LONG_LIST = 2000  # sorting more names than this takes longer than a page may
OUTCOME_KINDS: dict[str, StatusKind] = {
    RowOutcome.NEW: "info", RowOutcome.CANDIDATE: "warning", RowOutcome.KNOWN: "info", RowOutcome.CHANGED: "warning",
    RowOutcome.UNCHANGED: "neutral", RowOutcome.REFUSED: "bad",
}
STATE_KINDS: dict[str, StatusKind] = {
    ListState.APPLIED: "good", ListState.FAILED: "bad", ListState.UPLOADED: "warning", ListState.CHECKED: "warning",
}
VERIFICATION_KINDS: dict[str, StatusKind] = {
    Verification.CONFIRMED: "good", Verification.REJECTED: "bad", Verification.UNVERIFIED: "warning",
}


def list_table(rows: QuerySet[ListImport], params: QueryDict) -> Table:
    """Lists, the latest first."""
    state = worded(ListState, "state")
    return Table(
        rows=rows.select_related("organisation", "activity"),
        columns=[
            Column("file_name", _("File"), order_by="file_name", filter=TextFilter("file_name__icontains"), heading=True,
                   link=lambda row: reverse("participation:list", args=[row.pk])),
            Column("organisation", _("Brought by"), order_by=LatvianKey("organisation__name"),
                   filter=TextFilter("organisation__name__icontains")),
            Column("activity", _("Activity"), order_by=LatvianKey("activity__name")),
            Column("rows", _("Rows"), value="rows_total", order_by="rows_total", numeric=True),
            Column("state", _("State"), value=state, order_by="state",
                   filter=ChoiceFilter("state", choices=ListState.choices),
                   cell=lambda row: status(state(row), STATE_KINDS.get(row.state, "neutral"))),
            Column("uploaded_at", _("Brought"), order_by="uploaded_at", filter=DateFilter("uploaded_at__date")),
        ],
        params=params, caption=_("Lists of participants"), default_sort="-uploaded_at",
        empty=_("No list has been brought yet"),
        empty_hint=_("Bring the list of an activity's participants as CSV or XLSX."),
    )


def row_table(the_list: ListImport, params: QueryDict) -> Table:
    """What each row of a list does, with the reasons of refusals, for people and as a file."""
    names, outcome = _names(), worded(RowOutcome, "outcome")
    return Table(
        rows=ListRow.objects.filter(of_list=the_list).select_related("person"),
        columns=[
            Column("number", _("Row"), order_by="number", numeric=True, heading=True),
            Column("person", _("Person"), value=_person_of_row,
                   order_by=LatvianKey(KeyTextTransform("family_name", "values")),
                   filter=TextFilter(lambda found, text: found.alias(
                       key=SearchKey(KeyTextTransform("family_name", "values"))).filter(key__contains=search_key(text)))),
            Column("birth_on", _("Born"), value=lambda row: value_words("birth_on", row.values.get("birth_on"), names),
                   export=lambda row: row.values.get("birth_on", "")),
            Column("outcome", _("Outcome"), value=outcome, order_by="outcome",
                   filter=ChoiceFilter("outcome", choices=RowOutcome.choices),
                   cell=lambda row: status(outcome(row), OUTCOME_KINDS[row.outcome])),
            Column("what", _("What and why"), cell=lambda row: _as_lines(_what(row, names)),
                   value=lambda row: "; ".join(_what(row, names))),
        ],
        params=params, caption=_("Rows of the list"), default_sort="number", per_page=50,
        empty=_("No rows to show"),
        empty_hint=_("Rows are shown once the list has been compared, and as long as it is neither undone nor discarded."),
        on_export=log_download(_("Rows of the list"), lambda row: (row.person,)),
    )


def outcome_words(the_list: ListImport) -> list[tuple[str, str]]:
    """(outcome, "3 × new person") for each outcome that rows of the list have."""
    return [
        (value, f"{format_number(the_list.outcomes[value])} × {word}")
        for value, word in RowOutcome.choices if the_list.outcomes.get(value)
    ]


def _names() -> dict[str, Mapping[int, str]]:
    fundings = {source.pk: str(source) for source in FundingSource.objects.all()}
    return {"funding": fundings, "host": dict(Organisation.objects.values_list("pk", "name"))}


def _person_of_row(row: ListRow) -> str:
    return f"{row.values.get('given_name', '')} {row.values.get('family_name', '')}".strip()


def _what(row: ListRow, names: Mapping[str, Mapping[int, str]]) -> list[str]:
    """What a row changes or why it is refused, one line each."""
    if row.problems:
        return [problem_words(problem) for problem in row.problems]
    lines = []
    for part in row.changes.values():
        for field, (before, after) in part.items():
            lines.append(_change_words(field, before, after, names))
    return lines


def _change_words(field: str, before: Any, after: Any, names: Mapping[str, Mapping[int, str]]) -> str:
    if field == "personal_code":
        return _("personal code: becomes known (kept as a keyed hash)")
    if field == "verification":
        return _("has to be confirmed again")
    words = {"field": str(BY_KEY[field].label), "before": value_words(field, before, names),
             "after": value_words(field, after, names)}
    return _("%(field)s: %(before)s → %(after)s") % words


def _as_lines(lines: list[str]) -> SafeString:
    return format_html_join("", "<div>{}</div>", ((line,) for line in lines))


def activity_table(rows: QuerySet[Activity], params: QueryDict) -> Table:
    """Activities, which are public."""
    return Table(
        rows=rows.select_related("organisation", "city"),
        columns=[
            Column("name", _("Activity"), value=str, order_by=LatvianKey("name"), heading=True,
                   filter=TextFilter(lambda found, text: found.alias(key=SearchKey("name")).filter(
                       key__contains=search_key(text))),
                   link=lambda row: reverse("participation:activity", args=[row.code])),
            Column("kind", _("Kind"), value=worded(ActivityKind, "kind"), order_by="kind",
                   filter=ChoiceFilter("kind", choices=ActivityKind.choices)),
            Column("city", _("City"), order_by=LatvianKey("city__name")),
            Column("organisation", _("Run by"), order_by=LatvianKey("organisation__name")),
            Column("starts_on", _("From"), order_by="starts_on", filter=DateFilter("ends_on__gte", _("Not over on"))),
            Column("ends_on", _("To"), order_by="ends_on"),
        ],
        params=params, caption=_("Activities of the programme"), default_sort="-starts_on",
        empty=_("No activity has been announced yet"), empty_hint=_("Come back when the programme has begun."),
    )


def record_table(rows: QuerySet[Participation], params: QueryDict) -> Table:
    """Participations, for those who may see the people; by name, or in a very long list by the start."""
    is_long, state = rows.order_by()[LONG_LIST:].exists(), worded(Verification, "verification")
    return Table(
        rows=rows.select_related("person", "organisation", "host"),
        columns=[
            Column("person", _("Person"), value=who, heading=True,
                   order_by=(LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                   link=lambda row: reverse("participation:record", args=[row.pk]),
                   filter=TextFilter(lambda found, text: found.alias(key=SearchKey("person__family_name")).filter(
                       key__contains=search_key(text)), _("Family name"))),
            Column("applied_on", _("Applied"), order_by="applied_on"),
            Column("started_on", _("Started"), order_by="started_on", filter=DateFilter("started_on__gte", _("Started from"))),
            Column("completed_on", _("Completed"), order_by="completed_on"),
            Column("hours", _("Hours"), order_by="hours", numeric=True),
            Column("host", _("Host"), order_by=LatvianKey("host__name")),
            Column("verification", _("State"), value=state, order_by="verification",
                   filter=ChoiceFilter("verification", choices=Verification.choices),
                   cell=lambda row: status(state(row), VERIFICATION_KINDS[row.verification])),
        ],
        params=params, caption=_("Who took part"), default_sort="-started_on" if is_long else "person", per_page=50,
        empty=_("Nobody takes part yet"), empty_hint=_("Bring a list, or enter people one by one from their pages."),
        on_export=log_download(_("Who took part"), lambda row: (row.person,)),
    )


def who(record: Participation) -> str:
    """The name of the person, or of the organisation, that took part."""
    return record.person.name if record.person is not None else str(record.organisation)

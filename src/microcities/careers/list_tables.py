"""The tables of a class list that was compared: what each row does, and who would leave."""

from typing import Any

from django.http import QueryDict
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from microcities.careers.class_lists.comparing import Comparison, PupilPlan
from microcities.careers.class_lists.reading import LABELS
from microcities.ui.components import StatusKind, status
from microcities.ui.tables import Column, Table

MOST_ROWS = 5000
KINDS: dict[str, StatusKind] = {
    "new": "good", "known": "good", "moved": "info", "corrected": "info", "unchanged": "neutral", "refused": "bad"
}
# Refused rows stand first: they are what has to be mended.
ORDER = ("refused", "moved", "corrected", "new", "known", "unchanged")


def plan_table(found: Comparison) -> Table:
    """Every row of the list with what it does, or by cell what is wrong with it."""
    rows = sorted(found.plans, key=lambda plan: (ORDER.index(plan.outcome), plan.row.number))
    return Table(
        rows=rows,
        columns=[
            Column("row", _("Row"), value=lambda plan: plan.row.number, numeric=True),
            Column("name", _("Pupil"), value=lambda plan: plan.row.name, heading=True),
            Column("class_name", _("Class"), value=lambda plan: plan.row.values.get("class_name", "")),
            Column("outcome", _("What it does"), value=_outcome, cell=lambda plan: status(_outcome(plan), KINDS[plan.outcome])),
            Column("from", _("From"), value=lambda plan: plan.joined_on),
            Column("note", _("Note"), value=_note, cell=_note_cell),
        ],
        params=QueryDict(), caption=_("Row by row"), per_page=MOST_ROWS, exports=(), headed=True,
        empty=_("The list names nobody"),
    )


def _outcome(plan: PupilPlan) -> str:
    return {
        "new": _("new person, joins"), "known": _("known person, joins"), "moved": _("moves to the class"),
        "corrected": _("class corrected"), "unchanged": _("there already"), "refused": _("refused"),
    }[plan.outcome]


def _problems(plan: PupilPlan) -> list[tuple[str, str, str]]:
    """(where, what stands there, what to do) of each problem."""
    return [
        (
            _("column %(letter)s, %(field)s") % {"letter": each.letter, "field": LABELS.get(each.field, each.field)}
            if each.letter else str(LABELS.get(each.field, each.field)),
            each.value, each.advice,
        )
        for each in plan.row.problems
    ]


def _note(plan: PupilPlan) -> str:
    if plan.row.problems:
        return "; ".join(f"{where}: {advice}" for where, _value, advice in _problems(plan))
    if plan.outcome in {"moved", "corrected"} and plan.enrolment:
        return _("from class %(name)s") % {"name": plan.enrolment.school_class.name}
    if plan.candidates:
        return _("looks like a person on record; decided later under “Same person?”")
    return ""


def _note_cell(plan: PupilPlan) -> Any:
    if not plan.row.problems:
        return _note(plan)
    items = format_html_join("", "<li>{}{}: {}</li>", (
        (where, f" “{value}”" if value else "", advice) for where, value, advice in _problems(plan)
    ))
    return format_html("<ul>{}</ul>", items)


def leaver_table(found: Comparison) -> Table:
    """Pupils whom the list does not name any more."""
    return Table(
        rows=found.leavers,
        columns=[
            Column("name", _("Pupil"), value=lambda row: row.person.name, heading=True),
            Column("class_name", _("Class"), value=lambda row: row.school_class.name),
            Column("joined", _("From"), value="joined_on"),
        ],
        params=QueryDict(), name="leavers", caption=_("Who leaves"), per_page=MOST_ROWS, exports=(), headed=True,
        empty=_("Nobody leaves by this list"),
    )

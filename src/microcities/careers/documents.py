"""Writes the careers record that goes with a person as a tagged PDF, by typst."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import typst
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from microcities.careers.experience import experience_of
from microcities.careers.interest_results import questionnaire_of, reading_of
from microcities.careers.models import CareerPlan, InterestSheet
from microcities.careers.own_record import destinations_of, encounters_of, enrolments_of, talks_of
from microcities.careers.own_tables import destination_words, hours_words
from microcities.people.models import Account, Person
from microcities.ui.numbers import format_day, format_moment, format_quantity

TEMPLATE = Path(__file__).parent / "templates" / "careers" / "own" / "record.typ"
STANDARD: Literal["ua-1"] = "ua-1"  # the writer itself refuses a document without title, language or tags


@dataclass(frozen=True)
class Part:
    """A part of the record: a table, or the words for none."""

    title: str
    headings: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[str]]
    empty: str
    note: str = ""


def parts_of_record(account: Account, person: Person, *, own: bool) -> list[Part]:
    """What the account may see of the person's record, in the active language.

    `own` adds the career plan and the latest result on interests, which are the person's alone to show.
    """
    parts = [
        _classes(account, person), _encounters(account, person), _work(person), _talks(account, person),
        _plans(account, person),
    ]
    if not own:
        return parts
    plans = [_career_plan(each) for each in CareerPlan.objects.filter(person=person)]
    return [*parts, *plans, *(_interests(each) for each in InterestSheet.objects.filter(person=person).finished()[:1])]


def record_pdf(account: Account, person: Person, *, own: bool) -> bytes:
    """The same as a PDF/UA-1 document."""
    parts = parts_of_record(account, person, own=own)
    content = {
        "name": person.name, "language": (get_language() or "lv").split("-")[0], "made_at": format_moment(timezone.now()),
        "parts": [asdict(each) for each in parts],
        "texts": {"title": _("Careers record"), "made": _("Made on"), "page": _("Page")},
    }
    document = typst.compile(
        TEMPLATE.read_bytes(), format="pdf", pdf_standards=STANDARD, ignore_system_fonts=True,
        timestamp=timezone.now().replace(microsecond=0), sys_inputs={"data": json.dumps(content, ensure_ascii=False)},
    )
    return bytes(document)


def _classes(account: Account, person: Person) -> Part:
    rows = [
        (str(row.school_class), str(row.school_class.school), format_day(row.joined_on), format_day(row.left_on))
        for row in enrolments_of(account, person)
    ]
    return Part(_("Classes"), (_("Class"), _("School"), _("From"), _("To")), (2, 4, 2, 2), rows, _("No class is recorded."))


def _encounters(account: Account, person: Person) -> Part:
    rows = [
        (
            format_day(row.encounter.held_on), row.encounter.name, row.encounter.get_kind_display(),
            str(row.encounter.host or row.encounter.school), hours_words(row), row.get_presence_display(),
        )
        for row in encounters_of(account, person)
    ]
    headings = (_("Day"), _("What it was"), _("Kind"), _("With whom"), _("Hours"), _("Presence"))
    return Part(_("Encounters"), headings, (3, 5, 4, 4, 2, 3), rows, _("No encounter is recorded."))


def _work(person: Person) -> Part:
    rows = [
        (f"{format_day(each.first_on)} – {format_day(each.last_on)}", each.what, each.host, format_quantity(each.hours, "h"),
         each.words)
        for each in experience_of(person)
    ]
    headings = (_("Days"), _("Work"), _("Employer"), _("Hours"), _("What the employer wrote"))
    return Part(_("Work"), headings, (4, 4, 4, 2, 5), rows, _("No work is recorded."))


def _talks(account: Account, person: Person) -> Part:
    rows = [
        (
            format_day(line.day), line.word, line.counsellor, line.talk.advice, line.talk.agreed,
            format_day(line.talk.next_on) if line.talk.next_on else "",
        )
        for line in talks_of(account, person)
    ]
    headings = (_("Day"), _("State"), _("Counsellor"), _("Advice"), _("What was agreed"), _("Next talk"))
    note = _("Counsellors' own notes are not part of this record.")
    return Part(_("Guidance talks"), headings, (3, 2, 3, 5, 5, 3), rows, _("No talk is recorded."), note)


def _plans(account: Account, person: Person) -> Part:
    rows = [
        (format_day(row.said_on), row.get_kind_display(), destination_words(row), row.get_confirmed_by_display())
        for row in destinations_of(account, person)
    ]
    headings = (_("Day"), _("How sure"), _("Where to"), _("Rests on"))
    return Part(_("Plan"), headings, (2, 2, 5, 3), rows, _("No plan is recorded."))


def _career_plan(plan: CareerPlan) -> Part:
    rows = [
        (step.what, format_day(step.due_on) if step.due_on else "", format_day(step.done_on) if step.done_on else "")
        for step in plan.steps.in_order()
    ]
    documents = ", ".join(each.title for each in plan.documents.all())
    said = (
        (_("Goal"), plan.goal), (_("Why this goal"), plan.reason), (_("What I am good at"), plan.strengths),
        (_("Documents"), documents),
    )
    note = "\n\n".join(f"{label}: {words}" for label, words in said if words)
    return Part(_("Career plan"), (_("What to do"), _("Until"), _("Done")), (6, 2, 2), rows, _("No step yet."), note)


def _interests(sheet: InterestSheet) -> Part:
    reading, asked = reading_of(sheet), questionnaire_of(sheet)
    note = " ".join((
        asked.notice.in_language(get_language() or "lv"), f"{_('Three letters (Holland)')}: {reading.code_words}.",
        *reading.flags, f"{reading.chart.source}.",
    ))
    return Part(_("Interests"), (_("Interest"), _("Points")), (3, 1), reading.scores, "", note)

"""The table of questions that were put to counsellors."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.careers.models import Question
from microcities.careers.question_words import state_words, waiting_words
from microcities.database.expressions import LatvianKey
from microcities.people.models import Account
from microcities.privacy.looks import log_download
from microcities.ui.components import Tab, status
from microcities.ui.tables import Column, Table


def questions_to_show(account: Account, shown: str) -> QuerySet[Question]:
    """Those that wait, or all, of the account's organisations."""
    rows = Question.objects.to_counsellor(account)
    return (rows.in_order() if shown == "all" else rows.waiting()).select_related("person", "organisation")


def tabs_of(shown: str) -> list[Tab]:
    """The two ways to look at questions."""
    words = {"waiting": _("To answer"), "all": _("All")}
    return [Tab(label, f"{reverse('careers:questions')}?show={key}", key == shown) for key, label in words.items()]


def question_table(rows: QuerySet[Question], params: QueryDict, *, latest_first: bool) -> Table:
    """Who asked, when, and how long it waits; what was asked stands on the page of the question alone."""
    today = timezone.localdate()

    def mark(row: Question) -> Any:
        return status(*state_words(row, today))

    return Table(
        rows=rows,
        columns=[
            Column("person", _("Person"), value=lambda row: row.person.name, heading=True,
                   order_by=(LatvianKey("person__family_name"), LatvianKey("person__given_name")),
                   link=lambda row: reverse("careers:question", args=[row.pk])),
            Column("asked", _("Asked"), value="asked_at", order_by="asked_at"),
            Column("state", _("State"), value=lambda row: state_words(row, today)[0], cell=mark),
            Column("waits", _("How long it waits"), order_by="waits_since",
                   value=lambda row: waiting_words(row.waits_since, today), cell=lambda row: _waits(row, today)),
            Column("organisation", _("Asked of"), value=lambda row: str(row.organisation)),
        ],
        params=params, caption=_("Questions to counsellors"), default_sort="-asked" if latest_first else "waits", headed=True,
        empty=_("No question waits") if not latest_first else _("Nobody has asked yet"),
        empty_hint=_("Pupils, students and guardians ask from their own page."),
        on_export=log_download(_("a question to counsellors"), lambda row: (row.person,)),
    )


def _waits(row: Question, today: Any) -> str:
    return waiting_words(row.waits_since, today) or "–"

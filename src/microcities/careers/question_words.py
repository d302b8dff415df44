"""How long a question has waited, and since when it is overdue, in words."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from microcities.careers.models import Question
from microcities.people.models import Account, Person
from microcities.ui.components import StatusKind
from microcities.ui.numbers import format_day

STATES: dict[str, tuple[object, StatusKind]] = {
    "waiting": (gettext_lazy("waits for an answer"), "info"),
    "answered": (gettext_lazy("answered"), "good"),
    "closed": (gettext_lazy("closed"), "neutral"),
}
MOST_SHOWN = 20
OVERDUE = gettext_lazy("overdue")


def due_on(question: Question) -> date | None:
    """The day by which a counsellor is to answer; None when nothing waits."""
    if question.waits_since is None:
        return None
    return timezone.localdate(question.waits_since) + timedelta(days=settings.ANSWER_DAYS)


def is_overdue(question: Question, today: date) -> bool:
    """Whether the day has passed by which it was to be answered."""
    due = due_on(question)
    return due is not None and due < today


def state_words(question: Question, today: date) -> tuple[str, StatusKind]:
    """The word for its state and the kind of its mark."""
    if is_overdue(question, today):
        return str(OVERDUE), "bad"
    word, kind = STATES[question.state]
    return str(word), kind


def question_lines(account: Account, person: Person) -> list[tuple[Question, tuple[str, StatusKind]]]:
    """The questions that the account may see as the person or its guardian, each with its state in words."""
    today = timezone.localdate()
    rows = Question.objects.own(account).filter(person=person).select_related("organisation").in_order()
    return [(each, state_words(each, today)) for each in rows[:MOST_SHOWN]]


def waiting_words(since: datetime | None, today: date) -> str:
    """ "waits for 3 days", and that it is overdue when it is; empty when nothing waits."""
    if since is None:
        return ""
    days = (today - timezone.localdate(since)).days
    if not days:
        return _("waits since today")
    waits = ngettext("waits for %(days)s day", "waits for %(days)s days", days) % {"days": days}
    if days <= settings.ANSWER_DAYS:
        return waits
    due = format_day(timezone.localdate(since) + timedelta(days=settings.ANSWER_DAYS))
    return _("%(waits)s, overdue: the answer was due on %(day)s") % {"waits": waits, "day": due}

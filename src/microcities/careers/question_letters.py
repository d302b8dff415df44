"""Tells whoever asked that a counsellor has answered; the letter has no word of the question or the answer."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from microcities.careers.letters import CAREERS
from microcities.careers.models import Question, QuestionTurn
from microcities.notices.actions import notify
from microcities.notices.kinds import register_kind
from microcities.people.models import Account

ANSWER = register_kind("careers.answer", _("Answers of counsellors to your questions"))


def tell_answered(question: Question, turn: QuestionTurn) -> None:
    """One notice for each answer to the account of whoever asked, if there is one."""
    asker = question.guardian_id or question.person_id
    for account in Account.objects.filter(person_id=asker, is_active=True):
        with translation.override(account.language):
            url = reverse("careers:own-question", args=[question.pk])
        notify(
            actor=CAREERS, reader=account, kind=ANSWER.slug, subject=gettext_noop("Your counsellor has answered"),
            template="careers/letters/answered.txt", context={"organisation": str(question.organisation)},
            dedupe_key=f"careers.answered:{turn.pk}", url=url,
        )

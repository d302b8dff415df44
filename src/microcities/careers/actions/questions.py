"""Somebody asks the counsellors; a counsellor answers, perhaps with the offer of a talk; either closes the thread."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.actions.guidance import offer_guidance
from microcities.careers.models import Question, QuestionTurn, Side
from microcities.careers.question_letters import tell_answered
from microcities.careers.question_rules import (
    may_answer_question,
    may_ask_at,
    may_ask_for,
    may_close_question,
    may_write_again,
)
from microcities.people.models import Account, Organisation, Person
from microcities.trail.context import change

# A person has no more open threads than this at an organisation: more are one talk.
MOST_OPEN = 5


def ask_question(*, actor: Account, person: Person, organisation: Organisation, text: str) -> Question:
    """Begin a thread with the counsellors of an organisation; a guardian's is the guardian's own. Raises RefusedError."""
    require(may_ask_for(actor, person))
    require(may_ask_at(person, organisation))
    now = timezone.now()
    with change("careers.ask_question", actor=actor):
        Person.objects.select_for_update().get(pk=person.pk)  # two at once would both see room for one more
        if Question.objects.open().filter(person=person, organisation=organisation).count() >= MOST_OPEN:
            words = _("%(most)s questions are open already. Write on in one of them, or close one.")
            raise RefusedError(words % {"most": MOST_OPEN})
        guardian_id = actor.person_id if actor.person_id != person.pk else None
        made = Question.objects.create(
            person=person, organisation=organisation, guardian_id=guardian_id, asked_at=now, waits_since=now
        )
        _write(actor, made, Side.ASKS, text, now)
    return made


def write_again(*, actor: Account, question: Question, text: str) -> QuestionTurn:
    """Whoever asked writes on; from then on the thread waits, if it does not already. Raises RefusedError."""
    now = timezone.now()
    with change("careers.write_again", actor=actor):
        locked = _locked(question)
        require(may_write_again(actor, locked))
        turn = _write(actor, locked, Side.ASKS, text, now)
        locked.waits_since = locked.waits_since or now
        locked.save(update_fields=["waits_since"])
    return turn


def answer_question(*, actor: Account, question: Question, text: str, offer: bool = False) -> QuestionTurn:
    """Answer, and offer a talk with it if wanted; whoever asked is told, without the words. Raises RefusedError."""
    with change("careers.answer_question", actor=actor):
        locked = _locked(question)
        require(may_answer_question(actor, locked))
        turn = _write(actor, locked, Side.ANSWERS, text, timezone.now())
        locked.waits_since = None
        if offer:
            locked.talk = offer_guidance(actor=actor, organisation=locked.organisation, person=locked.person)
        locked.save(update_fields=["waits_since", "talk"])
        tell_answered(locked, turn)
    return turn


def close_question(*, actor: Account, question: Question) -> Question:
    """Nothing more is written, and it waits for nobody. Raises RefusedError."""
    with change("careers.close_question", actor=actor):
        locked = _locked(question)
        require(may_close_question(actor, locked))
        locked.closed_at, locked.closed_by_id, locked.waits_since = timezone.now(), actor.pk, None
        locked.save(update_fields=["closed_at", "closed_by_id", "waits_since"])
    return locked


def _locked(question: Question) -> Question:
    rows = Question.objects.select_for_update(of=("self",)).select_related("person", "organisation")
    return rows.get(pk=question.pk)


def _write(actor: Account, question: Question, side: Side, text: str, at: datetime) -> QuestionTurn:
    if not text.strip():
        raise RefusedError(_("Write something. Nothing was sent."))
    return QuestionTurn.objects.create(
        question=question, side=side, text=text.strip(), written_at=at, written_by_id=actor.pk
    )

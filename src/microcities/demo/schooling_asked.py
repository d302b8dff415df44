"""What the demo's pupils ask their counsellors, and the document and the late step of a career plan."""

from datetime import timedelta
from typing import Any

import typst
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from microcities.careers.actions.plan_documents import add_document
from microcities.careers.actions.questions import answer_question, ask_question, write_again
from microcities.careers.models import CareerPlan, PlanStep, Question
from microcities.demo.foundations import PUPIL
from microcities.demo.schooling_ground import Schooling, SchoolTold
from microcities.people.models import Account
from microcities.trail.context import change

# The child's question has waited for so many days; the older pupil wrote on so many days ago.
WAITED, WROTE_ON = 8, 2


def ask_counsellors(told: Schooling, child: str) -> None:
    """A thread that goes on at the technikum; at the school a question that is overdue; a document and a late step."""
    entry = told.story["asked"]
    pupil = told.ground.accounts[PUPIL]
    thread = _ask(told.schools["valmiera-technikum"], pupil, entry["question"])
    answer_question(actor=told.schools["valmiera-technikum"].actor, question=thread, text=entry["answer"])
    write_again(actor=pupil, question=thread, text=entry["more"])
    _wait(pupil, thread, WROTE_ON)
    waiting = _ask(told.schools["hills"], told.ground.accounts[child], entry["waiting"])
    _wait(told.ground.accounts[child], waiting, WAITED)
    _plan(told, pupil, entry)


def _ask(school: SchoolTold, account: Account, text: str) -> Question:
    if account.person is None:
        raise ValueError(f"{account} is nobody")
    return ask_question(actor=account, person=account.person, organisation=school.school.organisation, text=text)


def _wait(account: Account, question: Question, days: int) -> None:
    """As if the last words had been written so many days ago, and those before on the days before."""
    last = timezone.now() - timedelta(days=days)
    with change("careers.ask_question", actor=account):
        for place, turn in enumerate(question.turns.reverse()):
            turn.written_at = question.asked_at = last - timedelta(days=place)
            turn.save(update_fields=["written_at"])
        question.waits_since = last
        question.save(update_fields=["asked_at", "waits_since"])


def _plan(told: Schooling, account: Account, entry: dict[str, Any]) -> None:
    plan = CareerPlan.objects.get(person=account.person)
    written = typst.compile(_paper(entry).encode(), format="pdf", ignore_system_fonts=True)
    file = SimpleUploadedFile(entry["file"], bytes(written))
    add_document(actor=account, plan=plan, title=entry["document"], file=file)
    with change("careers.add_plan_step", actor=account):
        PlanStep.objects.create(
            plan=plan, what=entry["late"], due_on=told.today - timedelta(days=3), added_on=told.today - timedelta(days=20)
        )


def _paper(entry: dict[str, Any]) -> str:
    lines = "\n".join(f"- {line}" for line in entry["lines"])
    return f'#set document(title: "{entry["document"]}")\n#set text(lang: "lv", size: 11pt)\n= {entry["document"]}\n{lines}\n'

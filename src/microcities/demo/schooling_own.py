"""What the demo's pupils with an account keep for themselves: answers on interests and a career plan."""

from datetime import timedelta
from typing import Any

from microcities.careers.actions.interests import answer_interests, begin_interests, finish_interests, share_interests
from microcities.careers.actions.plans import add_step, finish_step, share_plan, write_plan
from microcities.careers.interest_results import current_questionnaire
from microcities.careers.models import InterestSheet
from microcities.demo.foundations import PUPIL
from microcities.demo.schooling_ground import Schooling
from microcities.people.models import Account, Person

# The child has answered this many statements and goes on another day.
ANSWERED = 10
# So long the older pupil took, who in truth answers within a moment.
READ_FOR = timedelta(minutes=9)


def keep_own(told: Schooling, child: str) -> None:
    """The older pupil has a result and a plan, both shown to the counsellors; the child has begun the questionnaire."""
    pupil, entry = told.ground.accounts[PUPIL], told.story["own"]
    sheet = _answer(pupil, entry["answers"])
    InterestSheet.objects.filter(pk=sheet.pk).update(begun_at=sheet.begun_at - READ_FOR)
    finish_interests(actor=pupil, sheet=sheet)
    share_interests(actor=pupil, sheet=sheet, shared=True)
    _plan(told, pupil, entry)
    _answer(told.ground.accounts[child], entry["answers"], ANSWERED)


def _answer(account: Account, liked: dict[str, int], most: int | None = None) -> InterestSheet:
    """Answers to the first `most` statements, or to all and to the words: the first one is known."""
    asked = current_questionnaire()
    sheet = begin_interests(actor=account, person=_person(account), questionnaire=asked)
    given = {item.code: liked[item.type] for item in asked.items[:most]}
    return answer_interests(actor=account, sheet=sheet, given=given, words=None if most else [0])


def _plan(told: Schooling, account: Account, entry: dict[str, Any]) -> None:
    plan = write_plan(
        actor=account, person=_person(account), goal=entry["goal"], reason=entry["reason"], strengths=entry["strengths"]
    )
    finish_step(actor=account, step=add_step(actor=account, plan=plan, what=entry["done"]))
    for each in entry["steps"]:
        due_on = told.today + timedelta(days=each["days"]) if "days" in each else None
        add_step(actor=account, plan=plan, what=each["what"], due_on=due_on)
    share_plan(actor=account, plan=plan, shared=True)


def _person(account: Account) -> Person:
    if account.person is None:
        raise ValueError(f"{account} is nobody")
    return account.person

"""Who may ask the counsellors, who answers, and who closes a thread."""

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from microcities.access.answers import YES, Answer, no
from microcities.careers.counsellors import advising
from microcities.careers.models import Question
from microcities.people.models import Organisation, Person
from microcities.people.roles import Permission
from microcities.privacy.rules import own_or_ward

if TYPE_CHECKING:
    from microcities.people.models import Account


def may_ask_for(account: "Account", person: Person) -> Answer:
    """The person of whatever age, and the guardian of a child under age."""
    if person.erased_at or person.merged_into_id:
        return no(_("This person's record is not in use."))
    if own_or_ward(account, person, timezone.localdate()):
        return YES
    return no(_("You may ask for yourself and for children under age whose guardian you are."))


def may_ask_at(person: Person, organisation: Organisation) -> Answer:
    """Where counsellors advise the person today."""
    if advising(person).filter(pk=organisation.pk).exists():
        return YES
    return no(_("No counsellor there advises this person at present. Choose the present school, or ask at the school."))


def may_write_again(account: "Account", question: Question) -> Answer:
    """Whoever asked, while the thread is open; a guardian while the child is under age."""
    asker = question.guardian_id or question.person_id
    if account.person_id != asker or not may_ask_for(account, question.person):
        return no(_("Only whoever asked writes on here."))
    if question.closed_at:
        return no(_("This question is closed. Ask a new one."))
    return may_ask_at(question.person, question.organisation)


def may_answer_question(account: "Account", question: Question) -> Answer:
    """A counsellor of the organisation that was asked, while it advises the person and the thread is open."""
    if question.organisation_id not in account.organisation_ids(Permission.GIVE_GUIDANCE):
        return no(_("This question was put to the counsellors of another organisation."))
    if question.closed_at:
        return no(_("This question is closed. Whoever asked may ask a new one."))
    if not may_ask_at(question.person, question.organisation):
        return no(_("This person is not advised by your organisation any more. Close the question."))
    return YES


def may_close_question(account: "Account", question: Question) -> Answer:
    """Whoever asked, and the counsellors who were asked; once."""
    if question.closed_at:
        return no(_("This question is closed already."))
    asker = question.guardian_id or question.person_id
    if account.person_id == asker and may_ask_for(account, question.person):
        return YES
    if question.organisation_id in account.organisation_ids(Permission.GIVE_GUIDANCE):
        return YES
    return no(_("A question is closed by whoever asked it or by the counsellors who were asked."))

"""Somebody answers the questionnaire on interests, page by page, shows the result to counsellors or deletes it."""

from collections.abc import Mapping, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from microcities.access.answers import RefusedError, require
from microcities.careers.engines.questionnaire import Questionnaire
from microcities.careers.interest_results import care_of, questionnaire_of
from microcities.careers.models import InterestSheet
from microcities.careers.rules import may_answer, may_keep_sheet
from microcities.people.models import Account, Person
from microcities.trail.actions import forget_rows
from microcities.trail.context import change


def begin_interests(*, actor: Account, person: Person, questionnaire: Questionnaire) -> InterestSheet:
    """Begin, or go on where one was. Raises RefusedError."""
    require(may_answer(actor, person, questionnaire.youngest))
    with change("careers.begin_interests", actor=actor):
        found, _is_new = InterestSheet.objects.get_or_create(
            person=person, questionnaire=questionnaire.name, finished_at=None
        )
    return found


def answer_interests(
    *, actor: Account, sheet: InterestSheet, given: Mapping[str, int | None], words: Sequence[int] | None = None
) -> InterestSheet:
    """Keep the answers of a page; None takes one back. `words` are the places of the words known. Raises RefusedError."""
    questionnaire = questionnaire_of(sheet)
    codes, values = {item.code for item in questionnaire.items}, {answer.value for answer in questionnaire.answers}
    if not given.keys() <= codes or not {each for each in given.values() if each is not None} <= values:
        raise RefusedError(_("This answer does not belong to the questionnaire. Open the page anew."))
    with change("careers.answer_interests", actor=actor):
        locked = _locked(actor, sheet)
        merged = {**locked.answers, **given}
        locked.answers = {code: value for code, value in merged.items() if value is not None}
        if words is not None:
            locked.words = sorted(set(words))
        locked.save(update_fields=["answers", "words"])
    return locked


def finish_interests(*, actor: Account, sheet: InterestSheet) -> InterestSheet:
    """The answers are final. Raises RefusedError while too many are missing for a result."""
    questionnaire = questionnaire_of(sheet)
    with change("careers.finish_interests", actor=actor):
        locked = _locked(actor, sheet)
        missing = len(questionnaire.items) - len(locked.answers)
        for kind in {item.type for item in questionnaire.items}:
            codes = [item.code for item in questionnaire.items if item.type == kind]
            if sum(code in locked.answers for code in codes) < care_of(questionnaire).answered_share * len(codes):
                words = _("Answers are missing: %(missing)s. Go back and answer those you can.")
                raise RefusedError(words % {"missing": missing})
        locked.finished_at = timezone.now()
        locked.save(update_fields=["finished_at"])
    return locked


def share_interests(*, actor: Account, sheet: InterestSheet, shared: bool) -> InterestSheet:
    """Show the result to the counsellors, or no longer. Raises RefusedError."""
    with change("careers.share_interests", actor=actor):
        locked = InterestSheet.objects.select_for_update().get(pk=sheet.pk)
        require(may_keep_sheet(actor, locked))
        if locked.finished_at is None:
            raise RefusedError(_("Finish the questionnaire first."))
        locked.shared_on = timezone.localdate() if shared else None
        locked.save(update_fields=["shared_on"])
    return locked


def delete_interests(*, actor: Account, sheet: InterestSheet) -> None:
    """The answers are gone, from the history too. Raises RefusedError."""
    with change("careers.delete_interests", actor=actor):
        locked = InterestSheet.objects.select_for_update().get(pk=sheet.pk)
        require(may_keep_sheet(actor, locked))
        number = locked.pk
        locked.delete()
        forget_rows(InterestSheet._meta.db_table, [number])


def _locked(actor: Account, sheet: InterestSheet) -> InterestSheet:
    locked = InterestSheet.objects.select_for_update().get(pk=sheet.pk)
    require(may_keep_sheet(actor, locked, open_only=True))
    return locked
